"""A library: one folder under ``indexes/`` with articles that can be searched by meaning and by words.

Pairs the rows of the indexes with the texts of the store; this is the only place that does.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from rag.errors import DiskFull, EmbedderChanged, LibraryError
from rag.index.batches import embed_together
from rag.index.chunking import split_article
from rag.index.contexts import context, texts_in_context
from rag.index.derived_files import clear_halves
from rag.index.embedding import Embedder
from rag.index.passage_index import Candidate, PassageIndex
from rag.index.store import Store
from rag.index.verifying import Damage, find_damage
from rag.index.word_fields import word_fields
from rag.index.word_index import WordIndex, best_rows
from rag.language.characters import composed, whole_characters
from rag.values import Article, Entry, Matrix, Passage, Vector

STORE_FILE = "library.sqlite"
NAME = re.compile(r"[A-Za-z0-9][\w-]{0,63}")


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
        if not self._store.read_only:
            clear_halves(folder)
        self._index = PassageIndex(self._store, folder)
        self._lock = threading.RLock()
        self._renewing = threading.Lock()
        self._languages: tuple[str, tuple[str, ...]] = ("", ())  # asked for with each question; of one generation

    @property
    def embedder(self) -> Embedder:
        """The embedder of questions and passages."""
        return self._embedder

    def close(self) -> None:
        """Close the library's file; a search under way in another thread ends with a LibraryError."""
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
        """Return one article with its text; raises a LibraryError where there is none."""
        article = self._store.article(whole_characters(identifier))
        if article is None:
            raise self._unknown(identifier)
        return article

    def find_entry(self, name: str) -> Entry:
        """Return the article with this identifier (or its beginning), title or file name.

        Raises:
            LibraryError: none, or more than one, is called so.
        """
        name = composed(name)
        if entry := self._store.entry(name):
            return entry
        entries = self.entries()
        for test in (
            lambda entry: name in {composed(entry.source), composed(entry.title)},
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
        raise self._unknown(name)

    def _unknown(self, name: str) -> LibraryError:
        return LibraryError(f"The library {self.name} holds no article {name!r}.", f"rag list --library {self.name}")

    # ── Changing ────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, article: Article, origin: str) -> Iterator[float]:
        """Split, embed and store an article; yields how much is done, in [0, 1], and 1 once it is on disk."""
        yield from (done for _, done in self.add_all([(article, origin)]))

    def add_all(self, articles: Sequence[tuple[Article, str]]) -> Iterator[tuple[int, float]]:
        """Split, embed and store articles in order, the passages of many of them embedded together.

        Args:
            articles: each with what tells its source from others of the same name.

        Yields:
            Number of an article among them and how much of it is done, in [0, 1]; 1 once it is on disk.
        """
        self._require_same_embedder()
        for number, done, article, passages, vectors in self._embed(article for article, _ in articles):
            if done == 1:
                self._store.put(article, articles[number][1], passages, vectors, word_fields(article, passages))
            yield number, done

    def _embed(self, articles: Iterable[Article]) -> Iterator[tuple[int, float, Article, Sequence[Passage], Matrix]]:
        """Yield number, part done, article, passages and vectors of each, as :func:`embed_together` does."""
        waiting: dict[int, tuple[Article, Sequence[Passage]]] = {}

        def split() -> Iterator[list[str]]:
            for number, article in enumerate(articles):
                waiting[number] = article, self._split(article)
                yield texts_in_context(*waiting[number])

        for number, done, vectors in embed_together(self._embedder, split()):
            yield number, done, *waiting[number], vectors
            if done == 1:
                del waiting[number]

    def _split(self, article: Article) -> Sequence[Passage]:
        room = self._embedder.max_tokens - self._embedder.count_tokens(context(article))
        return split_article(article, self._embedder.count_tokens, room)

    def holds(self, article: Article) -> bool:
        """Return whether the library has this very article."""
        return self._store.holds(article)

    def identifier_at(self, origin: str) -> str:
        """Return the identifier of the article that came from ``origin``, or an empty string."""
        return self._store.identifier_at(origin)

    def remove(self, identifier: str) -> None:
        """Remove an article with its passages, vectors and words."""
        if not self._store.has(identifier):
            raise self._unknown(identifier)
        try:
            self._store.drop(identifier)
        except DiskFull:  # to remove, something must be written first; what is derived gives its room
            self._index.drop_files()
            with suppress(DiskFull):
                self._store.make_room()
            self._store.drop(identifier)

    def rebuild(self) -> Iterator[tuple[Entry, float]]:
        """Split and embed every article anew with the present embedder; yields each with the part done.

        The old vectors serve until the new ones are all there; a library that changes meanwhile stays as it is.
        """
        generation, entries = self._store.generation, self.entries()
        with self._store.rebuilding(self._embedder.identity, generation) as put:
            articles = (self.article(entry.identifier) for entry in entries)
            for number, done, article, passages, vectors in self._embed(articles):
                if done == 0:
                    yield entries[number], number / len(entries)
                if done == 1:
                    put(article, passages, vectors, word_fields(article, passages))

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

    def verify(self) -> list[Damage]:
        """Return what was wrong with the library, after making anew what is derived; empty when all was sound."""
        with self._lock:
            found = list(find_damage(self._store, self.name, self._embedder.identity, self._derive_anew))
            if not any(damage.remedy for damage in found):
                with self._store.snapshot():
                    self._index.renew()
        return found

    def _derive_anew(self, articles: Iterable[Article]) -> None:
        for _, done, article, passages, vectors in self._embed(articles):
            if done == 1:
                self._store.derive_anew(article, passages, vectors, word_fields(article, passages))

    # ── Searching ───────────────────────────────────────────────────────────────────────────────────────────────

    def passages(self, article: str = "") -> tuple[Passage, ...]:
        """Return all passages in reading order: of one article, or of the whole library.

        Raises:
            LibraryError: the library does not hold the article.
        """
        with self._store.snapshot():
            return self._passages(article)[1]

    def passages_with_vectors(self, article: str) -> tuple[tuple[Passage, ...], Matrix]:
        """Return an article's passages in reading order and their vectors, shape (passages, dimensions).

        Raises:
            EmbedderChanged: the library was built with another embedder.
            LibraryError: the library does not hold the article.
        """
        with self._store.snapshot():
            self._require_same_embedder()
            rows, passages = self._passages(article)
            return passages, self._store.vectors(rows)

    def _passages(self, article: str) -> tuple[Sequence[int], tuple[Passage, ...]]:
        if article and not self._store.has(article):
            raise self._unknown(article)
        rows = self._store.rows(article)
        found = self._store.passages(rows)
        return rows, tuple(found[row][0] for row in rows)

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
            if len(vectors) and vectors.dimensions != len(vector):
                raise self._store.damaged("the length of its vectors")
            dense = dict(vectors.search(vector, limit, among=among))
            scores = words.scores(terms)
            rows = list(dict.fromkeys([*dense, *best_rows(words.rows, scores, limit, among)]))
            unseen = [row for row in rows if row not in dense]
            dense.update(zip(unseen, vectors.cosines(vector, unseen), strict=True))
            lexical = scores[np.searchsorted(words.rows, rows)]
            found = self._store.passages(rows)
            if len(found) < len(rows):
                raise self._store.damaged("passages that belong to no article")
        return [Candidate(row, *found[row], dense[row], float(score)) for row, score in zip(rows, lexical, strict=True)]

    def _require_same_embedder(self) -> None:
        built, present = self._store.identity, self._embedder.identity
        if built != present:
            what = f"The library {self.name} was built with the embedder {built}, not with {present}."
            raise EmbedderChanged(what, f"rag rebuild --library {self.name}, or set RAG_EMBEDDER back")
