"""A library finds by meaning and by words at once, serves while it changes, and never mixes two embedders."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, replace

import pytest
from support.fakes import HashedWords
from support.places import ROOT
from support.storing import PORT, article, paragraphs

from rag.errors import EmbedderChanged, LibraryError
from rag.events import Ingested
from rag.index.adding import add_text
from rag.index.contexts import texts_in_context
from rag.index.library import Library
from rag.index.passage_index import VECTORS_FILE, WORDS_FILE
from rag.index.store import Store
from rag.index.word_fields import word_fields
from rag.index.word_index import WordIndex
from rag.language.words import content_stems

GARDEN = "Le jardin clos a ouvert en 1894.\n\nSon mur mesure deux mètres."


def fill(library: Library, *texts: str) -> list[str]:
    identifiers = []
    for text in texts:
        one = article(text, title=text.split()[1])
        assert list(library.add(one, f"/press/{one.identifier}"))[-1] == 1.0
        identifiers.append(one.identifier)
    return identifiers


def search(library: Library, question: str, limit: int = 5, article: str = ""):
    vector = library.embedder.encode_query(question)
    return library.search(vector, [{stem: 1.0} for stem in content_stems(question, "fr")], limit, article=article)


# ── Searching ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_candidate_carries_both_measures_and_both_are_right(library):
    fill(library, PORT, GARDEN)
    question = "Combien mesure la digue du port ?"
    found = search(library, question, limit=1)  # one by meaning, one by words: the union
    vector = library.embedder.encode_query(question)
    for one in found:
        expected = float(library.embedder.encode_documents([one.passage.text])[0] @ vector)
        assert one.dense == pytest.approx(expected, abs=1e-5)
    words = WordIndex(library._store.fields(library._store.rows()))
    scores = words.scores([{stem: 1.0} for stem in content_stems(question, "fr")])
    lexical = dict(zip(words.rows.tolist(), scores.tolist(), strict=True))
    assert [one.lexical for one in found] == pytest.approx([lexical[one.row] for one in found])
    assert max(one.lexical for one in found) == pytest.approx(max(lexical.values()))
    assert max(lexical.values()) > 0


def test_the_best_by_meaning_are_those_of_brute_force(library):
    fill(library, *(f"Article {number}.\n\nLe texte numéro {number} parle du port." for number in range(8)))
    vector = library.embedder.encode_query("Que dit le texte numéro 5 ?")
    cosines = {one.text: float(library.embedder.encode_documents([one.text])[0] @ vector) for one in library.passages()}
    found = sorted(library.search(vector, [], 3), key=lambda one: -one.dense)
    assert [one.dense for one in found] == pytest.approx(sorted(cosines.values(), reverse=True)[:3], abs=1e-5)
    assert [one.dense for one in found] == pytest.approx([cosines[one.passage.text] for one in found], abs=1e-5)
    assert "5" in found[0].passage.text


def test_a_search_within_one_article_stays_there(library):
    port, garden = fill(library, PORT, GARDEN)
    assert {one.passage.article for one in search(library, "Combien mesure le mur ?")} == {port, garden}
    assert {one.passage.article for one in search(library, "Combien mesure le mur ?", article=port)} == {port}


@pytest.mark.parametrize("article", [False, True])
def test_the_best_by_words_are_those_with_the_largest_scores_wherever_it_searches(library, article):
    names = fill(library, *(f"Article {n}.\n\n{'Le port. ' * n}{'Une mer calme. ' * 3}\n\nLe port." for n in range(7)))
    within = names[5] if article else ""
    far = library.embedder.encode_query("zzz")
    every = library.search(far, [{"port": 1.0}], 99, article=within)
    best = sorted((one for one in every if one.lexical), key=lambda one: (-one.lexical, one.row))[:2]
    found = library.search(far, [{"port": 1.0}], 2, article=within)
    assert {one.row for one in best} <= {one.row for one in found}
    assert len(found) <= 4


@pytest.mark.parametrize("stem", ["", '"', "a OR b", "NEAR(", "*", "col:x", "'; DROP TABLE passages"])
def test_no_word_is_taken_for_a_command(library, stem):
    fill(library, PORT)
    found = library.search(library.embedder.encode_query("x"), [{stem: 1.0}], 5)
    assert {one.lexical for one in found} == {0.0}
    assert library.verify() == []


def test_an_empty_library_finds_nothing(library):
    assert search(library, "Combien ?") == []


def test_passages_are_the_articles_own_characters_in_reading_order(library):
    (port,) = fill(library, PORT)
    passages = library.passages(port)
    assert all(PORT[one.start : one.end] == one.text for one in passages)
    assert list(passages) == sorted(passages, key=lambda one: one.start)
    assert "".join("".join(one.text for one in passages).split()) == "".join(PORT.split())
    assert library.count_passages() == len(passages) == library.entries()[0].passages


def test_words_are_kept_as_stems_without_accents_whatever_their_form(library):
    fill(library, "L'O.N.U. s'est réunie à l'Élysée.")
    found = search(library, "Où l'ONU se réunit-elle ?")
    assert found[0].lexical > 0
    assert all(stem.isascii() and stem == stem.lower() for stem in library.words().stems())
    assert library.words().holding("jamais-vu") == 0


def test_each_passage_is_kept_with_the_heading_it_stands_under_and_the_title():
    text = "Chapeau du texte.\n\nLes travaux\n\nLa digue est haute.\n\nLe phare\n\nIl est fermé."
    one = article(text, title="Le port")
    kinds = {"Les travaux": "heading", "Le phare": "heading"}
    blocks = tuple(replace(b, kind=kinds.get(text[b.start : b.end], b.kind)) for b in one.blocks)
    passages = [passage for passage in paragraphs(one.identifier, text) if passage.text not in kinds]
    fields = word_fields(replace(one, blocks=blocks), passages)
    assert [field.heading for field in fields] == ["", *(" ".join(content_stems(kind, "fr")) for kind in kinds)]
    assert {field.title for field in fields} == {"port"}


# ── Changing ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_progress_grows_and_ends_when_the_article_is_on_disk(library, tmp_path):
    long = "\n\n".join(f"Le paragraphe {number} est assez long. " * 12 for number in range(60))
    one = article(long)
    progress = []
    for done in library.add(one, "x"):
        progress.append(done)
        assert (one.identifier in {entry.identifier for entry in library.entries()}) == (done == 1.0)
    assert progress == sorted(progress)
    assert len(progress) > 2
    assert progress[-1] == 1.0


def test_stopping_in_the_middle_adds_nothing(library):
    adding = library.add(article(PORT), "x")
    next(adding)
    adding.close()
    assert library.entries() == ()


def test_what_was_removed_is_found_no_more(library):
    port, _ = fill(library, PORT, GARDEN)
    assert "phare" in " ".join(one.passage.text for one in search(library, "le phare"))
    library.remove(port)
    assert "phare" not in " ".join(one.passage.text for one in search(library, "le phare"))
    with pytest.raises(LibraryError, match="holds no article"):
        library.remove(port)


def test_a_library_opened_again_answers_the_same(library, embedder, tmp_path):
    fill(library, PORT, GARDEN)
    before = search(library, "Combien mesure la digue ?")
    library.close()
    again = Library(tmp_path / "indexes" / "press", embedder)
    assert search(again, "Combien mesure la digue ?") == before
    again.close()


def test_the_languages_are_those_of_now_whoever_changed_the_library(library, embedder, tmp_path):
    assert library.languages() == ()
    fill(library, PORT)
    assert library.languages() == ("fr",)
    writer = Library(tmp_path / "indexes" / "press", embedder)
    for text in ("The harbour.", "The lighthouse."):
        list(writer.add(replace(article(text), language="en"), text))
    writer.close()
    assert library.languages() == ("en", "fr")


def test_articles_can_be_added_by_others_while_it_is_searched(library, embedder, tmp_path):
    fill(library, PORT)
    writer = Library(tmp_path / "indexes" / "press", embedder)
    over, failed = threading.Event(), []

    def ask() -> None:
        try:
            while not over.is_set():
                for one in search(library, "Le texte du port mesure combien ?"):
                    assert one.dense <= 1.001
        except BaseException as error:  # noqa: BLE001  # whatever happened in the thread is the finding
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    fill(writer, *(f"Le texte {number} du port." for number in range(25)))
    over.set()
    asking.join()
    writer.close()
    assert failed == []
    assert len(library.entries()) == 26


# ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_article_is_found_by_identifier_its_beginning_title_or_file_name(library):
    port, garden = fill(library, PORT, GARDEN)
    assert library.find_entry(port).identifier == port
    assert library.find_entry(garden[:6]).identifier == garden
    assert library.find_entry("jardin").identifier == garden


@pytest.mark.parametrize("name", ["nfd_été.txt", "Élections à Brăila.md", "Ångström.html"])
@pytest.mark.parametrize(("form", "asked"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_a_name_is_found_however_its_accents_are_written(library, name, form, asked):
    """macOS writes them apart in the names of files, keyboards write them together."""
    made = replace(article(PORT), source=unicodedata.normalize(form, name))
    list(library.add(made, "origin"))
    assert library.find_entry(unicodedata.normalize(asked, name)).identifier == made.identifier


@pytest.mark.parametrize("name", ["port.txt", "rien", "", "abc"])
def test_a_name_that_is_nobodys_or_everybodys_is_a_sentence_with_the_command_to_see_them(library, name):
    fill(library, PORT, GARDEN)
    with pytest.raises(LibraryError) as caught:
        library.find_entry(name)
    assert "rag list --library press" in caught.value.remedy


# ── Another embedder ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def changed(library, tmp_path):
    """Give a library built with one embedder and opened with another."""
    fill(library, PORT, GARDEN)
    library.close()
    changed = Library(tmp_path / "indexes" / "press", HashedWords(version=2, dimensions=64))
    yield changed
    changed.close()


def test_vectors_of_two_embedders_are_never_compared(changed):
    with pytest.raises(EmbedderChanged, match="hashed-words 1") as caught:
        search(changed, "La digue ?")
    assert caught.value.remedy.startswith("rag rebuild --library press")
    with pytest.raises(EmbedderChanged):
        list(changed.add(article("Autre chose."), "x"))
    assert len(changed.entries()) == 2


def test_rebuilding_keeps_every_text_and_answers_with_the_new_embedder(changed):
    before = [(entry.identifier, changed.article(entry.identifier)) for entry in changed.entries()]
    assert [done for _, done in changed.rebuild()] == [0.0, 0.5]
    assert [(entry.identifier, changed.article(entry.identifier)) for entry in changed.entries()] == before
    found = search(changed, "Combien mesure la digue ?")
    assert "310" in found[0].passage.text
    assert changed._store.dimensions() == 64
    assert changed.verify() == []


def test_articles_that_are_rebuilt_share_their_batches(library, tmp_path):
    fill(library, *(f"La digue {number} du port mesure {number}{number} mètres." for number in range(40)))
    library.close()
    calls = []

    class Counting(HashedWords):
        def encode_documents(self, texts):
            calls.append(len(texts))
            return super().encode_documents(texts)

    changed = Library(tmp_path / "indexes" / "press", Counting(version=2))
    list(changed.rebuild())
    assert calls == [32, 8]
    assert changed.verify() == []
    found = search(changed, "Combien mesure la digue 17 ?")
    assert "1717" in found[0].passage.text
    changed.close()


def test_a_rebuild_that_is_stopped_leaves_the_old_library_whole(changed, library, tmp_path):
    rebuilding = changed.rebuild()
    next(rebuilding)
    next(rebuilding)
    rebuilding.close()
    old = Library(tmp_path / "indexes" / "press", HashedWords())
    assert "310" in search(old, "Combien mesure la digue ?")[0].passage.text
    assert old.verify() == []
    old.close()


def test_a_library_of_another_embedder_is_renewed_once(changed):
    assert list(changed.renew()) == [0.0, 0.5]
    assert "310" in search(changed, "Combien mesure la digue ?")[0].passage.text
    assert list(changed.renew()) == []


def test_adding_to_a_library_of_another_embedder_renews_it_first(changed):
    *steps, last = add_text(lambda: changed, "Autre chose.")
    assert [step.done for step in steps[:2]] == [0.0, 0.5]
    assert isinstance(last, Ingested)
    assert len(changed.entries()) == 3
    assert changed.verify() == []


def test_who_asks_while_a_library_is_renewed_waits_and_then_finds(changed):
    renewing = changed.renew()
    next(renewing)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(lambda: list(changed.renew()))
        assert list(renewing) == [0.5]
        assert other.result() == []
    assert changed.verify() == []


def test_two_processes_that_renew_a_library_at_once_both_end_well(changed, tmp_path):
    twin = Library(tmp_path / "indexes" / "press", HashedWords(version=2, dimensions=64))
    renewing = changed.renew()
    next(renewing)
    assert list(twin.renew()) == [0.0, 0.5]
    assert list(renewing) in ([], [0.5])  # it stops where it sees that all is done
    assert changed.verify() == twin.verify() == []
    twin.close()


def test_a_process_that_is_killed_while_it_renews_a_library_loses_nothing(changed, tmp_path):
    before = [(entry.identifier, changed.article(entry.identifier)) for entry in changed.entries()]
    program = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT / "tests")!r})
from pathlib import Path
from support.fakes import HashedWords
from rag.index.contexts import texts_in_context
from rag.index.library import Library
library = Library(Path({str(tmp_path / "indexes" / "press")!r}), HashedWords(version=2, dimensions=64))
exchange = library._store._exchange_passages
def exchange_and_die(*arguments):
    exchange(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)  # the old vectors are gone and the new ones in their place, in a transaction
library._store._exchange_passages = exchange_and_die
list(library.renew())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    old = Library(tmp_path / "indexes" / "press", HashedWords())
    assert [(entry.identifier, old.article(entry.identifier)) for entry in old.entries()] == before
    assert "310" in search(old, "Combien mesure la digue ?")[0].passage.text
    assert old.verify() == []
    old.close()
    assert list(changed.renew()) == [0.0, 0.5]
    assert changed.verify() == []


# ── Verifying ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [VECTORS_FILE, WORDS_FILE])
def test_a_sound_library_has_no_problem_and_a_damaged_index_is_mended_on_the_way(library, tmp_path, name):
    fill(library, PORT, GARDEN)
    assert library.verify() == []
    path = tmp_path / "indexes" / "press" / name
    sound = path.read_bytes()
    path.write_bytes(sound[:-5])
    assert library.verify() == []
    assert path.read_bytes() == sound


# ── A library of the third version ──────────────────────────────────────────────────────────────────────────────────


def test_a_library_of_the_third_version_loses_nothing_and_is_closed_to_others(library, embedder, tmp_path):
    fill(library, PORT, GARDEN)
    before = [library.article(entry.identifier) for entry in library.entries()], search(library, "Combien de mètres ?")
    library.close()
    file = tmp_path / "indexes" / "press" / "library.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("ALTER TABLE articles DROP COLUMN read_sha256")
        connection.execute("ALTER TABLE articles DROP COLUMN derived_sha256")
        connection.execute("DELETE FROM meta WHERE name LIKE 'seal%'")
        connection.execute("UPDATE meta SET value = '3' WHERE name = 'schema'")
    connection.close()
    file.chmod(0o644)
    for _ in range(2):
        again = Library(file.parent, embedder)
        articles = [again.article(entry.identifier) for entry in again.entries()]
        assert (articles, search(again, "Combien de mètres ?")) == before
        assert again.verify() == []
        again.close()
    assert os.name != "posix" or file.stat().st_mode & 0o777 == 0o600


# ── A library of the first version ──────────────────────────────────────────────────────────────────────────────────

VERSION_1 = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    row INTEGER PRIMARY KEY,
    identifier TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL, date TEXT NOT NULL, language TEXT NOT NULL, source TEXT NOT NULL,
    text TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles(row) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX passages_by_article ON passages(article);
CREATE VIRTUAL TABLE words USING fts5(title, heading, body, tokenize = "unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row');
"""


