"""What a reader sees of a model's tokens, however the tokens cut it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.events import Working
from rag.llm.visible_text import AnswerText
from rag.llm.visible_text import shown as stream


def shown(data: bytes, cuts: list[int], **options: object) -> str:
    """Feed ``data`` cut at ``cuts`` and return everything that became visible."""
    text = AnswerText(**options)
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    pieces = [data[start:end] for start, end in itertools.pairwise(places)]
    return "".join([*(text.feed(piece) for piece in pieces), text.finish()])


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
    assert shown(f"{thought}<|channel|>final<|message|>Trente pays [2].<|return|>".encode(), cuts) == "Trente pays [2]."


@pytest.mark.parametrize("thought", ["Un nombre, donc.</think>\n\n", "analysisUn nombre, donc.assistantfinal"])
@given(cuts=st.lists(st.integers(0, 200)))
def test_what_comes_before_a_closing_without_its_opening_was_thought(thought, cuts):
    data = f"{thought}Trente pays [2].".encode()
    text, seen = AnswerText(), []
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in itertools.pairwise(places):
        disowned, visible = text.disowned, text.feed(data[start:end])
        if text.disowned and not disowned:
            seen.clear()
        seen.append(visible)
    assert "".join([*seen, text.finish()]) == "Trente pays [2]."


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


@pytest.mark.parametrize(
    "thought", ["[THINK]hm[/THINK]", "◁think▷hm◁/think▷", "<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>"]
)
def test_some_families_write_their_thoughts_between_marks_of_their_own(thought):
    assert shown(f"{thought}Oui [1].".encode(), list(range(60))) == "Oui [1]."


@pytest.mark.parametrize("name", ["thought", "seed:think", "thinking", "reasoning"])
def test_a_thought_is_not_shown_whatever_its_family_calls_it(name):
    """Vali-98/ChatterUI#510, Chevey339/kelivo#450."""
    assert shown(f"<{name}>hm</{name}>\nOui [1].".encode(), list(range(40))) == "Oui [1]."
    assert shown(f"<{name}>hm".encode(), list(range(40))) == ""


def test_text_that_only_looks_like_a_mark_is_shown_at_once_or_at_the_end():
    text = AnswerText()
    assert text.feed(b"a <thi") == "a "
    assert text.feed(b"s>") == "<this>"
    assert text.feed(b" <think") == " "
    assert text.finish() == "<think"


def test_bytes_that_are_no_text_become_the_replacement_character():
    assert shown(b"a\xff\xc3", [1, 2]) == "a\ufffd\ufffd"
