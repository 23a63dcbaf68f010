"""A model hub on this machine: the part of the hub's protocol a download uses, and the ways it fails."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What the hub holds, and how it behaves.

    Attributes:
        files: repository → path → content; content is announced with its own size and hash unless overridden.
        cut_after: bytes after which each of the next connections is cut.
        statuses: what the next requests are answered with, instead of the content.
        sent: replaces what is sent for a path, while what is announced stays.
        chunk: bytes written at a time.
        ranges: whether a request for a range is honoured.
        requests: method, path and range of each request so far.
    """

    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    cut_after: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    sent: dict[str, bytes] = field(default_factory=dict)
    chunk: int = 1 << 16
    ranges: bool = True
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    endpoint: str = ""

    def announce(self, repository: str) -> bytes:
        """Return the hub's description of a repository."""
        siblings = []
        for path, content in self.files[repository].items():
            entry = {"rfilename": path, "size": len(content)}
            entry["blobId"] = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
            if path.endswith((".gguf", ".safetensors")):
                entry["lfs"] = {
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content),
                    "pointerSize": 130,
                }
            siblings.append(entry)
        description = {"id": repository, "sha": COMMIT, "siblings": siblings, "cardData": {"license": "apache-2.0"}}
        return json.dumps(description | {"private": False, "downloads": 0, "likes": 0, "tags": []}).encode()


@contextmanager
def running(hub: Hub) -> Iterator[Hub]:
    """Serve ``hub`` on a free port of this machine while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        hub = self.hub
        hub.requests.append(("GET", self.path, self.headers.get("Range", "")))
        if hub.statuses and (status := hub.statuses.pop(0)) != 200:
            self._answer(status, b"")
            return
        if described := re.match(r"/api/models/([^/]+/[^/?]+)", self.path):
            self._describe(described[1])
        elif resolved := re.match(rf"/([^/]+/[^/]+)/resolve/{COMMIT}/(.+)", self.path):
            self._send(resolved[1], resolved[2])
        else:
            self._answer(404, b"", {"X-Error-Code": "RevisionNotFound"})

    def _describe(self, repository: str) -> None:
        if repository in self.hub.files:
            self._answer(200, self.hub.announce(repository), {"Content-Type": "application/json"})
        else:
            self._answer(404, b"", {"X-Error-Code": "RepoNotFound"})

    def _send(self, repository: str, path: str) -> None:
        content = self.hub.sent.get(path, self.hub.files[repository][path])
        asked = re.match(r"bytes=(\d+)-", self.headers.get("Range", "")) if self.hub.ranges else None
        start = int(asked[1]) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        stop = start + self.hub.cut_after.pop(0) if self.hub.cut_after else len(content)
        for position in range(start, min(stop, len(content)), self.hub.chunk):
            self.wfile.write(content[position : min(position + self.hub.chunk, stop)])
            self.wfile.flush()
        self.close_connection = stop < len(content)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
