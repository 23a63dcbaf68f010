"""Room on the disk that a library keeps for itself, so that articles can be removed from it where the disk is full.

To remove an article SQLite writes nearly as much as the article takes, beside the file, before anything is given back.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from rag.private_files import create_private

RESERVE_FILE = "reserve"
_BESIDE = 1 << 18  # bytes; what SQLite keeps beside an open file, and the pages that every change writes


def keep_reserve(folder: Path, article: int) -> None:
    """Keep room for the removal of an article beside what is there; where there is none, nothing is kept.

    Args:
        folder: of the library.
        article: bytes that it takes in the library's file.
    """
    path, size = folder / RESERVE_FILE, article + _BESIDE
    if path.exists() and path.stat().st_size >= size:
        return
    try:
        with create_private(path) as file:
            file.write(os.urandom(size))  # what says nothing new takes no room on some disks
    except OSError:
        give_reserve(folder)


def give_reserve(folder: Path) -> None:
    """Give the room back; the next article that is added keeps it anew."""
    with suppress(OSError):
        (folder / RESERVE_FILE).unlink()
