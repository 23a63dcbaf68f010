"""How quick and light the page is: start, first paint beside a bare Gradio chat, Enter to first character, memory.

Run with ``make bench-ui``. Everything is measured in one run on one machine, in a real Chromium without network, on the
bundled article with no language model installed; what streaming costs, with a scripted one. One JSON object is printed;
times are in seconds, memory is in megabytes, and the load of the machine stands beside them.
"""

from __future__ import annotations

import json
import os
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

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from rag.events import Event
    from rag.values import Turn

PAINTS = 9
TURNS = 200
INTERACTIVE_S = 5.0  # that a reader has looked at the page before the first question
WARM = 9  # questions that the first one is compared with
SETTLED = 20  # turns after which everything is loaded
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
def process(*arguments: str, home: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python process, with its data below ``home``, and end it."""
    folders = (
        {f"RAG_{name.upper()}": str(home / name) for name in ("indexes", "models", "conversations")} if home else {}
    )
    running = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, **folders}
    )
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


def measure_start(chrome: Browser, home: Path) -> tuple[float, float]:
    """Return the seconds from starting the command to a listening server, and to a page one can ask."""
    port = free_port()
    begun = time.perf_counter()
    with process("-c", OURS, "chat", "--no-browser", "--port", str(port), home=home):
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


def measure_answers(chrome: Browser, home: Path) -> dict[str, float]:
    """Return the seconds from Enter to the first character of an answer, and what many turns cost in memory.

    Memory is that of the server's process and of the page's script after its garbage is collected; the ratios compare
    it after the last turn with what it was after ``SETTLED`` turns.
    """
    port = free_port()
    times: list[float] = []
    server: list[float] = []
    page_heap: list[float] = []
    with process("-c", OURS, "chat", "--no-browser", "--port", str(port), home=home) as running:
        wait_for(port)
        context = chrome.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.set_default_timeout(120_000)
        tools = context.new_cdp_session(page)
        page.goto(f"http://127.0.0.1:{port}/")
        page.locator("#reader .paper").wait_for()
        for number in range(TURNS):
            times.append(ask(page, number))
            if number + 1 in {SETTLED, TURNS}:
                server.append(psutil.Process(running.pid).memory_info().rss / 1e6)
                tools.send("HeapProfiler.collectGarbage")
                page_heap.append(float(page.evaluate("performance.memory.usedJSHeapSize")) / 1e6)
        context.close()
    warm = times[1:]  # the first one waits for the embedder
    return {
        "enter_to_first_character_median_s": statistics.median(warm),
        "enter_to_first_character_p95_s": percentile(warm, 0.95),
        "first_question_s": times[0],
        "server_megabytes": server[-1],
        "server_memory_ratio": server[-1] / server[0],
        "page_heap_megabytes": page_heap[-1],
        "page_heap_ratio": page_heap[-1] / page_heap[0],
    }


def ask(page: Page, number: int) -> float:
    """Ask a question as the turn of this number; return the seconds from Enter to the first character of its answer."""
    question = f"Que dit la Russie de la présence de troupes européennes, question {number} ?"
    page.evaluate(FIRST_CHARACTER, question)
    page.locator("#question-box textarea").fill(question)
    page.locator("#question-box textarea").press("Enter")
    page.locator(f"#past #turn-{number} .foot").wait_for()
    return float(page.evaluate("window.firstCharacter"))


def measure_first_question(chrome: Browser, home: Path) -> tuple[float, float]:
    """Return the seconds of a first question, asked when the page was there for a while, and those of warm ones."""
    port = free_port()
    with process("-c", OURS, "chat", "--no-browser", "--port", str(port), home=home):
        wait_for(port)
        context = chrome.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"http://127.0.0.1:{port}/")
        page.locator("#reader .paper").wait_for()
        page.wait_for_timeout(1000 * INTERACTIVE_S)
        first, *warm = (ask(page, number) for number in range(1 + WARM))
        context.close()
    return first, statistics.median(warm)


def measure_streaming(folder: Path) -> tuple[float, float]:
    """Return the seconds a scripted model takes to write by itself, and the seconds until the page has it all."""
    from support.browser import served
    from support.fake_door import FakeDoor
    from support.gradio_probe import Reader

    from rag.events import Finished, Token
    from rag.values import Answer, Sentence

    class Writing(FakeDoor):
        def answer(
            self, question: str, history: Sequence[Turn] = (), *, library: str, article: str = ""
        ) -> Iterator[Event]:
            del history, library, article
            for number in range(TOKENS):
                threading.Event().wait(TOKEN_S)
                yield Token(f"mot{number} ")
            text = " ".join(f"mot{number}" for number in range(TOKENS))
            whole = Sentence(text, start=0, end=len(text))
            yield Finished(Answer(question, text, refused=False, model="m", sentences=(whole,)))

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
    from support.browser import browser, served

    from rag import load_settings, open_workspace

    with tempfile.TemporaryDirectory() as name, browser() as chrome:
        home = Path(name)
        built = ROOT / "indexes" / "example"
        shutil.copytree(built, home / "indexes" / "example", ignore=shutil.ignore_patterns("*.sqlite*", "*.faiss*"))
        settings = load_settings(indexes=home / "indexes", models=home / "models", conversations=home / "conversations")
        workspace = open_workspace(settings)
        workspace.articles("example")
        listening, interactive = measure_start(chrome, home)
        with served(workspace) as address:
            ours, bare = measure_paints(chrome, address)
        first, warm = measure_first_question(chrome, home)
        answers = measure_answers(chrome, home)
        alone, through = measure_streaming(home / "fake")
        workspace.close()
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    figures = {
        "load_average": os.getloadavg()[0],
        "start_to_listening_s": listening,
        "start_to_interactive_s": interactive,
        "first_paint_s": statistics.median(ours),
        "first_paint_bare_chat_s": statistics.median(bare),
        "first_paint_ratio": statistics.median(ratios),
        "first_question_after_5_s_s": first,
        "first_question_ratio": first / warm,
        **answers,
        "streaming_added": through / alone - 1,
    }
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=2))


if __name__ == "__main__":
    main()
