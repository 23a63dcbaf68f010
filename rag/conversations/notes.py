"""What readers noted of an article: the words they picked, exactly, and what they remarked on them."""

from __future__ import annotations

import secrets

from rag.conversations.database import Database, now
from rag.conversations.turn import Note, from_row
from rag.values import Article

QUOTE_CHARACTERS = 5000
REMARK_CHARACTERS = 2000
_COLUMNS = "identifier, article, title, start, end, quote, remark, created"


class Notes:
    """The notes of all readers, each the reader's own.

    Args:
        database: the file they are kept in.
    """

    def __init__(self, database: Database) -> None:
        self._transaction = database.transaction

    def add(self, reader: str, article: Article, start: int, end: int) -> Note | None:
        """Keep the words ``article.text[start:end]``; return the note, or None where there are no such words."""
        start, end = max(0, start), min(end, len(article.text), start + QUOTE_CHARACTERS)
        quote = article.text[start:end]
        if not quote.strip():
            return None
        note = Note(secrets.token_hex(8), article.identifier, article.title, start, end, quote, "", now())
        self.restore(reader, note)
        return note

    def restore(self, reader: str, note: Note) -> None:
        """Write a note that was erased anew, as it was."""
        row = (
            note.identifier, reader, note.article, note.title, note.start, note.end, note.quote, note.remark,
            note.created,
        )  # fmt: skip
        with self._transaction() as database:
            database.execute("INSERT OR IGNORE INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def of(self, reader: str, article: str) -> tuple[Note, ...]:
        """Return a reader's notes on an article, in the order of its text."""
        with self._transaction() as database:
            rows = database.execute(
                f"SELECT {_COLUMNS} FROM notes WHERE reader = ? AND article = ? ORDER BY start, end, created",  # noqa: S608  # our own names
                (reader, article),
            ).fetchall()
        return tuple(from_row(Note, row) for row in rows)

    def places(self, reader: str) -> frozenset[tuple[str, int, int]]:
        """Return where a reader's notes stand: an article, and from where to where in its text."""
        with self._transaction() as database:
            rows = database.execute("SELECT article, start, end FROM notes WHERE reader = ?", (reader,)).fetchall()
        return frozenset((article, start, end) for article, start, end in rows)

    def remark(self, reader: str, identifier: str, remark: str) -> None:
        """Write what a reader remarks on the words of a note."""
        with self._transaction() as database:
            database.execute(
                "UPDATE notes SET remark = ? WHERE identifier = ? AND reader = ?",
                (remark[:REMARK_CHARACTERS], identifier, reader),
            )

    def delete(self, reader: str, identifier: str) -> Note | None:
        """Erase a note; return it as it was, None where the reader has no such one."""
        with self._transaction() as database:
            row = database.execute(
                f"DELETE FROM notes WHERE identifier = ? AND reader = ? RETURNING {_COLUMNS}",  # noqa: S608  # our own names
                (identifier, reader),
            ).fetchone()
        return from_row(Note, row) if row else None
