"""The file of conversations and notes: one SQLite file, its owner's alone, in which deleted text is overwritten."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from rag.conversations.turn import KeptTurn, of_first_version, turn_from_json, turn_to_json
from rag.errors import LibraryError
from rag.language import fold

FILE = "conversations.sqlite"
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
CREATE TABLE IF NOT EXISTS notes (
    identifier TEXT PRIMARY KEY, reader TEXT NOT NULL, article TEXT NOT NULL, title TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, quote TEXT NOT NULL, remark TEXT NOT NULL, created TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS notes_by_reader ON notes (reader, article);
"""


class Database:
    """The file, opened at its first use.

    Args:
        folder: where it lies; made when something is first kept.
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

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the file for as long as a transaction lasts.

        Raises:
            LibraryError: it cannot be read or written.
        """
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


def searchable(text: str) -> str:
    """Return ``text`` as it is searched: folded, with one space between words."""
    return " ".join(fold(text).split())


def searched(turn: KeptTurn) -> str:
    """Return what of a turn is searched."""
    return searchable(f"{turn.question} {turn.answer.text if turn.answer else ''}")


def now() -> str:
    """Return this instant as an ISO time in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds")


def _bring_up_to_date(database: sqlite3.Connection) -> None:
    """Write the turns of a file of the first version anew, as this version keeps and searches them."""
    with database:
        for row, stored in database.execute("SELECT rowid, turn FROM turns").fetchall():
            turn = of_first_version(turn_from_json(stored))
            values = (turn_to_json(turn), searched(turn), row)
            database.execute("UPDATE turns SET turn = ?, folded = ? WHERE rowid = ?", values)
        database.execute("PRAGMA user_version = 1")
