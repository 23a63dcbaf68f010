"""A library: one folder under ``indexes/`` with articles that can be searched by meaning and by words.

Pairs the rows of the indexes with the texts of the store; this is the only place that does.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.errors import EmbedderChanged, LibraryError
from rag.index.batches import embed_together
from rag.index.chunking import split_article
from rag.index.contexts import context, texts_in_context
from rag.index.embedding import Embedder
from rag.index.passage_index import PassageIndex
from rag.index.store import Store
from rag.index.word_fields import word_fields
from rag.index.word_index import WordIndex
from rag.values import Article, Entry, Passage, Vector

STORE_FILE = "library.sqlite"
NAME = re.compile(r"[A-Za-z0-9][\w-]{0,63}")

_TOGETHER = 1024  # passages whose texts wait for each other, so that memory does not grow with what is added


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
        self._index = PassageIndex(self._store, folder)
        self._lock = threading.RLock()
        self._renewing = threading.Lock()
        self._languages: tuple[str, tuple[str, ...]] = ("", ())  # asked for with each question; of one generation

    @property
    def embedder(self) -> Embedder:
        """The embedder of questions and passages."""
        return self._embedder

    def close(self) -> None:
        """Close the library's file."""
        self._store.close()

    def only_article(self) -> str:
        """Return the identifier of the library's one article; empty where it holds none or several."""
        return self._store.only_article()

    def is_empty(self) -> bool:
        """Return whether the library holds no article."""
        return self._store.is_empty()

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
        if entry := self._store.entry(name):
            return entry
        entries = self.entries()
        for test in (
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
        yield from (done for _, done in self.add_all([(article, origin)]))

    def add_all(self, articles: Iterable[tuple[Article, str]]) -> Iterator[tuple[int, float]]:
        """Split, embed and store articles in order, the passages of many of them embedded together.

        Args:
            articles: each with what tells its source from others of the same name.

        Yields:
            Number of an article among them and how much of it is done, in [0, 1]; 1 once it is on disk.
        """
        self._require_same_embedder()
        waiting: list[tuple[int, Article, str, Sequence[Passage]]] = []
        for number, (article, origin) in enumerate(articles):
            yield number, 0.0
            waiting.append((number, article, origin, self._split(article)))
            if sum(len(passages) for *_, passages in waiting) >= _TOGETHER:
                yield from self._store_together(waiting)
                waiting.clear()
        yield from self._store_together(waiting)

    def _store_together(
        self, articles: Sequence[tuple[int, Article, str, Sequence[Passage]]]
    ) -> Iterator[tuple[int, float]]:
        texts = [texts_in_context(article, passages) for _, article, _, passages in articles]
        for place, done, vectors in embed_together(self._embedder, texts):
            number, article, origin, passages = articles[place]
            if done == 1:
                self._store.put(article, origin, passages, vectors, word_fields(article, passages))
            yield number, done

    def _split(self, article: Article) -> Sequence[Passage]:
        room = self._embedder.max_tokens - self._embedder.count_tokens(context(article))
        return split_article(article, self._embedder.count_tokens, room)

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
            passages = self._split(article)
            made.append((article, passages, self._embedder.encode_documents(texts_in_context(article, passages))))
        with self._store.replacing_everything(self._embedder.identity, generation) as put:
            for article, passages, matrix in made:
                put(article, passages, matrix, word_fields(article, passages))

    def renew(self) -> Iterator[float]:
        """Rebuild the library if another embedder made its vectors; yields the part done.

        Who asks meanwhile waits. Until all is done the old vectors stay, so that a stop or a crash loses nothing.
        """
        with self._renewing:
            if self._store.identity == self._embedder.identity:
                return
            try:
                for _, done in self.rebuild():
                    yield done
            except LibraryError:  # another process may have done it meanwhile
                if self._store.identity != self._embedder.identity:
                    raise

    def verify(self) -> list[str]:
        """Return what is wrong, one sentence each, after rebuilding what can be derived; empty when all is sound."""
        with self._lock, self._store.snapshot():
            problems = self._store.check()
            for entry in self.entries():
                article = self.article(entry.identifier)
                rows = self._store.rows(entry.identifier)
                passages = self.passages(entry.identifier)
                covered = "".join(passage.text for passage in passages)
                if "".join(covered.split()) != "".join(article.text.split()):
                    problems.append(f"The passages of {entry.title!r} do not cover its text.")
                words = self._store.fields(rows)
                if [words[row] for row in rows] != word_fields(article, passages):
                    problems.append(f"The words of {entry.title!r} are not those of its text.")
            if not problems:
                self._index.renew()
        return problems

    # ── Searching ───────────────────────────────────────────────────────────────────────────────────────────────

    def passages(self, article: str = "") -> tuple[Passage, ...]:
        """Return all passages in reading order: of one article, or of the whole library."""
        rows = self._store.rows(article)
        found = self._store.passages(rows)
        return tuple(found[row][0] for row in rows)

    def count_passages(self) -> int:
        """Return the number of passages."""
        return self._store.count_passages()

    def languages(self) -> tuple[str, ...]:
        """Return the languages its articles are written in, the most frequent first."""
        generation = self._store.generation
        if self._languages[0] != generation:
            self._languages = generation, self._store.languages()
        return self._languages[1]

    def language(self, identifier: str) -> str:
        """Return the language of one article; empty where there is no such article."""
        return self._store.language(identifier)

    def words(self) -> WordIndex:
        """Return what is known of the library's words: how many passages hold one, and which there are."""
        with self._lock, self._store.snapshot():
            return self._index.words

    def search(
        self, vector: Vector, terms: Sequence[Mapping[str, float]], limit: int, *, article: str = ""
    ) -> list[Candidate]:
        """Return the union of the best by meaning and the best by words, each with both measures.

        Args:
            vector: of the question, shape (dimensions,).
            terms: for each word of the question, the stems that may stand for it with their weights.
            limit: of each kind of search.
            article: identifier to stay within; empty: the whole library.

        Raises:
            EmbedderChanged: the library was built with another embedder.
        """
        with self._lock, self._store.snapshot():  # both indexes and the texts are of one instant
            self._require_same_embedder()
            vectors, words = self._index.vectors, self._index.words
            among = self._store.rows(article) if article else None
            dense = dict(vectors.search(vector, limit, among=among))
            scores = words.scores(terms)
            rows = list(dict.fromkeys([*dense, *_best(words.rows, scores, limit, among)]))
            unseen = [row for row in rows if row not in dense]
            dense.update(zip(unseen, vectors.cosines(vector, unseen), strict=True))
            lexical = scores[np.searchsorted(words.rows, rows)]
            found = self._store.passages(rows)
        return [Candidate(row, *found[row], dense[row], float(score)) for row, score in zip(rows, lexical, strict=True)]

    def _require_same_embedder(self) -> None:
        built_with, present = self._store.identity, self._embedder.identity
        if built_with != present:
            raise EmbedderChanged(
                f"The library {self.name} was built with the embedder {built_with}, not with {present}.",
                f"rag rebuild --library {self.name}, or set RAG_EMBEDDER back",
            )


def _best(
    rows: npt.NDArray[np.int64], scores: npt.NDArray[np.float32], limit: int, among: Sequence[int] | None
) -> list[int]:
    """Return the rows with the largest scores above 0, best first, ties by row."""
    if among is not None:
        places = np.searchsorted(rows, among)
        rows, scores = rows[places], scores[places]
    held = np.flatnonzero(scores > 0)
    if len(held) > limit:
        held = held[np.argpartition(-scores[held], limit)[:limit]]
    ordered = held[np.lexsort((rows[held], -scores[held]))]
    return [int(row) for row in rows[ordered]]
