"""The only truth of a library: one SQLite file with the articles, their passages, vectors and words.

One transaction adds, replaces or removes an article with all that hangs on it, so a crash at any instant leaves the
library as it was before or as it is after. Whatever else is kept (see ``passage_index.py``) is derived from here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import LibraryError
from rag.index.database import Database
from rag.index.word_index import WordFields
from rag.values import Article, Block, Entry, Matrix, Passage

_ROWS_IN_ONE_QUERY = 500
_ENTRIES = (
    "SELECT identifier, title, date, language, source, characters,"
    " (SELECT count(*) FROM passages WHERE article = articles.row) FROM articles"
)


class Store(Database):
    """What a library holds, in one SQLite file: put and dropped by article, read by row, found by word."""

    # ── Changing ────────────────────────────────────────────────────────────────────────────────────────────────

    def put(
        self,
        article: Article,
        origin: str,
        passages: Sequence[Passage],
        vectors: Matrix,
        words: Sequence[WordFields],
    ) -> None:
        """Add an article, in place of whatever had the same text or came from the same ``origin``.

        Args:
            article: to keep.
            origin: what tells this source from another with the same name.
            passages: of the article, in order.
            vectors: shape (passages, dimensions).
            words: one a passage.
        """
        if not len(passages) == len(vectors) == len(words):
            raise ValueError(f"{len(passages)} passages, {len(vectors)} vectors and {len(words)} rows of words")
        with self.transaction():
            self._put(article, origin, passages, vectors, words)
            self._set("generation", uuid.uuid4().hex)

    @contextmanager
    def replacing_everything(self, identity: str, generation: str) -> Iterator[Callable[..., None]]:
        """Give a function like :meth:`put`; what it is given replaces all there was, at once, under ``identity``.

        Raises:
            LibraryError: the library is no longer of this generation: what was added since would be lost.
        """
        with self.transaction():
            if self.generation != generation:
                raise LibraryError(
                    f"The library in {self._path.parent} was changed while it was rebuilt; it stays as it is.",
                    f"rag rebuild --library {self._path.parent.name}",
                )
            kept = self._all("SELECT identifier, origin FROM articles")
            origins = {str(identifier): str(origin) for identifier, origin in kept}
            self._drop("1")

            def put(
                article: Article, passages: Sequence[Passage], vectors: Matrix, words: Sequence[WordFields]
            ) -> None:
                self._put(article, origins[article.identifier], passages, vectors, words)

            yield put
            self._set("identity", identity)
            self._set("generation", uuid.uuid4().hex)

    def drop(self, identifier: str) -> None:
        """Remove the article with this identifier, if it is there, with all that hangs on it."""
        with self.transaction():
            self._drop("identifier = ?", identifier)
            self._set("generation", uuid.uuid4().hex)

    def _put(
        self,
        article: Article,
        origin: str,
        passages: Sequence[Passage],
        vectors: Matrix,
        words: Sequence[WordFields],
    ) -> None:
        self._drop("identifier = ? OR origin = ?", article.identifier, origin)
        blocks = json.dumps([astuple(block) for block in article.blocks])
        row = self._connection.execute(
            "INSERT INTO articles"
            " (identifier, origin, title, date, language, source, text, blocks, characters, title_stems, author,"
            " publisher) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.identifier,
                origin,
                article.title,
                article.date,
                article.language,
                article.source,
                article.text,
                blocks,
                len(article.text),
                words[0].title if words else "",
                article.author,
                article.publisher,
            ),
        ).lastrowid
        self._connection.executemany(
            'INSERT INTO passages (article, start, "end", heading_stems, stems, vector) VALUES (?, ?, ?, ?, ?, ?)',
            (
                (row, passage.start, passage.end, fields.heading, fields.body, vector.astype("<f4").tobytes())
                for passage, vector, fields in zip(passages, vectors, words, strict=True)
            ),
        )

    def _drop(self, condition: str, *values: str) -> None:
        self._connection.execute(f"DELETE FROM articles WHERE {condition}", values)  # noqa: S608  # passages cascade

    # ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────

    def entries(self) -> tuple[Entry, ...]:
        """Return what the library lists, in the order it was added."""
        return tuple(Entry(*row) for row in self._all(f"{_ENTRIES} ORDER BY row"))

    def entry(self, identifier: str) -> Entry | None:
        """Return what the library lists of one article, or None."""
        rows = self._all(f"{_ENTRIES} WHERE identifier = ?", identifier)
        return Entry(*rows[0]) if rows else None

    def article(self, identifier: str) -> Article | None:
        """Return the article with its text, or None."""
        rows = self._all(
            "SELECT identifier, title, text, language, date, source, blocks, author, publisher FROM articles"
            " WHERE identifier = ?",
            identifier,
        )
        if not rows:
            return None
        name, title, text, language, date, source, blocks, author, publisher = rows[0]
        parts = tuple(Block(*block) for block in json.loads(blocks))
        return Article(name, title, text, language, date, source, parts, author, publisher)

    def identifier_at(self, origin: str) -> str:
        """Return the identifier of the article that came from ``origin``, or an empty string."""
        rows = self._all("SELECT identifier FROM articles WHERE origin = ?", origin)
        return str(rows[0][0]) if rows else ""

    def rows(self, article: str = "") -> tuple[int, ...]:
        """Return the passage rows in reading order: of one article, or of all when none is named."""
        where = "WHERE identifier = ?" if article else ""
        rows = self._all(
            f"SELECT passages.row FROM passages JOIN articles ON articles.row = article {where}"  # noqa: S608
            " ORDER BY article, start",
            *([article] if article else []),
        )
        return tuple(row for (row,) in rows)

    def all_rows(self) -> npt.NDArray[np.int64]:
        """Return every passage row, ascending, shape (passages,)."""
        rows = self._all("SELECT row FROM passages INDEXED BY passages_by_article")  # the vectors stay unread
        return np.sort(np.fromiter((row for (row,) in rows), dtype=np.int64, count=len(rows)))

    def count_passages(self) -> int:
        """Return the number of passages."""
        return int(self._all("SELECT count(*) FROM passages")[0][0])

    def passages(self, rows: Sequence[int]) -> dict[int, tuple[Passage, str]]:
        """Return row → (passage, title of its article) for the rows that exist."""
        found = self._in(
            'SELECT passages.row, identifier, start, "end", substr(text, start + 1, "end" - start), title'
            " FROM passages JOIN articles ON articles.row = article WHERE passages.row",
            rows,
        )
        return {row: (Passage(article, start, end, text), title) for row, article, start, end, text, title in found}

    def dimensions(self) -> int:
        """Return the number of dimensions of the vectors, 0 where there is none."""
        found = self._all("SELECT length(vector) FROM passages LIMIT 1")
        return int(found[0][0]) // 4 if found else 0

    def vectors(self, rows: Sequence[int]) -> Matrix:
        """Return the vectors of passages that exist, shape (rows, dimensions)."""
        found = dict(self._in("SELECT row, vector FROM passages WHERE row", rows))
        if not found:
            return np.zeros((0, 0), dtype=np.float32)
        matrix = np.frombuffer(b"".join(found[row] for row in rows), dtype="<f4").reshape(len(rows), -1)
        return np.asarray(matrix, dtype=np.float32)

    def fields(self, rows: Sequence[int]) -> dict[int, WordFields]:
        """Return row → the stems of the passage's title, heading and body."""
        found = self._in(
            "SELECT passages.row, title_stems, heading_stems, stems"
            " FROM passages JOIN articles ON articles.row = article WHERE passages.row",
            rows,
        )
        return {row: WordFields(title, heading, body) for row, title, heading, body in found}

    def languages(self) -> tuple[str, ...]:
        """Return the languages the articles are written in, the most frequent first."""
        rows = self._all("SELECT language FROM articles GROUP BY language ORDER BY count(*) DESC, min(row)")
        return tuple(language for (language,) in rows)

    def language(self, identifier: str) -> str:
        """Return the language of an article, or an empty string."""
        rows = self._all("SELECT language FROM articles WHERE identifier = ?", identifier)
        return str(rows[0][0]) if rows else ""

    def only_article(self) -> str:
        """Return the identifier of the only article; empty where there is none, or several."""
        rows = self._all("SELECT identifier FROM articles LIMIT 2")
        return str(rows[0][0]) if len(rows) == 1 else ""

    def is_empty(self) -> bool:
        """Return whether no article is here."""
        return not self._all("SELECT 1 FROM articles LIMIT 1")

    def check(self) -> list[str]:
        """Return what is wrong with the file, one sentence each; empty when it is sound."""
        problems = [f"SQLite reports: {row[0]}." for row in self._all("PRAGMA integrity_check") if row[0] != "ok"]
        lost = self._all("SELECT count(*) FROM passages WHERE article NOT IN (SELECT row FROM articles)")[0][0]
        if lost:
            problems.append(f"{lost} passages belong to no article.")
        return problems

    def _in(self, query: str, rows: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return what a query that ends before ``IN`` gives for the rows: SQLite bounds the values of one query."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(rows), _ROWS_IN_ONE_QUERY):
            some = rows[start : start + _ROWS_IN_ONE_QUERY]
            found += self._all(f"{query} IN ({', '.join('?' * len(some))})", *some)
        return found
