"""Conducts a file from disk into a library: reading, splitting, embedding, storing, with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from rag.errors import ArticleError
from rag.events import Ingested, Ingesting, Ingestion, Unread
from rag.index.library import Library
from rag.reading import SUFFIXES, article_from_text, reading_apart
from rag.values import Article, Entry

UNREADABLE = "\ufffd"


def find_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files to read: those named, and every readable kind of file below the folders named, sorted.

    What a link in a folder points to outside of it is left out, and so is a link beside the file it points to.

    Raises:
        ArticleError: a folder holds nothing that can be read.
    """
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        root = path.resolve()
        below = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in SUFFIXES
            and file.is_file()
            and not file.name.startswith((".", "~$"))  # hidden, or what Word keeps beside a file that is open
            and file.resolve().is_relative_to(root)  # no link leads out of the folder that was named
        )
        if not below:
            kinds = ", ".join(sorted(SUFFIXES))
            links = (
                " What its links lead to elsewhere is not read." if any(map(Path.is_symlink, path.rglob("*"))) else ""
            )
            raise ArticleError(
                f"The folder {path} holds no file of a kind that is read: {kinds}.{links}", f"rag add {path}/FILE"
            )
        own = {file.resolve() for file in below if not file.is_symlink()}
        files.extend(file for file in below if not (file.is_symlink() and file.resolve() in own))
    return tuple(dict.fromkeys(files))


def add_files(open_library: Callable[[], Library], paths: Sequence[Path]) -> Iterator[Ingestion]:
    """Add each file to the library; yields progress, and ``Ingested`` once a file is safely on disk.

    A file whose text the library holds already is left alone; one that changed replaces what came from it before.
    Every file is read before the library is opened. One that cannot be read is told of at the end, and stops nothing;
    where none can be, no library is made.
    All are read apart, so that whatever one holds delays nobody else.

    Raises:
        ArticleError: the only file named cannot be read.
    """
    articles: list[tuple[Article, str]] = []
    unread: list[Unread] = []
    seen: set[Path] = set()
    with reading_apart() as read:
        for path in dict.fromkeys(paths):
            try:
                files = find_files([path])
            except ArticleError as error:
                unread.append(Unread(path.name, error))
                continue
            for file in (file for file in files if file not in seen):
                seen.add(file)
                yield Ingesting(file.name, "reading")
                try:
                    articles.append((_named(read(file)), _written(str(file.resolve()))))
                except ArticleError as error:
                    unread.append(Unread(file.name, error))
    if not articles and len(unread) == 1:
        raise unread[0].error
    if articles:
        yield from _add(open_library(), articles)
    yield from unread


def _named(article: Article) -> Article:
    """Return an article whose names can be written."""
    return replace(article, source=_written(article.source), title=_written(article.title))


def add_text(open_library: Callable[[], Library], text: str, *, title: str = "") -> Iterator[Ingestion]:
    """Add a pasted text to the library, as :func:`add_files` adds a file."""
    article = article_from_text(text, title=title)
    yield from _add(open_library(), [(article, f"pasted:{article.identifier}")])


def _add(library: Library, articles: Sequence[tuple[Article, str]]) -> Iterator[Ingesting | Ingested]:
    """Add articles that were read already; those the library holds come first, copies of others among them last."""
    new: list[tuple[Article, str]] = []
    copies: list[Article] = []
    held = {entry.identifier: entry for entry in library.entries()}
    for article, origin in articles:
        entry = held.get(article.identifier)
        if library.holds(article) or (entry and _is_copy(library, article, entry, origin)):
            yield _there(library, article)
        elif any(article.identifier == other.identifier for other, _ in new):
            copies.append(article)
        else:
            new.append((article, origin))
    before = [library.identifier_at(origin) for _, origin in new]
    for done in library.renew() if new else ():
        yield Ingesting(new[0][0].source or new[0][0].title, "embedding", done)
    for number, done in library.add_all(new):
        article, _ = new[number]
        yield Ingesting(article.source or article.title, "embedding" if done < 1 else "storing", done)
        if done == 1:
            status: Literal["replaced", "added"] = "replaced" if before[number] else "added"
            yield Ingested(library.find_entry(article.identifier), status, article.text.count(UNREADABLE))
    yield from (_there(library, article) for article in copies)


def _is_copy(library: Library, article: Article, entry: Entry, origin: str) -> bool:
    """Say whether a file holds the text of another one that stays in the library under its own name."""
    if entry.source in ("", article.source) or library.identifier_at(origin) not in ("", article.identifier):
        return False
    return library.holds(replace(article, source=entry.source, title=entry.title))


def _there(library: Library, article: Article) -> Ingested:
    """Return that the library has the text of an article already, perhaps from a file of another name."""
    entry = library.find_entry(article.identifier)
    copy = article.source if article.source != entry.source else ""
    return Ingested(entry, "unchanged", article.text.count(UNREADABLE), copy)


def _written(name: str) -> str:
    """Return a file's name as text: bytes in it that are no UTF-8 become question marks."""
    return name.encode("utf-8", "replace").decode("utf-8")
