"""The two indexes of a library, by meaning and by words, kept in step with its store.

Rows of passages are never used twice, so a row that both know is the same passage in both. After a change only the
difference is made up: what is new is put in, what is gone is taken out. The files are written again once the difference
is worth it; a file that lags behind costs the making up of its difference when the library is opened, and nothing else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.index.store import Store
from rag.index.vectors import VectorIndex
from rag.index.word_index import WordIndex
from rag.values import Passage

VECTORS_FILE = "vectors.faiss"
WORDS_FILE = "words.index"
WORTH_WRITING = 0.02
"""Share of the rows that must differ from the files before they are written again."""

_AT_ONCE = 5_000  # rows read from the store at a time

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with what both kinds of search say of it."""

    row: int
    passage: Passage
    title: str
    dense: float
    lexical: float


class PassageIndex:
    """What finds the passages of a store; to be used by one thread at a time, within a snapshot of the store.

    Args:
        store: of the library.
        folder: where the derived files lie.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._library = ""  # what the rows and vectors belong to: a store, and its embedder
        self._generation = ""
        self._unwritten = 0
        self._indexes: tuple[VectorIndex, WordIndex] | None = None

    @property
    def vectors(self) -> VectorIndex:
        """The vectors of the store as it is now; the next change of the store changes them too."""
        return self._current()[0]

    @property
    def words(self) -> WordIndex:
        """The words of the store as it is now; they stay so, whatever is put into the store later."""
        return self._current()[1]

    def renew(self) -> None:
        """Make both indexes and their files anew from the store, whatever the files say."""
        self._library, self._generation = self._owner(), ""
        self._indexes = self._no_vectors(), WordIndex({})
        self._current()

    def drop_files(self) -> None:
        """Remove both files; they are made again from the store when they are wanted."""
        for name in (VECTORS_FILE, WORDS_FILE):
            (self._folder / name).unlink(missing_ok=True)

    def _current(self) -> tuple[VectorIndex, WordIndex]:
        """Return both indexes, after making up the difference between what they hold and what the store holds."""
        if self._indexes is None or self._library != self._owner():
            self._library, self._generation, self._unwritten = self._owner(), "", 0
            vectors = VectorIndex.load(self._folder / VECTORS_FILE, self._library)
            words = WordIndex.load(self._folder / WORDS_FILE, self._library)
            self._indexes = vectors or self._no_vectors(), words or WordIndex({})
        if self._generation != (generation := self._store.generation):
            held = self._store.all_rows()
            vectors, changed_vectors = self._follow_vectors(self._indexes[0], held)
            words, changed_words = self._follow_words(self._indexes[1], held)
            self._indexes = vectors, words
            self._generation = generation
            self._unwritten += max(changed_vectors, changed_words)
            if self._unwritten > WORTH_WRITING * len(held):
                self._write(vectors, words)
        return self._indexes

    def _follow_vectors(self, vectors: VectorIndex, held: Rows) -> tuple[VectorIndex, int]:
        gone, new = _difference(vectors.rows, held)
        vectors.remove(gone)
        if not len(vectors):  # only now may it be known how long a vector is
            vectors = self._no_vectors()
        for rows in _in_parts(new):
            matrix = self._store.vectors(rows)
            if matrix.shape[1] != vectors.dimensions:
                raise self._store.damaged("the length of its vectors")
            vectors.add(rows, matrix)
        return vectors, len(gone) + len(new)

    def _follow_words(self, words: WordIndex, held: Rows) -> tuple[WordIndex, int]:
        gone, new = _difference(words.rows, held)
        if len(gone) + len(new):
            words = words.copy()  # whoever looks a word up meanwhile goes on with the index as it was
            words.remove(gone)
            for rows in _in_parts(new):
                fields = self._store.fields(rows)
                if len(fields) < len(rows):
                    raise self._store.damaged("passages that belong to no article")
                words.add(fields)
        return words, len(gone) + len(new)

    def _write(self, vectors: VectorIndex, words: WordIndex) -> None:
        with contextlib.suppress(OSError):  # where they cannot be kept they are made again next time
            vectors.save(self._folder / VECTORS_FILE, self._library)
            words.save(self._folder / WORDS_FILE, self._library)
            self._unwritten = 0

    def _owner(self) -> str:
        return f"{self._store.name} {self._store.identity}"

    def _no_vectors(self) -> VectorIndex:
        return VectorIndex((), np.zeros((0, self._store.dimensions()), dtype=np.float32))


def _difference(known: Rows, held: Rows) -> tuple[Rows, Rows]:
    """Return the rows that are gone and those that are new, each ascending."""
    return np.setdiff1d(known, held, assume_unique=True), np.setdiff1d(held, known, assume_unique=True)


def _in_parts(rows: Rows) -> Iterator[list[int]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE].tolist()
