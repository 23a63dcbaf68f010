"""A server someone names: what it streams, how it refuses, how it is stopped, and that nothing else is reached."""

from __future__ import annotations

import itertools
import json
import socket
from dataclasses import replace
from types import SimpleNamespace

import pytest

from rag.errors import ModelError, OfflineError, SettingsError
from rag.events import Working
from rag.llm.server import LINGER_S, ServerModel
from rag.values import Prompt, Turn

PROMPT = Prompt("Système", (), (Turn("Avant ?", "Oui."),), "Combien ?", "Combien ?", "fr", answer_tokens=40)


def answer(model) -> str:
    return "".join(item for item in model.stream(PROMPT) if isinstance(item, str))


def test_the_answer_streams_and_the_messages_arrive_in_order(server):
    model = ServerModel(server.url, seed=7)
    assert answer(model) == "Trente pays [1]."
    (body,) = server.bodies
    assert [message["role"] for message in body["messages"]] == ["system", "user", "assistant", "user"]
    assert (body["model"], body["seed"], body["max_tokens"], body["stream"]) == ("un-modele", 7, 40, True)


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/chat/completions", "/v1/chat/completions/"])
def test_the_address_may_end_in_several_ways(server, path):
    assert answer(ServerModel(server.url + path)) == "Trente pays [1]."
    assert server.paths == ["/v1/models", "/v1/chat/completions"]


@pytest.mark.parametrize("path", ["", "/api/v3", "/openai/v1"])
def test_an_address_in_full_is_taken_as_it_is(server, path):
    assert answer(ServerModel(f"{server.url}{path}/chat/completions")) == "Trente pays [1]."
    assert server.paths == [f"{path}/models", f"{path}/chat/completions"]


@pytest.mark.parametrize("path", ["/v1?api-version=1&x=%20", "/openai/x/chat/completions?api-version=1&x=%20"])
def test_what_stands_behind_the_address_is_sent_with_every_request(server, path):
    assert answer(ServerModel(server.url + path)) == "Trente pays [1]."
    assert [asked.partition("?")[2] for asked in server.paths] == ["api-version=1&x=%20"] * 2


def test_thoughts_do_not_reach_the_reader(server):
    server.pieces = ["<thi", "nk>hm</th", "ink>\n", "Oui [", "2]."]
    assert answer(ServerModel(server.url + "/v1/", model="m")) == "Oui [2]."


def test_a_server_that_knows_only_the_standard_is_asked_for_the_standard(server):
    server.refusals = [(422, '{"detail": "unknown field top_k"}')]
    assert answer(ServerModel(server.url, model="m")) == "Trente pays [1]."
    assert "top_k" in server.bodies[0]
    assert server.bodies[0]["repeat_penalty"] == 1
    assert "top_k" not in server.bodies[1]


def test_a_server_that_takes_no_sampling_is_asked_without_it(server):
    server.refusals = [(400, '{"error": {"message": "Unsupported parameter: max_tokens"}}')] * 2
    assert answer(ServerModel(server.url, model="m")) == "Trente pays [1]."
    assert set(server.bodies[-1]) == {"model", "messages", "stream", "max_completion_tokens"}


def test_a_server_that_knows_neither_sampling_nor_the_newer_name_of_a_limit_is_asked_with_the_older(server):
    server.refusals = [(422, '{"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]}')] * 3
    assert answer(ServerModel(server.url, model="m")) == "Trente pays [1]."
    assert set(server.bodies[-1]) == {"model", "messages", "stream", "max_tokens"}


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, '"nomic:latest" does not support chat'), (404, "This is not a chat model"), (400, "m doesn't do chat")],
)
def test_where_nobody_named_a_model_the_next_one_is_asked_if_the_first_cannot_chat(server, status, words):
    server.models = {"data": [{"id": "bge-m3"}, {"id": "petit"}]}
    server.refusals = [(status, json.dumps({"error": {"message": words}}))]
    assert answer(ServerModel(server.url)) == "Trente pays [1]."
    assert [body["model"] for body in server.bodies] == ["bge-m3", "petit"]
    server.refusals = [(400, json.dumps({"error": {"message": words}}))] * 9
    with pytest.raises(ModelError, match="chat"):
        answer(ServerModel(server.url, model="bge-m3"))
    assert server.bodies[-1]["model"] == "bge-m3"


@pytest.mark.parametrize(
    "words",
    ["chat_template_kwargs: extra inputs are not permitted", "not found: /v1/chat/completions", "no such model"],
)
def test_what_is_refused_for_another_reason_is_not_asked_of_another_model(server, words):
    server.models = {"data": [{"id": "petit"}, {"id": "grand"}]}
    server.refusals = [(400, words)]
    answer(ServerModel(server.url))
    assert [body["model"] for body in server.bodies] == ["petit", "petit"]


