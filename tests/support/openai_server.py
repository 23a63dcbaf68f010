"""An OpenAI-compatible server on this machine, which answers, refuses and breaks off as a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """A server that answers with ``pieces``; ``refusals`` are (status, body) for the next requests."""

    def __init__(self) -> None:
        self.pieces: list[str] = ["Tren", "te", " pays [1]."]
        self.raw = b""
        self.promised = 0
        self.lingering = False
        self.models: object = {"data": [{"id": "un-modele"}]}
        self.listing: tuple[int, str] | None = None  # in place of the models
        self.refusals: list[tuple[int, str]] = []
        self.headers: dict[str, str] = {}
        self.bodies: list[dict[str, object]] = []
        self.keys: list[str | None] = []
        self.gateway_keys: list[str | None] = []
        self.paths: list[str] = []
        self.wanted_encodings: list[str | None] = []
        self.hold = threading.Event()
        self.hold.set()
        self.url = ""
        self.wanted = ""


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.state.paths.append(self.path)
        self.server.state.wanted_encodings.append(self.headers["Accept-Encoding"])
        self.server.state.keys.append(self.headers["Authorization"])
        self.server.state.gateway_keys.append(self.headers["api-key"])
        if self.server.state.wanted not in {"", self.server.state.keys[-1]}:
            self.reply(401, json.dumps({"error": {"message": f"not this: {self.server.state.keys[-1]}"}}))
            return
        self.reply(*(self.server.state.listing or (200, json.dumps(self.server.state.models))))

    def do_POST(self):
        self.server.state.paths.append(self.path)
        self.server.state.wanted_encodings.append(self.headers["Accept-Encoding"])
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.state.bodies.append(body)
        self.server.state.keys.append(self.headers["Authorization"])
        self.server.state.gateway_keys.append(self.headers["api-key"])
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


@contextmanager
def running() -> Iterator[Server]:
    """Lend a server that runs meanwhile."""
    state = Server()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as served:
        served.state = state
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state.url = f"http://127.0.0.1:{served.server_address[1]}"
        yield state
        state.hold.set()
        served.shutdown()
        thread.join()
