"""The models panel in a real Chromium: switching, installing from a hub on this machine, real llama.cpp's queue."""

import hashlib
import re
import threading
from dataclasses import replace

import pytest
from support.browser import ask, expect, finished, panel, served, visiting
from support.dykes import REPLY, Gate, workspace_of_dykes, write_reciting_model
from support.hub import Hub, running
from support.word_reader import WordReader

from rag.models import catalogue
from rag.models import hub as hub_module
from ui.live import Running
from ui.live.fetching import Download

pytestmark = [pytest.mark.browser, pytest.mark.llama]

NAME = "ministral-3-3b"
TOKENS = r"([\d\s]+) lus, dont ([\d\s]+) déjà en mémoire\s; ([\d\s]+) écrits"


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return write_reciting_model(tmp_path_factory.mktemp("gguf") / "model.gguf").read_bytes()


@pytest.fixture
def hub(content, monkeypatch):
    """A hub that offers the standard model, with this content, in small pieces."""
    known = replace(
        catalogue.CATALOGUE[NAME], revision="", sha256=hashlib.sha256(content).hexdigest(), bytes=len(content)
    )
    monkeypatch.setitem(catalogue.CATALOGUE, NAME, known)
    monkeypatch.setattr("rag.models.fetching.PAUSE_S", 0)
    monkeypatch.setattr("rag.models.fetching.SPARE_BYTES", 0)
    with running(Hub({known.repository: {known.file: content}}, chunk=1 << 14)) as served_hub:
        monkeypatch.setenv("HF_ENDPOINT", served_hub.endpoint)
        yield served_hub


@pytest.fixture
def workspace(tmp_path, monkeypatch, embedder):
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: embedder)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())
    with workspace_of_dykes() as opened:
        yield opened


@pytest.fixture
def visit_real(chrome, workspace):
    with served(workspace) as address, visiting(chrome, address) as open_page:
        yield open_page


def accept(page):
    page.once("dialog", lambda dialog: dialog.accept())


def test_a_model_is_installed_from_the_page_answers_and_gives_way_to_quotes(visit_real, workspace, hub):
    page = visit_real()
    found = panel(page, "models")
    expect(found.locator('.entry[aria-current="true"]')).to_contain_text("Citations de l’article", use_inner_text=True)
    assert hub.requests == []
    accept(page)
    found.get_by_role("button", name=f"Installer {NAME}").click()
    found.get_by_text("Installé et vérifié").wait_for()
    expect(found.locator('.entry[aria-current="true"]')).to_have_text(NAME, use_inner_text=True)
    assert workspace.model_name() == NAME
    page.keyboard.press("Escape")
    ask(page, "Combien mesure la digue numéro 3 ?")
    turn = finished(page)
    assert "digue" in turn.inner_text()
    turn.locator("summary").click()
    facts = turn.locator(".facts").inner_text()
    assert NAME in facts
    read, reused, written = (int(re.sub(r"\D", "", found)) for found in re.search(TOKENS, facts).groups())
    assert 0 <= reused < read  # some of it may have been read ahead
    assert written == len(REPLY)
    ask(page, "Combien mesure la digue numéro 5 ?")
    turn = finished(page, 1)
    turn.locator("summary").click()
    assert 0 < int(re.sub(r"\D", "", re.search(TOKENS, turn.locator(".facts").inner_text())[2])) < read
    found = panel(page, "models")
    found.get_by_role("button", name="Choisir Citations de l’article").click()
    found.locator(".panel-notice").get_by_text("Répond désormais").wait_for()
    assert not workspace.has_language_model()


def test_the_bar_moves_the_download_stops_and_goes_on_where_it_stopped(visit_real, hub, content, monkeypatch):
    held, go = threading.Event(), threading.Event()
    stream, stop = hub_module._stream, Download.stop

    def slowly(*arguments):
        for number, done in enumerate(stream(*arguments)):
            if number == 1 and not go.is_set():
                held.set()
                go.wait(60)
            yield done

    def stop_and_let_go(download):
        stop(download)  # first: were the bytes let go at the click, all of them could arrive before the server heard it
        go.set()

    monkeypatch.setattr(hub_module, "_stream", slowly)
    monkeypatch.setattr(Download, "stop", stop_and_let_go)
    page = visit_real()
    found = panel(page, "models")
    accept(page)
    found.get_by_role("button", name=f"Installer {NAME}").click()
    found.locator(".fetching progress[value]").wait_for()
    assert held.wait(60)
    expect(found.locator(".fetching")).to_contain_text(re.compile(r"\d+\s[kM]o sur \d+\s[kM]o"), use_inner_text=True)
    page.locator("#header .status").get_by_text("En ligne pour un téléchargement").wait_for()
    found.get_by_role("button", name="Arrêter le téléchargement").click()
    found.get_by_text("ce qui est arrivé est gardé").wait_for()
    page.locator("#header .status").get_by_text("Hors ligne").wait_for()
    accept(page)
    found.get_by_role("button", name=f"Installer {NAME}").click()
    found.get_by_text("Installé et vérifié").wait_for()
    first, second = [asked for _, path, asked in hub.requests if path.endswith(".gguf")]
    assert first == ""
    assert 0 < int(re.fullmatch(r"bytes=(\d+)-", second)[1]) < len(content)


def test_a_hub_that_cannot_be_reached_is_one_sentence_with_the_next_step(visit_real, hub, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    page = visit_real()
    found = panel(page, "models")
    accept(page)
    found.get_by_role("button", name=f"Installer {NAME}").click()
    said = found.locator(".problem")
    expect(said).to_contain_text("127.0.0.1 est injoignable", use_inner_text=True)
    expect(said).to_contain_text("Appuyez sur Installer pour reprendre", use_inner_text=True)
    expect(page.locator("#header .status").get_by_text("Hors ligne")).to_have_count(1)


def test_stop_while_the_prompt_is_read_and_the_place_in_the_queue(visit_real, workspace, content, monkeypatch):
    models = workspace.settings.models
    models.mkdir(exist_ok=True)
    (models / "petit.gguf").write_bytes(content)
    workspace.choose_model("petit")
    monkeypatch.setattr(workspace, "prepare", lambda **_: iter(()))  # the questions find nothing read ahead
    gate, stop = Gate(monkeypatch), Running.stop

    def stop_and_let_go(running):
        stop(running)  # first: were the reading let go at the click, all could be written before the server heard it
        gate.open.set()

    monkeypatch.setattr(Running, "stop", stop_and_let_go)
    first, second = visit_real(), visit_real()
    ask(first, "Combien mesure la digue numéro 3 ?")
    assert gate.reached.wait(60)
    first.locator("#live .working progress").wait_for()
    ask(second, "Combien mesure la digue numéro 5 ?")
    second.locator("#live .working").get_by_text("1 avant vous").wait_for()
    first.locator("#stop").click()
    stopped = finished(first)
    assert "Réponse arrêtée." in stopped.inner_text()
    assert stopped.locator(".answer").inner_text().strip() == "Réponse arrêtée."  # not a word was written
    assert "Réponse arrêtée." not in finished(second).inner_text()
