"""The two indexes of a library, by meaning and by words, kept in step with its store.

Rows of passages are never used twice, so a row that both know is the same passage in both. After a change only the
difference is made up: what is new is put in, what is gone is taken out. The files are written again once the difference
is worth it; a file that lags behind costs the making up of its difference when the library is opened, and nothing else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.index.store import Store
from rag.index.vectors import VectorIndex
from rag.index.word_index import WordIndex

VECTORS_FILE = "vectors.faiss"
WORDS_FILE = "words.index"
WORTH_WRITING = 0.02
"""Share of the rows that must differ from the files before they are written again."""

_AT_ONCE = 5_000  # rows read from the store at a time


class PassageIndex:
    """What finds the passages of a store; to be used by one thread at a time, within a snapshot of the store.

    Args:
        store: of the library.
        folder: where the derived files lie.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._generation = ""
        self._identity = ""
        self._unwritten = 0
        self._vectors: VectorIndex | None = None
        self._words: WordIndex | None = None

    @property
    def vectors(self) -> VectorIndex:
        """The vectors of the store as it is now."""
        return self._current()[0]

    @property
    def words(self) -> WordIndex:
        """The words of the store as it is now."""
        return self._current()[1]

    def _current(self) -> tuple[VectorIndex, WordIndex]:
        if self._vectors is None or self._words is None or self._identity != self._store.identity:
            self._identity = self._store.identity
            self._vectors = VectorIndex.load(self._folder / VECTORS_FILE, self._library)
            self._words = WordIndex.load(self._folder / WORDS_FILE, self._library)
            self._generation = ""
        vectors = self._vectors or VectorIndex((), np.zeros((0, self._store.dimensions()), dtype=np.float32))
        words = self._words or WordIndex({})
        if self._generation != self._store.generation:
            held = np.array(sorted(self._store.rows()), dtype=np.int64)
            changed = self._follow_vectors(vectors, held) + self._follow_words(words, held)
            self._vectors, self._words = vectors, words
            self._generation = self._store.generation
            self._unwritten += changed
            if self._unwritten > WORTH_WRITING * len(held):
                self._write(vectors, words)
        return vectors, words

    @property
    def _library(self) -> str:
        """What the rows and vectors of the files belong to: this store, and its embedder."""
        return f"{self._store.name} {self._identity}"

    def _follow_vectors(self, vectors: VectorIndex, held: np.typing.NDArray[np.int64]) -> int:
        gone, new = np.setdiff1d(vectors.rows, held), np.setdiff1d(held, vectors.rows)
        vectors.remove(gone)
        for rows in _in_parts(new):
            vectors.add(rows, self._store.vectors(rows))
        return len(gone) + len(new)

    def _follow_words(self, words: WordIndex, held: np.typing.NDArray[np.int64]) -> int:
        gone, new = np.setdiff1d(words.rows, held), np.setdiff1d(held, words.rows)
        words.remove(gone)
        for rows in _in_parts(new):
            words.add(self._store.fields(rows))
        return len(gone) + len(new)

    def _write(self, vectors: VectorIndex, words: WordIndex) -> None:
        with contextlib.suppress(OSError):  # where they cannot be kept they are made again next time
            vectors.save(self._folder / VECTORS_FILE, self._library)
            words.save(self._folder / WORDS_FILE, self._library)
            self._unwritten = 0


def _in_parts(rows: np.typing.NDArray[np.int64]) -> Sequence[list[int]]:
    return [rows[start : start + _AT_ONCE].tolist() for start in range(0, len(rows), _AT_ONCE)]
