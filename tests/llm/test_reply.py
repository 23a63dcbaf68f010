"""The replies of servers as they are sent: what of them is text, what is an error, and what is neither."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.llm.reply import Reply, lines_of
from rag.llm.server_words import said


def chunk(content: object = None, **others: object) -> str:
    delta = {**({} if content is None else {"content": content}), **others}
    return "data: " + json.dumps({"choices": [{"index": 0, "delta": delta}]})


def counted(index: int, content: str, end: str | None = None) -> str:
    return "data: " + json.dumps({"choices": [{"index": index, "delta": {"content": content}, "finish_reason": end}]})


def heard(*lines: str) -> tuple[str, Reply]:
    reply = Reply()
    text = "".join(map(reply.feed, lines)) + reply.finished()
    return text, reply


WHOLE = {"choices": [{"index": 0, "message": {"role": "assistant", "content": "Trente."}, "finish_reason": "stop"}]}

SAME_TEXT = {
    "parts": [
        chunk([{"type": "thinking", "thinking": [{"type": "text", "text": "Voyons."}]}]),
        chunk([{"type": "text", "text": "Tren"}, {"type": "text", "text": "te."}]),
    ],
    "strings among the parts": [chunk(["Tren", {"type": "image_url", "image_url": {}}, {"text": "te."}])],
    "a role, comments, usage and names around it": [
        ": keep-alive", "", "event: message", "id: 7", "retry: 1000", chunk(role="assistant"), "",
        chunk("Trente."), "", 'data: {"choices": [], "usage": {"total_tokens": 3}}', "", "data: [DONE]",
    ],
    "no space after the colon": [chunk("Trente.").replace("data: ", "data:")],
    "thoughts beside it": [chunk("", reasoning_content="Voyons."), chunk(None, reasoning="Bien."), chunk("Trente.")],
    "the second choice first": [
        "data: " + json.dumps({"choices": [{"index": 1, "delta": {"content": "Autre."}},
                                           {"index": 0, "delta": {"content": "Trente."}}]}),
        "data: " + json.dumps({"choices": [{"index": 1, "delta": {"content": "Encore."}}]}),
    ],
    "tokens counted where choices are": [counted(1, "Tren"), counted(2, "te"), counted(3, ".", "length")],
    "tokens counted from nothing": [counted(0, "Tren"), counted(1, "te"), counted(2, "."), counted(3, "", "stop")],
    "one choice, counted from one": [counted(1, "Tren"), counted(1, "te."), counted(1, "", "stop")],
    "choices in turn": [counted(0, "Tren"), counted(1, "Dou"), counted(0, "te."), counted(1, "ze.", "stop")],
    "choices in turn, the second first": [counted(1, "Dou"), counted(0, "Trente."), counted(1, "ze.", "stop")],
    "choices one after the other": [counted(0, "Tren"), counted(0, "te."), counted(1, "Dou"), counted(1, "ze.")],
    "a whole choice behind another": [counted(0, "Trente.", "stop"), counted(1, "Douze.", "stop")],
    "the whole text beside each delta": [
        'data: {"choices": [{"delta": {"content": "Tren"}, "message": {"content": "Tren"}}]}',
        'data: {"choices": [{"delta": {"content": "te."}, "message": {"content": "Trente."}}]}',
        'data: {"choices": [{"delta": {}, "message": {"content": "Trente."}, "finish_reason": "stop"}]}',
    ],
    "a line end behind the name of the field": ["data:", f" {chunk('Trente.')[6:]}"],
    "choices that are none": [
        'data: {"choices": ["oops"]}', 'data: {"choices": "oops"}', 'data: {"choices": {"0": 1}}', "data: [1]",
        'data: {"choices": [{"delta": "oops"}]}', 'data: {"choices": [{"delta": null}]}', chunk("Trente."),
    ],
    "one object for the whole answer": [json.dumps(WHOLE)],
    "one object over several lines": json.dumps(WHOLE, indent=2).splitlines(),
    "an event over several lines": [f"data: {line}" for line in json.dumps(WHOLE, indent=2).splitlines()],
    "objects without events": [chunk("Tren")[6:], chunk("te.")[6:]],
    "text as completions send it": ['data: {"choices": [{"text": "Trente."}]}'],
    "all that was written so far each time": [*map(chunk, ("T", "Tre", "Trente", "Trente", "Trente."))],
    "the same in three pieces": [chunk("Tren"), chunk("Trente"), chunk("Trente.")],
    "the whole message at the end": [chunk("Tren"), chunk("te."), f"data: {json.dumps(WHOLE)}"],
    "the rest of the message at the end": [chunk("Tren"), f"data: {json.dumps(WHOLE)}", "data: [DONE]"],
    "what the server is doing": [
        "event: hermes.tool.progress", 'data: {"tool": "search", "message": "Searching"}', "", chunk("Tren"), "",
        "event: ping", 'data: {"detail": "alive"}', "", "event: metadata", 'data: {"message": "done"}', "",
        chunk("te."),
    ],
    "an event that is cut": [chunk("Trente."), "", 'data: {"choices": [{"del'],
}  # fmt: skip


@pytest.mark.parametrize("kind", SAME_TEXT)
def test_the_text_is_the_same_however_it_is_sent(kind):
    text, reply = heard(*SAME_TEXT[kind])
    assert (text, reply.error) == ("Trente.", "")


@given(st.text(st.characters(codec="utf-16-le", exclude_categories=[]), max_size=8))
def test_halves_of_a_character_meet_and_lone_ones_are_replaced(text):
    halves = [f"\\u{unit:04x}" for unit in memoryview(text.encode("utf-16-le")).cast("H")] if text else []
    lines = [f'data: {{"choices": [{{"delta": {{"content": "{half}"}}}}]}}' for half in halves]
    assert heard(*lines)[0] == text
    assert heard(chunk("\ud83d"), chunk("oui"))[0] == "\ufffdoui"


ERRORS = {
    "an object": ['data: {"error": {"message": "quota exceeded", "code": 429}}'],
    "a sentence": ['data: {"error": "quota exceeded"}'],
    "an event of its own": ["event: error", 'data: {"message": "quota exceeded"}'],
    "an event without an object": ["event: error", "data: quota exceeded"],
    "an object called an error": ['data: {"object": "error", "message": "quota exceeded", "type": "limit"}'],
    "a detail": ['{"detail": "quota exceeded"}'],
    "a message by another name": ['data: {"error_code": 17, "error_msg": "quota exceeded"}'],
    "several errors": ['{"result": null, "success": false, "errors": [{"message": "quota exceeded"}]}'],
    "beside choices": ['data: {"choices": [], "error": {"code": 502, "metadata": {"raw": "quota exceeded"}}}'],
    "in place of the stream": ['{"error": {"message": "quota exceeded"}}'],
    "over several lines": ["{", '  "error": {"message":', '  "quota exceeded"}', "}"],
    "in the choice": ['data: {"choices": [{"error": {"message": "quota exceeded"}, "finish_reason": "error"}]}'],
}


@pytest.mark.parametrize("begun", [[], [chunk("Tren"), ""]], ids=["at once", "half-way"])
@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_is_told_in_the_servers_words_and_what_came_before_is_kept(kind, begun):
    text, reply = heard(*begun, *ERRORS[kind])
    assert (text, reply.error) == ("Tren" if begun else "", "quota exceeded")


def test_a_web_page_is_no_answer():
    page = "<!DOCTYPE html><html><head><style>p{}</style></head>\n<body><p>Please log in</p></body></html>"
    text, reply = heard(*page.splitlines())
    assert text == ""
    assert reply.error == "it sent what is no answer of a model: a web page, “Please log in”"


def test_why_an_answer_ends_is_kept():
    ends = {
        end: heard(chunk("Oui"), f'data: {{"choices": [{{"delta": {{}}, "finish_reason": "{end}"}}]}}')[1]
        for end in ("stop", "length", "content_filter")
    }
    assert [reply.cut for reply in ends.values()] == [False, True, False]
    assert [reply.filtered for reply in ends.values()] == [False, False, True]
    assert all(reply.ended for reply in ends.values())
    assert heard(chunk(None, tool_calls=[{"function": {"name": "search"}}]))[1].called
    assert heard(chunk("", reasoning_content="Voyons."))[1].thought


@given(st.lists(st.text() | st.sampled_from(["data: ", "event: error", '{"choices": [', "data: [[" * 2000, "}"])))
def test_no_line_whatever_is_a_traceback(lines):
    text, reply = heard(*lines)
    (text + reply.error).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"error": {"message": "out of  memory"}}', "out of memory"),
        (b'[{"error": {"message": "no such model"}}]', "no such model"),
        (b'{"detail": [{"loc": ["body"], "msg": "unknown field"}]}', "unknown field"),
        (b'{"code": 7}', '{"code": 7}'),
        (
            b'{"object": "error", "message": {"detail": [{"loc": ["body", "seed"], "msg": "not permitted"}]}}',
            "seed: not permitted",
        ),
        (b'{"success": false, "errors": [{"code": 7003, "message": "no route"}], "messages": []}', "no route"),
        (b'{"error": {"message": "{\\"error\\": {\\"message\\": \\"check quota\\"}}"}}', "check quota"),
        (b'{"error": {"message": "Provider returned error", "metadata": {"raw": "rate-limited"}}}', "rate-limited"),
        (b'{"error": {"message": "", "type": "server_error"}}', '{"message": "", "type": "server_error"}'),
        (b'{"error": true, "message": "busy"}', "busy"),
        (b'{"error_code": 17, "error_msg": "daily limit"}', "daily limit"),
        (b"<html><h1>502 Bad Gateway</h1><p>nginx</p></html>", "a web page, “502 Bad Gateway nginx”"),
        (b"\xff\n plain ", "\ufffd plain"),
        (b"", "no reason given"),
    ],
)
def test_what_a_server_says_in_refusing_is_one_line(content, words):
    assert said(content) == words


def test_tokens_that_are_counted_are_not_held_until_the_end():
    reply = Reply()
    assert "".join(reply.feed(counted(index, "o")) for index in range(20)) == "o" * 20


@pytest.mark.parametrize("depth", [3, 200])
def test_wrapped_however_often_a_refusal_is_a_sentence_or_left_as_it_is(depth):
    words = b"[" * depth + b'"no"' + b"]" * depth
    assert "no" in said(words)


def test_what_a_server_says_in_refusing_is_short():
    assert len(said(b"no " * 1000)) <= 300


@pytest.mark.parametrize("before", ["", 'data: {"choices": [{"delta": {"content": "Trente"}}]}\n\n'])
def test_an_error_that_is_a_field_of_the_stream_is_told(before):
    """coddy-project/coddy-agent#106."""
    reply = Reply()
    for line in f'{before}error: {{"code":400,"message":"the request exceeds the context size"}}\n\ndata: [DONE]'.split(
        "\n"
    ):
        reply.feed(line)
    reply.finished()
    assert reply.error == "the request exceeds the context size"


