"""How quick the page is: start, first paint against a bare Gradio chat, Enter to first character, cost of streaming.

Run with ``make bench-ui``. Everything is measured in one run on one machine, in a real Chromium without network, on the
bundled article with no language model installed. One JSON object is printed; times are in seconds.
"""

from __future__ import annotations

import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "end_to_end")]

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from rag.nouns import Event, Turn

PAINTS = 9
QUESTIONS = 40
TOKENS = 300
TOKEN_S = 0.02  # 50 tokens a second, what a small model writes on a laptop

BARE = """
import sys, time
import gradio as gr
def answer(message, history):
    yield message
gr.ChatInterface(answer).launch(server_port=int(sys.argv[1]), quiet=True, ssr_mode=False)
"""
OURS = "import sys; from rag.cli import main; sys.argv = ['rag', *sys.argv[1:]]; main()"

FIRST_CHARACTER = """
question => {
  let start = 0;
  const enter = event => { if (event.key === 'Enter') start = performance.now(); };
  addEventListener('keydown', enter, {once: true, capture: true});
  window.firstCharacter = new Promise(done => {
    const watch = new MutationObserver(() => {
      const turns = [...document.querySelectorAll('#past .turn, #live .turn')];
      const last = turns[turns.length - 1];
      if (!start || !last || last.querySelector('.question').textContent !== question) return;
      if (!last.querySelector(':is(.answer, .refused) p:not(.working)')) return;
      watch.disconnect();
      done((performance.now() - start) / 1000);
    });
    watch.observe(document.querySelector('#turns'), {childList: true, subtree: true, characterData: true});
  });
}
"""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python process and end it."""
    running = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(20)


def wait_for(port: int) -> None:
    """Return when something listens on a port."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which ``part`` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def first_paint(chrome: Browser, address: str) -> float:
    """Return the seconds to the first contentful paint of a fresh visit."""
    context = chrome.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    page.locator("textarea").first.wait_for()
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    return float(paint) / 1000


def measure_start(chrome: Browser, indexes: Path) -> tuple[float, float]:
    """Return the seconds from starting the command to a listening server, and to a page one can ask."""
    port = free_port()
    begun = time.perf_counter()
    with process("-c", OURS, "chat", "--no-browser", "--port", str(port), "--indexes", str(indexes)):
        wait_for(port)
        listening = time.perf_counter() - begun
        context = chrome.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"http://127.0.0.1:{port}/")
        page.locator("#reader .paper").wait_for()
        interactive = time.perf_counter() - begun
        context.close()
    return listening, interactive


def measure_paints(chrome: Browser, address: str) -> tuple[list[float], list[float]]:
    """Return first paints of our page and of a bare chat, taken in turn."""
    port = free_port()
    ours, bare = [], []
    with process("-c", BARE, str(port)):
        wait_for(port)
        other = f"http://127.0.0.1:{port}/"
        first_paint(chrome, other), first_paint(chrome, address)  # warm both
        for _ in range(PAINTS):
            ours.append(first_paint(chrome, address))
            bare.append(first_paint(chrome, other))
    return ours, bare


def measure_answers(chrome: Browser, address: str) -> list[float]:
    """Return the seconds from Enter to the first character of the answer."""
    context = chrome.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    page.locator("#reader .paper").wait_for()
    times = []
    for number in range(QUESTIONS + 1):
        question = f"Que dit la Russie de la présence de troupes européennes, question {number} ?"
        page.evaluate(FIRST_CHARACTER, question)
        page.locator("#question-box textarea").fill(question)
        page.locator("#question-box textarea").press("Enter")
        page.locator(f"#past #turn-{number} .foot").wait_for()
        times.append(float(page.evaluate("window.firstCharacter")))
    context.close()
    return times[1:]  # the first one loads the embedder


def measure_streaming(folder: Path) -> tuple[float, float]:
    """Return the seconds a scripted model takes to write by itself, and the seconds until the page has it all."""
    from browser import served
    from fake_door import FakeDoor
    from gradio_probe import Reader

    from rag.nouns import Answer, Finished, Sentence, Token

    class Writing(FakeDoor):
        def answer(
            self, question: str, history: Sequence[Turn] = (), *, library: str, article: str = ""
        ) -> Iterator[Event]:
            del history, library, article
            for number in range(TOKENS):
                threading.Event().wait(TOKEN_S)
                yield Token(f"mot{number} ")
            text = " ".join(f"mot{number}" for number in range(TOKENS))
            yield Finished(Answer(question, text, refused=False, model="m", sentences=(Sentence(text),)))

    door: Any = Writing(folder)
    begun = time.perf_counter()
    for _ in door.answer("?", library="exemple"):
        pass
    alone = time.perf_counter() - begun
    with served(door) as address:
        reader = Reader(address)
        begun = time.perf_counter()
        reader.ask("?")
        through = time.perf_counter() - begun
    return alone, through


def main() -> None:
    """Measure everything and print it."""
    from browser import browser, served

    from rag import load_settings, open_workspace

    with tempfile.TemporaryDirectory() as name, browser() as chrome:
        home = Path(name)
        built = ROOT / "indexes" / "example"
        shutil.copytree(built, home / "indexes" / "example", ignore=shutil.ignore_patterns("*.sqlite*", "*.faiss*"))
        settings = load_settings(indexes=home / "indexes", models=home / "models", conversations=home / "conversations")
        workspace = open_workspace(settings)
        workspace.articles("example")
        listening, interactive = measure_start(chrome, home / "indexes")
        with served(workspace) as address:
            ours, bare = measure_paints(chrome, address)
            answers = measure_answers(chrome, address)
        alone, through = measure_streaming(home / "fake")
        workspace.close()
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    figures = {
        "start_to_listening_s": listening,
        "start_to_interactive_s": interactive,
        "first_paint_s": statistics.median(ours),
        "first_paint_bare_chat_s": statistics.median(bare),
        "first_paint_ratio": statistics.median(ratios),
        "enter_to_first_character_median_s": statistics.median(answers),
        "enter_to_first_character_p95_s": percentile(answers, 0.95),
        "streaming_added": through / alone - 1,
    }
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=2))


if __name__ == "__main__":
    main()
