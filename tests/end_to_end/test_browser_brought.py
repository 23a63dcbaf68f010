"""What readers bring and what is damaged under a running page, in the browser, over a real workspace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.browser import ask, finished, panel, served, visiting
from support.storing import PORT
from support.word_reader import WordReader

from rag.conversations.database import FILE
from rag.settings import load_settings
from rag.workspace import Workspace, open_workspace

pytestmark = pytest.mark.browser

NOTE = "Le musée rouvrira lundi matin, après onze mois de travaux payés par la région, a dit la maire de la ville hier."
SIGNS = f"""<meta charset=utf-8><article><h1>Les signes</h1>
<p>Le mot <ruby><rb aria-hidden=true>昔</rb><rt>むかし</rt></ruby> est ancien.</p><p>{NOTE}</p></article>"""
"""mozilla/readability#758."""
DECLARED = """<!-- <html><meta charset=utf-8><p>Welcome to nginx</p></html> -->
<html><meta http-equiv=Content-Type content="text/html; charset=gb2312"><title>村委会</title>
<p>喆女士说，堃先生的新桥长三百米。</p></html>"""
"""projectdiscovery/httpx#1546, with the signs of jhy/jsoup#1133, which are of a larger set than it declares."""


@pytest.fixture
def workspace(tmp_path: Any, monkeypatch: Any, embedder: Any) -> Iterator[Workspace]:
    """Give a workspace with one article, whose embedder and reader cost nothing."""
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: embedder)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())
    opened = open_workspace(
        load_settings(indexes=tmp_path / "i", models=tmp_path / "m", conversations=tmp_path / "conversations")
    )
    list(opened.add_text(f"Le port\n\n{PORT}"))
    yield opened
    opened.close()


@pytest.fixture
def visit(chrome: Any, workspace: Workspace) -> Iterator[Any]:
    with served(workspace) as address, visiting(chrome, address) as open_page:
        yield open_page


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("signes.html", SIGNS.encode(), "Le mot 昔 (むかし) est ancien."),
        ("page.html", DECLARED.encode("gbk"), "喆女士说，堃先生的新桥长三百米。"),
        ("change.md", f"# Le musée\n\nIl {{++{'très ' * 900}++}}rouvre.\n".encode(), f"Il {'très ' * 900}rouvre."),
    ],
)
def test_a_file_is_shown_as_whoever_wrote_it_meant_it(visit, tmp_path, name, content, shown):
    page = visit()
    file = tmp_path / name
    file.write_bytes(content)
    panel(page, "articles")
    page.locator("#files input[type=file]").set_input_files(file)
    page.locator("#reader").get_by_text(shown, exact=True).wait_for()


def test_conversations_cut_short_under_a_running_page_are_told_and_the_page_goes_on(visit, tmp_path):
    page = visit(width=1600)
    ask(page, "Combien mesure la digue ?")
    finished(page)
    file = tmp_path / "conversations" / FILE
    content = file.read_bytes()
    file.unlink()  # the page has it open; what is put in its place is read
    file.write_bytes(content[: len(content) // 2])
    ask(page, "Que fait le phare ?")
    assert "fermé" in finished(page, 1).inner_text()
    assert page.locator("#past .turn").count() == 2
    told = page.locator("#side .problem")
    told.wait_for()
    assert "conversations" in told.inner_text()
    panel(page, "articles").locator(".entries .entry").first.wait_for()