@pytest.mark.parametrize("words", ["'stream' is not supported", "verify your organization to stream this model"])
def test_a_server_that_may_not_stream_is_asked_for_the_answer_in_one(server, words):
    server.refusals = [(400, json.dumps({"error": {"message": words}}))]
    assert answer(ServerModel(server.url, model="m")) == "Trente pays [1]."
    assert [body["stream"] for body in server.bodies] == [True, False]
    server.bodies.clear()
    server.refusals = [(400, json.dumps({"error": {"message": words}}))] * 9
    with pytest.raises(ModelError, match="stream"):
        answer(ServerModel(server.url, model="m"))


def test_a_model_that_knows_no_system_is_told_in_the_first_question(server):
    server.refusals = [(500, '{"error": "Conversation roles must alternate"}')] * 4
    assert answer(ServerModel(server.url, model="m")) == "Trente pays [1]."
    messages = server.bodies[-1]["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
    assert messages[0]["content"] == "Système\n\nAvant ?"


def test_a_busy_server_is_asked_again_after_the_pause_it_wants_and_once(server):
    server.headers = {"Retry-After": "0"}
    server.refusals = [(429, "busy")]
    assert answer(ServerModel(server.url, model="m")) == "Trente pays [1]."
    server.refusals = [(503, "busy"), (503, "still busy"), (503, "no")]
    with pytest.raises(ModelError, match=r"503.*still busy") as caught:
        answer(ServerModel(server.url, model="m"))
    assert caught.value.remedy == "ask again later"


@pytest.mark.parametrize("pause", ["", "3600", "soon", "Wed, 01 Jan 2150 00:00:00 GMT"])
def test_a_server_that_is_busy_for_long_or_does_not_say_is_not_waited_for(server, pause):
    server.headers = {"Retry-After": pause} if pause else {}
    server.refusals = [(429, "busy")]
    with pytest.raises(ModelError, match=r"429.*busy"):
        answer(ServerModel(server.url, model="m"))


def test_a_stream_may_hold_every_sign_that_is_no_line_end_and_lines_end_as_on_windows(server):
    chunk = json.dumps({"choices": [{"delta": {"content": "Oui\u2028non\x85"}}]}, ensure_ascii=False)
    server.raw = f": wait\r\n\r\ndata: {chunk}\r\n\r\ndata: [DONE]\r\n".encode()
    assert answer(ServerModel(server.url, model="m")) == "Oui\u2028non\x85"


def sent(*objects: object) -> bytes:
    return "".join(f"data: {json.dumps(one)}\n\n" for one in objects).encode()


def choice(**values: object) -> dict[str, object]:
    return {"choices": [{"index": 0, **values}]}


UNANSWERED = {
    "an error in the stream": (sent({"error": {"message": "quota exceeded"}}), "reports an error: quota exceeded"),
    "an empty answer": (sent(choice(delta={"content": ""}), choice(delta={}, finish_reason="stop")), "wrote no answer"),
    "only thoughts": (sent(choice(delta={"reasoning_content": "Hm."})), "wrote no answer, only thoughts"),
    "only thoughts in the text": (sent(choice(delta={"content": "<think>Hm."})), "wrote no answer, only thoughts"),
    "a filter": (sent(choice(delta={}, finish_reason="content_filter")), "kept back its answer"),
    "no choices": (
        sent({"choices": None, "base_resp": {"status_msg": "insufficient balance"}}),
        "insufficient balance",
    ),
    "words of its own": (sent({"code": 500, "msg": "404 NOT_FOUND", "success": False}), "404 NOT_FOUND"),
    "a tool": (sent(choice(delta={"tool_calls": [{"id": "1"}]})), "called a tool"),
    "a web page": (b"<!DOCTYPE html><title>Login</title><p>Please log in</p>", "a web page, “Login Please log in”"),
    "nothing": (b"\n", "wrote no answer"),
}


@pytest.mark.parametrize("kind", UNANSWERED)
def test_what_is_no_answer_is_told_with_its_reason(server, kind):
    server.raw, words = UNANSWERED[kind]
    with pytest.raises(ModelError, match=words) as caught:
        answer(ServerModel(server.url, model="m"))
    assert caught.value.remedy


BROKEN_OFF = {
    "an error": (sent(choice(delta={"content": "Trente "}), {"error": "out of memory"}), 0, "out of memory"),
    "a filter": (
        sent(choice(delta={"content": "Trente "}, finish_reason="content_filter")), 0, "the rest of its answer"
    ),
    "the connection": (sent(choice(delta={"content": "Trente "})), 10_000, "broke off its answer"),
}  # fmt: skip


def remember(items, seen):
    """Put items into ``seen`` as they come, so that those before an error stay."""
    for item in items:
        seen.append(item)


@pytest.mark.parametrize("kind", BROKEN_OFF)
def test_an_answer_that_is_broken_off_is_kept_and_its_error_told(server, kind):
    server.raw, server.promised, words = BROKEN_OFF[kind]
    seen = []
    with pytest.raises(ModelError, match=words):
        remember(ServerModel(server.url, model="m").stream(PROMPT), seen)
    assert "".join(item for item in seen if isinstance(item, str)) == "Trente "


@pytest.mark.parametrize(("end", "cut"), [("stop", False), ("length", True), ("abort", True)])
def test_an_answer_that_ends_at_its_length_is_told(server, end, cut):
    server.raw = sent(choice(delta={"content": "Oui."}), choice(delta={}, finish_reason=end))
    assert list(ServerModel(server.url, model="m").stream(PROMPT))[-1] == Working("written", cut=cut)


ENDINGS = {
    "nothing more": (sent(choice(delta={"content": "Oui."})), True),
    "half an event": (sent(choice(delta={"content": "Oui."})) + b'data: {"choices": [{"del', True),
    "what was used": (sent(choice(delta={"content": "Oui."}), {"choices": [], "usage": {"total_tokens": 9}}), True),
    "a last line": (sent(choice(delta={"content": "Oui."})) + b"data: [DONE]\n\n", False),
    "a byte order mark": (b"\xef\xbb\xbf" + sent(choice(delta={"content": "Oui."})) + b"data: [DONE]\n\n", False),
    "one object": (json.dumps(choice(message={"content": "Oui."})).encode(), False),
}


@pytest.mark.parametrize(("written", "cut"), [(512, True), (513, True), (40, False), (None, False)])
def test_an_answer_that_took_all_it_was_allowed_is_told_as_cut_whatever_its_end_is_called(server, written, cut):
    last = {**choice(delta={}, finish_reason="stop"), "usage": {"completion_tokens": written}}
    server.raw = sent(choice(delta={"content": "Les travaux commenceront en jan"}), last)
    prompt = replace(PROMPT, answer_tokens=512)
    assert list(ServerModel(server.url, model="m").stream(prompt))[-1] == Working("written", cut=cut)


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_stream_that_nobody_said_is_whole_is_told_as_cut(server, kind):
    server.raw, cut = ENDINGS[kind]
    items = list(ServerModel(server.url, model="m").stream(PROMPT))
    assert [item for item in items if isinstance(item, str)] == ["Oui."]
    assert items[-1] == Working("written", cut=cut)


def test_a_server_that_hangs_up_as_soon_as_it_said_the_end_broke_nothing_off(server):
    server.raw = sent(choice(delta={"content": "Oui."}), choice(delta={}, finish_reason="stop"))
    server.promised = len(server.raw) + 7
    items = list(ServerModel(server.url, model="m").stream(PROMPT))
    assert [item for item in items if isinstance(item, str)] == ["Oui."]
    assert items[-1] == Working("written")


def test_a_server_that_calls_each_piece_the_last_is_heard_to_the_end(server, monkeypatch):
    slow = SimpleNamespace(monotonic=itertools.count(0, 0.75 * LINGER_S).__next__)  # each look at the clock takes long
    monkeypatch.setattr("rag.llm.server.time", slow)
    pieces = (choice(delta={"content": piece}, finish_reason="stop") for piece in ("Tren", "te", "."))
    server.raw = sent(*pieces).replace(b"\n\n", b"\n")
    assert answer(ServerModel(server.url, model="m")) == "Trente."


def test_nothing_comes_behind_a_control_token(server):
    server.pieces = ["Oui [1].<|im_", "end|>\n<|im_start|>user", " Et encore ?"]
    items = list(ServerModel(server.url, model="m").stream(PROMPT))
    assert [item for item in items if isinstance(item, str)] == ["Oui [1]."]
    assert items[-1] == Working("written")


def test_reading_ahead_is_no_answer_and_may_be_empty(server):
    server.raw = sent(choice(delta={"reasoning_content": "Hm."}, finish_reason="length"))
    assert all(isinstance(item, Working) for item in ServerModel(server.url, model="m").prepare(PROMPT))
    assert server.bodies[-1]["max_tokens"] == 1


def test_the_first_model_that_can_chat_is_asked_and_the_others_are_named_where_it_is_refused(server):
    server.models = {"data": [{"id": "nomic-embed"}, {"id": "petit"}, {"id": "grand"}]}
    model = ServerModel(server.url)
    answer(model)
    assert server.bodies[-1]["model"] == "petit"
    server.refusals = [(404, "petit is broken")]
    with pytest.raises(ModelError) as caught:
        answer(model)
    assert "RAG_MODEL" in caught.value.remedy
    assert "grand" in caught.value.remedy
    server.models = {"data": [{"id": "nomic-embed"}]}
    with pytest.raises(ModelError, match="no model that can chat"):
        answer(ServerModel(server.url))


def test_a_password_in_the_address_is_not_shown():
    assert ServerModel("http://marie:secret@127.0.0.1:8080/v1").name == "127.0.0.1:8080"


@pytest.mark.parametrize("key", ["", "abc"])
def test_nothing_compressed_is_asked_for_since_a_stream_may_be_compressed_piece_by_piece(server, key):
    assert answer(ServerModel(server.url, key=key)) == "Trente pays [1]."
    assert server.wanted_encodings == ["identity", "identity"]


def test_a_key_is_sent_with_every_request_and_not_without_one(server):
    server.wanted = "Bearer sk-1"
    assert answer(ServerModel(server.url, key=" sk-1\n")) == "Trente pays [1]."
    assert server.keys == ["Bearer sk-1"] * 2
    assert server.gateway_keys == ["sk-1"] * 2
    server.wanted = ""
    server.keys.clear()
    server.gateway_keys.clear()
    answer(ServerModel(server.url))
    assert server.keys == server.gateway_keys == [None, None]


@pytest.mark.parametrize("key", ["clé", "sk\n1", "sk\x001"])
def test_a_key_that_no_header_can_hold_is_refused_without_showing_it(key):
    with pytest.raises(SettingsError) as caught:
        ServerModel("http://127.0.0.1:1", key=key)
    assert key not in str(caught.value)


def test_closing_works_while_the_server_says_nothing(server):
    server.hold.clear()
    stream = ServerModel(server.url, model="m").stream(PROMPT)
    assert next(item for item in stream if isinstance(item, str)) == "Tren"
    assert isinstance(next(stream), Working)  # nothing came for a quarter of a second
    stream.close()
    assert list(stream) == []


@pytest.mark.parametrize(
    ("sends", "remedy"),
    [
        (sent(choice(delta={"role": "assistant"}), choice(delta={}, finish_reason="stop")), "RAG_PASSAGES lower"),
        (sent(choice(delta={}, finish_reason="length")), "RAG_ANSWER_TOKENS higher"),
        (sent(choice(delta={"content": "<think>Hm."})), "RAG_ANSWER_TOKENS higher"),
    ],
)
def test_who_gets_no_answer_is_told_what_may_help(server, sends, remedy):
    server.raw = sends
    with pytest.raises(ModelError, match="wrote no answer") as caught:
        answer(ServerModel(server.url, model="m"))
    assert remedy in caught.value.remedy


def test_a_server_that_is_not_there_is_named_with_a_remedy():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(ModelError, match=f"127.0.0.1:{port} did not answer") as caught:
        answer(ServerModel(f"http://127.0.0.1:{port}/v1"))
    assert "RAG_SERVER" in caught.value.remedy


@pytest.mark.parametrize("url", ["", "127.0.0.1:8080", "ftp://host/v1", "http://"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(SettingsError):
        ServerModel(url)


def test_the_door_is_closed_again_after_an_answer(server):
    answer(ServerModel(server.url))
    with pytest.raises(OfflineError):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)


def test_tokens_are_counted_from_above():
    model = ServerModel("http://127.0.0.1:1")
    text = "Plus de trente pays devraient rejoindre la coalition."
    assert len(text.split()) < model.count_tokens(text) < len(text)
    assert model.count_tokens("") == 0


@pytest.mark.parametrize(
    "ending",
    [b"data: [DONE]\n\n", sent(choice(delta={}, finish_reason="stop")), sent(choice(delta={}, finish_reason="length"))],
)
def test_an_answer_is_whole_when_the_server_says_so_whether_or_not_it_hangs_up(server, monkeypatch, ending):
    """diegosouzapw/OmniRoute#6777, maximhq/bifrost#6784, earendil-works/pi#7954."""
    monkeypatch.setattr("rag.llm.server.LINGER_S", 0.0)
    server.raw = sent(choice(delta={"content": "Trente."})) + ending + b": heartbeat\n\n"
    server.promised = len(server.raw) + 1  # and more is to come, which never does
    server.lingering = True
    server.hold.clear()
    assert answer(ServerModel(server.url, model="m")) == "Trente."
    assert not server.hold.is_set()
