"""The only truth of a library: one SQLite file with the articles, their passages, vectors and words.

One transaction adds, replaces or removes an article with all that hangs on it, so a crash at any instant leaves the
library as it was before or as it is after. Whatever else is kept (the FAISS file, see ``vectors.py``) is derived from
here and carries the ``generation`` it was derived from.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass

import numpy as np

from rag.errors import LibraryError
from rag.index.database import Database
from rag.values import Article, Block, Entry, Matrix, Passage


@dataclass(frozen=True, slots=True)
class WordFields:
    """What the full-text table holds of one passage: stems separated by blanks."""

    title: str
    heading: str
    body: str


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
            "INSERT INTO articles (identifier, origin, title, date, language, source, text, blocks)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.identifier,
                origin,
                article.title,
                article.date,
                article.language,
                article.source,
                article.text,
                blocks,
            ),
        ).lastrowid
        for passage, vector, fields in zip(passages, vectors, words, strict=True):
            number = self._connection.execute(
                'INSERT INTO passages (article, start, "end", vector) VALUES (?, ?, ?, ?)',
                (row, passage.start, passage.end, vector.astype("<f4").tobytes()),
            ).lastrowid
            self._connection.execute(
                "INSERT INTO words (rowid, title, heading, body) VALUES (?, ?, ?, ?)",
                (number, fields.title, fields.heading, fields.body),
            )

    def _drop(self, condition: str, *values: str) -> None:
        rows = self._connection.execute(f"SELECT row FROM articles WHERE {condition}", values).fetchall()  # noqa: S608
        for (row,) in rows:
            self._connection.execute(
                "DELETE FROM words WHERE rowid IN (SELECT row FROM passages WHERE article = ?)", (row,)
            )
            self._connection.execute("DELETE FROM passages WHERE article = ?", (row,))
            self._connection.execute("DELETE FROM articles WHERE row = ?", (row,))

    # ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────

    def entries(self) -> tuple[Entry, ...]:
        """Return what the library lists, in the order it was added."""
        rows = self._all(
            "SELECT identifier, title, date, language, source, length(text),"
            " (SELECT count(*) FROM passages WHERE article = articles.row) FROM articles ORDER BY row"
        )
        return tuple(Entry(*row) for row in rows)

    def article(self, identifier: str) -> Article | None:
        """Return the article with its text, or None."""
        rows = self._all(
            "SELECT identifier, title, text, language, date, source, blocks FROM articles WHERE identifier = ?",
            identifier,
        )
        if not rows:
            return None
        name, title, text, language, date, source, blocks = rows[0]
        parts = tuple(Block(*block) for block in json.loads(blocks))
        return Article(name, title, text, language, date, source, parts)

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

    def passages(self, rows: Sequence[int]) -> dict[int, tuple[Passage, str]]:
        """Return row → (passage, title of its article) for the rows that exist."""
        marks = ", ".join("?" * len(rows))
        found = self._all(
            'SELECT passages.row, identifier, start, "end", substr(text, start + 1, "end" - start), title'  # noqa: S608
            f" FROM passages JOIN articles ON articles.row = article WHERE passages.row IN ({marks})",
            *rows,
        )
        return {row: (Passage(article, start, end, text), title) for row, article, start, end, text, title in found}

    def vectors(self) -> tuple[tuple[int, ...], Matrix]:
        """Return all passage rows and their vectors, shape (rows, dimensions), read in one instant."""
        found = self._all("SELECT row, vector FROM passages ORDER BY row")
        if not found:
            return (), np.zeros((0, 0), dtype=np.float32)
        matrix = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f4").reshape(len(found), -1)
        return tuple(row for row, _ in found), np.asarray(matrix, dtype=np.float32)

    def search_words(
        self, stems: Sequence[str], limit: int, *, weights: tuple[float, float, float], article: str = ""
    ) -> list[tuple[int, float]]:
        """Return the best (row, BM25) for any of the stems, best first; BM25 positive, larger is better.

        Args:
            stems: as the full-text table holds them.
            limit: number of rows at most.
            weights: of title, heading and body.
            article: identifier to stay within; empty: the whole library.
        """
        query = " OR ".join('"' + stem.replace('"', '""') + '"' for stem in dict.fromkeys(stems) if stem)
        if not query:
            return []
        where = (
            "AND words.rowid IN (SELECT passages.row FROM passages JOIN articles ON articles.row = article"
            " WHERE identifier = ?)"
            if article
            else ""
        )
        found = self._all(
            f"SELECT words.rowid, -bm25(words, ?, ?, ?) AS score FROM words WHERE words MATCH ? {where}"  # noqa: S608
            " ORDER BY score DESC, words.rowid LIMIT ?",
            *weights,
            query,
            *([article] if article else []),
            limit,
        )
        return [(row, float(score)) for row, score in found]

    def frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return stem → number of passages that hold it, for the stems that occur."""
        marks = ", ".join("?" * len(stems))
        return dict(self._all(f"SELECT term, doc FROM vocabulary WHERE term IN ({marks})", *stems))  # noqa: S608

    def fields(self, rows: Sequence[int]) -> dict[int, WordFields]:
        """Return row → the stems of the passage's title, heading and body."""
        marks = ", ".join("?" * len(rows))
        found = self._all(f"SELECT rowid, title, heading, body FROM words WHERE rowid IN ({marks})", *rows)  # noqa: S608
        return {row: WordFields(title, heading, body) for row, title, heading, body in found}

    def vocabulary(self) -> tuple[str, ...]:
        """Return every stem of the library."""
        return tuple(stem for (stem,) in self._all("SELECT term FROM vocabulary"))

    def check(self) -> list[str]:
        """Return what is wrong with the file, one sentence each; empty when it is sound."""
        problems = [f"SQLite reports: {row[0]}." for row in self._all("PRAGMA integrity_check") if row[0] != "ok"]
        lost = self._all("SELECT count(*) FROM passages WHERE row NOT IN (SELECT rowid FROM words)")[0][0]
        if lost:
            problems.append(f"{lost} passages have no words in the full-text table.")
        return problems
