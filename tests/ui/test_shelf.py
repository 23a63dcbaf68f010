"""Bringing articles into a library: what is told of each file, and that none is left lying about."""

import pytest
from support.pages import opened

from rag.errors import ArticleError
from rag.events import Unread
from ui.shelf import UPLOAD_FILES, UPLOAD_MEGABYTES
from ui.words.french import FRENCH


def add(page, tab, folder, files):
    """Add files, name → text; return the last notice."""
    folder.mkdir(exist_ok=True)  # adding removes it with the last file
    paths = []
    for name, text in files.items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    *_, last = page.shelf.add_files(tab, paths)
    assert not [path for path in paths if path.exists()]
    return last


def test_a_file_that_cannot_be_read_keeps_no_other_out(page, door, tmp_path):
    said = add(page, opened(page), tmp_path, {"un.txt": "Un quai", "vide.txt": " ", "deux.txt": "Deux quais"})
    assert said.kind == "problem"
    assert "vide.txt ne contient pas de texte lisible." in said.text
    assert {"Un quai", "Deux quais"} <= {article.title for article in door.kept.values()}


def test_a_file_is_named_where_its_error_does_not_say_it(page, door, tmp_path, monkeypatch):
    error = ArticleError("The elements of this page are nested too deep.", "save its text")
    monkeypatch.setattr(door, "add", lambda *_, **__: iter([Unread(f"{tmp_path}/page.html", error)]))
    said = add(page, opened(page), tmp_path, {"page.html": "x"})
    assert said.text == "page.html\u202f: Les éléments de cette page sont emboîtés trop profondément."


@pytest.mark.parametrize("name", ["photo.jpg", "note.xyz", "sans-suffixe"])
def test_a_format_that_is_not_read_is_named(page, tmp_path, name):
    said = add(page, opened(page), tmp_path, {name: "x"})
    assert said.kind == "problem"
    assert said.text == FRENCH.upload_refused.format(names=name)


def test_what_is_more_than_can_be_taken_is_told(page, tmp_path):
    said = add(page, opened(page), tmp_path, {f"{n}.txt": f"Texte {n}" for n in range(UPLOAD_FILES + 1)})
    assert said.kind == "problem"
    assert said.text == FRENCH.too_many.format(count=UPLOAD_FILES)
    assert said.beside == "Ajouté\u202f: 20 articles"  # what went well is no part of what did not


def test_several_that_are_brought_together_are_asked_together_and_one_by_itself(page, tmp_path):
    tab = opened(page)
    add(page, tab, tmp_path, {"un.txt": "Un quai"})
    assert tab.scope == tab.shown != ""
    add(page, tab, tmp_path, {"deux.txt": "Deux quais", "trois.txt": "Trois quais"})
    assert (tab.scope, bool(tab.shown)) == ("", True)


def test_files_the_browser_kept_back_are_told_with_what_became_of_the_others(page, tmp_path):
    tab = opened(page)
    (tmp_path / "un.txt").write_text("Un quai", encoding="utf-8")
    *_, said = page.shelf.add_files(tab, [tmp_path / "un.txt"], "film.txt")
    assert said.kind == "problem"
    assert said.text == FRENCH.too_large.format(names="film.txt", megabytes=UPLOAD_MEGABYTES)
    assert said.beside == FRENCH.status_added.format(title="Un quai")
    page.shelf.refuse(tab, "film.txt")
    assert tab.notice.kind == "problem"


def test_progress_and_success_are_no_problems(page, tmp_path):
    (tmp_path / "un.txt").write_text("Un quai", encoding="utf-8")
    kinds = [notice.kind for notice in page.shelf.add_files(opened(page), [tmp_path / "un.txt"])]
    assert kinds == ["progress", "done"]


@pytest.mark.parametrize("text", ["Un quai", "Harbour reopened\n\nAll boats are back.", "Liste\n\n- sel\n- eau"])
def test_a_copy_of_an_article_that_is_there_is_told_with_the_name_that_stays(page, tmp_path, text):
    tab = opened(page)
    add(page, tab, tmp_path, {"port.txt": text})
    said = add(page, tab, tmp_path, {"copie.txt": text})
    assert said.kind == "done"
    assert FRENCH.same_text.format(copy="copie.txt", source="port.txt") in said.text
    assert "copie.txt" not in add(page, tab, tmp_path, {"port.txt": text}).text