@pytest.fixture
def first_version(tmp_path, embedder):
    """Give the folder of a library as the first version wrote it, and its articles."""
    folder = tmp_path / "indexes" / "old"
    folder.mkdir(parents=True)
    articles = [article(PORT, title="Le port"), article(GARDEN, title="Le jardin")]
    connection = sqlite3.connect(folder / "library.sqlite")
    connection.executescript(VERSION_1)
    values = [("schema", "1"), ("identity", embedder.identity), ("generation", "a" * 32)]
    connection.executemany("INSERT INTO meta VALUES (?, ?)", values)
    for row, one in enumerate(articles, 1):
        blocks = json.dumps([astuple(block) for block in one.blocks])
        values = (row, one.identifier, f"/press/{row}", one.title, one.date, one.language, one.source, one.text, blocks)
        connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        vector = embedder.encode_documents([one.text])[0].tobytes()
        connection.execute("INSERT INTO passages VALUES (?, ?, 0, ?, ?)", (row, row, len(one.text), vector))
        connection.execute("INSERT INTO words (rowid, title, heading, body) VALUES (?, 'port', '', 'digu')", (row,))
    connection.commit()
    connection.close()
    (folder / VECTORS_FILE).write_bytes(b"ask-the-article vectors 1\n{}\n")
    return folder, articles


