"""The bundled article, the real search and the real page: what `make chat` shows, with no model installed."""

import shutil

import pytest
from support.browser import ask, expect, finished, highlights, served, visiting
from support.places import EXAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("bundled")]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    from rag import load_settings, open_workspace

    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(EXAMPLES, folder / "indexes" / "example", ignore=shutil.ignore_patterns("*.sqlite*", "*.faiss*"))
    opened = open_workspace(
        load_settings(indexes=folder / "indexes", models=folder / "models", conversations=folder / "conversations")
    )
    opened.articles("example")  # builds the index, as the first `make chat` does
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def visit(chrome, workspace):
    with served(workspace) as address, visiting(chrome, address) as open_page:
        yield open_page


def test_each_citation_of_the_bundled_article_highlights_exactly_its_offsets(visit, workspace):
    page = visit()
    identifier = page.locator("#reader .paper").get_attribute("data-article")
    article = workspace.article("example", identifier)
    assert page.locator("#reader .article-text").evaluate("element => element.textContent") == article.text
    page.locator("#past .chip").first.click()
    turn = finished(page)
    marks = turn.locator(".cite")
    assert marks.count() >= 1
    for index in range(marks.count()):
        mark = marks.nth(index)
        mark.click()
        start, end = (int(mark.get_attribute(f"data-{name}")) for name in ("start", "end"))
        assert article.text[start:end] == mark.get_attribute("data-quote")
        highlights(page, article.text[start:end])
    assert "plus de 30" in turn.inner_text()
    assert "[1]" not in turn.inner_text()


def test_what_the_article_does_not_say_is_refused(visit):
    page = visit()
    ask(page, "Quelle est la capitale du Japon ?")
    turn = finished(page)
    expect(turn.locator(".refused")).to_have_count(1)
    expect(turn.locator(".cite")).to_have_count(0)
