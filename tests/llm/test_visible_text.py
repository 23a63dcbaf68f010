"""What a reader sees of a model's tokens, however the tokens cut it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.events import Working
from rag.llm.control_marks import MARK
from rag.llm.visible_text import AnswerText
from rag.llm.visible_text import shown as stream


def shown(data: bytes, cuts: list[int], **options: object) -> str:
    """Feed ``data`` cut at ``cuts`` and return what stays visible."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    pieces = [data[start:end] for start, end in itertools.pairwise(places)]
    seen: list[str] = []
    for item in stream(pieces, AnswerText(**options)):
        if item == Working("thought"):
            seen.clear()
        seen += [item] if isinstance(item, str) else []
    return "".join(seen)


@given(st.lists(st.integers(0, 200)))
def test_cuts_change_nothing(cuts):
    data = "<think>\nhm… é</think>\n\nOù ? « À Paris » [1].<think>encore</think> Oui <b>.".encode()
    assert shown(data, cuts) == "Où ? « À Paris » [1]. Oui <b>."


@pytest.mark.parametrize(
    "token", ["<|user|>", "<|im_end|>\n<|im_start|>", "<|eot_id|>", "<｜end▁of▁sentence｜>", "</s>", "<turn|>\n<|turn>"]
)
@given(st.lists(st.integers(0, 200)))
def test_a_control_token_ends_the_answer_wherever_it_is_cut(token, cuts):
    assert shown(f"Trente pays [2].{token}user\nEt encore".encode(), cuts) == "Trente pays [2]."


@given(st.lists(st.integers(0, 200)))
def test_a_stop_string_ends_the_answer_wherever_it_is_cut(cuts):
    assert shown(b"Trente pays [2].\n<|user|>Et encore", cuts, stop=["\n"]) == "Trente pays [2]."


@given(st.lists(st.integers(0, 200)))
def test_a_control_token_before_the_answer_is_left_out(cuts):
    assert shown(b"<|begin_of_text|>\nTrente pays [2].", cuts) == "Trente pays [2]."


@given(st.lists(st.integers(0, 300)))
def test_of_the_channels_of_harmony_only_the_final_one_is_shown(cuts):
    thought = "<|channel|>analysis<|message|>On demande un nombre…<|end|><|start|>assistant"
    thought += "<|channel|>commentary to=search <|constrain|>json<|message|>{}<|call|><|start|>assistant"
    assert shown(f"{thought}<|channel|>final<|message|>Trente pays [2].<|return|>".encode(), cuts) == "Trente pays [2]."


@pytest.mark.parametrize("thought", ["Un nombre, donc.</think>\n\n", "analysisUn nombre, donc.assistantfinal"])
@given(cuts=st.lists(st.integers(0, 200)))
def test_what_comes_before_a_closing_without_its_opening_was_thought(thought, cuts):
    assert shown(f"{thought}Trente pays [2].".encode(), cuts) == "Trente pays [2]."


def test_the_reader_is_told_that_what_was_shown_is_thought():
    pieces = [b"Voyons.", b" Trente ?", b"</th", b"ink>", b"Trente."]
    items = list(stream(pieces, AnswerText()))
    assert items == ["Voyons.", " Trente ?", Working("thought"), "Trente."]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("hm, voyons</think>\nOui.", "Oui."),
        ("sans fin", ""),
    ],
)
def test_thinking_opened_by_the_template_is_not_shown(data, expected):
    assert shown(data.encode(), list(range(40)), thinking=True) == expected


ANYWHERE = st.lists(st.integers(0, 300), max_size=6)


@pytest.mark.parametrize(
    "opened_and_closed",
    [
        *[(f"<{name}>", f"</{name}>") for name in ("think", "Thinking", "thought", "seed:think", "longcat_think")],
        *[(f"<{name}>", f"</{name}>") for name in ("scratchpad", "cot", "chain_of_thought")],
        ("[THINK]", "[/THINK]"),
        ("[thinking]", "[/thinking]"),
        ("◁think▷", "◁/think▷"),
        ("<|START_THINKING|>", "<|END_THINKING|><|START_RESPONSE|>"),
        ("<|begin_of_thought|>", "<|end_of_thought|>"),
        ("<|channel>thought\n", "<channel|>"),
        ("<|open|>think<|sep|>", "<|close|>think<|sep|><|open|>response<|sep|>"),
        ("<|open|>think<|sep|>", "<|close|>think<|open|>response<|sep|>"),
    ],
    ids=lambda marks: marks[0] + "…" + marks[1],
)
@given(cuts=ANYWHERE)
def test_a_thought_is_not_shown_however_its_marks_are_spelled(opened_and_closed, cuts):
    """Vali-98/ChatterUI#510, Chevey339/kelivo#450."""
    opened, closed = opened_and_closed
    assert shown(f"{opened}hm{closed}\nOui [1].".encode(), cuts) == "Oui [1]."
    assert shown(f"hm{closed}\nOui [1].".encode(), cuts) == "Oui [1]."
    assert shown(f"{opened}hm".encode(), cuts) == ""


