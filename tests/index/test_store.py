"""One transaction or nothing: whatever happens in the middle, the library is as it was before or as it is after."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest
from support.places import ROOT
from support.storing import EMBEDDER, PORT, article, paragraphs, put

from rag.errors import LibraryError
from rag.index.store import Store, WordFields


def everything(store: Store) -> tuple:
    """Return all a store holds, as one value that can be compared."""
    rows = store.rows()
    articles = tuple(store.article(entry.identifier) for entry in store.entries())
    return store.entries(), articles, store.passages(rows), store.vectors(rows).tobytes(), store.fields(rows)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "press" / "library.sqlite", EMBEDDER.identity)
    yield store
    store.close()


# ── What is put is what is found ────────────────────────────────────────────────────────────────────────────────────


def test_an_article_comes_back_as_it_went_in(store):
    one = article(PORT)
    put(store, one)
    assert store.article(one.identifier) == one
    (entry,) = store.entries()
    assert (entry.title, entry.characters, entry.passages) == ("Le port", len(PORT), 3)
    assert store.article("0" * 16) is None


def test_passages_keep_their_exact_offsets_and_words(store):
    one = article(PORT)
    put(store, one)
    found = [passage for passage, _ in store.passages(store.rows()).values()]
    assert sorted(found, key=lambda passage: passage.start) == paragraphs(one.identifier, PORT)
    assert all(PORT[passage.start : passage.end] == passage.text for passage in found)


def test_vectors_come_back_bit_for_bit_in_the_order_they_are_asked_for(store):
    put(store, article(PORT))
    rows = store.rows()[::-1]
    matrix, found = store.vectors(rows), store.passages(rows)
    assert np.array_equal(matrix, EMBEDDER.encode_documents([found[row][0].text for row in rows]))
    assert matrix.dtype == np.float32


def test_words_come_back_with_those_of_the_title(store):
    put(store, article(PORT))
    fields = store.fields(store.rows())
    assert [fields[row].body for row in store.rows()] == [" ".join(p.lower().split()) for p in PORT.split("\n\n")]
    assert {(one.title, one.heading) for one in fields.values()} == {("port", "")}


@pytest.mark.parametrize("name", ["", '"', "a OR b", "*", "'; DROP TABLE passages; --"])
def test_no_name_is_taken_for_a_command(store, name):
    put(store, article(PORT))
    assert store.article(name) is None
    assert store.entry(name) is None
    assert store.identifier_at(name) == ""
    store.drop(name)
    assert len(store.rows()) == 3


def test_what_is_said_of_one_article_is_what_is_said_of_it_among_all(store):
    put(store, article(PORT))
    put(store, article("Le jardin."))
    assert tuple(store.entry(entry.identifier) for entry in store.entries()) == store.entries()
    assert store.count_passages() == len(store.rows()) == sum(entry.passages for entry in store.entries())


def test_the_row_of_a_passage_is_never_used_again(store):
    seen = set()
    for number in range(3):
        put(store, article(f"Version {number}."), origin="/press/port.txt")
        assert not seen & set(store.all_rows())
        seen |= set(store.all_rows())
        store.drop(article(f"Version {number}.").identifier)
    assert len(seen) == 3


def test_all_rows_are_those_of_every_article_ascending(store):
    put(store, article(PORT), origin="/press/port.txt")
    put(store, article("Le jardin.\n\nSon mur."))
    put(store, article(f"{PORT}\n\nEncore."), origin="/press/port.txt")
    assert store.all_rows().tolist() == sorted(store.rows())


def test_reading_order_is_kept_whatever_the_order_of_rows(store):
    put(store, article(PORT))
    put(store, article("Le jardin.\n\nSon mur."))
    put(store, article(PORT, title="Le port, corrigé"))
    texts = [store.passages([row])[row][0].text for row in store.rows(article(PORT).identifier)]
    assert texts == PORT.split("\n\n")


# ── One article, one place ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_comes_from_the_same_place_replaces_what_came_before(store):
    put(store, article(PORT), origin="/press/port.txt")
    put(store, article("Le port est fermé."), origin="/press/port.txt")
    assert [store.article(entry.identifier).text for entry in store.entries()] == ["Le port est fermé."]
    assert not any("digue" in fields.body for fields in store.fields(range(99)).values())
    assert len(store.rows()) == len(store.all_rows()) == 1


def test_the_same_text_from_elsewhere_is_one_article(store):
    put(store, article(PORT), origin="/press/port.txt")
    put(store, article(PORT, title="Copie"), origin="/desk/copy.txt")
    assert [entry.title for entry in store.entries()] == ["Copie"]
    assert store.identifier_at("/press/port.txt") == ""
    assert len(store.rows()) == 3


def test_dropping_leaves_nothing_behind(store):
    one = article(PORT)
    put(store, article("Le jardin."))
    before = everything(store)
    put(store, one)
    store.drop(one.identifier)
    assert everything(store) == before
    assert store.check() == []


def test_every_change_is_a_new_generation_and_reading_is_none(store):
    seen = [store.generation]
    for change in (lambda: put(store, article(PORT)), lambda: store.drop(article(PORT).identifier)):
        change()
        everything(store)
        assert store.generation == store.generation
        seen.append(store.generation)
    assert len(set(seen)) == 3


# ── Crashes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_error_in_the_middle_leaves_everything_as_it_was(store, monkeypatch):
    put(store, article("Le jardin."), origin="/press/port.txt")
    before = (everything(store), store.generation)
    one = article(PORT)
    unstorable = [WordFields("port", "", "a"), WordFields("port", "", "b"), WordFields("port", "", object())]
    with pytest.raises(sqlite3.ProgrammingError):
        store.put(
            one, "/press/port.txt", paragraphs(one.identifier, PORT), EMBEDDER.encode_documents("abc"), unstorable
        )
    assert (everything(store), store.generation) == before


def test_counts_that_disagree_are_refused_before_anything_changes(store):
    before = store.generation
    one = article("Le jardin.")
    vectors = EMBEDDER.encode_documents(["a", "b"])
    with pytest.raises(ValueError, match="1 passages, 2 vectors and 1 rows"):
        store.put(one, "x", paragraphs(one.identifier, one.text), vectors, [WordFields("", "", "")])
    assert store.generation == before


KILLED = """
    import os, signal, sys
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    from rag.index.store import Store, WordFields
    from support.storing import EMBEDDER, PORT, article, paragraphs, put

    class Dies(tuple):  # the last words of the last passage are never stored: the process is gone by then
        def __iter__(self):
            for number, fields in enumerate(tuple.__iter__(self)):
                if number == {after}:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield fields

    store = Store(Path({path!r}))
    one = article(PORT)
    passages = paragraphs(one.identifier, PORT)
    words = Dies(WordFields("port", "", passage.text) for passage in passages)
    store.put(one, "/press/port.txt", passages, EMBEDDER.encode_documents([p.text for p in passages]), words)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill without warning")
