"""Connections that do not say what they want keep nobody else from asking."""

import http.client
import socket

import pytest

from ui.server import Listening, connections, listen

HALVES = {
    "nothing at all": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
    "no body": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nabc",
}


async def echo(scope, receive, send):
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    if scope["path"] == "/refused":
        await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"no"})
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message.get("body", b""), message.get("more_body", False)
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def port():
    server = listen("127.0.0.1", 0)
    listening = Listening(echo, server)
    yield server.getsockname()[1]
    listening.close()


def posted(port, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/", body)
    answer = connection.getresponse().read()
    connection.close()
    return answer


def half(port, begun):
    waiting = socket.create_connection(("127.0.0.1", port), 60)
    waiting.sendall(begun)
    return waiting


def is_closed(waiting):
    """Return whether the other side closes within a minute."""
    try:
        return waiting.recv(1) == b""
    except ConnectionError:
        return True


def is_refused(waiting):
    """Return whether a refusal comes, and read it whole."""
    said = b""
    while not said.endswith(b"\r\n\r\nno"):
        said += waiting.recv(1000)
    return said.startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("begun", [HALVES["nothing at all"], HALVES["half a head"]], ids=["nothing", "half a head"])
def test_who_asks_at_once_gets_through_however_many_wait(port, begun, monkeypatch):
    monkeypatch.setattr(connections, "MOST_WAITING", 20)
    crowd = [half(port, begun) for _ in range(200)]
    assert posted(port, b"a question") == b"a question"
    assert all(is_closed(waiting) for waiting in crowd[:100])
    for waiting in crowd:
        waiting.close()


def test_connections_that_asked_are_bounded_too(port, monkeypatch):
    monkeypatch.setattr(connections, "MOST_OPEN", 20)
    crowd = [half(port, HALVES["no body"]) for _ in range(20)]
    late = [half(port, HALVES["no body"]) for _ in range(20)]
    assert all(is_closed(waiting) for waiting in late[-10:])
    for waiting in (*crowd, *late):
        waiting.close()
    assert posted(port, b"a question") == b"a question"


def test_who_was_refused_before_the_whole_body_came_keeps_nobody_out(port, monkeypatch):
    monkeypatch.setattr(connections, "MOST_OPEN", 20)
    crowd = []
    for _ in range(60):
        crowd.append(half(port, HALVES["no body"].replace(b"/", b"/refused", 1)))
        assert is_refused(crowd[-1])
        assert posted(port, b"a question") == b"a question"
    assert is_closed(crowd[0])
    for waiting in crowd:
        waiting.close()


@pytest.mark.parametrize("begun", HALVES.values(), ids=HALVES)
def test_what_does_not_go_on_is_closed(port, begun, monkeypatch):
    monkeypatch.setattr(connections, "PATIENCE_S", 0.05)
    assert is_closed(half(port, begun))
    monkeypatch.undo()
    assert posted(port, b"x" * 3_000_000) == b"x" * 3_000_000


def test_a_body_that_goes_on_is_waited_for(port, monkeypatch):
    monkeypatch.setattr(connections, "PATIENCE_S", 0.05)
    monkeypatch.setattr(connections, "LEAST_BYTES", 0)
    begun = half(port, HALVES["no body"])
    assert is_closed(half(port, HALVES["half a head"])), "longer than the patience"
    begun.sendall(b"d" * 99_997)
    assert begun.recv(15) == b"HTTP/1.1 200 OK"
    begun.close()
