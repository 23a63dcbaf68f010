"""A package index on this machine: the simple index protocol pip speaks, a wheel a package, and the ways it fails."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

TAG = "py3-none-manylinux2014_x86_64"


@dataclass
class PackageIndex:
    """What the index holds of one package, and how it behaves.

    Attributes:
        name: of the package.
        wheel: its file's content.
        version: the only one there is.
        announced: SHA-256 the index gives for the wheel; that of ``wheel`` unless set.
        cut_after: bytes after which each of the next downloads is cut.
        requests: the paths asked for so far.
    """

    name: str
    wheel: bytes
    version: str = "0.3.0"
    announced: str = ""
    cut_after: list[int] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    address: str = ""

    @property
    def file_name(self) -> str:
        """Return the wheel's name, which says what it is for."""
        return f"{self.name.replace('-', '_')}-{self.version}-{TAG}.whl"


def make_wheel(name: str, version: str, files: dict[str, bytes]) -> bytes:
    """Return a wheel with these files."""
    about = f"{name}-{version}.dist-info"
    beside = {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {TAG}\n".encode(),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {**files, **beside}.items():
            archive.writestr(path, content)
        archive.writestr(f"{about}/RECORD", "")
    return written.getvalue()


@contextmanager
def serving(*packages: PackageIndex) -> Iterator[PackageIndex]:
    """Serve packages on a free port of this machine while the block runs; give the first."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"packages": packages}))
    for package in packages:
        package.address = f"http://127.0.0.1:{server.server_address[1]}/simple"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield packages[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    packages: tuple[PackageIndex, ...]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        for index in self.packages:
            if self.path == f"/simple/{index.name}/":
                index.requests.append(self.path)
                sha256 = index.announced or hashlib.sha256(index.wheel).hexdigest()
                page = f'<a href="/files/{index.file_name}#sha256={sha256}">{index.file_name}</a>'
                self._send(page.encode(), "text/html")
                return
            if re.fullmatch(rf"/files/{re.escape(index.file_name)}", self.path):
                index.requests.append(self.path)
                self._send(index.wheel, "application/octet-stream", cut=index.cut_after)
                return
        self.send_error(404)

    def _send(self, content: bytes, kind: str, cut: list[int] | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: cut.pop(0)] if cut else content)
        self.close_connection = True
