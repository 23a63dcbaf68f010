"""Files that hold nothing of their own: written whole or not at all, read only when they are sound, made anew else.

Such a file is one line that says what it is, one line of JSON with what its owner needs to know, and then bytes, whose
length and checksum stand in that JSON. Nothing in it is ever executed or unpickled.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_MAGIC = b"ask-the-article derived 2\n"
_LONGEST_HEADER = 4096  # bytes


def write_derived(path: Path, about: dict[str, Any], parts: Sequence[bytes | memoryview]) -> None:
    """Write a derived file in the place of the one before it.

    Args:
        path: of the file.
        about: what the reader is to know; must fit JSON.
        parts: the bytes, in order.

    Raises:
        OSError: it could not be written; what was there before is untouched.
    """
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    header = {"about": about, "sizes": [memoryview(part).nbytes for part in parts], "crc32": checksum}
    half = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
    try:
        with half.open("wb") as file:
            file.write(_MAGIC + json.dumps(header).encode() + b"\n")
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
    line = bytes(content[len(_MAGIC) : len(_MAGIC) + _LONGEST_HEADER]).partition(b"\n")[0]
    body = content[len(_MAGIC) + len(line) + 1 :]
    try:
        header = json.loads(line)
        sound = bytes(content[: len(_MAGIC)]) == _MAGIC and len(body) == sum(header["sizes"])
        if not sound or zlib.crc32(body) != header["crc32"]:
            return None
        about, sizes = dict(header["about"]), [int(size) for size in header["sizes"]]
    except (ValueError, TypeError, KeyError):
        return None
    parts = []
    for size in sizes:
        parts.append(body[:size])
        body = body[size:]
    return about, parts
