"""Reading ahead in a real Chromium: what a reader sees of it, that it ends with the tab, what real llama.cpp reuses."""

import re

import pytest
from support.browser import ask, expect, finished, panel, served, visiting
from support.dykes import Gate, workspace_of_dykes, write_reciting_model
from support.word_reader import WordReader

pytestmark = pytest.mark.browser

TOKENS = r"([\d\s]+) lus, dont ([\d\s]+) déjà en mémoire"


def test_the_reading_is_shown_and_ends_with_the_tab(visit, door):
    door.language_model = True
    page = visit()
    expect(page.locator("#ahead .working")).to_have_count(0)
    panel(page, "articles").get_by_role("button", name="Interroger seulement").first.click()
    page.locator("#ahead").get_by_text(re.compile(r"Lecture de l’article… 50")).wait_for()
    page.context.close()
    assert door.stepped_aside.wait(60)


@pytest.fixture
def workspace(tmp_path, monkeypatch, embedder):
    """Give a workspace over real llama.cpp, with a model that recites one answer."""
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: embedder)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())
    (tmp_path / "models").mkdir()
    write_reciting_model(tmp_path / "models" / "petit.gguf")
    with workspace_of_dykes() as opened:
        yield opened


def tokens(turn):
    """Return how many tokens an answer's prompt had, and how many of them the model had read before."""
    turn.locator("summary").click()
    facts = turn.locator(".facts").inner_text()
    return [int(re.sub(r"\D", "", found)) for found in re.search(TOKENS, facts).groups()]


@pytest.mark.llama
def test_a_question_asked_meanwhile_goes_first_and_reuses_what_was_read(chrome, workspace, monkeypatch):
    gate = Gate(monkeypatch)
    with served(workspace) as address, visiting(chrome, address) as visit:
        page = visit()
        page.locator("#ahead").get_by_text(re.compile(r"Lecture de l’article… \d+")).wait_for()
        ask(page, "Combien mesure la digue numéro 3 ?")
        page.locator("#live .working").wait_for()
        expect(page.locator("#live")).not_to_contain_text("avant vous", use_inner_text=True)
        gate.open.set()
        prompt, reused = tokens(finished(page))
        assert 128 <= reused < prompt
        expect(page.locator("#ahead .working")).to_have_count(0)
        ask(page, "Combien mesure la digue numéro 5 ?")
        assert tokens(finished(page, 1))[1] > reused
