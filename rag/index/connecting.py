"""Connections to the file of a library: one that is there, writable or not, and how a new one gets its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from rag.errors import DiskFull, LibraryError

_MAGIC = b"SQLite format 3\x00"
_OF_THE_DISK = ("unable to open", "disk i/o", "interrupted", "out of memory")
"""What SQLite says of the machine and not of the file, beside locks, protection and space."""
_LEAST_ROOM = 1 << 16  # bytes; SQLite wants half of them beside a file that is open
_WAIT = 30  # seconds for another program that writes, before a person is told


def is_database(path: Path) -> bool:
    """Return whether a file begins as SQLite's do; one that is empty SQLite would silently fill with tables.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def is_writable(path: Path) -> bool:
    """Return whether a file can be written, and others beside it, as SQLite needs."""
    effective = os.access in os.supports_effective_ids
    return all(os.access(one, os.W_OK, effective_ids=effective) for one in (path, path.parent))


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that reads and writes a file that is there; it begins transactions only when told to.

    Raises:
        sqlite3.OperationalError: it cannot even be read, as on a full disk, where SQLite has no room for what it keeps
            beside a file with a log.
    """
    connection = _connection(f"{_address(path)}?mode=rw")
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def is_full(error: sqlite3.Error, path: Path) -> bool:
    """Return whether SQLite could not do something since there is no room on the disk of a file."""
    said = str(error).lower()
    return "full" in said or ("disk i/o error" in said and shutil.disk_usage(path.parent).free < _LEAST_ROOM)


def connect_reading(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Return a connection that only reads, and whether it sees what others write meanwhile.

    Beside a file with a log SQLite wants to write even to read. Where it may not, and there is no log, the file is
    taken for one that never changes.

    Raises:
        LibraryError: there is a log, and it cannot be read.
    """
    with suppress(sqlite3.OperationalError):
        connection = _connection(f"{_address(path)}?mode=ro")
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            raise
        return connection, True
    if has_log(path):
        raise protected(path.parent, "it was not closed, and can only be mended where it can be written")
    return _connection(f"{_address(path)}?mode=ro&immutable=1"), False


def has_log(path: Path) -> bool:
    """Return whether beside a file lies what was written and does not stand in it yet."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def explained(error: sqlite3.DatabaseError, path: Path) -> LibraryError | None:
    """Return what SQLite says of the machine, for a person to act on; None for what it says of the file itself."""
    folder, said = path.parent, str(error).lower()
    if "locked" in said:
        return LibraryError(f"The library in {folder} is being changed by another program.", "wait, then try again")
    if is_full(error, path):
        return DiskFull(f"The disk of the library in {folder} is full.", "free some space, then try again")
    if "readonly" in said:
        return protected(folder)
    if isinstance(error, sqlite3.OperationalError) and any(part in said for part in _OF_THE_DISK):
        return LibraryError(f"The library in {folder} cannot be used: {error}.", "check the disk and its permissions")
    return None


def protected(folder: Path, why: str = "its file or its folder is protected from writing") -> LibraryError:
    """Return the error of a library that can only be read."""
    return LibraryError(
        f"The library in {folder} can only be read: {why}.",
        f"copy {folder} to where it can be written, and name the folder above it with --indexes DIR",
    )


def put_in_place(half: Path, path: Path) -> None:
    """Give a file its place unless another is there, which then stays.

    Raises:
        OSError: it could not be put there.
    """
    try:
        os.link(half, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            half.rename(path)


def _address(path: Path) -> str:
    return path.absolute().as_uri()


def _connection(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None, timeout=_WAIT)
