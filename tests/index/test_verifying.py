"""Whatever is damaged of a library is made anew or named: nothing that is read may change and be called sound."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes import HashedWords
from support.storing import PORT, article

from rag.errors import LibraryError
from rag.index.library import STORE_FILE, Library
from rag.index.passage_index import VECTORS_FILE, WORDS_FILE

GARDEN = "Le jardin clos a ouvert en 1894.\n\nSon mur mesure deux mètres."
FLIPS = 90  # bits, one at a time, spread over the whole file


@pytest.fixture
def folder(tmp_path) -> Path:
    """Give the folder of a closed library with two articles, whose indexes are written."""
    folder = tmp_path / "indexes" / "press"
    library = Library(folder, HashedWords())
    for text in (PORT, GARDEN):
        list(library.add(article(text, title=text.split()[1]), f"/press/{text.split()[1]}.txt"))
    assert library.verify() == []
    library.close()
    return folder


def everything(folder: Path) -> tuple:
    """Return all that is ever read of a library, as one value."""
    library = Library(folder, HashedWords())
    try:
        list(library.renew())  # as whoever asks does: what says it is another embedder's is made anew
        store = library._store
        rows = store.rows()
        passages, fields = store.passages(rows), store.fields(rows)
        question = HashedWords().encode_query("Combien mesure la digue ?")
        found = [replace(one, row=0) for one in library.search(question, [{"digue": 1.0}], 99)]
        return (
            store.entries(),
            [(place, store.article(place.identifier)) for place in store.places()],
            [(passages[row], fields[row]) for row in rows],
            store.vectors(rows).tobytes(),
            sorted(found, key=lambda one: (one.passage.article, one.passage.start)),
        )
    finally:
        library.close()


def verified(folder: Path) -> list:
    library = Library(folder, HashedWords())
    try:
        return library.verify()
    finally:
        library.close()


def changed(folder: Path, *statements: str) -> None:
    library = Library(folder, HashedWords())
    with library._store.transaction():
        for statement in statements:
            library._store._connection.execute(statement)
    library.close()


@pytest.mark.parametrize("name", [STORE_FILE, VECTORS_FILE, WORDS_FILE])
def test_no_flipped_bit_is_called_sound_unless_nothing_that_is_read_changed(folder, name):
    before = everything(folder)
    sound = {path: path.read_bytes() for path in folder.iterdir()}
    chance = random.Random(13)
    bits = chance.sample(range(8 * len(sound[folder / name])), FLIPS if name == STORE_FILE else FLIPS // 10)
    named = mended = 0
    for bit in bits:
        for path in folder.iterdir():
            if path not in sound:
                path.unlink()
        for path, content in sound.items():
            flipped = bytearray(content)
            if path.name == name:
                flipped[bit // 8] ^= 1 << bit % 8
            path.write_bytes(flipped)
        try:
            found = verified(folder)
        except LibraryError:
            named += 1
            continue
        if any(damage.remedy for damage in found):
            named += 1
            continue
        mended += bool(found)
        assert everything(folder) == before, f"bit {bit} of {name} is called sound"
        assert verified(folder) == [], f"bit {bit} of {name} is mended and damaged"
    assert name != STORE_FILE or (named and mended), "the flips met no text, or nothing that is derived"


DERIVED = {
    "every vector": "UPDATE passages SET vector = zeroblob(length(vector))",
    "one vector, of another length": "UPDATE passages SET vector = x'01' WHERE row = 1",
    "vectors that are no numbers": f"UPDATE passages SET vector = x'{'0000c07f' * 256}'",  # noqa: S608
    "a passage": "DELETE FROM passages WHERE row = 1",
    "offsets": 'UPDATE passages SET "end" = "end" - 1 WHERE row = 1',
    "words": "UPDATE passages SET stems = '' WHERE row = 1",
    "words in bytes": "UPDATE passages SET stems = x'ff' WHERE row = 1",
    "words of a heading": "UPDATE passages SET heading_stems = 'x' WHERE row = 1",
    "words of a title": "UPDATE articles SET title_stems = ''",
    "the length of a text": "UPDATE articles SET characters = 'many'",
    "the checksum of what is derived": "UPDATE articles SET derived_sha256 = ''",
    "the name of the file": "UPDATE meta SET value = 'other' WHERE name = 'name'",
    "the last row": "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'passages'",
    "all that is said of the file": "DELETE FROM meta WHERE name IN ('name', 'generation', 'seal of said')",
}


@pytest.mark.parametrize("kind", DERIVED)
def test_what_is_derived_is_made_anew_and_told(folder, kind):
    before = everything(folder)
    changed(folder, DERIVED[kind])
    (damage,) = verified(folder)
    assert damage.what
    assert damage.remedy == ""
    assert verified(folder) == []
    after = everything(folder)
    assert after == before


READ = {
    "a text edited by hand": "UPDATE articles SET text = replace(text, '310', '311')",
    "a title": "UPDATE articles SET title = 'Autre' WHERE row = 1",
    "a date": "UPDATE articles SET date = '1999-01-01' WHERE row = 1",
    "blocks": "UPDATE articles SET blocks = '[]' WHERE row = 1",
    "an origin": "UPDATE articles SET origin = 'x' WHERE row = 1",
    "an identifier": "UPDATE articles SET identifier = 'x' WHERE row = 1",
}


@pytest.mark.parametrize("kind", READ)
def test_what_was_read_is_named_with_what_helps(folder, kind):
    changed(folder, READ[kind])
    (damage,) = verified(folder)
    assert "is not what was added" in damage.what
    assert "rag restore BACKUP --library press" in damage.remedy
    assert "rag export" in damage.remedy
    assert "rag add" not in damage.remedy
    assert verified(folder) == [damage]


def test_a_text_is_not_what_was_added_whatever_checksum_was_made_for_it(folder):
    changed(folder, "UPDATE articles SET text = replace(text, '310', '311')")
    library = Library(folder, HashedWords())
    with library._store.transaction():
        library._store._seal_article(1)
    library.close()
    (damage,) = verified(folder)
    assert "is not what was added" in damage.what


def test_an_article_that_is_gone_is_told_by_the_passages_it_left(folder):
    with closing(sqlite3.connect(folder / STORE_FILE)) as other, other:  # where ours would take the passages with it
        other.execute("DELETE FROM articles WHERE row = 1")
    (damage,) = verified(folder)
    assert "what they were of is gone" in damage.what
    assert "rag restore BACKUP --library press" in damage.remedy
    assert verified(folder) == []


def test_where_the_file_is_still_there_it_is_what_helps_and_helps(folder, tmp_path):
    file = tmp_path / "le port.txt"
    file.write_text(PORT, encoding="utf-8")
    one = article(PORT, title="digue")
    library = Library(folder, HashedWords())
    list(library.add(one, str(file)))
    library.close()
    changed(folder, "UPDATE articles SET read_sha256 = '' WHERE origin LIKE '%le port.txt'")
    (damage,) = verified(folder)
    assert damage.remedy == f"rag add '{file}' --library press"
    library = Library(folder, HashedWords())
    assert not library.holds(one)
    list(library.add(one, str(file)))
    library.close()
    assert verified(folder) == []


def test_damage_that_a_change_comes_after_is_still_seen(folder):
    changed(
        folder, "UPDATE articles SET title = 'Autre' WHERE row = 1", "UPDATE meta SET value = 'x' WHERE name = 'name'"
    )
    library = Library(folder, HashedWords())
    list(library.add(article("Le phare du port."), "/press/phare.txt"))
    library.close()
    found = verified(folder)
    assert {bool(damage.remedy) for damage in found} == {True, False}
    assert len(found) == 2


def test_what_another_embedder_made_is_not_made_anew_by_this_one(folder):
    changed(folder, "UPDATE passages SET stems = ''")
    library = Library(folder, HashedWords(version=2))
    assert [damage.remedy for damage in library.verify()] == ["rag rebuild --library press"]
    list(library.rebuild())
    assert library.verify() == []
    library.close()


@pytest.mark.parametrize("name", [VECTORS_FILE, WORDS_FILE])
def test_an_index_is_made_anew_whatever_its_file_says(folder, name):
    sound = (folder / name).read_bytes()
    (folder / name).write_bytes(sound[:-5])
    assert verified(folder) == []
    assert (folder / name).read_bytes() == sound
