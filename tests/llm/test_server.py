"""A server someone names: what it streams, how it refuses, how it is stopped, and that nothing else is reached."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rag.errors import ContextTooSmall, ModelError, OfflineError, SettingsError
from rag.events import Working
from rag.llm.server import ServerModel
from rag.llm.server_errors import ServerErrors
from rag.values import Prompt, Turn

PROMPT = Prompt("Système", (), (Turn("Avant ?", "Oui."),), "Combien ?", "Combien ?", "fr", answer_tokens=40)


class Server:
    """A server that answers with ``pieces``; ``refusals`` are (status, body) for the next requests."""

    def __init__(self) -> None:
        self.pieces: list[str] = ["Tren", "te", " pays [1]."]
        self.raw = b""
        self.promised = 0
        self.lingering = False
        self.models: object = {"data": [{"id": "un-modele"}]}
        self.refusals: list[tuple[int, str]] = []
        self.headers: dict[str, str] = {}
        self.bodies: list[dict[str, object]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.wanted_encodings: list[str | None] = []
        self.hold = threading.Event()
        self.hold.set()
        self.url = ""
        self.wanted = ""


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.state.paths.append(self.path)
        self.server.state.wanted_encodings.append(self.headers["Accept-Encoding"])
        self.server.state.keys.append(self.headers["Authorization"])
        if self.server.state.wanted not in {"", self.server.state.keys[-1]}:
            self.reply(401, json.dumps({"error": {"message": f"not this: {self.server.state.keys[-1]}"}}))
            return
        self.reply(200, json.dumps(self.server.state.models))

    def do_POST(self):
        self.server.state.paths.append(self.path)
        self.server.state.wanted_encodings.append(self.headers["Accept-Encoding"])
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.state.bodies.append(body)
        self.server.state.keys.append(self.headers["Authorization"])
        if self.server.state.refusals:
            self.reply(*self.server.state.refusals.pop(0))
        elif self.server.state.raw:
            self.send_response(200)
            self.send_header("Content-Length", str(self.server.state.promised or len(self.server.state.raw)))
            self.end_headers()
            self.wfile.write(self.server.state.raw)
            if self.server.state.lingering:
                self.wfile.flush()
                self.server.state.hold.wait(30)
        else:
            self.write_pieces()

    def write_pieces(self):
        with suppress(BrokenPipeError):  # who asked has heard enough
            self._write_pieces()

    def _write_pieces(self):
        self.send_response(200)
        self.end_headers()
        for index, piece in enumerate(self.server.state.pieces):
            if index and not self.server.state.hold.wait(30):
                return
            chunk = {"choices": [{"delta": {"content": piece}}]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()
        self.wfile.write(b": a comment\n\ndata: [DONE]\n\n")

    def reply(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        for name, value in self.server.state.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture
def server():
    state = Server()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        served.state = state
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state.url = f"http://127.0.0.1:{served.server_address[1]}"
        yield state
        state.hold.set()
        served.shutdown()
        thread.join()


def answer(model) -> str:
    return "".join(item for item in model.stream(PROMPT) if isinstance(item, str))


def test_the_answer_streams_and_the_messages_arrive_in_order(server):
    model = ServerModel(server.url, seed=7)
    assert answer(model) == "Trente pays [1]."
    (body,) = server.bodies
    assert [message["role"] for message in body["messages"]] == ["system", "user", "assistant", "user"]
    assert (body["model"], body["seed"], body["max_tokens"], body["stream"]) == ("un-modele", 7, 40, True)


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/chat/completions", "/v1/chat/completions/?x=1"])
def test_the_address_may_end_in_several_ways(server, path):
    assert answer(ServerModel(server.url + path)) == "Trente pays [1]."
    assert server.paths == ["/v1/models", "/v1/chat/completions"]


@pytest.mark.parametrize("path", ["", "/api/v3", "/openai/v1"])
def test_an_address_in_full_is_taken_as_it_is(server, path):
    assert answer(ServerModel(f"{server.url}{path}/chat/completions")) == "Trente pays [1]."
    assert server.paths == [f"{path}/models", f"{path}/chat/completions"]


def test_thoughts_do_not_reach_the_reader(server):
    server.pieces = ["<thi", "nk>hm</th", "ink>\n", "Oui [", "2]."]
    assert answer(ServerModel(server.url + "/v1/", model="m")) == "Oui [2]."


def test_a_server_that_knows_only_the_standard_is_asked_for_the_standard(server):
    server.refusals = [(422, '{"detail": "unknown field top_k"}')]
    assert answer(ServerModel(server.url, model="m")) == "Trente pays [1]."
    assert "top_k" in server.bodies[0]
    assert server.bodies[0]["repeat_penalty"] == 1
    assert "top_k" not in server.bodies[1]


@pytest.mark.parametrize(
    ("refusals", "error", "words"),
    [
        ([(500, '{"error": {"message": "out of memory"}}')], ModelError, "status 500.*out of memory"),
        ([(404, "no such model")], ModelError, "no such model"),
        ([(400, '{"error": "exceeds the context size"}')] * 2, ContextTooSmall, "context size"),
    ],
)
def test_a_refusal_is_passed_on_in_the_servers_words(server, refusals, error, words):
    server.refusals = refusals
    with pytest.raises(error, match=words) as caught:
        answer(ServerModel(server.url, model="m"))
    assert caught.value.remedy


def test_a_server_that_takes_no_sampling_is_asked_without_it(server):
    server.refusals = [(400, '{"error": {"message": "Unsupported parameter: max_tokens"}}')] * 2
    assert answer(ServerModel(server.url, model="m")) == "Trente pays [1]."
    assert set(server.bodies[-1]) == {"model", "messages", "stream", "max_completion_tokens"}


def test_a_model_that_knows_no_system_is_told_in_the_first_question(server):
    server.refusals = [(500, '{"error": "Conversation roles must alternate"}')] * 3
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


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_stream_that_nobody_said_is_whole_is_told_as_cut(server, kind):
    server.raw, cut = ENDINGS[kind]
    items = list(ServerModel(server.url, model="m").stream(PROMPT))
    assert [item for item in items if isinstance(item, str)] == ["Oui."]
    assert items[-1] == Working("written", cut=cut)


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


def test_a_server_without_https_and_one_that_nobody_vouches_for_are_told_apart(server):
    with pytest.raises(ModelError, match="does not speak HTTPS") as caught:
        answer(ServerModel(server.url.replace("http:", "https:"), model="m"))
    assert "http://" in caught.value.remedy
    why = OSError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed")
    error = ServerErrors("maison.lan", 443, "").unreached(why)
    assert "certificate of maison.lan is not trusted: certificate verify failed: self-signed." in error.message
    assert "SSL_CERT_FILE" in error.remedy


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
    server.wanted = ""
    server.keys.clear()
    answer(ServerModel(server.url))
    assert server.keys == [None, None]


@pytest.mark.parametrize("model", ["", "m"])
@pytest.mark.parametrize(("key", "words"), [("", "wants a key"), ("sk-secret", "does not accept the key")])
def test_a_server_that_wants_another_key_is_said_so_and_the_key_is_not_shown(server, model, key, words):
    server.wanted = "Bearer other"
    server.refusals = [(401, '{"error": "not this: sk-secret"}')]
    with pytest.raises(ModelError, match=words) as caught:
        answer(ServerModel(server.url, model=model, key=key))
    assert "RAG_SERVER_KEY" in caught.value.remedy
    assert not key or key not in str(caught.value)


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


def test_a_redirect_elsewhere_is_not_followed(server):
    server.refusals = [(302, "")]
    with pytest.raises(ModelError, match="302"):
        answer(ServerModel(server.url, model="m"))


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