@pytest.mark.parametrize(
    ("lines", "text", "error"),
    [
        ([chunk("Tren"), "", chunk("te.")[:-9], "", "data: [DONE]"], "Tren", ""),
        ([chunk("Tren")[:-9], "", chunk("te."), "", "data: [DONE]"], "te.", ""),
        ([chunk("Oui."), "", chunk("Non.")[:-9], 'data: {"error": {"message": "lost"}}'], "Oui.", "lost"),
        ([chunk("Oui.")[:-9], chunk("Si."), "data: [DONE]"], "Si.", ""),
    ],
)
def test_an_event_that_did_not_come_whole_is_told_and_takes_no_other_with_it(lines, text, error):
    told, reply = heard(*lines)
    assert (told, reply.error, reply.cut) == (text, error, True)


@pytest.mark.parametrize("data", ["ping", "", '{"choices": [\ndata: {"index": 0, "delta": {"content": ""}}\ndata: ]}'])
def test_what_is_no_part_of_an_answer_cuts_nothing(data):
    told, reply = heard(chunk("Oui."), "", *f"data: {data}".split("\n"), "", "data: [DONE]")
    assert (told, reply.cut) == ("Oui.", False)


@pytest.mark.parametrize(
    "pieces", [["\n", "\n", "Oui"], ["ha", "ha", " !"], ["1", "10", " pays"], ["a", "ab"], ["0", "00", "."]]
)
def test_pieces_that_begin_alike_by_chance_are_all_kept(pieces):
    """posit-dev/chatlas#435."""
    text, reply = heard(*map(chunk, pieces))
    assert (text, reply.error) == ("".join(pieces), "")


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_end_in_each_way_however_they_arrive(end, size):
    """NEKOparapa/AiNiee#920."""
    lines = [": wait", "", "data: {", 'data: "é\u2028"}', "", "data: [DONE]"]
    sent = end.join([*lines, ""]).encode()
    assert list(lines_of(sent[at : at + size] for at in range(0, len(sent), size))) == lines
