"""A copy made while a library is in use comes back whole; nothing that is there is written over."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.fakes import HashedWords
from support.storing import PORT, article

from rag.errors import LibraryError
from rag.index.backing_up import back_up, export_texts, restore
from rag.index.library import STORE_FILE, Library

GARDEN = "Le jardin clos a ouvert en 1894.\n\nSon mur mesure deux mètres."


@pytest.fixture
def file(library, tmp_path) -> Path:
    """Give the file of an open library with two articles."""
    for text in (PORT, GARDEN):
        list(library.add(article(text, title=text.split()[1]), f"/press/{text.split()[1]}.txt"))
    return tmp_path / "indexes" / "press" / STORE_FILE


def texts(folder: Path) -> dict[str, str]:
    library = Library(folder, HashedWords())
    assert library.verify() == []
    found = {entry.title: library.article(entry.identifier).text for entry in library.entries()}
    assert library.search(HashedWords().encode_query("La digue ?"), [{"digue": 1.0}], 5)
    library.close()
    return found


def test_a_copy_made_while_others_write_comes_back_whole(library, file, tmp_path):
    over = threading.Event()

    def write() -> None:
        writer = Library(file.parent, HashedWords())
        number = 0
        while not over.is_set():
            list(writer.add(article(f"Le texte {number} du port."), f"/press/{number}.txt"))
            number += 1
        writer.close()

    writing = threading.Thread(target=write)
    writing.start()
    copies = [back_up(file, tmp_path / f"copy-{number}.sqlite") for number in range(3)]
    over.set()
    writing.join()
    for number, copy in enumerate(copies):
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert not list(tmp_path.glob("*-wal"))
        restore(copy, tmp_path / "indexes" / f"again-{number}" / STORE_FILE)
        assert {PORT, GARDEN} <= set(texts(tmp_path / "indexes" / f"again-{number}").values())
    assert not list(tmp_path.rglob("*.part*"))


def test_who_has_a_library_open_sees_what_is_restored_and_no_row_is_mistaken(library, file, tmp_path):
    copy = back_up(file, tmp_path)
    assert copy == tmp_path / "press.sqlite"
    list(library.add(article("Le phare du port est fermé."), "/press/phare.txt"))
    assert any("phare" in one.passage.text for one in search(library, "le phare fermé"))
    assert restore(copy, file, replace=True) is None
    assert len(library.entries()) == 2
    list(library.add(article("Une criée neuve."), "/press/criee.txt"))  # gets the rows that the lighthouse had
    assert search(library, "Une criée neuve")[0].passage.text == "Une criée neuve."
    assert library.verify() == []


def search(library: Library, question: str) -> list:
    found = library.search(library.embedder.encode_query(question), [], 9)
    return sorted(found, key=lambda one: -one.dense)


def test_nothing_that_is_there_is_written_over(library, file, tmp_path):
    copy = back_up(file, tmp_path / "copy.sqlite")
    before = copy.read_bytes(), len(library.entries())
    with pytest.raises(LibraryError, match="is there already"):
        back_up(file, copy)
    list(library.add(article("Le phare."), "/press/phare.txt"))
    with pytest.raises(LibraryError, match="holds articles") as caught:
        restore(copy, file)
    assert "--replace" in caught.value.remedy
    assert (copy.read_bytes(), len(library.entries())) == (before[0], before[1] + 1)


@pytest.mark.parametrize("content", [b"", b"x", b"somebody's notes" * 99])
def test_a_damaged_file_makes_room_for_the_copy_and_is_kept(library, file, tmp_path, content):
    copy = back_up(file, tmp_path / "copy.sqlite")
    library.close()
    file.write_bytes(content)
    aside = restore(copy, file)
    assert aside.read_bytes() == content
    assert set(texts(file.parent).values()) == {PORT, GARDEN}


@pytest.mark.parametrize("damage", ["nothing", "cut", "text", "another program's"])
def test_a_copy_that_is_damaged_or_none_restores_nothing(library, file, tmp_path, damage):
    copy = back_up(file, tmp_path / "copy.sqlite")
    if damage == "nothing":
        copy.unlink()
    elif damage == "cut":
        copy.write_bytes(copy.read_bytes()[:9000])
    else:
        with sqlite3.connect(copy) as connection:
            edit = "UPDATE articles SET text = 'x'" if damage == "text" else "DROP TABLE articles"
            connection.execute(edit)
        connection.close()
    before = copy.read_bytes() if copy.exists() else b""
    with pytest.raises(LibraryError):
        restore(copy, file, replace=True)
    assert len(library.entries()) == 2
    assert library.verify() == []
    assert (copy.read_bytes() if copy.exists() else b"") == before
    assert not list(tmp_path.rglob("*.part*"))


def test_a_library_that_has_lost_something_is_not_copied_as_if_it_had_not(library, file, tmp_path):
    with library._store.transaction():
        library._store._connection.execute("UPDATE articles SET text = 'x' WHERE row = 1")
    with pytest.raises(LibraryError, match="damaged") as caught:
        back_up(file, tmp_path / "copy.sqlite")
    assert caught.value.remedy == "rag verify --library press"
    assert not (tmp_path / "copy.sqlite").exists()


def test_where_no_copy_can_be_written_is_a_sentence(library, file, tmp_path):
    (tmp_path / "notes.txt").write_text("no folder")
    with pytest.raises(LibraryError, match="cannot be written") as caught:
        back_up(file, tmp_path / "notes.txt" / "copy.sqlite")
    assert caught.value.message.endswith((": File exists.", ": Not a directory."))
    assert caught.value.remedy == "rag backup OTHER-FILE --library press"


@pytest.mark.parametrize(
    ("named", "written"),
    [("copies", "copies/press.sqlite"), ("old/copies", "old/copies/press.sqlite"), ("a/b.db", "a/b.db")],
)
def test_a_folder_for_a_copy_is_made_where_it_is_not_there(library, file, tmp_path, named, written):
    assert back_up(file, tmp_path / named) == tmp_path / written
    assert (tmp_path / written).is_file()


# ── Texts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_text_is_written_exactly_under_a_name_that_cannot_leave_the_folder(library, file, tmp_path):
    list(library.add(article("Le texte.", title="../../dehors\x00"), "/press/../x"))
    list(library.add(article("L'autre texte 🗼."), "/press/other/port.txt"))
    folder = tmp_path / "deep" / "texts"
    written = list(export_texts(file, folder))
    assert len(written) == len(set(written)) == 4
    assert all(path.parent == folder for path in written)
    assert {path.read_bytes().decode() for path in written} == {PORT, GARDEN, "Le texte.", "L'autre texte 🗼."}
    assert list(export_texts(file, folder)) == written


def test_one_article_is_exported_alone_and_no_other_file_is_written_over(library, file, tmp_path):
    (tmp_path / "port.txt").write_text("à moi", encoding="utf-8")
    identifier = article(PORT).identifier
    (path,) = export_texts(file, tmp_path, [identifier])
    assert (path.name, path.read_bytes().decode()) == (f"port-{identifier}.txt", PORT)
    path.write_text("à moi aussi", encoding="utf-8")
    with pytest.raises(LibraryError, match="another text"):
        list(export_texts(file, tmp_path, [identifier]))
    assert (tmp_path / "port.txt").read_text(encoding="utf-8") == "à moi"


def test_the_texts_that_are_left_of_a_damaged_library_are_exported_and_the_others_named(library, file, tmp_path):
    with library._store.transaction():
        library._store._connection.execute("UPDATE articles SET text = x'ff', blocks = '[' WHERE row = 1")
        library._store._connection.execute("UPDATE articles SET blocks = '[' WHERE row = 2")
    writing = export_texts(file, tmp_path / "texts")
    assert next(writing).read_bytes().decode() == GARDEN
    with pytest.raises(LibraryError, match=article(PORT).identifier):
        next(writing)


def test_what_a_copy_that_was_killed_left_goes_with_the_next_one_and_nothing_else_does(file, tmp_path):
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left = [tmp_path / f"copy.{int(gone.stdout)}-17.part{end}" for end in ("", "-wal", "-shm")]
    other = tmp_path / f"film.{int(gone.stdout)}-17.part"
    ours = tmp_path / f"copy.{os.getpid()}-17.part"
    for path in (*left, other, ours):
        path.write_bytes(b"half")
    back_up(file, tmp_path / "copy.sqlite")
    assert not any(path.exists() for path in left)
    assert other.exists()
    assert ours.exists()


@pytest.mark.parametrize(
    ("name", "what"),
    [("nowhere.sqlite", "There is no file"), ("x" * 300, "cannot be read: File name too long"), ("", "is no copy")],
)
def test_a_copy_that_is_not_there_is_told_so_and_nothing_is_made(tmp_path, name, what):
    with pytest.raises(LibraryError, match=what):
        restore(tmp_path / name, tmp_path / "press" / STORE_FILE)
    assert not (tmp_path / "press").exists()
