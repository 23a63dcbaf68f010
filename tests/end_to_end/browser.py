"""Chromium for the tests of the page: how it is started, what it must never do."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """Return the path of Chromium; skip the test where there is none, fail it where ``CI`` is set."""
    path = next(filter(None, (shutil.which(n) for n in ("chromium", "chromium-browser", "google-chrome"))), "")
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        path = ""
    if not path:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium or playwright is not installed")
    return path


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Watch:
    """What a page did that it must not: requests to other hosts, errors in the console, dialogs."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: int = 0

    def over(self, context: Any) -> Watch:
        """Watch every page of a browser context."""
        context.on("request", self._request)
        context.on("page", self.page)
        return self

    def page(self, page: Any) -> None:
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _request(self, request: Any) -> None:
        self.requests += 1
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname != "127.0.0.1":
            self.foreign.append(request.url)


@contextmanager
def browser() -> Iterator[Any]:
    """Start Chromium and close it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@contextmanager
def served(workspace: Any) -> Iterator[str]:
    """Serve the page over a workspace; give its address."""
    from ui.app import launch

    blocks, address = launch(workspace, port=free_port())
    try:
        yield address
    finally:
        blocks.close()
