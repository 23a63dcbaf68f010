"""Files that hold nothing of their own: written whole or not at all, read only when they are sound, made anew else.

Such a file is one line that says what it is, one line with the checksum of all that follows, one line of JSON with what
its owner needs to know and how long its parts are, and the parts. Nothing in it is ever executed or unpickled.
"""

from __future__ import annotations

import glob
import json
import os
import re
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from rag.private_files import create_private

_MAGIC = b"ask-the-article derived 3\n"
_CHECKSUM = 9  # bytes: eight hexadecimal digits and the end of the line
_LONGEST_HEADER = 4096  # bytes
_HALF = re.compile(r"\.(\d+)-\d+\.part")


def write_derived(path: Path, about: dict[str, Any], parts: Sequence[bytes | memoryview]) -> None:
    """Write a derived file in the place of the one before it; only its owner can read it.

    Args:
        path: of the file.
        about: what the reader is to know; must fit JSON.
        parts: the bytes, in order.

    Raises:
        OSError: it could not be written; what was there before is untouched.
    """
    header = json.dumps({"about": about, "sizes": [memoryview(part).nbytes for part in parts]}).encode() + b"\n"
    checksum = 0
    for part in (header, *parts):
        checksum = zlib.crc32(part, checksum)
    half = half_of(path)
    try:
        with create_private(half) as file:
            file.write(_MAGIC + b"%08x\n" % checksum + header)
            for part in parts:
                file.write(part)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def read_derived(path: Path) -> tuple[dict[str, Any], list[memoryview]] | None:
    """Return what a derived file says of itself and its parts, or None where it is missing or damaged."""
    try:
        content = memoryview(path.read_bytes())
    except OSError:
        return None
    start = len(_MAGIC) + _CHECKSUM
    head, rest = bytes(content[:start]), content[start:]
    if head != _MAGIC + b"%08x\n" % zlib.crc32(rest):
        return None
    header = json.loads(bytes(rest[:_LONGEST_HEADER]).partition(b"\n")[0])
    body = rest[len(rest) - sum(header["sizes"]) :]
    parts = []
    for size in header["sizes"]:
        parts.append(body[:size])
        body = body[size:]
    return header["about"], parts


def half_of(path: Path) -> Path:
    """Return where this thread writes a file before it stands in its place whole."""
    return path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")


def clear_halves(folder: Path, stem: str = "") -> None:
    """Remove what processes that are no more left half written in a folder: all of it, or of one file only.

    Args:
        folder: where to look.
        stem: the name of the one file, without its suffix.
    """
    for path in folder.glob(f"{glob.escape(stem) or '*'}.*.part*"):
        found = _HALF.search(path.name)
        if found and not psutil.pid_exists(int(found[1])):
            path.unlink(missing_ok=True)
