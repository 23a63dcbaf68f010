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
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime, timezone
from pathlib import Path

from rag.conversations.markdown import to_markdown
from rag.conversations.turn import KeptTurn, Summary, of_first_version, turn_from_json, turn_to_json
from rag.errors import LibraryError
from rag.language import fold

FILE = "conversations.sqlite"
TITLE_CHARACTERS = 80
SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    identifier TEXT PRIMARY KEY, reader TEXT NOT NULL, title TEXT NOT NULL, library TEXT NOT NULL,
    article TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS by_reader ON conversations (reader, changed);
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    number INTEGER NOT NULL, turn TEXT NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (conversation, number)
) STRICT;
"""
SUMMARY = (
    "SELECT c.identifier, c.title, c.library, c.article, c.created, c.changed, "
    "(SELECT COUNT(*) FROM turns t WHERE t.conversation = c.identifier) FROM conversations c WHERE c.reader = ?"
)


class Conversations:
    """The conversations of all readers.

    Args:
        folder: where the file lies; made when the first conversation begins.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection:
                self._connection.close()
            self._connection = None

    def begin(self, reader: str, title: str, *, library: str, article: str = "") -> str:
        """Begin a conversation; return its identifier."""
        identifier, now = secrets.token_hex(8), _now()
        title = " ".join(title.split())
        if len(title) > TITLE_CHARACTERS:
            title = title[: TITLE_CHARACTERS - 1].rstrip() + "…"
        with self._transaction() as database:
            database.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)",
                (identifier, reader, title, library, article, now, now),
            )
        return identifier

    def save(self, reader: str, identifier: str, number: int, turn: KeptTurn) -> None:
        """Write a turn, over the one that has this number; a conversation deleted meanwhile stays deleted."""
        with self._transaction() as database:
            if not self._owned(database, reader, identifier):
                return
            database.execute(
                "INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?)",
                (identifier, number, turn_to_json(turn), _searched(turn)),
            )
            database.execute("UPDATE conversations SET changed = ? WHERE identifier = ?", (_now(), identifier))

    def listed(self, reader: str, query: str = "") -> tuple[Summary, ...]:
        """Return a reader's conversations, latest first; with ``query``, those that hold all its words."""
        sql = SUMMARY
        wanted: list[str] = [reader]
        for word in searchable(query).split():
            sql += (
                " AND (fold(c.title) LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM turns t "
                "WHERE t.conversation = c.identifier AND t.folded LIKE ? ESCAPE '\\'))"
            )
            wanted += [_like(word)] * 2
        with self._transaction() as database:
            rows = database.execute(sql + " ORDER BY c.changed DESC, c.rowid DESC", wanted).fetchall()
        return tuple(Summary(*row) for row in rows)

    def summary(self, reader: str, identifier: str) -> Summary:
        """Return one conversation of a reader.

        Raises:
            LibraryError: there is none with this identifier that belongs to this reader.
        """
        with self._transaction() as database:
            row = database.execute(SUMMARY + " AND c.identifier = ?", (reader, identifier)).fetchone()
        if row is None:
            raise LibraryError("This conversation does not exist, or no longer.")
        return Summary(*row)

    def turns(self, reader: str, identifier: str) -> tuple[KeptTurn, ...]:
        """Return the turns of a conversation in order.

        Raises:
            LibraryError: there is none with this identifier that belongs to this reader.
        """
        self.summary(reader, identifier)
        with self._transaction() as database:
            rows = database.execute(
                "SELECT turn FROM turns WHERE conversation = ? ORDER BY number", (identifier,)
            ).fetchall()
        return tuple(turn_from_json(row[0]) for row in rows)

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

    def as_json(self, reader: str, identifier: str) -> str:
        """Return a conversation with its citations as JSON."""
        summary, turns = self.summary(reader, identifier), self.turns(reader, identifier)
        whole = {**asdict(replace(summary, turns=len(turns))), "turns": [asdict(turn) for turn in turns]}
        return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"

    def as_markdown(self, reader: str, identifier: str) -> str:
        """Return a conversation as Markdown: questions as headings, citations as footnotes of each answer."""
        return to_markdown(self.summary(reader, identifier), self.turns(reader, identifier))

    # ── The file ────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                with self._connection:
                    yield self._connection
            except (sqlite3.Error, OSError) as error:
                raise LibraryError(f"The conversations cannot be read or written ({error}).", "rag doctor") from error

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.touch(mode=0o600)
        connection = sqlite3.connect(self._path, check_same_thread=False, timeout=10)
        try:
            connection.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
                "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
            )
            connection.executescript(SCHEMA)
            connection.create_function("fold", 1, searchable, deterministic=True)
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                _bring_up_to_date(connection)
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    @staticmethod
    def _owned(database: sqlite3.Connection, reader: str, identifier: str) -> bool:
        found = database.execute(
            "SELECT 1 FROM conversations WHERE identifier = ? AND reader = ?", (identifier, reader)
        ).fetchone()
        return found is not None


def searchable(text: str) -> str:
    """Return ``text`` as it is searched: folded, with one space between words."""
    return " ".join(fold(text).split())


def _searched(turn: KeptTurn) -> str:
    return searchable(f"{turn.question} {turn.answer.text if turn.answer else ''}")


def _bring_up_to_date(database: sqlite3.Connection) -> None:
    """Write the turns of a file of the first version anew, as this version keeps and searches them."""
    with database:
        for row, stored in database.execute("SELECT rowid, turn FROM turns").fetchall():
            turn = of_first_version(turn_from_json(stored))
            values = (turn_to_json(turn), _searched(turn), row)
            database.execute("UPDATE turns SET turn = ?, folded = ? WHERE rowid = ?", values)
        database.execute("PRAGMA user_version = 1")


def _like(word: str) -> str:
    escaped = "".join("\\" + c if c in "\\%_" else c for c in word)
    return f"%{escaped}%"


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="microseconds")