def test_a_library_of_the_first_version_keeps_its_articles_and_must_be_rebuilt(first_version, embedder):
    folder, articles = first_version
    library = Library(folder, embedder)
    assert [library.article(entry.identifier) for entry in library.entries()] == articles
    assert [(entry.characters, entry.passages) for entry in library.entries()] == [(len(PORT), 0), (len(GARDEN), 0)]
    assert library.identifier_at("/press/1") == articles[0].identifier
    with pytest.raises(EmbedderChanged, match="built with the embedder of an earlier version"):
        search(library, "La digue ?")
    library.close()


def test_a_library_of_the_first_version_is_brought_whole_by_rebuilding(first_version, embedder):
    folder, articles = first_version
    library = Library(folder, embedder)
    assert len(list(library.rebuild())) == 2
    assert [library.article(entry.identifier) for entry in library.entries()] == articles
    assert "310" in search(library, "Combien mesure la digue ?")[0].passage.text
    assert library.verify() == []
    library.remove(articles[0].identifier)
    fill(library, "Le phare du port.")
    assert library.verify() == []
    library.close()


def test_a_library_of_the_first_version_that_two_programs_open_is_brought_over_once(first_version, embedder):
    folder, articles = first_version
    first, second = Store(folder / "library.sqlite"), Store(folder / "library.sqlite")
    assert first.name == second.name
    assert len(first.entries()) == len(second.entries()) == len(articles)
    first.close()
    second.close()


def test_each_passage_is_embedded_with_what_its_article_is_about(library):
    one = article("La digue mesure 310 mètres.\n\nLe port rouvre samedi.", title="Le port rouvre samedi")
    texts = texts_in_context(one, paragraphs(one.identifier, one.text))
    assert texts == ["Le port rouvre samedi\nLa digue mesure 310 mètres.", "Le port rouvre samedi."]
    untitled = replace(one, title="")
    assert texts_in_context(untitled, paragraphs(one.identifier, one.text))[0] == "La digue mesure 310 mètres."
    endless = replace(one, title="Le port " * 100)
    for _ in library.add(endless, "x"):
        pass
    assert all(
        library.embedder.count_tokens(text) <= library.embedder.max_tokens
        for text in texts_in_context(endless, library.passages(endless.identifier))
    )
