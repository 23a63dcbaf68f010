"""Reading ahead in a real Chromium: what a reader sees of it, that it ends with the tab, what real llama.cpp reuses."""

import os
import re
import threading

import pytest
from support.browser import ask, finished, panel, served, visiting

from rag import load_settings, open_workspace
from rag.llm.llama.engine import Engine

pytestmark = pytest.mark.browser

TOKENS = r"([\d\s]+) lus, dont ([\d\s]+) déjà en mémoire"
TEXT = "Le port de Bréhal rouvre\n\n" + "\n\n".join(
    f"La digue numéro {number} mesure désormais {300 + number} mètres et protège {number} bateaux de pêche."
    for number in range(12)
)
REPLY = [b"La", b" digue", b" numero", b" trois", b" mesure", b" 303", b" metres", b" [", b"1", b"]", b"."]


def test_the_reading_is_shown_and_ends_with_the_tab(visit, door):
    door.language_model = True
    page = visit(forgiven=("Connection errored out",))
    assert page.locator("#ahead .working").count() == 0
    panel(page, "articles").get_by_role("button", name="Interroger seulement").first.click()
    page.locator("#ahead").get_by_text(re.compile(r"Lecture de l’article… 50")).wait_for()
    page.context.close()
    assert door.stepped_aside.wait(10)


@pytest.fixture
def workspace(tmp_path, monkeypatch, embedder):
    """Give a workspace over real llama.cpp, with a model that recites one answer."""
    pytest.importorskip("gguf")
    if not os.environ.get("CI"):
        pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed", exc_type=ImportError)
    from support.gguf_writer import write_gguf

    monkeypatch.setattr("rag.opening.SentenceTransformerEmbedder", lambda *_, **__: embedder)
    (tmp_path / "models").mkdir()
    write_gguf(tmp_path / "models" / "petit.gguf", TEXT, reply=REPLY)
    opened = open_workspace(load_settings(threads=1, context_window=4096, answer_tokens=32))
    for _ in opened.add_text(TEXT, title="Le port"):
        pass
    yield opened
    opened.close()


def tokens(turn):
    """Return how many tokens an answer's prompt had, and how many of them the model had read before."""
    turn.locator("summary").click()
    facts = turn.locator(".facts").inner_text()
    return [int(re.sub(r"\D", "", found)) for found in re.search(TOKENS, facts).groups()]


@pytest.mark.llama
def test_a_question_asked_meanwhile_goes_first_and_reuses_what_was_read(chrome, workspace, monkeypatch):
    reached, go = threading.Event(), threading.Event()
    read = Engine.read

    def held(engine, part, stop):
        for done in read(engine, part, stop):
            yield done
            if not reached.is_set():
                reached.set()
                go.wait(60)

    monkeypatch.setattr(Engine, "read", held)
    with served(workspace) as address, visiting(chrome, address) as visit:
        page = visit()
        page.locator("#ahead").get_by_text(re.compile(r"Lecture de l’article… \d+")).wait_for()
        ask(page, "Combien mesure la digue numéro 3 ?")
        page.locator("#live .working").wait_for()
        assert "avant vous" not in page.locator("#live").inner_text()
        go.set()
        prompt, reused = tokens(finished(page))
        assert 128 <= reused < prompt
        assert page.locator("#ahead .working").count() == 0
        ask(page, "Combien mesure la digue numéro 5 ?")
        assert tokens(finished(page, 1))[1] > reused