def test_a_process_killed_in_the_middle_of_storing_changes_nothing(tmp_path):
    path = tmp_path / "library.sqlite"
    store = Store(path, EMBEDDER.identity)
    put(store, article("Le jardin."), origin="/press/port.txt")
    before = (everything(store), store.generation)
    store.close()

    code = textwrap.dedent(KILLED.format(tests=str(ROOT / "tests"), path=str(path), after=2))
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    store = Store(path)
    assert (everything(store), store.generation) == before
    assert store.check() == []
    put(store, article(PORT))
    assert len(store.entries()) == 2
    store.close()


# ── Several at once ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_readers_see_the_library_before_or_after_and_never_between(tmp_path):
    path = tmp_path / "library.sqlite"
    writer = Store(path, EMBEDDER.identity)
    texts = [f"{PORT}\n\nVersion {number}." for number in range(2)]
    put(writer, article(texts[0]), origin="/press/port.txt")
    over, broken = threading.Event(), []

    def read() -> None:
        reader = Store(path)  # a connection of its own, as another process has
        while not over.is_set():
            with reader.snapshot():
                (entry,) = reader.entries()
                rows = reader.rows()
                held = len(reader.vectors(rows)) == len(rows) == len(reader.all_rows())
                text = reader.article(entry.identifier).text
                passages = [passage for passage, _ in reader.passages(rows).values()]
            if not held or len(passages) != 4 or any(text[one.start : one.end] != one.text for one in passages):
                broken.append(entry)
        reader.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(30):
        put(writer, article(texts[number % 2], title=f"Le port {number}"), origin="/press/port.txt")
    over.set()
    for reader in readers:
        reader.join()
    writer.close()
    assert broken == []


def test_one_store_serves_many_threads_while_it_changes(store):
    put(store, article(PORT))
    failed: list[BaseException] = []

    def use(number: int) -> None:
        try:
            for turn in range(10):
                put(store, article(f"Article {number}, version {turn}."), origin=f"/press/{number}.txt")
                with store.snapshot():
                    assert len(store.all_rows()) == len(store.vectors(store.rows()))
        except BaseException as error:  # noqa: BLE001  # whatever happened in the thread is the finding
            failed.append(error)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(store.entries()) == 5
    assert store.check() == []


def test_a_snapshot_does_not_see_what_another_process_adds_meanwhile(tmp_path):
    path = tmp_path / "library.sqlite"
    here, there = Store(path, EMBEDDER.identity), Store(path)
    put(here, article("Le jardin."))
    with here.snapshot():
        before = here.generation
        put(there, article(PORT))
        assert here.generation == before
        assert len(here.entries()) == 1
    assert len(here.entries()) == 2
    here.close()
    there.close()


