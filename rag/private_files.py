"""Files and folders that nobody else on this machine can read: what a person asked about is that person's alone.

Only what is made here is closed (0600, 0700). What was opened to others on purpose stays open.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO


def make_private_folder(path: Path) -> None:
    """Make a folder that only its owner can enter, where there is none; folders above it are made as usual.

    Raises:
        OSError: it cannot be made.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def create_private(path: Path) -> BinaryIO:
    """Open a file to be written from its beginning; where it is new, only its owner can read it.

    Raises:
        OSError: it cannot be made.
    """
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600), "wb")
