"""What readers bring, and from where: files of each kind, dropped or chosen, over the real library; other machines."""

import re

import pytest
from support.browser import DROP, ask, expect, finished, free_port, highlighted, panel, served, visiting
from support.fake_door import QUOTE
from support.harbour import PORT
from support.word_reader import WordReader

from rag import load_settings, open_workspace
from ui.app import launch

pytestmark = pytest.mark.browser

FILES = {
    "port.txt": PORT,
    "phare.md": "# Le phare de Bréhal\n\n## La lanterne\n\nLe phare **mesure** 42 mètres.\n",
    "jardin.html": "<!doctype html><html lang='fr'><head><title>Le jardin clos</title></head><body><nav>Menu</nav>"
    "<main><h1>Le jardin clos</h1><p>Le mur mesure deux mètres.</p></main></body></html>",
}
TITLES = {"port.txt": "Le port de Bréhal rouvre", "phare.md": "Le phare de Bréhal", "jardin.html": "Le jardin clos"}


@pytest.fixture
def visit_real(chrome, monkeypatch, embedder, example):
    """Give a function that opens the page over a real workspace, with an embedder that costs nothing."""
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: embedder)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())
    workspace = open_workspace(load_settings(indexes=example))
    with served(workspace) as address, visiting(chrome, address) as open_page:
        yield open_page
    workspace.close()


@pytest.mark.parametrize("name", FILES)
def test_each_kind_of_file_becomes_a_page_one_can_ask(visit_real, tmp_path, name):
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    page = visit_real()
    found = panel(page, "articles")
    page.locator("#files input[type=file]").set_input_files(tmp_path / name)
    found.locator(".panel-notice").get_by_text(f"Ajouté\u202f: {TITLES[name]}").wait_for()
    page.locator("#reader .paper .title").get_by_text(TITLES[name]).wait_for()
    shown = page.locator("#reader .article-text")
    expect(shown).not_to_contain_text("Menu")
    expect(shown).not_to_contain_text("**")
    page.keyboard.press("Escape")
    ask(page, "Combien de mètres mesure-t-il ?")
    finished(page).locator(":is(.cite, .passage)").first.click()
    assert "mètres" in highlighted(page)


def test_files_are_dropped_onto_the_page(visit_real):
    page = visit_real()
    found = panel(page, "articles")
    page.locator("#files button").first.evaluate(DROP, FILES)
    for title in TITLES.values():
        found.locator(".entries .entry").get_by_text(title, exact=True).wait_for()


def test_another_address_opens_with_its_token_only(chrome, door):
    import httpx

    blocks, address = launch(door, host="0.0.0.0", port=free_port())  # what is tested
    try:
        plain, _, token = address.replace("0.0.0.0", "127.0.0.1").partition("?")
        assert re.fullmatch(r"token=[\w-]{20,}", token)
        for path in ("", "assets/index.js", "theme.css", "gradio_api/app_id", "?token=wrong"):
            assert httpx.get(plain + path).status_code == 403
        assert httpx.post(f"{plain}gradio_api/queue/join", json={}).status_code == 403
        with visiting(chrome, plain) as visit:
            page = visit(query=f"?{token}")
            ask(page, "La digue ?")
            assert QUOTE in finished(page).inner_text()
            assert "token" not in page.url
            shown = panel(page, "offline")
            expect(shown.locator("code", has_text=door.settings.conversations.name)).to_have_count(0)
            page.keyboard.press("Escape")
            offered = panel(page, "models").locator('[data-act="install"], [data-act="choose"]')
            expect(offered).to_have_count(0)  # no change to this machine's models
    finally:
        blocks.close()
