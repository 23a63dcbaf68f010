"""A server someone names: what it streams, how it refuses, how it is stopped, and that nothing else is reached."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rag.errors import ContextTooSmall, ModelError, OfflineError, SettingsError
from rag.events import Working
from rag.llm.server import ServerModel
from rag.values import Prompt, Turn

PROMPT = Prompt("Système", (), (Turn("Avant ?", "Oui."),), "Combien ?", "Combien ?", "fr", answer_tokens=40)


class Server:
    """A server that answers with ``pieces``; ``refusals`` are (status, body) for the next requests."""

    def __init__(self) -> None:
        self.pieces: list[str] = ["Tren", "te", " pays [1]."]
        self.refusals: list[tuple[int, str]] = []
        self.bodies: list[dict[str, object]] = []
        self.keys: list[str | None] = []
        self.hold = threading.Event()
        self.hold.set()
        self.url = ""
        self.wanted = ""


@pytest.fixture
def server():
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            state.keys.append(self.headers["Authorization"])
            if state.wanted not in {"", state.keys[-1]}:
                self.reply(401, json.dumps({"error": {"message": f"not this: {state.keys[-1]}"}}))
                return
            self.reply(200, json.dumps({"data": [{"id": "un-modele"}]}))

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.bodies.append(body)
            state.keys.append(self.headers["Authorization"])
            if state.refusals:
                self.reply(*state.refusals.pop(0))
                return
            self.send_response(200)
            self.end_headers()
            for index, piece in enumerate(state.pieces):
                if index and not state.hold.wait(30):
                    return
                chunk = {"choices": [{"delta": {"content": piece}}]}
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                self.wfile.flush()
            self.wfile.write(b": a comment\n\ndata: [DONE]\n\n")

        def reply(self, status, text):
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
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


def test_thoughts_do_not_reach_the_reader(server):
    server.pieces = ["<thi", "nk>hm</th", "ink>\n", "Oui [", "2]."]
    assert answer(ServerModel(server.url + "/v1/", model="m")) == "Oui [2]."


def test_a_server_that_knows_only_the_standard_is_asked_for_the_standard(server):
    server.refusals = [(422, '{"detail": "unknown field top_k"}')]
    assert answer(ServerModel(server.url, model="m")) == "Trente pays [1]."
    assert "top_k" in server.bodies[0]
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
