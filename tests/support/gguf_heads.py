"""Heads of GGUF files, without weights: what they say of themselves is all there is to them."""

from __future__ import annotations

import struct
from pathlib import Path

_STRING, _UINT16 = 8, 2


def write_head(path: Path, *, order: str = "<", **values: str | int) -> Path:
    """Write a file of version 3 with these values, ``__`` standing for a dot in their names; ``order`` is struct's."""
    entries = b"".join(
        _string(name.replace("__", "."), order) + _value(value, order)
        for name, value in {"general__architecture": "llama", **values}.items()
    )
    count = len({"general__architecture", *values})
    path.write_bytes(b"GGUF" + struct.pack(f"{order}IQQ", 3, 0, count) + entries + bytes(64))
    return path


def _string(text: str, order: str) -> bytes:
    return struct.pack(f"{order}Q", len(text.encode())) + text.encode()


def _value(value: str | int, order: str) -> bytes:
    if isinstance(value, str):
        return struct.pack(f"{order}I", _STRING) + _string(value, order)
    return struct.pack(f"{order}IH", _UINT16, value)