@pytest.mark.parametrize(
    "thought",
    [
        "<think>Un <think>nombre</think> donc ?</think>",
        "<think>\n<think>\nUn nombre.</think>",
        "<thinking>Elle écrit <think> dans ses pensées.</thinking>",
        "<think>Voyons.</think>\nDouze, ou trente ?</think>",
        "<think>On ferme par `</think>`.</think>",
        "<|open|>think<|sep|>Un <|open|>think<|sep|>nombre<|close|>think<|sep|>.<|close|>think<|sep|>",
    ],
)
@given(cuts=ANYWHERE)
def test_thoughts_within_thoughts_and_after_them_are_not_shown(thought, cuts):
    assert shown(f"{thought}\nTrente pays [2].".encode(), cuts) == "Trente pays [2]."


@pytest.mark.parametrize("before", ["<think>hm</think>", "<think><think>hm</think>"])
def test_a_thought_closed_once_more_behind_the_answer_leaves_the_answer(before):
    assert shown(f"{before}Trente pays [2].</think>\n".encode(), list(range(60))) == "Trente pays [2]."


def test_what_ends_as_a_thought_and_was_never_followed_by_an_answer_was_thought():
    assert shown(b"Voyons. Trente ?</think>\n", list(range(40))) == ""


@pytest.mark.parametrize(
    "text",
    [
        "ChatML écrit `<|im_end|>` à la fin [1].",
        "La pensée va de `<think>` à `</think>` [1].",
        'Voir <a href="https://a.b/thinking/tool/call" title="reasoning">ici</a> et <https://a/think> [1].',
        "Mistral écrit `[INST]`, et `<|channel|>` est d'OpenAI [1].",
    ],
)
@given(cuts=ANYWHERE)
def test_marks_that_are_only_spoken_of_are_shown(text, cuts):
    assert shown(text.encode(), cuts) == text


@pytest.mark.parametrize(
    "call",
    [
        '<tool_call>\n{"name": "search"}\n</tool_call>',
        '<|tool_call>{"name": "search"}<tool_call|>',
        '<|tool_calls_begin|>{"name": "search"}<|tool_calls_end|>',
        "<tool_call>search",
        '[TOOL_CALLS][{"name": "search"}]',
    ],
)
@given(cuts=ANYWHERE)
def test_a_call_of_a_tool_that_none_offered_is_no_text(call, cuts):
    assert shown(call.encode(), cuts) == ""


@pytest.mark.parametrize("frame", ["answer", "Answer", "response", "final_answer"])
@given(cuts=ANYWHERE)
def test_what_frames_the_answer_is_left_out(frame, cuts):
    text = f"<think>hm <{frame}> hm</think>\n<{frame}>\nOui <b>[1]</b>.\n</{frame}>"
    assert shown(text.encode(), cuts).rstrip() == "Oui <b>[1]</b>."
    assert shown(f"Écrire <{frame}>oui</{frame}>.".encode(), cuts) == f"Écrire <{frame}>oui</{frame}>."


@pytest.mark.parametrize("element", ["details", "div", "section"])
@given(cuts=ANYWHERE)
def test_an_element_that_calls_itself_a_thought_ends_where_it_is_closed(element, cuts):
    thought = f'<{element} type="reasoning" done="true">\n<summary>Une pensée</summary>\n> hm\n</{element}>'
    assert shown(f"{thought}\nOui [1].".encode(), cuts) == "Oui [1]."
    plain = f'<{element} class="a b">Oui [1].</{element}>'
    assert shown(plain.encode(), cuts) == plain


@pytest.mark.parametrize(
    "header",
    [
        "<|im_start|>assistant\n",
        "<|start_header_id|>assistant<|end_header_id|>\n\n",
        "<start_of_turn>model\n",
        "<|turn>model\n",
    ],
)
@given(cuts=ANYWHERE)
def test_the_header_of_the_answer_is_left_out_and_the_next_one_ends_it(header, cuts):
    assert shown(f"{header}le port [1].".encode(), cuts) == "le port [1]."
    assert shown(f"Trente pays [2].{header}Et encore".encode(), cuts) == "Trente pays [2]."


def test_text_that_only_looks_like_a_mark_is_shown_at_once_or_at_the_end():
    text = AnswerText()
    assert text.feed(b"a <thi") == "a "
    assert text.feed(b"s>") == "<this>"
    assert text.feed(b" <think") == " "
    assert text.finish() == "<think"


@pytest.mark.parametrize("stop", [[], ["\n"]])
def test_a_long_text_in_one_piece_is_looked_through_once(stop):
    sides = [("<b>gras</b> `<|im_end|>` <think>hm</think> " * times).encode() for times in (5, 10_000)]
    looked = [_steps(AnswerText(stop=stop), side) for side in sides]
    assert looked[1] < 3000 * looked[0]


def _steps(text: AnswerText, data: bytes) -> int:
    """Return how many characters were searched."""
    searched = 0

    class Counting:
        def __init__(self, pattern):
            self.pattern = pattern

        def search(self, text, at=0):
            nonlocal searched
            found = self.pattern.search(text, at)
            searched += (found.end() if found else len(text)) - at
            return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.llm.visible_text.MARK", Counting(MARK))
        patch.setattr(text, "_stops", Counting(text._stops))
        text.feed(data)
    return searched


def test_bytes_that_are_no_text_become_the_replacement_character():
    assert shown(b"a\xff\xc3", [1, 2]) == "a\ufffd\ufffd"
