"""The file of a library: its tables, its connection, its transactions, and sentences for what SQLite says of it."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import LibraryError

SCHEMA_VERSION = 3

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    row INTEGER PRIMARY KEY,
    identifier TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL, date TEXT NOT NULL, language TEXT NOT NULL, source TEXT NOT NULL,
    characters INTEGER NOT NULL, title_stems TEXT NOT NULL,
    text TEXT NOT NULL, blocks TEXT NOT NULL, author TEXT NOT NULL, publisher TEXT NOT NULL
);
CREATE INDEX articles_by_language ON articles(language);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles(row) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    heading_stems TEXT NOT NULL, stems TEXT NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX passages_by_article ON passages(article);
"""
"""Rows of passages are never used twice, so what is derived from the file is brought up to date by their numbers. Texts
come last: what is listed without them is read without them."""

_FROM_VERSION_1 = f"""
DROP TABLE vocabulary;
DROP TABLE words;
DROP TABLE passages;
ALTER TABLE articles RENAME TO articles_1;
{_SCHEMA.partition(";")[2].strip()}
INSERT INTO articles SELECT row, identifier, origin, title, date, language, source, length(text), '', text, blocks,
    '', ''
    FROM articles_1;
DROP TABLE articles_1;
UPDATE meta SET value = 'of an earlier version' WHERE name = 'identity';
INSERT INTO meta VALUES ('name', lower(hex(randomblob(16))))
"""  # noqa: S608  # made of constants
"""The articles stay; their passages are made anew from the texts, as for another embedder."""

_FROM_VERSION_2 = """
ALTER TABLE articles ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN publisher TEXT NOT NULL DEFAULT ''
"""
"""What a file states beside its text is read when it is added again."""

_FROM_VERSION = {"1": _FROM_VERSION_1, "2": _FROM_VERSION_2}


class Database:
    """One SQLite file. Safe to share between threads; several processes may open the same file.

    Args:
        path: of the file, created with its folder if it is missing.
        identity: of the embedder, recorded in a new file.

    Raises:
        LibraryError: the file is damaged, or was written by a later version of this program.
    """

    def __init__(self, path: Path, identity: str = "") -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"The folder {path.parent} cannot be made: {error.strerror}.", "name another with --indexes DIR"
            ) from error
        with self._sentences():
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            self._prepare(identity)

    def _prepare(self, identity: str) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        with self.transaction():
            if not self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                self._run(_SCHEMA)
                self._set("schema", str(SCHEMA_VERSION))
                self._set("name", uuid.uuid4().hex)
                self._set("identity", identity)
                self._set("generation", uuid.uuid4().hex)
            if script := _FROM_VERSION.get(self._get("schema")):
                self._run(script)
                self._set("schema", str(SCHEMA_VERSION))
                self._set("generation", uuid.uuid4().hex)
        version = int(self._get("schema"))
        if version != SCHEMA_VERSION:
            raise LibraryError(
                f"The library in {self._path.parent} has the format {version}; this program reads {SCHEMA_VERSION}.",
                "install the version of ask-the-article that wrote it",
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything in the block happen, or nothing of it."""
        with self._lock, self._sentences():
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
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turn what SQLite says of its file into what a person can act on."""
        folder = self._path.parent
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                message = f"The library in {folder} is being changed by another program."
                remedy = "wait, then try again"
            elif isinstance(error, sqlite3.OperationalError):
                message = f"The library in {folder} cannot be used: {error}."
                remedy = "check the disk and its permissions"
            else:
                message = f"The library file {self._path.name} in {folder} is damaged ({error})."
                remedy = f"move the folder {folder} away and add its articles again with: rag add PATH"
            raise LibraryError(message, remedy) from error

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
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._sentences():
            return self._connection.execute(query, values).fetchall()

    def _run(self, script: str) -> None:
        """Run statements one by one, within the present transaction."""
        for statement in script.split(";\n"):
            self._connection.execute(statement)

    def _get(self, name: str) -> str:
        return str(self._all("SELECT value FROM meta WHERE name = ?", name)[0][0])

    def _set(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))
