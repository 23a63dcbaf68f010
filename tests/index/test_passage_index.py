"""Whatever is put, replaced and dropped, both indexes give what fresh ones give; their files only save time."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.storing import EMBEDDER, PORT, article, put

from rag.index import passage_index
from rag.index.passage_index import VECTORS_FILE, WORDS_FILE, WORTH_WRITING, PassageIndex
from rag.index.store import Store
from rag.index.vectors import VectorIndex
from rag.index.word_index import WordIndex

FILES = pytest.mark.parametrize("name", [VECTORS_FILE, WORDS_FILE])
QUESTION = [{"port": 1.0}, {"digue": 1.0, "phare": 0.7}, {"mer": 1.0}]
TEXTS = [
    f"{PORT}\n\nÉdition {number}.\n\n" + "\n\n".join(f"La mer monte de {n} mètres." for n in range(number))
    for number in range(5)
]
CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "drop", "ask", "open"]), st.integers(0, 4), st.sampled_from("abc")), max_size=12
)


def answers(vectors: VectorIndex, words: WordIndex) -> tuple:
    """Return all that a search would see of both indexes."""
    query = EMBEDDER.encode_query("Combien mesure la digue du port ?")
    rows = sorted(vectors.rows.tolist())
    return (
        rows,
        {row: round(cosine, 5) for row, cosine in vectors.search(query, 99)},
        {row: round(cosine, 5) for row, cosine in vectors.search(query, 99, among=rows[::2])},
        words.rows.tolist(),
        words.scores(QUESTION).tolist(),
        sorted(words.stems()),
        words.beginning_with("m"),
        [words.holding(stem) for stem in ("port", "digue", "mer")],
    )


def fresh(store: Store) -> tuple:
    rows = store.rows()
    vectors = VectorIndex(rows, store.vectors(rows))
    return answers(vectors, WordIndex(store.fields(rows)))


def follow(index: PassageIndex, store: Store) -> tuple:
    with store.snapshot():
        return answers(index.vectors, index.words)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "library.sqlite", EMBEDDER.identity)
    yield store
    store.close()


@pytest.fixture
def kept(store, tmp_path):
    """Give a store with two articles and the folder of the indexes beside it, made once."""
    put(store, article(PORT), origin="/press/port.txt")
    put(store, article("Le jardin.\n\nSon mur."))
    follow(PassageIndex(store, tmp_path), store)
    return store, tmp_path


@pytest.fixture
def read_rows(monkeypatch) -> list[int]:
    """Give the rows whose vectors or words are read from the store, as they are read."""
    seen: list[int] = []
    for name in ("vectors", "fields"):
        reads = getattr(Store, name)
        monkeypatch.setattr(Store, name, lambda self, rows, reads=reads: [seen.extend(rows), reads(self, rows)][1])
    return seen


# ── The difference ──────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40, deadline=None)
@given(CHANGES)
def test_after_any_changes_both_indexes_give_what_fresh_ones_give(tmp_path_factory, changes):
    folder = tmp_path_factory.mktemp("press")
    store = Store(folder / "library.sqlite", EMBEDDER.identity)
    index = PassageIndex(store, folder)
    for act, number, origin in changes:
        if act == "put":
            put(store, article(TEXTS[number]), origin=origin)
        elif act == "drop":
            store.drop(article(TEXTS[number]).identifier)
        elif act == "ask":
            assert follow(index, store) == fresh(store)
        else:
            index = PassageIndex(store, folder)
    assert follow(index, store) == fresh(store)
    assert follow(PassageIndex(store, folder), store) == fresh(store)
    store.close()


def test_only_what_is_new_is_read_after_a_change(kept, read_rows):
    store, folder = kept
    index = PassageIndex(store, folder)
    before = set(store.all_rows().tolist())
    assert follow(index, store)
    assert read_rows == []
    put(store, article(f"{PORT}\n\nUne suite."), origin="/press/port.txt")
    follow(index, store)
    assert set(read_rows) == set(store.all_rows().tolist()) - before
    assert len(read_rows) == 2 * 4  # once for its vector, once for its words


def test_an_article_larger_than_what_is_read_at_once_goes_in_whole(store, tmp_path, monkeypatch):
    monkeypatch.setattr(passage_index, "_AT_ONCE", 3)
    put(store, article("\n\n".join(f"La mer monte de {number} mètres." for number in range(10))))
    assert follow(PassageIndex(store, tmp_path), store) == fresh(store)


def test_words_that_were_handed_out_stay_as_they_were_while_the_index_goes_on(kept):
    store, folder = kept
    index = PassageIndex(store, folder)
    with store.snapshot():
        words = index.words
    before = (words.rows.tolist(), sorted(words.stems()), words.beginning_with("p"), words.scores(QUESTION).tolist())
    put(store, article("Un pélican du port.\n\nUne mer."))
    store.drop(article(PORT).identifier)
    assert follow(index, store) == fresh(store)
    assert before == (
        words.rows.tolist(), sorted(words.stems()), words.beginning_with("p"), words.scores(QUESTION).tolist()
    )  # fmt: skip


def test_a_change_that_could_not_be_read_is_made_up_the_next_time(kept, monkeypatch):
    store, folder = kept
    index = PassageIndex(store, folder)
    follow(index, store)
    put(store, article("Le phare.\n\nLa criée."))

    def fail(*_: object) -> None:
        raise KeyError

    with monkeypatch.context() as patched:
        patched.setattr(Store, "fields", fail)
        with pytest.raises(KeyError):
            follow(index, store)
    assert follow(index, store) == fresh(store)


# ── The files ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_files_are_taken_as_they_are_when_nothing_changed(kept, read_rows):
    store, folder = kept
    expected = fresh(store)
    read_rows.clear()
    assert follow(PassageIndex(store, folder), store) == expected
    assert read_rows == []


@FILES
def test_a_file_that_lags_is_brought_up_to_date_by_what_it_lacks(kept, read_rows, name):
    store, folder = kept
    before = (folder / name).read_bytes()
    put(store, article(f"{PORT}\n\nUne suite."), origin="/press/port.txt")
    follow(PassageIndex(store, folder), store)
    (folder / name).write_bytes(before)
    expected = fresh(store)
    read_rows.clear()
    assert follow(PassageIndex(store, folder), store) == expected
    assert len(read_rows) == 4


def damage_end(content: bytes) -> bytes:
    return content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]


DAMAGES = {
    "missing": lambda _: None,
    "empty": lambda _: b"",
    "head only": lambda content: content[:40],
    "cut": lambda content: content[:-1],
    "longer": lambda content: content + b"x",
    "foreign": lambda content: b"another format\n" + content,
    "later format": lambda content: content.replace(b"derived 3", b"derived 3", 1),
    "earlier format": lambda content: content.replace(b"derived 3", b"vectors 1", 1),
    "one bit": damage_end,
    "sizes": lambda content: content.replace(b'"sizes": [', b'"sizes": [-', 1),
    "pickle": lambda content: b"\x80\x04\x95" + content,
}


@FILES
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_or_missing_file_is_made_anew(kept, name, damage):
    store, folder = kept
    path = folder / name
    sound = path.read_bytes()
    damaged = damage(sound)
    path.unlink() if damaged is None else path.write_bytes(damaged)
    assert follow(PassageIndex(store, folder), store) == fresh(store)
    assert path.read_bytes() == sound


@FILES
def test_another_librarys_file_is_not_taken_for_ones_own(kept, name):
    store, folder = kept
    other = Store(folder / "other" / "library.sqlite", EMBEDDER.identity)
    put(other, article("Tout autre chose.\n\nEt encore."))
    follow(PassageIndex(other, folder / "other"), other)
    other.close()
    (folder / "other" / name).replace(folder / name)
    assert follow(PassageIndex(store, folder), store) == fresh(store)


@FILES
def test_two_kinds_of_files_are_never_taken_for_each_other(kept, name):
    store, folder = kept
    (other,) = {VECTORS_FILE, WORDS_FILE} - {name}
    (folder / name).write_bytes((folder / other).read_bytes())
    assert follow(PassageIndex(store, folder), store) == fresh(store)


@pytest.mark.parametrize("again", [True, False], ids=["the same index", "opened anew"])
def test_what_another_embedder_made_is_discarded(kept, read_rows, again):
    store, folder = kept
    index = PassageIndex(store, folder)
    follow(index, store)
    one = article(PORT)
    with store.rebuilding("hashed-words 2", store.generation):
        pass
    assert store.rows(one.identifier) == ()
    put(store, one)
    read_rows.clear()
    assert follow(index if again else PassageIndex(store, folder), store) == fresh(store)


def test_a_file_is_written_again_only_when_enough_changed(store, tmp_path):
    paragraphs = 200
    put(store, article("\n\n".join(f"La mer monte de {number} mètres." for number in range(paragraphs))))
    index = PassageIndex(store, tmp_path)
    follow(index, store)
    written = [(tmp_path / name).read_bytes() for name in (VECTORS_FILE, WORDS_FILE)]
    changes = 0
    while [(tmp_path / name).read_bytes() for name in (VECTORS_FILE, WORDS_FILE)] == written:
        changes += 1
        put(store, article(f"Un texte, le {changes}."))
        follow(index, store)
    assert changes / (paragraphs + changes) > WORTH_WRITING >= (changes - 1) / (paragraphs + changes - 1)
    assert follow(PassageIndex(store, tmp_path), store) == fresh(store)


def test_a_folder_that_cannot_be_written_costs_time_and_not_the_answer(kept):
    store, folder = kept
    for name in (VECTORS_FILE, WORDS_FILE):
        (folder / name).unlink()
        (folder / name).mkdir()  # nothing can be written over it
    index = PassageIndex(store, folder)
    assert follow(index, store) == fresh(store)
    put(store, article("Le phare."))
    assert follow(index, store) == fresh(store)
    assert [file.name for file in folder.iterdir() if file.suffix == ".part"] == []


def test_a_file_that_a_dying_process_left_half_written_is_in_nobodys_way(kept):
    store, folder = kept
    half = folder / f"vectors.{os.getpid() + 1}-1.part"
    half.write_bytes((folder / VECTORS_FILE).read_bytes()[:100])
    put(store, article("Le phare."))
    assert follow(PassageIndex(store, folder), store) == fresh(store)


def test_a_file_that_is_sound_and_wrong_is_put_right_by_renewing(kept):
    store, folder = kept
    rows = store.rows()
    wrong = np.roll(store.vectors(rows), 1, axis=0)
    owner = f"{store.name} {store.identity}"
    VectorIndex(rows, wrong).save(folder / VECTORS_FILE, owner)
    WordIndex({row: store.fields(rows[:1])[rows[0]] for row in rows}).save(folder / WORDS_FILE, owner)
    index = PassageIndex(store, folder)
    with store.snapshot():
        index.renew()
    assert follow(index, store) == follow(PassageIndex(store, folder), store) == fresh(store)


def test_the_head_of_a_file_can_be_read_by_a_person_and_names_no_folder(kept):
    store, folder = kept
    for name in (VECTORS_FILE, WORDS_FILE):
        first, _, head, _ = (folder / name).read_bytes().split(b"\n", 3)
        assert first == b"ask-the-article derived 3"
        assert store.name.encode() in head
        assert os.fsencode(Path(folder)) not in head
