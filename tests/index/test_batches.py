"""Texts of several articles are embedded in few full batches, like beside like; each vector finds its text again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fakes import HashedWords
from support.storing import article

from rag.events import Ingested, Ingesting
from rag.index import batches
from rag.index.adding import add_files
from rag.index.batches import BATCH, embed_together
from rag.index.contexts import texts_in_context

TEXT = st.text("ab cd", max_size=30)
ARTICLES = st.lists(st.lists(TEXT, max_size=50), max_size=8)


class Counting(HashedWords):
    """An embedder that remembers the texts of each call."""

    def __init__(self, **options: int) -> None:
        super().__init__(**options)
        self.calls: list[list[str]] = []

    def encode_documents(self, texts):
        self.calls.append(list(texts))
        return super().encode_documents(texts)


@pytest.fixture
def embedder() -> Counting:
    return Counting(max_tokens=12)  # a passage for each sentence


@settings(deadline=None, max_examples=50)
@given(ARTICLES)
def test_batches_are_full_sorted_by_length_and_every_vector_belongs_to_its_text(articles):
    embedder = Counting(dimensions=8)
    found = {}
    for number, done, vectors in embed_together(embedder, articles):
        if done == 1:
            assert number not in found
            found[number] = vectors.copy()
    assert list(found) == list(range(len(articles)))
    for number, texts in enumerate(articles):
        assert np.array_equal(found[number], HashedWords(dimensions=8).encode_documents(texts))
    total = sum(map(len, articles))
    assert len(embedder.calls) == -(-total // BATCH)
    assert all(len(call) == BATCH for call in embedder.calls[:-1])
    lengths = [len(text) for call in embedder.calls for text in call]
    assert lengths == sorted(lengths, reverse=True)


@settings(deadline=None, max_examples=50)
@given(ARTICLES)
def test_each_article_grows_from_the_part_embedded_with_those_before_it_to_the_whole(articles):
    seen: dict[int, list[float]] = {}
    last = 0
    for number, done, _ in embed_together(HashedWords(dimensions=8), articles):
        assert number >= last
        last = number
        seen.setdefault(number, []).append(done)
    assert all(parts == sorted(parts) and parts[-1] == 1 and parts.count(1) == 1 for parts in seen.values())
    assert all(part >= 0 for parts in seen.values() for part in parts)


# ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def sentences(number: int, count: int) -> str:
    return "\n\n".join(f"La digue {number} du port mesure {one}{one} mètres de haut." for one in range(count))


@pytest.fixture
def press(tmp_path):
    """Give twelve files of 3 to 14 sentences."""
    folder = tmp_path / "press"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(sentences(number, 3 + number), encoding="utf-8")
    return folder


def test_files_added_together_share_their_batches_and_each_vector_is_of_its_passage(library, embedder, press):
    events = list(add_files(lambda: library, [press]))
    assert [event.status for event in events if isinstance(event, Ingested)] == ["added"] * 12
    assert [event.entry.source for event in events if isinstance(event, Ingested)] == sorted(
        path.name for path in press.iterdir()
    )
    total = library.count_passages()
    assert total > 2 * BATCH
    assert len(embedder.calls) == -(-total // BATCH)
    rows = library._store.rows()
    passages = [library._store.passages([row])[row][0] for row in rows]
    texts = [text for one in passages for text in texts_in_context(library.article(one.article), [one])]
    assert len(set(texts)) > 2 * BATCH
    assert np.array_equal(library._store.vectors(rows), HashedWords().encode_documents(texts))
    assert library.verify() == []


def test_progress_of_a_file_is_embedding_then_storing_then_the_file(library, press):
    stages: dict[str, list[str]] = {}
    for event in add_files(lambda: library, [press]):
        source, stage = (
            (event.source, event.stage) if isinstance(event, Ingesting) else (event.entry.source, event.status)
        )
        stages.setdefault(source, []).append(stage)
    assert len(stages) == 12
    for seen in stages.values():
        assert list(dict.fromkeys(seen)) == ["reading", "embedding", "storing", "added"]
        assert (seen.count("storing"), seen.count("added")) == (1, 1)


def test_no_more_texts_wait_than_memory_is_given_for_however_much_is_added(monkeypatch):
    monkeypatch.setattr(batches, "TOGETHER", 20)
    taken, most = 0, 0

    def articles():
        nonlocal taken
        for number in range(12):
            taken += 1
            yield [f"{number} {one}" for one in range(5)]

    for number, _, _ in embed_together(HashedWords(dimensions=8), articles()):
        most = max(most, taken - number)
    assert taken == 12
    assert most <= 2 * 20 // 5


def test_the_next_articles_are_split_while_those_before_are_embedded(monkeypatch):
    monkeypatch.setattr(batches, "TOGETHER", 1)
    split = threading.Event()

    class Waiting(HashedWords):
        def encode_documents(self, texts):
            assert split.wait(60)  # embedding before the second article is asked for would wait in vain
            return super().encode_documents(texts)

    def articles():
        yield ["Le premier."]
        split.set()
        yield ["Le second."]

    done = [number for number, part, _ in embed_together(Waiting(dimensions=8), articles()) if part == 1]
    assert done == [0, 1]


def test_who_stops_waits_for_the_batch_that_is_computed_and_no_other_follows(monkeypatch):
    begun, stopped = threading.Event(), threading.Event()

    class Slow(Counting):
        def encode_documents(self, texts):
            if self.calls:  # the second batch
                begun.set()
                assert stopped.wait(60)
            return super().encode_documents(texts)

    class Stopped(ThreadPoolExecutor):
        def shutdown(self, wait=True, *, cancel_futures=False):
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            stopped.set()
            super().shutdown(wait=wait)

    monkeypatch.setattr(batches, "ThreadPoolExecutor", Stopped)
    embedder = Slow(dimensions=8)
    embedding = embed_together(embedder, [["Un texte."] * BATCH for _ in range(5)])
    assert [next(embedding)[:2] for _ in range(2)] == [(0, 0.0), (0, 1.0)]
    assert begun.wait(60)
    embedding.close()
    assert len(embedder.calls) == 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("embedding-ahead")]


def test_what_was_stored_stays_when_the_embedder_fails_later(library, embedder, press, monkeypatch):
    monkeypatch.setattr(batches, "TOGETHER", 20)
    encode = embedder.encode_documents

    def fail(texts):
        if len(library.entries()) >= 4:
            raise MemoryError
        return encode(texts)

    monkeypatch.setattr(embedder, "encode_documents", fail)
    seen = []
    with pytest.raises(MemoryError):
        seen.extend(event.entry for event in add_files(lambda: library, [press]) if isinstance(event, Ingested))
    held = library.entries()
    assert 4 <= len(held) < 12
    assert [entry.source for entry in held] == sorted(path.name for path in press.iterdir())[: len(held)]
    monkeypatch.setattr(embedder, "encode_documents", encode)
    again = [event.status for event in add_files(lambda: library, [press]) if isinstance(event, Ingested)]
    assert sorted(again) == ["added"] * (12 - len(held)) + ["unchanged"] * len(held)
    assert library.verify() == []


def test_an_article_without_passages_is_kept_too(library, embedder):
    assert list(library.add(article(""), "/press/empty")) == [0.0, 1.0]
    assert len(library.entries()) == 1
    assert embedder.calls == []
