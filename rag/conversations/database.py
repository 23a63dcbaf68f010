"""The file of conversations and notes: one SQLite file, its owner's alone, in which deleted text is overwritten.

It is made whole or not at all. So a file that is empty or another program's is one that was damaged or put there: it is
refused, and stays as it is.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path

from rag.conversations.turn import KeptTurn, of_first_version, turn_from_json, turn_to_json
from rag.errors import LibraryError
from rag.index.connecting import connect_reading, is_database, put_in_place
from rag.index.derived_files import clear_halves, half_of
from rag.language import fold
from rag.private_files import create_private, make_private_folder

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
_OURS = frozenset({"conversations", "turns"})  # notes came later
_UNREADABLE = (sqlite3.Error, OSError, UnicodeDecodeError)
"""What reading a damaged file raises; SQLite's own sentence may hold bytes of it, and is then no text."""


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
            except _UNREADABLE as error:
                raise LibraryError(
                    f"The conversations cannot be read or written ({_reason(error)}).", "rag doctor"
                ) from error

    def _open(self) -> sqlite3.Connection:
        if not self._path.exists():
            self._make()
        _require_ours(self._path)
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
        except BaseException:
            connection.close()
            raise
        return connection

    def _make(self) -> None:
        """Make the file whole beside its place, then put it there, unless another program was first."""
        make_private_folder(self._path.parent)
        clear_halves(self._path.parent, self._path.stem)
        half = half_of(self._path)
        try:
            create_private(half).close()
            with closing(sqlite3.connect(half)) as connection:
                connection.executescript(f"PRAGMA journal_mode = WAL; {SCHEMA}")
            put_in_place(half, self._path)
        finally:
            half.unlink(missing_ok=True)


def find_damage(folder: Path) -> str:
    """Return what is wrong with the file in a folder; nothing where it is sound, or none is there. Writes nothing."""
    path = folder / FILE
    if not path.exists():
        return ""
    try:
        _require_ours(path)
        with closing(connect_reading(path)[0]) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (*_UNREADABLE, LibraryError) as error:
        return _reason(error)
    return "" if said == "ok" else " ".join(said.split())


def _require_ours(path: Path) -> None:
    """Refuse a file that SQLite would fill with our tables though it is empty, cut short or another program's.

    Raises:
        sqlite3.DatabaseError: it is.
    """
    if not is_database(path):
        raise sqlite3.DatabaseError("the file is no database" if path.stat().st_size else "the file is empty")
    with closing(connect_reading(path)[0]) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if tables and not tables >= _OURS:
        raise sqlite3.DatabaseError("the file is another program's")


def _reason(error: Exception) -> str:
    """Return what is wrong with the file, as a part of a sentence."""
    return "its description is damaged" if isinstance(error, UnicodeDecodeError) else str(error)


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
