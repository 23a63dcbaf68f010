"""Conversations on disk: one SQLite file, written while answers stream, so that a closed tab or a crash loses nothing.

Each conversation belongs to a *reader*: a random name that a browser was given, or the name of an account. Every verb
takes the reader, and answers as if what belongs to another did not exist. A turn is saved whole each time, answer and
all, so the file is right after any instant. Deleted text is overwritten (``secure_delete``), the file is its owner's
alone.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from rag.conversations.database import Database, now, searchable, searched
from rag.conversations.markdown import to_markdown
from rag.conversations.notes import Notes
from rag.conversations.outline import Paragraph, language_of, outline
from rag.conversations.turn import UNREADABLE, KeptTurn, Note, Summary, from_row, turn_from_json, turn_to_json
from rag.conversations.word import to_word
from rag.errors import LibraryError, UnknownConversation

TITLE_CHARACTERS = 80
SUMMARY = (
    "SELECT c.identifier, c.title, c.library, c.article, c.created, c.changed, "
    "(SELECT COUNT(*) FROM turns t WHERE t.conversation = c.identifier) FROM conversations c WHERE c.reader = ?"
)
LISTED = "SELECT c.rowid FROM conversations c WHERE c.reader = ?"


class Conversations:
    """The conversations of all readers.

    Args:
        folder: where the file lies; made when the first conversation begins.
    """

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder)
        self._transaction = self._database.transaction
        self.notes = Notes(self._database)

    @property
    def hindered(self) -> LibraryError | None:
        """Why not all conversations could be read or kept when that was last tried; None where all could."""
        return self._database.hindered

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def begin(self, reader: str, title: str, *, library: str, article: str = "") -> str:
        """Begin a conversation; return its identifier."""
        identifier, began = secrets.token_hex(8), now()
        title = " ".join(title.split())
        if len(title) > TITLE_CHARACTERS:
            title = title[: TITLE_CHARACTERS - 1].rstrip(" :;,.«“(–—") + "…"
        with self._transaction() as database:
            database.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)",
                (identifier, reader, title, library, article, began, began),
            )
        return identifier

    def save(self, reader: str, identifier: str, number: int, turn: KeptTurn) -> None:
        """Write a turn, over the one that has this number; a conversation deleted meanwhile stays deleted."""
        with self._transaction() as database:
            if not _owned(database, reader, identifier):
                return
            database.execute(
                "INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?)",
                (identifier, number, turn_to_json(turn), searched(turn)),
            )
            database.execute("UPDATE conversations SET changed = ? WHERE identifier = ?", (now(), identifier))

    def listed(self, reader: str, query: str = "") -> tuple[Summary, ...]:
        """Return a reader's conversations, latest first; with ``query``, those that hold all its words.

        Of a damaged file those come that can be read, and :attr:`hindered` tells that not all did.
        """
        sql = LISTED
        wanted: list[str] = [reader]
        for word in searchable(query).split():
            sql += (
                " AND (fold(c.title) LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM turns t "
                "WHERE t.conversation = c.identifier AND t.folded LIKE ? ESCAPE '\\'))"
            )
            wanted += [_like(word)] * 2
        found = []
        with self._transaction() as database:
            for (row,) in database.execute(sql + " ORDER BY c.changed DESC, c.rowid DESC", wanted).fetchall():
                with suppress(sqlite3.DatabaseError):
                    summary = database.execute(SUMMARY + " AND c.rowid = ?", (reader, row)).fetchone()
                    found += [from_row(Summary, summary)] if summary else []
        return tuple(found)

    def summary(self, reader: str, identifier: str) -> Summary:
        """Return one conversation of a reader.

        Raises:
            UnknownConversation: there is none with this identifier that belongs to this reader.
        """
        with self._transaction() as database:
            row = database.execute(SUMMARY + " AND c.identifier = ?", (reader, identifier)).fetchone()
        if row is None:
            raise UnknownConversation("This conversation does not exist, or no longer.")
        return from_row(Summary, row)

    def turns(self, reader: str, identifier: str) -> tuple[KeptTurn, ...]:
        """Return the turns of a conversation in order; one that is damaged says so.

        Raises:
            UnknownConversation: there is none with this identifier that belongs to this reader.
        """
        self.summary(reader, identifier)
        with self._transaction() as database:
            numbers = database.execute(
                "SELECT number FROM turns WHERE conversation = ? ORDER BY number", (identifier,)
            ).fetchall()
            return tuple(_turn(database, identifier, number) for (number,) in numbers)

    def rename(self, reader: str, identifier: str, title: str) -> None:
        """Give a conversation another title."""
        title = " ".join(title.split())[:TITLE_CHARACTERS]
        with self._transaction() as database:
            if title:
                database.execute(
                    "UPDATE conversations SET title = ? WHERE identifier = ? AND reader = ?",
                    (title, identifier, reader),
                )

    def delete(self, reader: str, identifier: str) -> None:
        """Erase a conversation."""
        with self._transaction() as database:
            database.execute("DELETE FROM conversations WHERE identifier = ? AND reader = ?", (identifier, reader))

    def restore(self, reader: str, summary: Summary, turns: Sequence[KeptTurn]) -> None:
        """Write a conversation that was erased anew, as it was."""
        row = (
            summary.identifier, reader, summary.title, summary.library, summary.article, summary.created,
            summary.changed,
        )  # fmt: skip
        with self._transaction() as database:
            if database.execute("INSERT OR IGNORE INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)", row).rowcount:
                database.executemany(
                    "INSERT INTO turns VALUES (?, ?, ?, ?)",
                    [(row[0], number, turn_to_json(turn), searched(turn)) for number, turn in enumerate(turns)],
                )

    def as_json(self, reader: str, identifier: str) -> str:
        """Return a conversation with its citations as JSON."""
        summary, turns = self.summary(reader, identifier), self.turns(reader, identifier)
        whole = {**asdict(replace(summary, turns=len(turns))), "turns": [asdict(turn) for turn in turns]}
        return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"

    def as_markdown(self, reader: str, identifier: str) -> str:
        """Return a conversation as Markdown: questions as headings, citations as footnotes of each answer, notes."""
        summary, turns = self.summary(reader, identifier), self.turns(reader, identifier)
        return to_markdown(self._outline(reader, summary, turns))

    def as_word(self, reader: str, identifier: str) -> bytes:
        """Return the same as a Word document (.docx)."""
        summary, turns = self.summary(reader, identifier), self.turns(reader, identifier)
        paragraphs = self._outline(reader, summary, turns)
        return to_word(paragraphs, language=language_of(turns), written=summary.changed)

    def _outline(self, reader: str, summary: Summary, turns: Sequence[KeptTurn]) -> Iterator[Paragraph]:
        return outline(summary, turns, self._noted(reader, summary, turns))

    def _noted(self, reader: str, summary: Summary, turns: Sequence[KeptTurn]) -> list[Note]:
        """Return the reader's notes on the articles that a conversation is about."""
        cited = [one.article for turn in turns if turn.answer for one in turn.answer.citations]
        articles = dict.fromkeys([*([summary.article] if summary.article else []), *cited])
        return [note for article in articles for note in self.notes.of(reader, article)]


def _turn(database: sqlite3.Connection, identifier: str, number: int) -> KeptTurn:
    try:
        row = database.execute(
            "SELECT turn FROM turns WHERE conversation = ? AND number = ?", (identifier, number)
        ).fetchone()
    except sqlite3.DatabaseError:
        return UNREADABLE
    return turn_from_json(row[0]) if row else UNREADABLE


def _owned(database: sqlite3.Connection, reader: str, identifier: str) -> bool:
    found = database.execute(
        "SELECT 1 FROM conversations WHERE identifier = ? AND reader = ?", (identifier, reader)
    ).fetchone()
    return found is not None


def _like(word: str) -> str:
    escaped = "".join("\\" + c if c in "\\%_" else c for c in word)
    return f"%{escaped}%"
