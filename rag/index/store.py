"""The only truth of a library: one SQLite file with the articles, their passages, vectors and words.

One transaction adds, replaces or removes an article with all that hangs on it, so a crash at any instant leaves the
library as it was before or as it is after. Whatever else is kept (see ``passage_index.py``) is derived from here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple

from rag.errors import LibraryError
from rag.index.records import Records
from rag.index.reserve import give_reserve, keep_reserve
from rag.index.schema import LARGEST, PASSAGES, PASSAGES_BY_ARTICLE
from rag.index.word_index import WordFields
from rag.values import Article, Matrix, Passage


class Store(Records):
    """What a library holds, in one SQLite file: put and dropped by article, read by row, found by word."""

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
        _require_one_each(passages, vectors, words)
        with self.transaction():
            self._drop("identifier = ? OR origin = ?", article.identifier, origin)
            before = self._bytes_used()
            row = self._put_article(article, origin)
            self._put_passages(row, passages, vectors, words)
            self._describe(row, words)
            self._seal_article(row)
            taken = self._bytes_used() - before
            self._changed()
        keep_reserve(self._path.parent, taken)

    def keep_room(self) -> None:
        """Keep room for the removal of the largest article, as :meth:`put` does of each."""
        (largest,) = self._all(LARGEST)[0]
        if largest:
            keep_reserve(self._path.parent, int(largest) * 2)  # a row takes the rest of its page, too
        else:
            give_reserve(self._path.parent)

    def drop(self, identifier: str) -> None:
        """Remove the article with this identifier, if it is there, with all that hangs on it."""
        with self.transaction():
            self._drop("identifier = ?", identifier)
            self._changed()
        if self.is_empty():
            give_reserve(self._path.parent)

    # ── Making anew what is derived ─────────────────────────────────────────────────────────────────────────────

    def derive_anew(
        self, article: Article, passages: Sequence[Passage], vectors: Matrix, words: Sequence[WordFields]
    ) -> None:
        """Put passages, as :meth:`put` takes them, in the place of those an article has, if it is still there."""
        _require_one_each(passages, vectors, words)
        with self.transaction():
            for row in self._rows_of(article):
                self._connection.execute("DELETE FROM passages WHERE article = ?", (row,))
                self._put_passages(row, passages, vectors, words)
                self._describe(row, words)
                self._seal_article(row)
            self._changed()

    @contextmanager
    def rebuilding(
        self, identity: str, generation: str
    ) -> Iterator[Callable[[Article, Sequence[Passage], Matrix, Sequence[WordFields]], None]]:
        """Give a function like :meth:`derive_anew`; what it was given takes the place of all passages at the end.

        Each article is written by itself, into a table that nobody reads, so that others read and write meanwhile; then
        the two tables change places in one transaction, which writes no passage.

        Args:
            identity: of the embedder that makes the vectors.
            generation: of the library that is rebuilt.

        Raises:
            LibraryError: the library is no longer of this generation: what was added since would be lost.
        """
        table = f"rebuilt_{uuid.uuid4().hex}"
        words_of: dict[int, Sequence[WordFields]] = {}
        with self.transaction():
            self._require_generation(generation)
            self._connection.execute(f"CREATE TABLE {table} {PASSAGES}")
            last = "SELECT ?, seq FROM sqlite_sequence WHERE name = 'passages'"  # rows are never used twice
            self._connection.execute(f"INSERT INTO sqlite_sequence (name, seq) {last}", (table,))

        def put(article: Article, passages: Sequence[Passage], vectors: Matrix, words: Sequence[WordFields]) -> None:
            _require_one_each(passages, vectors, words)
            with self.transaction():
                self._require_generation(generation)
                for row in self._rows_of(article):
                    self._put_passages(row, passages, vectors, words, table)
                    words_of[row] = words[:1]

        try:
            yield put
            with self.transaction():
                self._require_generation(generation)
                self._exchange_passages(table, words_of)
                self._set("identity", identity)
                self._changed("tables", "said")
        finally:
            with suppress(LibraryError), self.transaction():  # where it fails, the next rebuild drops it
                self._connection.execute(f"DROP TABLE IF EXISTS {table}")

    def mend_order(self) -> None:
        """Make anew what SQLite derives from the tables, and drop the passages of no article.

        Raises:
            LibraryError: the tables themselves are damaged.
        """
        with self.transaction():
            self._connection.execute("REINDEX")
            self._connection.execute("DELETE FROM passages WHERE article NOT IN (SELECT row FROM articles)")
            self._changed()

    def mend_tokens(self) -> None:
        """Give the file another name and generation, so that all that is derived from it is made anew."""
        with self.transaction():
            self._set("name", uuid.uuid4().hex)
            if not self._all("SELECT 1 FROM meta WHERE name = 'identity'"):
                self._set("identity", "unknown")
            self._changed("said")

    # ── Within a transaction ────────────────────────────────────────────────────────────────────────────────────

    def _put_article(self, article: Article, origin: str) -> int:
        blocks = json.dumps([astuple(block) for block in article.blocks])
        self._connection.execute(
            "INSERT INTO articles (identifier, origin, title, date, language, source, characters, title_stems, text,"
            " blocks, author, publisher) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)",
            (
                article.identifier,
                origin,
                article.title,
                article.date,
                article.language,
                article.source,
                len(article.text),
                article.text,
                blocks,
                article.author,
                article.publisher,
            ),
        )
        return self._rows_of(article)[0]

    def _put_passages(
        self,
        row: int,
        passages: Sequence[Passage],
        vectors: Matrix,
        words: Sequence[WordFields],
        table: str = "passages",
    ) -> None:
        self._connection.executemany(
            f'INSERT INTO {table} (article, start, "end", heading_stems, stems, vector)'  # noqa: S608  # ours
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                (row, passage.start, passage.end, fields.heading, fields.body, vector.astype("<f4").tobytes())
                for passage, vector, fields in zip(passages, vectors, words, strict=True)
            ),
        )

    def _describe(self, row: int, words: Sequence[WordFields]) -> None:
        """Write what is derived from an article and stands with it."""
        values = (words[0].title if words else "", row)
        self._connection.execute("UPDATE articles SET characters = length(text), title_stems = ? WHERE row = ?", values)

    def _exchange_passages(self, table: str, words_of: dict[int, Sequence[WordFields]]) -> None:
        """Let a table of passages take the place of the present one, and drop what other rebuilds have left."""
        self._connection.execute("DROP TABLE passages")
        self._connection.execute(f"ALTER TABLE {table} RENAME TO passages")
        self._connection.execute(PASSAGES_BY_ARTICLE)
        for (left,) in self._all("SELECT name FROM sqlite_master WHERE name LIKE 'rebuilt%' AND type = 'table'"):
            self._connection.execute(f'DROP TABLE "{left}"')
        for row, words in words_of.items():
            self._describe(row, words)
            self._seal_article(row)

    def _bytes_used(self) -> int:
        names = ("page_size", "page_count", "freelist_count")
        size, pages, free = (int(self._all(f"PRAGMA {name}")[0][0]) for name in names)
        return size * (pages - free)

    def _rows_of(self, article: Article) -> list[int]:
        return [row for (row,) in self._all("SELECT row FROM articles WHERE identifier = ?", article.identifier)]

    def _require_generation(self, generation: str) -> None:
        if self.generation != generation:
            raise LibraryError(
                f"The library in {self._path.parent} was changed while it was rebuilt; it stays as it is.",
                f"rag rebuild --library {self._path.parent.name}",
            )

    def _drop(self, condition: str, *values: str) -> None:
        self._connection.execute(f"DELETE FROM articles WHERE {condition}", values)  # noqa: S608  # passages cascade


def _require_one_each(passages: Sequence[Passage], vectors: Matrix, words: Sequence[WordFields]) -> None:
    if not len(passages) == len(vectors) == len(words):
        raise ValueError(f"{len(passages)} passages, {len(vectors)} vectors and {len(words)} rows of words")
