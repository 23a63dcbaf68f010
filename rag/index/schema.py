"""The tables of a library's file, how those of earlier versions become them, and the checksums that stand in them.

Three checksums make damage show that SQLite itself does not see. Of each article, one stands for what was read from its
file and one for what was derived from that; the seal stands for the tables themselves and what the file says of itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

VERSION = 4
TABLES = frozenset({"meta", "articles", "passages"})

PASSAGES = """(
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles(row) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    heading_stems TEXT NOT NULL, stems TEXT NOT NULL,
    vector BLOB NOT NULL
)"""
PASSAGES_BY_ARTICLE = "CREATE INDEX passages_by_article ON passages(article)"

_ARTICLES = f"""
CREATE TABLE articles (
    row INTEGER PRIMARY KEY,
    identifier TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL, date TEXT NOT NULL, language TEXT NOT NULL, source TEXT NOT NULL,
    characters INTEGER NOT NULL, title_stems TEXT NOT NULL,
    text TEXT NOT NULL, blocks TEXT NOT NULL, author TEXT NOT NULL, publisher TEXT NOT NULL,
    read_sha256 TEXT NOT NULL DEFAULT '', derived_sha256 TEXT NOT NULL DEFAULT ''
);
CREATE INDEX articles_by_language ON articles(language);
CREATE TABLE passages {PASSAGES};
{PASSAGES_BY_ARTICLE}
"""
SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
{_ARTICLES.strip()}
"""
"""Rows of passages are never used twice, so what is derived from the file is brought up to date by their numbers. Texts
come last: what is listed without them is read without them."""

_FROM_VERSION_1 = f"""
DROP TABLE vocabulary;
DROP TABLE words;
DROP TABLE passages;
ALTER TABLE articles RENAME TO articles_1;
{_ARTICLES.strip()};
INSERT INTO articles (row, identifier, origin, title, date, language, source, characters, title_stems, text, blocks,
    author, publisher)
    SELECT row, identifier, origin, title, date, language, source, length(text), '', text, blocks, '', ''
    FROM articles_1;
DROP TABLE articles_1;
UPDATE meta SET value = 'of an earlier version' WHERE name = 'identity';
INSERT INTO meta VALUES ('name', lower(hex(randomblob(16))))
"""  # noqa: S608  # made of constants
"""The articles stay; their passages are made anew from the texts, as for another embedder."""

_FROM_VERSION_3 = """
ALTER TABLE articles ADD COLUMN read_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN derived_sha256 TEXT NOT NULL DEFAULT ''
"""

_FROM_VERSION_2 = f"""
ALTER TABLE articles ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN publisher TEXT NOT NULL DEFAULT '';
{_FROM_VERSION_3.strip()}
"""
"""What a file states beside its text is read when it is added again."""

FROM_VERSION = {"1": _FROM_VERSION_1, "2": _FROM_VERSION_2, "3": _FROM_VERSION_3}
"""Version → the statements that bring its tables to this one; checksums are filled in after them."""

READ = (
    "SELECT row, identifier, origin, title, date, language, source, text, blocks, author, publisher FROM articles"
    " WHERE row = ?"
)
DERIVED = (
    "SELECT characters, title_stems FROM articles WHERE row = ?",
    'SELECT row, start, "end", heading_stems, stems, vector FROM passages WHERE article = ? ORDER BY row',
)
"""What the two checksums of an article cover, by its row."""

LARGEST = """
SELECT MAX(LENGTH(CAST(text AS BLOB)) + LENGTH(blocks) + (
    SELECT TOTAL(LENGTH(CAST(stems AS BLOB)) + LENGTH(CAST(heading_stems AS BLOB)) + LENGTH(vector))
    FROM passages WHERE article = articles.row
)) FROM articles
"""
"""Bytes of what the largest article says and of what was derived from it."""

SEALED = {
    "tables": (
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name NOT LIKE 'rebuilt%' ORDER BY type, name",
    ),
    "said": ("SELECT name, value FROM meta WHERE name IN ('schema', 'name', 'identity') ORDER BY name",),
    "moving": (
        "SELECT value FROM meta WHERE name = 'generation'",
        "SELECT seq FROM sqlite_sequence WHERE name = 'passages'",
    ),
}
"""Seal → what it covers: the tables, what the file says of itself, and what moves with every change. A rebuild under
way touches none of them, and a change sets only the last, so that it hides no damage of the others."""


def checksum(rows: Iterable[tuple[Any, ...]]) -> str:
    """Return the SHA-256 of rows, each value with its kind and length, so that no two tables have the same."""
    digest = hashlib.sha256()
    for row in rows:
        for value in row:
            data = value if isinstance(value, bytes) else str(value).encode()
            digest.update(f"{type(value).__name__} {len(data)}\n".encode())
            digest.update(data)
    return digest.hexdigest()


def statements(script: str) -> list[str]:
    """Return the statements of a script, in order."""
    return script.split(";\n")