# ── Replacing everything ────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_is_replaced_at_once_under_the_new_embedder(store):
    one, other = article(PORT), article("Le jardin.")
    put(store, one, origin="/press/port.txt")
    put(store, other)
    with store.rebuilding("hashed-words 2", store.generation) as again:
        for each in (one, other):
            passages = paragraphs(each.identifier, each.text)[:1]
            again(each, passages, EMBEDDER.encode_documents(["x"]), [WordFields("", "", "x")])
    assert store.identity == "hashed-words 2"
    assert store.identifier_at("/press/port.txt") == one.identifier
    assert [entry.passages for entry in store.entries()] == [1, 1]


def test_a_replacement_that_fails_replaces_nothing(store):
    put(store, article(PORT))
    before = (everything(store), store.identity, store.generation)

    def fail() -> None:
        with store.rebuilding("hashed-words 2", store.generation):
            raise KeyError("in the middle")

    with pytest.raises(KeyError):
        fail()
    assert (everything(store), store.identity, store.generation) == before


def test_an_article_added_while_everything_was_embedded_anew_is_not_lost(store):
    put(store, article(PORT))
    generation = store.generation
    put(store, article("Arrivé entre-temps."))
    before = everything(store)
    with pytest.raises(LibraryError, match="was changed"), store.rebuilding("hashed-words 2", generation):
        pytest.fail("the replacement began")
    assert everything(store) == before


def test_others_read_and_write_while_everything_is_made_anew_and_lose_nothing(store, tmp_path):
    one = article(PORT)
    put(store, one)
    other = Store(tmp_path / "press" / "library.sqlite")
    other._connection.execute("PRAGMA busy_timeout = 0")  # it would be told at once, and not wait
    rebuilding = ExitStack()
    again = rebuilding.enter_context(store.rebuilding("hashed-words 2", store.generation))
    again(one, paragraphs(one.identifier, PORT)[:1], EMBEDDER.encode_documents(["x"]), [WordFields("", "", "x")])
    assert len(other.rows()) == 3
    put(other, article("Arrivé entre-temps."))
    before = everything(other)
    with pytest.raises(LibraryError, match="was changed"):
        rebuilding.close()
    assert everything(store) == everything(other) == before
    assert store.check() == []
    assert not store._all("SELECT 1 FROM sqlite_master WHERE name LIKE 'rebuilt%'")
    other.close()


# ── Files that are not what they should be ──────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_no_database_is_a_sentence_and_stays(tmp_path):
    path = tmp_path / "press" / "library.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"these are somebody's notes " * 100)
    with pytest.raises(LibraryError, match="damaged"):
        Store(path)
    assert path.read_bytes().startswith(b"these are somebody's notes")


def test_damage_inside_the_file_is_a_sentence_too(tmp_path):
    path = tmp_path / "library.sqlite"
    store = Store(path)
    for number in range(40):
        put(store, article(f"{PORT} {number} " + "mot " * 400))
    store.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 3 :] = b"\xff" * (len(content) - len(content) // 3)
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="damaged"):
        everything(Store(path))


def test_a_file_of_the_second_version_gains_what_articles_state_beside_their_text(tmp_path):
    path = tmp_path / "library.sqlite"
    store = Store(path, "e 1")
    put(store, article("Le port a rouvert."), origin="/press/port.txt")
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE articles DROP COLUMN author")
        connection.execute("ALTER TABLE articles DROP COLUMN publisher")
        connection.execute("ALTER TABLE articles DROP COLUMN read_sha256")
        connection.execute("ALTER TABLE articles DROP COLUMN derived_sha256")
        connection.execute("UPDATE meta SET value = '2' WHERE name = 'schema'")
    store = Store(path, "e 1")
    (entry,) = store.entries()
    assert store.article(entry.identifier) == article("Le port a rouvert.")
    signed = replace(article("Le phare est fermé."), author="Anne Petit", publisher="La Gazette")
    put(store, signed, origin="/press/phare.txt")
    assert store.article(signed.identifier) == signed
    assert store.check() == []
    store.close()


def test_a_file_of_a_later_version_is_not_touched(tmp_path):
    path = tmp_path / "library.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    connection.close()
    with pytest.raises(LibraryError, match="the format 99"):
        Store(path)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "notes").write_text("not a folder", encoding="utf-8")
    with pytest.raises(LibraryError, match="cannot be made"):
        Store(tmp_path / "notes" / "press" / "library.sqlite")


def test_a_library_that_another_program_is_changing_is_a_sentence(store, tmp_path):
    store._connection.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(tmp_path / "press" / "library.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LibraryError, match="another program"):
        put(store, article(PORT))
    other.execute("ROLLBACK")
    other.close()
    put(store, article(PORT))


def test_a_full_disk_is_a_sentence_and_loses_nothing(store):
    put(store, article("Le jardin."))
    before = (everything(store), store.generation)
    pages = store._all("PRAGMA page_count")[0][0]
    store._all(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LibraryError, match="full"):
        put(store, article("mot " * 10_000))
    assert (everything(store), store.generation) == before


def test_the_file_names_its_folder_and_process_nowhere(store, tmp_path):
    put(store, article(PORT))
    store.close()
    content = (tmp_path / "press" / "library.sqlite").read_bytes()
    assert os.fsencode(tmp_path) not in content
