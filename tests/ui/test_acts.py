"""What buttons do: each act is declared once, and nothing that a browser sends is trusted."""

import re

import gradio
import pytest
from support.pages import opened
from support.places import ROOT

from ui import acts
from ui.acts import ACTS, Act, perform
from ui.chat import Chat

UI = ROOT / "ui"


def bridge_of(blocks):
    return next(block for block in blocks.blocks.values() if block.elem_id == "bridge")


def handler(blocks, part):
    """Return what the page does when the script raises the event of a part."""
    target = (bridge_of(blocks)._id, part)
    return next(one.fn for one in blocks.fns.values() if target in one.targets)


def test_to_add_an_act_one_declares_it_and_nothing_else(monkeypatch, door, page):
    done = []
    monkeypatch.setitem(ACTS, "wave", Act("panel", lambda _, __, values: done.append(values["hand"])))
    blocks = Chat(door).blocks
    assert '"wave": "panel"' in bridge_of(blocks).js_on_load
    tab = opened(page)
    tab.panel = "offline"
    drawn, last = handler(blocks, "panel")(tab, gradio.EventData(None, {"act": "wave", "hand": "left"}))
    _, panel, file = drawn
    assert done == ["left"]
    assert 'data-name="offline"' in panel
    assert file == ""
    assert last == [None] * len(drawn)  # Gradio sends the last value again, over what was drawn since


def test_a_part_given_nothing_stays_as_it_is(door):
    parts = [block for block in Chat(door).blocks.blocks.values() if block.elem_id in {"past", "live", "reader"}]
    for part in parts:
        assert part.postprocess(None) == gradio.skip()
        assert part.postprocess("<p>") == "<p>"
    assert len(parts) == 3


def test_each_act_draws_a_part_that_the_page_connects(door):
    blocks = Chat(door).blocks
    for name, act in ACTS.items():
        assert handler(blocks, act.draws), name
        assert f'"{name}": "{act.draws}"' in bridge_of(blocks).js_on_load


def test_every_button_does_an_act_that_the_server_or_the_script_knows():
    here = re.search(r"const HERE = \{(.*?)\}", (UI / "static" / "clicks.js").read_text(encoding="utf-8"))[1]
    known = {*ACTS, *(name.partition(":")[0].strip() for name in here.split(","))}
    named = set()
    for template in (UI / "html" / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:button\(|opener\(|data-act=|data-panel=|data-search=)"(\w+)"', text))
    assert len(named) > 15
    assert named <= known
    assert known - named <= {"ask"} | set(ACTS)


@pytest.mark.parametrize("name", [*ACTS, "", "__init__", "perform", "../../etc/passwd"])
@pytest.mark.parametrize("value", ["", "x" * 100_000, "../../etc/passwd", None, 7, ["a"], {"a": "b"}])
def test_whatever_a_browser_sends_breaks_nothing_and_reaches_no_file(page, views, name, value):
    tab = opened(page)
    keys = ("question", "turn", "rating", "article", "conversation", "kind", "library", "scope", "model", "language")
    outcome = perform(page, tab, name, dict.fromkeys(keys, value))
    assert len(outcome) <= 2000
    assert "root:" not in outcome
    assert views.reader(tab).count("article-text") == 1
    assert views.panel(tab) is not None


def test_a_text_is_bounded_and_anything_else_counts_as_empty():
    assert acts.text({"a": "x" * 300}, "a") == "x" * 200
    assert acts.text({"a": 7}, "a") == acts.text({}, "a") == ""
