"""The file of conversations and notes: one SQLite file, its owner's alone, in which deleted text is overwritten.

It is made whole or not at all. So a file that is empty or another program's is one that was damaged or put there: it is
refused, and stays as it is. One that cannot be written, or is damaged, is read as far as that goes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path

from rag.conversations.turn import KeptTurn, of_first_version, turn_from_json, turn_to_json
from rag.errors import DiskFull, LibraryError
from rag.index.connecting import connect_reading, is_database, is_full, put_in_place
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
_OURS = {"conversations": {"identifier", "reader"}, "turns": {"conversation", "turn"}}  # notes came later
_UNREADABLE = (sqlite3.Error, OSError, UnicodeDecodeError)
"""What reading a damaged file raises; SQLite's own sentence may hold bytes of it, and is then no text."""


class Database:
    """The file, opened at its first use.

    Args:
        folder: where it lies; made when something is first kept.

    Attributes:
        hindered: why not all of it could be read or written when it was last used; None where all could.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened = (0, 0)
        self.hindered: LibraryError | None = None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the file for as long as a transaction lasts.

        One that can only be read is opened anew each time: it may be mended meanwhile, or its disk have room.

        Raises:
            LibraryError: it cannot be read or written.
        """
        with self._lock:
            reading = False
            try:
                if self._connection is None or _identity(self._path) != self._opened:
                    self._close()
                    self._connection = self._open()
                reading = bool(self._connection.execute("PRAGMA query_only").fetchone()[0])
                before = self._connection.total_changes
                with self._connection:
                    yield self._connection
                if self._connection.total_changes > before:
                    self.hindered = None
            except _UNREADABLE as error:
                raise self._explained(error) from error
            finally:
                if reading:
                    self._close()

    def _explained(self, error: Exception) -> LibraryError:
        """Return what a person is told of an error; what keeps all from being written is remembered."""
        if not isinstance(error, sqlite3.Error):
            return LibraryError(f"The conversations cannot be read or written ({_reason(error)}).", "rag doctor")
        if is_full(error, self._path):
            self.hindered = DiskFull(
                "The conversations can only be read: the disk is full.", "free some space, then try again"
            )
        elif "readonly" in str(error) or "unable to open" in str(error):
            self.hindered = self.hindered or LibraryError(
                "The conversations can only be read: their file or its folder is protected from writing.", "rag doctor"
            )
        else:
            return LibraryError(f"The conversations cannot be read or written ({_reason(error)}).", "rag doctor")
        return self.hindered

    def _open(self) -> sqlite3.Connection:
        """Open the file; where that needs more than reading, and cannot be had, for reading."""
        if not self._path.exists():
            self._make()
        self._opened, self.hindered = _identity(self._path), None
        _require_ours(self._path)
        try:
            connection = sqlite3.connect(self._path, check_same_thread=False, timeout=10)
            _prepare(connection)
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise
            connection = _connect_reading(self._path)
            _prepare(connection, reading=True)
            if self._explained(error) is not self.hindered:
                self.hindered = LibraryError(
                    "The file of the conversations is damaged: nothing is written to it, and some of what it held may "
                    "be missing.",
                    "rag doctor",
                )
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
        return f"it leads to {path.readlink()}, which is not there" if path.is_symlink() else ""
    try:
        _require_ours(path)
        with closing(connect_reading(path)[0]) as connection:
            _require_sound(connection)
    except (*_UNREADABLE, LibraryError) as error:
        return _reason(error)
    return ""


def _prepare(connection: sqlite3.Connection, *, reading: bool = False) -> None:
    """Make a connection ready; what cannot be decoded of a text is U+FFFD. It is closed where that fails."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.create_function("fold", 1, searchable, deterministic=True)
    try:
        if reading:
            connection.execute("PRAGMA query_only = ON")
            return
        _require_sound(connection)
        connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
            "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
        )
        connection.executescript(SCHEMA)
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            _bring_up_to_date(connection)
    except BaseException:
        connection.close()
        raise


def _connect_reading(path: Path) -> sqlite3.Connection:
    """Return a connection that reads a file as far as it goes, also where its end is missing.

    Raises:
        sqlite3.OperationalError: what stands beside it is needed, and cannot be read.
    """
    try:
        return connect_reading(path)[0]
    except LibraryError as error:
        raise sqlite3.OperationalError("unable to open what stands beside the file") from error
    except sqlite3.DatabaseError:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        connection.execute("PRAGMA writable_schema = ON")  # without it SQLite refuses a file that is cut short
        return connection


def _identity(path: Path) -> tuple[int, int]:
    """Return which file lies there: another one may be put in its place while it is open."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _require_ours(path: Path) -> None:
    """Refuse a file that SQLite would fill with our tables though it is empty, cut short or another program's.

    Raises:
        sqlite3.DatabaseError: it is.
    """
    if not is_database(path):
        raise sqlite3.DatabaseError("the file is no database" if path.stat().st_size else "the file is empty")
    with closing(_connect_reading(path)) as connection:
        for table, columns in _OURS.items():
            found = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))}
            if not found >= columns:
                raise sqlite3.DatabaseError("the file is another program's")


def _require_sound(connection: sqlite3.Connection) -> None:
    """Raise ``sqlite3.DatabaseError`` where SQLite finds damage."""
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise sqlite3.DatabaseError(" ".join(said.split()))


def _reason(error: Exception) -> str:
    """Return what is wrong with the file, as a part of a sentence."""
    if isinstance(error, UnicodeDecodeError):
        return "its description is damaged"
    return (isinstance(error, OSError) and error.strerror) or str(error)


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
