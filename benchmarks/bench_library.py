"""What a question, an opening and one more article cost as a library grows: 1,000, 10,000 and 100,000 passages.

Run with ``make bench-library``. Texts are made by a seeded generator whose words are as frequent as Zipf's law has
them, and vectors are random, so that nothing is measured but the library and its search. Everything is measured in one
run on one machine, in processor time, which other programs lengthen less than the clock; FAISS searches the same
vectors for comparison. One JSON object is printed; times are in milliseconds, memory is in megabytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from rag.index import CosineScale, Library
from rag.index.passage_index import PassageIndex
from rag.index.store import Store
from rag.index.vectors import VectorIndex
from rag.index.word_index import WordFields
from rag.language import content_stems
from rag.question import understand
from rag.search.retrieval import Retriever
from rag.values import Article, Block, Matrix, Passage, Vector

SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 200
PASSAGES, WORDS = 10, 60  # of an article, of a passage
DIMENSIONS = 384
VOCABULARY = 150_000
SKIPPED = 30  # the most frequent words of a language carry no content and are never searched
SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprstv" for vowel in ("a", "e", "i", "o", "u", "an", "ou")]


class RandomVectors:
    """An embedder that costs nothing: a text's vector is random, and always the same."""

    identity = "random 1"
    dimensions = DIMENSIONS
    max_tokens = 200
    scale = CosineScale(unlike=0.0, like=1.0, weight=0.5)

    def count_tokens(self, text: str) -> int:
        """Return the number of words."""
        return len(text.split()) + 2

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """Return one unit vector a text."""
        return np.array([self.encode_query(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)

    def encode_query(self, text: str) -> Vector:
        """Return the question's unit vector."""
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        return random_units(np.random.default_rng(seed), 1)[0]


class Texts:
    """Writes passages of made-up words, as frequent as Zipf's law has those of a language from the 30th on."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(7)
        lengths = self.random.integers(2, 5, VOCABULARY)
        every = self.random.choice(SYLLABLES, lengths.sum())
        self.words = ["".join(some) for some in np.split(every, np.cumsum(lengths)[:-1])]
        self._stems = [" ".join(content_stems(word, "fr")) for word in self.words]
        shares = 1 / np.arange(SKIPPED, SKIPPED + VOCABULARY)
        self._bounds = np.cumsum(shares / shares.sum())

    def numbers(self, count: int) -> list[int]:
        """Draw numbers of words."""
        drawn = np.searchsorted(self._bounds, self.random.random(count))
        return [int(number) for number in np.minimum(drawn, VOCABULARY - 1)]

    def article(self, number: int) -> tuple[Article, list[Passage], list[WordFields]]:
        """Return an article with its passages and their words."""
        title = self.numbers(4)
        identifier = hashlib.sha256(f"{number}".encode()).hexdigest()[:16]
        text, passages, fields = "", [], []
        for _ in range(PASSAGES):
            drawn = self.numbers(WORDS)
            sentence = " ".join(self.words[one] for one in drawn) + "."
            passages.append(Passage(identifier, len(text), len(text) + len(sentence), sentence))
            fields.append(WordFields(self._stemmed(title), "", self._stemmed(drawn)))
            text += sentence + "\n\n"
        blocks = tuple(Block("paragraph", one.start, one.end) for one in passages)
        named = " ".join(self.words[one] for one in title)
        return Article(identifier, named, text, "fr", "2025-03-17", f"{number}.txt", blocks), passages, fields

    def question(self) -> str:
        """Return a question of five words, some frequent and some rare, one in five of them mistyped."""
        asked = [self.words[number] for number in self.numbers(5)]
        if self.random.random() < 0.2:
            asked[0] = asked[0][:-1] + "x"
        return f"Combien de {' '.join(asked)} ?"

    def _stemmed(self, numbers: list[int]) -> str:
        return " ".join(self._stems[number] for number in numbers)


def main() -> None:
    """Measure, and print one JSON object."""
    texts = Texts()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), 100, texts)  # tables are read the first time
    measured: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            measured[str(size)] = measure(Path(folder) / str(size), size, texts)
            print(f"{size} passages: {measured[str(size)]}", file=sys.stderr)
    small, large = measured[str(SIZES[0])], measured[str(SIZES[-1])]
    ratio = (large["question_p95"] - large["faiss_p95"]) / small["question_p95"]
    goals = {
        "p95 at 100,000 without FAISS's own time, by p95 at 1,000 (at most 2)": round(ratio, 2),
        "adding an article to 100,000 and asking, s (at most 1)": round(large["add_and_ask"] / 1000, 3),
        "opening 100,000, s (at most 1)": round(large["open"] / 1000, 3),
    }
    load = [round(one, 1) for one in os.getloadavg()]
    print(json.dumps({"passages": measured, "goals": goals, "load": load}, indent=2))


def measure(folder: Path, size: int, texts: Texts) -> dict[str, float]:
    """Return what a library of this size costs."""
    embedder = RandomVectors()
    fill(folder, size, texts)
    library = Library(folder, embedder)
    made = spent(library.words)  # the indexes made from the store for the first time, and written
    library.close()
    questions = [understand(texts.question()) for _ in range(QUESTIONS)]
    opened: list[Library] = []

    def open_and_ask() -> None:
        opened.append(Library(folder, embedder))
        Retriever(opened[0]).find(questions[0])

    opening = spent(open_and_ask)
    (library,) = opened
    asked = [spent(lambda question=question: Retriever(library).find(question)) for question in questions]
    faiss = list(search_alone(folder, [question.text for question in questions]))
    add, ask, both = [], [], []
    for _ in range(5):
        article, *_ = texts.article(int(texts.random.integers(1 << 40)))
        add.append(spent(lambda article=article: list(library.add(article, article.identifier))))
        ask.append(spent(lambda: Retriever(library).find(questions[0])))
        both.append(add[-1] + ask[-1])
    library.close()
    found = {
        "first_index": made,
        "open": opening,
        "question_p50": np.percentile(asked, 50),
        "question_p95": np.percentile(asked, 95),
        "faiss_p50": np.percentile(faiss, 50),
        "faiss_p95": np.percentile(faiss, 95),
        "add": np.median(add),
        "question_after_adding": np.median(ask),
        "add_and_ask": max(both),
        "memory": psutil.Process().memory_info().rss / 1e6,
    }
    return {name: round(float(value), 2) for name, value in found.items()}


def fill(folder: Path, size: int, texts: Texts) -> None:
    """Write a library as :meth:`Library.add` would, without reading, splitting and embedding."""
    store = Store(folder / "library.sqlite", RandomVectors.identity)
    store._all("PRAGMA synchronous = OFF")  # noqa: SLF001  # nothing here must outlive the run
    for number in range(size // PASSAGES):
        article, passages, fields = texts.article(number)
        store.put(article, f"{number}", passages, random_units(texts.random, PASSAGES), fields)
    store.close()


def search_alone(folder: Path, questions: list[str]) -> Iterator[float]:
    """Yield what FAISS spends on each question over the same vectors."""
    store = Store(folder / "library.sqlite")
    index = PassageIndex(store, folder).vectors
    assert isinstance(index, VectorIndex)
    for question in questions:
        vector = RandomVectors().encode_query(question)
        yield spent(lambda vector=vector: index._index.search(vector[None, :], 100))  # noqa: SLF001
    store.close()


def random_units(random: np.random.Generator, count: int) -> Matrix:
    """Return vectors of length 1 in random directions."""
    matrix = random.standard_normal((count, DIMENSIONS), dtype=np.float32)
    return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), dtype=np.float32)


def spent(act: Callable[[], object]) -> float:
    """Return the processor time of an act, in milliseconds."""
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
