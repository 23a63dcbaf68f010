"""Pictures of the page for the README, taken from the page itself: the bundled article, a real Chromium, no network.

Run it with ``make screenshots``; it needs the development extra (Playwright) and Chromium. What answers is what answers
here: after ``make setup`` the small model that it brings.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag import load_settings, open_workspace
from rag.errors import SettingsError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from rag import Workspace

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
EXAMPLE = Path(__file__).parent.parent / "indexes" / "example"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUESTION = "Où les responsables militaires se retrouveront-ils ?"
REFUSED = "Combien coûte la coalition ?"


def main() -> None:
    """Take all pictures, into ``docs/screenshots/``.

    Raises:
        SettingsError: Chromium is not installed.
    """
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        shutil.copytree(EXAMPLE, home / "indexes" / "example", ignore=shutil.ignore_patterns("*.sqlite*", "*.faiss*"))
        workspace = open_workspace(load_settings(indexes=home / "indexes", conversations=home / "conversations"))
        workspace.articles("example")
        _serve(workspace)
        workspace.close()


def _serve(workspace: Workspace) -> None:
    from playwright.sync_api import sync_playwright

    from ui.app import launch

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        raise SettingsError("Chromium is not installed.", "apt install chromium")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    blocks, address = launch(workspace, port=port)
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name, picture in PICTURES.items():
            picture(chrome, address, FOLDER / f"{name}.png")
            sys.stdout.write(f"{name}.png\n")
        chrome.close()
    blocks.close(verbose=False)


def _open(
    chrome: Browser,
    address: str,
    *,
    width: int = 1280,
    language: str = "fr-FR",
    scheme: Literal["light", "dark"] = "light",
) -> Page:
    context = chrome.new_context(
        viewport={"width": width, "height": 800},
        locale=language,
        color_scheme=scheme,
        reduced_motion="reduce",
        device_scale_factor=1 if width > 900 else 2,
        is_mobile=width <= 900,  # with scroll bars that take no room
        has_touch=width <= 900,
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address)
    page.locator("#reader .paper").wait_for(state="attached")
    page.locator("#card .gist").wait_for()
    return page


def _ask(page: Page, question: str, number: int = 0) -> Locator:
    page.locator("#question-box textarea").fill(question)
    page.locator("#question-box textarea").press("Enter")
    turn = page.locator(f"#past #turn-{number}")
    turn.locator(".foot").wait_for()
    page.locator("#further .chip").nth(1).wait_for()
    return turn


def _shoot(page: Page, path: Path) -> None:
    page.evaluate("document.fonts.ready")
    page.mouse.move(1, 1)
    page.screenshot(path=path, caret="hide")
    page.context.close()


def _answer(chrome: Browser, address: str, path: Path) -> None:
    page = _open(chrome, address)
    _ask(page, QUESTION).locator(".cite").first.click()
    page.locator("mark.active").first.wait_for()
    _shoot(page, path)


def _welcome(chrome: Browser, address: str, path: Path) -> None:
    _shoot(_open(chrome, address, language="en-GB"), path)


def _why(chrome: Browser, address: str, path: Path) -> None:
    page = _open(chrome, address, scheme="dark")
    turn = _ask(page, QUESTION)
    turn.locator(".cite").first.click()
    turn.locator("summary").click()
    _shoot(page, path)


def _refusal(chrome: Browser, address: str, path: Path) -> None:
    page = _open(chrome, address)
    _ask(page, REFUSED)
    _shoot(page, path)


def _articles(chrome: Browser, address: str, path: Path) -> None:
    page = _open(chrome, address)
    _ask(page, QUESTION)
    page.locator('#header [data-panel="articles"]').click()
    page.locator('#panel .panel[data-name="articles"]').wait_for()
    _shoot(page, path)


def _models(chrome: Browser, address: str, path: Path) -> None:
    page = _open(chrome, address, language="en-GB", scheme="dark")
    page.locator('#header nav [data-panel="models"]').click()
    page.locator('#panel .panel[data-name="models"]').wait_for()
    _shoot(page, path)


def _phone(chrome: Browser, address: str, path: Path) -> None:
    page = _open(chrome, address, width=390)
    _ask(page, QUESTION)
    _shoot(page, path)


def _phone_article(chrome: Browser, address: str, path: Path) -> None:
    page = _open(chrome, address, width=390)
    _ask(page, QUESTION).locator(".cite").first.click()
    page.locator("mark.active").first.wait_for()
    _shoot(page, path)


PICTURES = {
    "answer": _answer,
    "welcome": _welcome,
    "why": _why,
    "refusal": _refusal,
    "articles": _articles,
    "models": _models,
    "phone": _phone,
    "phone-article": _phone_article,
}

if __name__ == "__main__":
    main()
