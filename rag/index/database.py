"""The file of a library: how it is made and opened, its transactions, and sentences for what SQLite says of it.

A file is taken for a library only if it is one: what is empty, cut short, or belongs to another program is refused and
stays as it is. Opening reads, and writes nothing but the tables of an earlier version, so it never waits for whoever
writes. Where the file or its folder cannot be written, it is read.
"""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from rag.errors import LibraryError
from rag.index.connecting import (
    connect,
    connect_reading,
    explained,
    has_log,
    is_database,
    is_full,
    is_writable,
    protected,
    put_in_place,
)
from rag.index.derived_files import half_of
from rag.index.reserve import give_reserve
from rag.index.schema import DERIVED, FROM_VERSION, READ, SCHEMA, SEALED, TABLES, VERSION, checksum, statements
from rag.private_files import create_private, make_private_folder

_LONGEST_VERSION = 8  # digits


class Database:
    """One SQLite file. Safe to share between threads; several processes may open the same file.

    Args:
        path: of the file, created with its folder if it is missing, for its owner alone.
        identity: of the embedder, recorded in a new file.

    Attributes:
        read_only: whether the file can only be read.

    Raises:
        LibraryError: the file is damaged, is no library, or was written by a later version of this program.
    """

    def __init__(self, path: Path, identity: str = "") -> None:
        self._path = path
        self._lock = threading.RLock()
        self._closed = False
        self._remedy = f"rag restore BACKUP --library {path.parent.name}, or, without one, move {path.parent} away"
        self._seen: tuple[int, int] | None = None  # of a file that is read as if it never changed
        self._lacks_room = False
        try:
            if not path.exists():
                self._create(identity)
            self.read_only = not is_writable(path)
            with self._sentences():
                self._connection = self._connect()
        except OSError as error:
            raise LibraryError(
                f"The library in {path.parent} cannot be made or opened: {error.strerror}.",
                "name another folder with --indexes DIR",
            ) from error
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise
        self._remedy = f"rag verify --library {path.parent.name}"

    # ── Making and opening ──────────────────────────────────────────────────────────────────────────────────────

    def _create(self, identity: str) -> None:
        """Make the file whole beside its place, then put it there, unless another program was first."""
        make_private_folder(self._path.parent)
        half = half_of(self._path)
        try:
            create_private(half).close()
            with self._sentences(), closing(sqlite3.connect(half, isolation_level=None)) as self._connection:
                self._connection.execute("PRAGMA journal_mode = WAL")
                with self.transaction():
                    self._run(SCHEMA)
                    self._set("schema", str(VERSION))
                    self._set("name", uuid.uuid4().hex)
                    self._set("identity", identity)
                    self._changed("tables", "said")
            put_in_place(half, self._path)
        finally:
            half.unlink(missing_ok=True)

    def _connect(self) -> sqlite3.Connection:
        if not is_database(self._path):
            size = self._path.stat().st_size
            raise self.damaged(f"none of its {size} bytes is of a database" if size else "it is empty")
        self._lacks_room, self._seen = False, None
        if not self.read_only:
            try:
                return connect(self._path)
            except sqlite3.OperationalError as error:
                if not is_full(error, self._path) or has_log(self._path):
                    raise
                self._lacks_room = True
        connection, follows = connect_reading(self._path)
        self._seen = None if follows else self._stamp()
        return connection

    def _prepare(self) -> None:
        tables = {name for (name,) in self._all("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables >= TABLES:
            raise LibraryError(
                f"The file {self._path.name} in {self._path.parent} is no library of this program; it stays as it is.",
                f"move it away, or name another library than {self._path.parent.name} with --library NAME",
            )
        version = self._get("schema")
        if version not in {*FROM_VERSION, str(VERSION)}:
            if not version.isdecimal() or len(version) > _LONGEST_VERSION:
                raise self.damaged(f"its version is {version[:20]!r}")
            raise LibraryError(
                f"The library in {self._path.parent} has the format {version}; this program reads {VERSION}.",
                "install the version of ask-the-article that wrote it",
            )
        if self.read_only:
            if version in FROM_VERSION:
                raise protected(self._path.parent)
            return
        if not self._lacks_room and self._all("PRAGMA journal_mode")[0][0] != "wal":
            self._all("PRAGMA journal_mode = WAL")
        if version in FROM_VERSION:
            self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        """Give the tables of an earlier version what this one has, and the file to its owner alone."""
        with self.transaction():
            script = FROM_VERSION.get(self._get("schema"))
            if not script:  # another program has done it meanwhile
                return
            self._run(script)
            self._set("schema", str(VERSION))
            for (row,) in self._all("SELECT row FROM articles"):
                self._seal_article(row)
            self._changed("tables", "said")
        with suppress(OSError):
            self._path.chmod(0o600)

    def make_room(self) -> None:
        """Give back what is kept in reserve, and the log, whose content goes into the file as far as there is room."""
        give_reserve(self._path.parent)
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")

    # ── Copies ──────────────────────────────────────────────────────────────────────────────────────────────────

    def copy_to(self, path: Path) -> None:
        """Copy what the file holds at one instant into another, over what is there."""
        with self._lock, self._sentences(), closing(sqlite3.connect(path)) as other:
            self._connection.backup(other)

    def copy_from(self, path: Path) -> None:
        """Take what another file holds in the place of what this one does, all at once, whoever reads meanwhile."""
        with self._lock, self._sentences(), closing(sqlite3.connect(path)) as other:
            other.backup(self._connection)

    # ── Transactions ────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything in the block happen, or nothing of it."""
        with self._lock, self._sentences():
            if self._lacks_room:  # it was opened to be read only, since the disk was full, and may have room now
                before, self._connection = self._connection, connect(self._path)
                before.close()
                self._seen, self._lacks_room = None, False
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk makes SQLite roll back by itself
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let everything that is read in the block be of one instant, whoever writes meanwhile."""
        with self._lock, self._sentences():
            self._follow()
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turn what SQLite says of its file into what a person can act on, and refuse a file that was closed."""
        if self._closed:
            raise LibraryError(f"The library in {self._path.parent} was closed meanwhile.", "try again")
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except UnicodeDecodeError as error:  # SQLite quotes the file in what it says
            raise self.damaged("its description is damaged") from error
        except sqlite3.DatabaseError as error:
            raise explained(error, self._path) or self.damaged(str(error)) from error

    def damaged(self, what: str) -> LibraryError:
        """Return the error that says what is wrong with the file."""
        return LibraryError(
            f"The library file {self._path.name} in {self._path.parent} is damaged ({what}).", self._remedy
        )

    # ── What the file says of itself ────────────────────────────────────────────────────────────────────────────

    @property
    def generation(self) -> str:
        """A token that is another one after every change."""
        return self._get("generation")

    @property
    def name(self) -> str:
        """A token of this file alone, given when it was made."""
        return self._get("name")

    @property
    def identity(self) -> str:
        """Identity of the embedder that made the vectors."""
        return self._get("identity")

    def close(self) -> None:
        """Close the file once nobody reads or writes it; whoever comes later gets a LibraryError."""
        with self._lock:
            self._closed = True
            self._connection.close()

    # ── For the store ───────────────────────────────────────────────────────────────────────────────────────────

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._sentences():
            self._follow()
            return self._connection.execute(query, values).fetchall()

    def _run(self, script: str) -> None:
        """Run statements one by one, within the present transaction."""
        for statement in statements(script):
            self._connection.execute(statement)

    def _get(self, name: str) -> str:
        rows = self._all("SELECT value FROM meta WHERE name = ?", name)
        if not rows:
            raise self.damaged(f"it does not say its {name}")
        return str(rows[0][0])

    def _set(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    def _changed(self, *sealed: str) -> None:
        """Record, within the present transaction, that something is another than before.

        Args:
            sealed: the seals to set anew, beside the one that every change does.
        """
        self._set("generation", uuid.uuid4().hex)
        for name in ("moving", *sealed):
            self._set(f"seal of {name}", self._seal(name))

    def _seal(self, name: str) -> str:
        return checksum(row for query in SEALED[name] for row in self._all(query))

    def _seal_article(self, row: int) -> None:
        """Record the checksums of an article, of what was read and of what was derived from it."""
        values = (checksum(self._all(READ, row)), self._derived_checksum(row), row)
        self._connection.execute("UPDATE articles SET read_sha256 = ?, derived_sha256 = ? WHERE row = ?", values)

    def _derived_checksum(self, row: int) -> str:
        return checksum(found for query in DERIVED for found in self._all(query, row))

    def _follow(self) -> None:
        """Open a file anew that was taken for one that never changes, and did."""
        if self._seen is None:
            return
        try:
            if self._seen == self._stamp():
                return
        except OSError as error:
            message = f"The library in {self._path.parent} cannot be read any more: {error.strerror}."
            raise LibraryError(message, "check the disk and its permissions") from error
        if self._connection.in_transaction:
            raise LibraryError(f"The library in {self._path.parent} was changed while it was read.", "try again")
        self._connection.close()
        self._connection = self._connect()

    def _stamp(self) -> tuple[int, int]:
        about = self._path.stat()
        return about.st_mtime_ns, about.st_size
