"""Copies of a library, while it is in use: whole, to be put back later, or the texts alone, to be read by anything.

A copy is made by SQLite itself, of one instant, and looked through before it counts as one. Nothing that is there is
written over: neither a file of the same name, nor a library that holds something, unless a person says so.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from rag.errors import LibraryError
from rag.index.connecting import connect_reading, is_database, protected, put_in_place
from rag.index.derived_files import clear_halves, half_of
from rag.index.store import Store
from rag.index.verifying import is_whole
from rag.private_files import create_private, make_private_folder

_LONGEST_NAME = 80  # characters of a file's name, without its suffix


def back_up(library: Path, target: Path) -> Path:
    """Copy a library into one file, and return where that is.

    Args:
        library: its file.
        target: a file that is not there yet; or a folder to put one into, as is any name without a suffix.

    Raises:
        LibraryError: the library is damaged, or the copy cannot be written.
    """
    name = library.parent.name
    target = target / f"{name}.sqlite" if target.is_dir() or not target.suffix else target
    other = f"rag backup OTHER-FILE --library {name}"
    if target.exists():
        raise LibraryError(f"{target} is there already, and stays as it is.", other)
    with _written_beside(target, other) as half:
        with closing(Store(library)) as store:
            store.copy_to(half)
        with closing(Store(half)) as copy:
            if not is_whole(copy):
                raise LibraryError(
                    f"The library {name} is damaged; no copy of it was kept.", f"rag verify --library {name}"
                )
        with closing(sqlite3.connect(half)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # so that it can be read where nothing can be written
        put_in_place(half, target)
    return target


def restore(source: Path, library: Path, *, replace: bool = False) -> Path | None:
    """Put a copy that :func:`back_up` made, or an earlier version of it, in the place of a library.

    Args:
        source: the copy, which stays as it is.
        library: the file of the library.
        replace: whether what the library holds may go.

    Returns:
        Where a file that stood there and was no sound library lies now, if there was one.

    Raises:
        LibraryError: the copy is damaged, is none or cannot be read, or the library holds articles and ``replace`` is
            not set.
    """
    again = f"rag restore FILE --library {library.parent.name}"
    try:
        is_copy = source.is_file() and is_database(source)
        if not source.exists():
            raise LibraryError(f"There is no file {source}.", "check the path and its spelling")
    except OSError as error:
        raise LibraryError(
            f"{source} cannot be read: {error.strerror}.", f"check the permissions of {source}"
        ) from error
    if not is_copy:
        raise LibraryError(f"{source} is no copy of a library.", again)
    make_private_folder(library.parent)
    with _written_beside(library, again) as half:
        connection, _ = connect_reading(source)
        with closing(connection), closing(sqlite3.connect(half)) as copy:
            connection.backup(copy)
        try:
            with closing(Store(half)) as store:  # brought up to date where it is of an earlier version
                sound = is_whole(store)
                store.mend_tokens()  # rows that were used since are others in what was derived from the library
        except LibraryError:
            sound = False
        if not sound:
            raise LibraryError(f"The copy {source} is damaged, or is of no library; nothing was restored.", again)
        aside = _exchange(half, library, replace=replace)
    with closing(Store(library)) as store:
        store.keep_room()
    return aside


def export_texts(library: Path, folder: Path, identifiers: Sequence[str] = ()) -> Iterator[Path]:
    """Write the exact text of each article into a file of its own, in UTF-8; yield where.

    Args:
        library: its file.
        folder: where to; made if need be.
        identifiers: of the articles; none: all.

    Raises:
        LibraryError: a text cannot be read or written; the others were written before.
    """
    lost = []
    with closing(Store(library)) as store:
        for identifier in identifiers or [place.identifier for place in store.places()]:
            try:
                name, text = store.text(identifier)
            except LibraryError:
                lost.append(identifier)
            else:
                yield _write_text(folder, name, identifier, text)
    if lost:
        name = library.parent.name
        raise LibraryError(
            f"Of these articles no text is left: {', '.join(lost)}.", f"rag restore BACKUP --library {name}"
        )


@contextmanager
def _written_beside(path: Path, remedy: str) -> Iterator[Path]:
    """Give a file to write beside ``path``, which is gone afterwards; turn what goes wrong into a sentence."""
    half = half_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clear_halves(path.parent, path.stem)
        create_private(half).close()
        yield half
    except (OSError, sqlite3.DatabaseError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LibraryError(
            f"{path} cannot be written, or what it is made of cannot be read: {reason}.", remedy
        ) from error
    finally:
        for part in filter(Path.exists, _parts(half)):
            part.unlink(missing_ok=True)


def _exchange(half: Path, library: Path, *, replace: bool) -> Path | None:
    """Put a file in the place of a library: into it where it can be opened, so that who has it open sees the new."""
    aside = None
    if library.exists():
        try:
            store = Store(library)
        except LibraryError:
            aside = _move_aside(library)
        else:
            with closing(store):
                name = library.parent.name
                if store.read_only:
                    raise protected(library.parent)
                if not replace and not store.is_empty():
                    raise LibraryError(
                        f"The library {name} holds articles, which would be gone.",
                        f"rag restore FILE --library {name} --replace",
                    )
                store.copy_from(half)
            return None
    put_in_place(half, library)
    return aside


def _move_aside(library: Path) -> Path:
    """Give a file that is no sound library another name, with what SQLite left beside it."""
    number = 1
    while (aside := library.with_name(f"{library.name}.damaged-{number}")).exists():
        number += 1
    for part, other in zip(_parts(library), _parts(aside), strict=True):
        if part.exists():
            part.rename(other)
    return aside


def _parts(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + end) for end in ("", "-wal", "-shm", "-journal"))


def _write_text(folder: Path, name: str, identifier: str, text: str) -> Path:
    stem = re.sub(r"[^\w .-]+", "_", name)[:_LONGEST_NAME].strip(" .") or identifier
    content = text.encode("utf-8", "replace")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder / f"{stem}.txt", folder / f"{stem}-{identifier}.txt"):
            if not path.exists():
                path.write_bytes(content)
                return path
            if path.is_file() and path.read_bytes() == content:
                return path
    except OSError as error:
        raise LibraryError(f"{folder} cannot be written: {error.strerror}.", "rag export OTHER-FOLDER") from error
    raise LibraryError(f"{path} is there already with another text.", "rag export OTHER-FOLDER")
