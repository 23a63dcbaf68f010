"""What is read from the file of a library: articles, passages, vectors and words, each value as it was written.

A file may be damaged or edited by hand, and SQLite keeps any value in any column. So a value that is not of its kind is
told here as damage, and nothing behind this file has to expect one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from rag.index.database import Database
from rag.index.schema import READ, SEALED, checksum
from rag.index.word_index import WordFields
from rag.values import Article, Block, BlockKind, Entry, Matrix, Passage

_ROWS_IN_ONE_QUERY = 500
_ENTRIES = (
    "SELECT identifier, title, date, language, source, characters,"
    " (SELECT count(*) FROM passages WHERE article = articles.row) FROM articles"
)
_OF_ENTRIES = (str, str, str, str, str, int, int)
_KINDS = get_args(BlockKind)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in the file, and where it came from."""

    row: int
    identifier: str
    origin: str


class Records(Database):
    """What a library holds: read by article or by row, found by name."""

    def entries(self) -> tuple[Entry, ...]:
        """Return what the library lists, in the order it was added."""
        return tuple(Entry(*row) for row in self._typed(_OF_ENTRIES, f"{_ENTRIES} ORDER BY row"))

    def entry(self, identifier: str) -> Entry | None:
        """Return what the library lists of one article, or None."""
        rows = self._typed(_OF_ENTRIES, f"{_ENTRIES} WHERE identifier = ?", identifier)
        return Entry(*rows[0]) if rows else None

    def article(self, identifier: str) -> Article | None:
        """Return the article with its text, or None."""
        rows = self._typed(
            (str,) * 9,
            "SELECT identifier, title, text, language, date, source, blocks, author, publisher FROM articles"
            " WHERE identifier = ?",
            identifier,
        )
        if not rows:
            return None
        name, title, text, language, date, source, blocks, author, publisher = rows[0]
        return Article(name, title, text, language, date, source, self._blocks(blocks, text), author, publisher)

    def text(self, identifier: str) -> tuple[str, str]:
        """Return what an article may be called in a folder, and its text, whatever became of the rest of it.

        Raises:
            LibraryError: it cannot be read, or is not there.
        """
        rows = self._typed((str, str, str), "SELECT source, title, text FROM articles WHERE identifier = ?", identifier)
        if not rows:
            raise self.damaged(f"the article {identifier!r} is gone")
        source, title, text = rows[0]
        return source.rpartition(".")[0] or source or title, text

    def has(self, identifier: str) -> bool:
        """Return whether an article with this identifier is here, whatever became of it."""
        return bool(self._all("SELECT 1 FROM articles WHERE identifier = ?", identifier))

    def places(self) -> tuple[Place, ...]:
        """Return where each article stands, in the order they were added."""
        rows = self._all("SELECT row, identifier, origin FROM articles ORDER BY row")
        return tuple(Place(row, str(identifier), str(origin)) for row, identifier, origin in rows)

    def is_as_read(self, row: int) -> bool:
        """Return whether what was read of an article's file is what was written then."""
        written = self._all("SELECT read_sha256 FROM articles WHERE row = ?", row)[0][0]
        return bool(checksum(self._all(READ, row)) == written)

    def is_as_derived(self, row: int) -> bool:
        """Return whether an article's passages, vectors and words are what was written."""
        written = self._all("SELECT derived_sha256 FROM articles WHERE row = ?", row)[0][0]
        return bool(self._derived_checksum(row) == written)

    def holds(self, article: Article) -> bool:
        """Return whether this very article is here, as it was read."""
        rows = self._all("SELECT row FROM articles WHERE identifier = ?", article.identifier)
        return bool(rows) and self.is_as_read(rows[0][0]) and self.article(article.identifier) == article

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
            (int, str, int, int, str, str),
            'SELECT passages.row, identifier, start, "end", substr(text, start + 1, "end" - start), title'
            " FROM passages JOIN articles ON articles.row = article WHERE passages.row",
            rows,
        )
        passages = {}
        for row, article, start, end, text, title in found:
            if start < 0 or len(text) != end - start:
                raise self.damaged(f"the offsets of passage {row}")
            passages[row] = Passage(article, start, end, text), title
        return passages

    def dimensions(self) -> int:
        """Return the number of dimensions of the vectors, 0 where there is none."""
        found = self._all("SELECT length(vector) FROM passages LIMIT 1")
        return int(found[0][0]) // 4 if found else 0

    def vectors(self, rows: Sequence[int]) -> Matrix:
        """Return the vectors of passages that exist, shape (rows, dimensions)."""
        found = dict(self._in((int, bytes), "SELECT row, vector FROM passages WHERE row", rows))
        if not found:
            return np.zeros((0, 0), dtype=np.float32)
        lengths = {len(vector) for vector in found.values()}
        if len(lengths) > 1 or len(found) < len(set(rows)) or not lengths or max(lengths) % 4 or not max(lengths):
            raise self.damaged("a vector")
        matrix = np.frombuffer(b"".join(found[row] for row in rows), dtype="<f4").reshape(len(rows), -1)
        if not np.isfinite(matrix).all():
            raise self.damaged("a vector")
        return np.asarray(matrix, dtype=np.float32)

    def fields(self, rows: Sequence[int]) -> dict[int, WordFields]:
        """Return row → the stems of the passage's title, heading and body, for the rows that exist."""
        found = self._in(
            (int, str, str, str),
            "SELECT passages.row, title_stems, heading_stems, stems"
            " FROM passages JOIN articles ON articles.row = article WHERE passages.row",
            rows,
        )
        return {row: WordFields(title, heading, body) for row, title, heading, body in found}

    def languages(self) -> tuple[str, ...]:
        """Return the languages the articles are written in, the most frequent first."""
        rows = self._typed((str,), "SELECT language FROM articles GROUP BY language ORDER BY count(*) DESC, min(row)")
        return tuple(language for (language,) in rows)

    def language(self, identifier: str) -> str:
        """Return the language of an article, or an empty string."""
        rows = self._typed((str,), "SELECT language FROM articles WHERE identifier = ?", identifier)
        return rows[0][0] if rows else ""

    def only_article(self) -> str:
        """Return the identifier of the only article; empty where there is none, or several."""
        rows = self._typed((str,), "SELECT identifier FROM articles LIMIT 2")
        return rows[0][0] if len(rows) == 1 else ""

    def is_empty(self) -> bool:
        """Return whether no article is here."""
        return not self._all("SELECT 1 FROM articles LIMIT 1")

    def check(self) -> list[str]:
        """Return what is wrong with the order of the file, one sentence each; empty when it is sound."""
        return [f"SQLite reports: {row[0]}." for row in self._all("PRAGMA integrity_check") if row[0] != "ok"]

    def count_orphans(self) -> int:
        """Return how many passages belong to no article, as only damage leaves any: they go with theirs."""
        return int(self._all("SELECT count(*) FROM passages WHERE article NOT IN (SELECT row FROM articles)")[0][0])

    def broken_seals(self) -> set[str]:
        """Return which seals do not fit what they cover: see ``SEALED`` in ``schema.py``."""
        written = dict(self._all("SELECT name, value FROM meta"))
        return {name for name in SEALED if written.get(f"seal of {name}") != self._seal(name)}

    # ── Each value as it was written ────────────────────────────────────────────────────────────────────────────

    def _blocks(self, stored: str, text: str) -> tuple[Block, ...]:
        try:
            blocks = tuple(Block(*block) for block in json.loads(stored))
        except (ValueError, TypeError, RecursionError):
            raise self.damaged("the blocks of an article") from None
        numbers = (number for block in blocks for number in (block.start, block.end, block.level))
        if (
            not all(type(number) is int for number in numbers)
            or not all(block.kind in _KINDS for block in blocks)
            or not all(0 <= block.start <= block.end <= len(text) for block in blocks)
        ):
            raise self.damaged("the blocks of an article")
        return blocks

    def _typed(self, kinds: Sequence[type], query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query, each value of its kind.

        Raises:
            LibraryError: a value is of another kind, as only damage leaves one.
        """
        rows = self._all(query, *values)
        for row in rows:
            if not all(map(isinstance, row, kinds)):
                raise self.damaged("a value of another kind than its column")
        return rows

    def _in(self, kinds: Sequence[type], query: str, rows: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return what a query that ends before ``IN`` gives for the rows: SQLite bounds the values of one query."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(rows), _ROWS_IN_ONE_QUERY):
            some = rows[start : start + _ROWS_IN_ONE_QUERY]
            found += self._typed(kinds, f"{query} IN ({', '.join('?' * len(some))})", *some)
        return found
