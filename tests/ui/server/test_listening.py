"""The page's server ends in silence, whatever streams."""

import asyncio
import socket

from ui.server import Listening, listen


async def endless(scope, receive, send):
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"first", "more_body": True})
    await asyncio.Event().wait()


def test_a_stream_that_is_cut_off_at_the_end_is_no_error(capfd):
    server = listen("127.0.0.1", 0)
    listening = Listening(endless, server)
    with socket.create_connection(server.getsockname(), 60) as reading:
        reading.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert reading.recv(16)
        listening.close()
    assert capfd.readouterr().err == ""


def test_what_ends_with_the_server_ends_after_the_last_answer():
    ended = []
    server = listen("127.0.0.1", 0)
    listening = Listening(endless, server, lambda: ended.append(reading.recv(16)), lambda: ended.append("then"))
    with socket.create_connection(server.getsockname(), 60) as reading:
        reading.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        while b"first" not in reading.recv(1024):
            pass
        assert ended == []
        listening.close()
    assert ended == [b"", "then"]
