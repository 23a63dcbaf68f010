"""A library: one folder under ``indexes/`` with articles that can be searched by meaning and by words.

Pairs the numbers of ``vectors.py`` with the texts of ``store.py``; this is the only place that does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rag.errors import EmbedderChanged, LibraryError
from rag.index.chunking import split_article
from rag.index.embedding import Embedder
from rag.index.store import Store, WordFields
from rag.index.terms import term, word_fields
from rag.index.vectors import VectorIndex, open_vectors
from rag.values import Article, Entry, Matrix, Passage, Vector

STORE_FILE = "library.sqlite"
VECTORS_FILE = "vectors.faiss"
NAME = re.compile(r"[A-Za-z0-9][\w-]{0,63}")

_BATCH = 32
_ROWS_IN_ONE_QUERY = 500

Found = TypeVar("Found")
_SAME = 0.999  # cosine of a vector with itself, but for rounding


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with what both kinds of search say of it."""

    row: int
    passage: Passage
    title: str
    dense: float
    lexical: float


class Library:
    """One open library.

    Args:
        folder: of the library; created if it is missing.
        embedder: makes the vectors; must be the one the library was built with.

    Raises:
        EmbedderChanged: the library was built with another embedder.
        LibraryError: the library is damaged.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.name = folder.name
        self._folder = folder
        self._embedder = embedder
        self._store = Store(folder / STORE_FILE, embedder.identity)
        self._index: tuple[str, VectorIndex] | None = None

    @property
    def embedder(self) -> Embedder:
        """The embedder of questions and passages."""
        return self._embedder

    def close(self) -> None:
        """Close the library's file."""
        self._store.close()

    def only_article(self) -> str:
        """Return the identifier of the library's one article; empty where it holds none or several."""
        entries = self.entries()
        return entries[0].identifier if len(entries) == 1 else ""

    def entries(self) -> tuple[Entry, ...]:
        """Return what the library holds, in the order it was added."""
        return self._store.entries()

    def article(self, identifier: str) -> Article:
        """Return one article with its text.

        Raises:
            LibraryError: the library holds no such article.
        """
        article = self._store.article(identifier)
        if article is None:
            raise LibraryError(
                f"The library {self.name} holds no article {identifier}.", f"rag list --library {self.name}"
            )
        return article

    def find_entry(self, name: str) -> Entry:
        """Return the article with this identifier (or its beginning), title or file name.

        Raises:
            LibraryError: none, or more than one, is called so.
        """
        entries = self.entries()
        for test in (
            lambda entry: name == entry.identifier,
            lambda entry: name in {entry.source, entry.title},
            lambda entry: len(name) >= 4 and entry.identifier.startswith(name),
        ):
            found = [entry for entry in entries if test(entry)]
            if len(found) == 1:
                return found[0]
            if found:
                raise LibraryError(
                    f"{len(found)} articles of the library {self.name} are called {name!r}.",
                    f"rag list --library {self.name}, then name the identifier",
                )
        raise LibraryError(f"The library {self.name} holds no article {name!r}.", f"rag list --library {self.name}")

    # ── Changing ────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, article: Article, origin: str) -> Iterator[float]:
        """Split, embed and store an article; yields how much is done, in [0, 1], and 1 once it is on disk."""
        self._require_same_embedder()
        passages = split_article(article, self._embedder.count_tokens, self._embedder.max_tokens)
        vectors = []
        for start in range(0, len(passages), _BATCH):
            yield start / len(passages)
            vectors.append(self._embedder.encode_documents([p.text for p in passages[start : start + _BATCH]]))
        matrix = _stack(vectors, self._embedder.dimensions)
        self._store.put(article, origin, passages, matrix, word_fields(article, passages))
        yield 1.0

    def holds(self, article: Article) -> bool:
        """Return whether the library has this very article."""
        return self._store.article(article.identifier) == article

    def identifier_at(self, origin: str) -> str:
        """Return the identifier of the article that came from ``origin``, or an empty string."""
        return self._store.identifier_at(origin)

    def remove(self, identifier: str) -> None:
        """Remove an article with its passages, vectors and words."""
        self.article(identifier)
        self._store.drop(identifier)

    def rebuild(self) -> Iterator[tuple[Entry, float]]:
        """Split and embed every article anew with the present embedder; yields each with the part done.

        The old vectors serve until the new ones are all there: they are swapped in one transaction.
        """
        made = []
        generation, entries = self._store.generation, self.entries()
        for number, entry in enumerate(entries):
            yield entry, number / len(entries)
            article = self.article(entry.identifier)
            passages = split_article(article, self._embedder.count_tokens, self._embedder.max_tokens)
            made.append((article, passages, self._embedder.encode_documents([p.text for p in passages])))
        with self._store.replacing_everything(self._embedder.identity, generation) as put:
            for article, passages, matrix in made:
                put(article, passages, matrix, word_fields(article, passages))

    def verify(self) -> list[str]:
        """Return what is wrong, one sentence each, after rebuilding what can be derived; empty when all is sound."""
        with self._store.snapshot():
            problems = self._store.check()
            for entry in self.entries():
                article = self.article(entry.identifier)
                covered = "".join(passage.text for passage in self.passages(entry.identifier))
                if "".join(covered.split()) != "".join(article.text.split()):
                    problems.append(f"The passages of {entry.title!r} do not cover its text.")
            rows, matrix = self._store.vectors()
            if rows and not problems and self._vectors().cosines(matrix[0], rows[:1])[0] < _SAME:
                problems.append("The vector index disagrees with the store.")
        return problems

    # ── Searching ───────────────────────────────────────────────────────────────────────────────────────────────

    def passages(self, article: str = "") -> tuple[Passage, ...]:
        """Return all passages in reading order: of one article, or of the whole library."""
        rows = self._store.rows(article)
        found = self._lookup(rows)
        return tuple(found[row][0] for row in rows)

    def count_passages(self, article: str = "") -> int:
        """Return the number of passages of one article, or of the whole library."""
        return len(self._store.rows(article))

    def frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return stem → number of the library's passages that hold it, 0 where none does."""
        terms = {stem: term(stem) for stem in stems}
        counted = self._store.frequencies(list(terms.values()))
        return {stem: counted.get(key, 0) for stem, key in terms.items()}

    def fields(self, rows: Sequence[int]) -> dict[int, WordFields]:
        """Return row → the stems of the passage's title, heading and body."""
        return _in_batches(self._store.fields, rows)

    def neighbours(self, candidates: Sequence[Candidate]) -> dict[int, tuple[int, ...]]:
        """Return row → the rows of the passages just before and after it in its article."""
        around: dict[int, tuple[int, ...]] = {}
        for identifier in {candidate.passage.article for candidate in candidates}:
            rows = self._store.rows(identifier)
            around |= {row: (*rows[max(at - 1, 0) : at], *rows[at + 1 : at + 2]) for at, row in enumerate(rows)}
        return around

    def vocabulary(self) -> tuple[str, ...]:
        """Return every stem of the library."""
        return self._store.vocabulary()

    def languages(self) -> tuple[str, ...]:
        """Return the languages its articles are written in, the most frequent first."""
        return tuple(language for language, _ in Counter(entry.language for entry in self.entries()).most_common())

    @property
    def generation(self) -> str:
        """A token that is another one after every change."""
        return self._store.generation

    def search(
        self,
        vector: Vector,
        stems: Sequence[str],
        limit: int,
        *,
        weights: tuple[float, float, float],
        article: str = "",
    ) -> list[Candidate]:
        """Return the union of the best by meaning and the best by words, each with both measures.

        Args:
            vector: of the question, shape (dimensions,).
            stems: content stems of the question.
            limit: of each kind of search.
            weights: of title, heading and body in the full-text search.
            article: identifier to stay within; empty: the whole library.

        Raises:
            EmbedderChanged: the library was built with another embedder.
        """
        with self._store.snapshot():  # an article added meanwhile has words and no vector in this index, or neither
            self._require_same_embedder()
            index = self._vectors()
            among = self._store.rows(article) if article else None
            dense = dict(index.search(vector, limit, among=among))
            lexical = dict(
                self._store.search_words([term(stem) for stem in stems], limit, weights=weights, article=article)
            )
            found = self._lookup([*dense, *(row for row in lexical if row not in dense)])
        unseen = [row for row in found if row not in dense]
        dense.update(zip(unseen, index.cosines(vector, unseen), strict=True))
        return [
            Candidate(row, passage, title, dense[row], lexical.get(row, 0.0)) for row, (passage, title) in found.items()
        ]

    def _lookup(self, rows: Sequence[int]) -> dict[int, tuple[Passage, str]]:
        return _in_batches(self._store.passages, rows)

    def _vectors(self) -> VectorIndex:
        """Return the index of the present generation; to be called within a snapshot of the store."""
        generation = self._store.generation
        if self._index is None or self._index[0] != generation:
            self._index = (generation, open_vectors(self._store, self._folder / VECTORS_FILE))
        return self._index[1]

    def _require_same_embedder(self) -> None:
        built_with, present = self._store.identity, self._embedder.identity
        if built_with != present:
            raise EmbedderChanged(
                f"The library {self.name} was built with the embedder {built_with}, not with {present}.",
                f"rag rebuild --library {self.name}, or set RAG_EMBEDDER back",
            )


def _in_batches(read: Callable[[Sequence[int]], dict[int, Found]], rows: Sequence[int]) -> dict[int, Found]:
    """Read rows a few hundred at a time: SQLite bounds the number of values in one query."""
    found: dict[int, Found] = {}
    for start in range(0, len(rows), _ROWS_IN_ONE_QUERY):
        found |= read(rows[start : start + _ROWS_IN_ONE_QUERY])
    return found


def _stack(parts: Sequence[Matrix], dimensions: int) -> Matrix:
    import numpy as np

    return np.concatenate(parts) if parts else np.zeros((0, dimensions), dtype=np.float32)
