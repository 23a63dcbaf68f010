"""Connections to the file of a library: one that is there, writable or not, and how a new one gets its place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from rag.errors import LibraryError

_MAGIC = b"SQLite format 3\x00"
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
    """Return a connection that reads and writes a file that is there; it begins transactions only when told to."""
    return _connection(f"{_address(path)}?mode=rw")


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
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise protected(path.parent, "it was not closed, and can only be mended where it can be written")
    return _connection(f"{_address(path)}?mode=ro&immutable=1"), False


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
