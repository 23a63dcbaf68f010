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

PATIENCE_MS = 60_000  # how long a page may take to come to a state

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


DROP = """
(box, files) => {
  const data = new DataTransfer();
  for (const [name, text] of Object.entries(files)) data.items.add(new File([text], name, {type: 'text/plain'}));
  for (const kind of ['dragenter', 'dragover', 'drop']) {
    box.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
  }
}
"""
"""Drops files, name → text, on an element."""


BUSY = """
for (const kind of ['click', 'keydown']) addEventListener(kind, () => setTimeout(() => {
  const end = performance.now() + 400;
  while (performance.now() < end);
}, 5), true);
"""
"""Keeps a page from doing anything for a while after each touch: it then reads all that the server has sent at once."""


FINISHED = "(foot) => document.querySelector(foot) && !document.querySelector('#live [aria-busy=true]')"
"""A turn stands among those before it, and none is under way: the two are drawn in no certain order."""
HIGHLIGHTED = "() => [...document.querySelectorAll('mark.active')].map((mark) => mark.textContent).join('')"
"""What is highlighted, read at once: the article may be drawn again between two looks."""
FONTS = "document.fonts.ready.then(() => true)"
"""The page is set in its own letters: what is measured stays as it is."""


@dataclass
class Watch:
    """What a page did that it must not: requests to other hosts, errors in the console, dialogs."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: int = 0
    forgiven: tuple[str, ...] = ()

    def over(self, context: Any) -> Watch:
        """Watch every page of a browser context."""
        context.on("request", self._request)
        context.on("page", self.page)
        return self

    def page(self, page: Any) -> None:
        page.on("console", lambda message: message.type == "error" and self._complain(message.text))
        page.on("pageerror", lambda error: self._complain(str(error)))

    def _complain(self, text: str) -> None:
        if not any(forgiven in text for forgiven in self.forgiven):
            self.errors.append(text)

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
def served(workspace: Any, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve the page over a workspace; give its address on this machine."""
    from ui.app import launch

    blocks, address = launch(workspace, port=free_port(), host=host)
    try:
        yield address.replace("0.0.0.0", "127.0.0.1")
    finally:
        blocks.close()


@contextmanager
def visiting(chrome: Any, address: str) -> Iterator[Any]:
    """Give a function that opens the page as a new reader.

    At the end nothing may have left this machine, and nothing may have complained in the console.
    """
    contexts: list[Any] = []
    watches: list[Watch] = []

    def open_page(
        locale: str = "fr-FR",
        width: int = 1280,
        query: str = "",
        forgiven: tuple[str, ...] = (),
        busy: bool = False,
        **more: Any,
    ) -> Any:
        still = {"reduced_motion": "reduce"} | more  # nothing is looked at half-way
        context = chrome.new_context(locale=locale, viewport={"width": width, "height": 800}, **still)
        context.set_default_timeout(PATIENCE_MS)
        if busy:
            context.add_init_script(BUSY)
        watches.append(Watch(forgiven=forgiven).over(context))
        contexts.append(context)
        page = context.new_page()
        page.goto(address + query)
        page.locator("#reader :is(.paper, .empty:not([aria-busy]))").wait_for(state="attached")
        page.locator("body.settled").wait_for(state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    complaints = [found for watch in watches for found in (*watch.foreign, *watch.errors)]
    assert not complaints, complaints


def ask(page: Any, question: str) -> None:
    """Type a question and press Enter."""
    page.locator("#question-box textarea").fill(question)
    page.locator("#question-box textarea").press("Enter")


def finished(page: Any, number: int = 0) -> Any:
    """Wait until a turn is finished; return it."""
    page.wait_for_function(FINISHED, arg=f"#past #turn-{number} .foot")
    return page.locator(f"#past #turn-{number}")


def expect(found: Any) -> Any:
    """Return what can be claimed of a locator; each claim waits until it holds, as long as all else here."""
    from playwright.sync_api import expect as claim

    claim.set_options(timeout=PATIENCE_MS)
    return claim(found)


def comes_to(page: Any, script: str, expected: Any, argument: Any = None) -> None:
    """Wait until a script, a function of at most one argument, finds in the page what is expected."""
    from playwright.sync_api import TimeoutError as Late

    holds = f"([argument, expected]) => JSON.stringify(({script})(argument)) === JSON.stringify(expected)"
    try:
        page.wait_for_function(holds, arg=[argument, expected])
    except Late:
        assert page.evaluate(script, argument) == expected


def highlighted(page: Any) -> str:
    """Return the highlighted text of the article, exactly, as soon as there is any: where there was none before."""
    return str(page.wait_for_function(HIGHLIGHTED).json_value())


def highlights(page: Any, text: str) -> None:
    """Wait until exactly this text of the article is highlighted."""
    comes_to(page, HIGHLIGHTED, text)


def panel(page: Any, name: str) -> Any:
    """Open a panel; return it. What stood in it when it was last open may still be there for a moment."""
    page.locator(f'#header [data-panel="{name}"]').first.click()
    found = page.locator(f'#panel .panel[data-name="{name}"]')
    found.wait_for()
    return found
