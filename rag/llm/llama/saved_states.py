"""Keeps on disk what a model has read, so that an article is read once and not at every start.

A state is llama.cpp's own sequence file (``llama_state_seq_save_file``), followed by a trailer of ours: what the state
belongs to, its length, and a checksum. A file that does not match in all three is never given to llama.cpp; it is
deleted and made again. Restoring a state that belongs to anything else would not fail: it would answer nonsense.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from rag.private_files import create_private, make_private_folder

_TRAILER = struct.Struct("<8s32sQI")  # mark, key, length of the state, its checksum
_MARK = b"ragstat1"
_BLOCK = 1 << 22
_STRIDE = 1 << 16
SUFFIX = ".state"


class StatefulEngine(Protocol):
    """The part of an engine that reads and writes states."""

    tokens: list[int]

    def state_bytes(self) -> int: ...  # noqa: D102
    def save(self, path: Path) -> bool: ...  # noqa: D102
    def restore(self, path: Path, tokens: Sequence[int]) -> bool: ...  # noqa: D102


class StateFolder:
    """The states of one folder, bounded in size; the least recently used go first.

    Args:
        folder: where they lie; made when the first is saved.
        megabytes: the most they may take together; 0 keeps none.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder = folder
        self._limit = megabytes * 1_000_000

    def holds(self, key: bytes) -> bool:
        """Return whether there is a file for ``key``; whether it is sound is seen when it is restored."""
        return self._path(key).is_file()

    def restore(self, engine: StatefulEngine, key: bytes, tokens: Sequence[int]) -> bool:
        """Put the state of ``tokens`` into the engine's memory; return False if there is none that is sound."""
        path = self._path(key)
        if not path.is_file():
            return False
        if _sound(path, key) and engine.restore(path, tokens):
            os.utime(path)
            return True
        path.unlink(missing_ok=True)
        return False

    def save(self, engine: StatefulEngine, key: bytes) -> bool:
        """Save what the engine's memory holds now; return False if there is no room for it, here or on the disk."""
        size = engine.state_bytes() + _TRAILER.size
        if size > self._limit:
            return False
        try:
            make_private_folder(self._folder)
            self._make_room(size)
        except OSError:  # on a disk that can only be read
            return False
        if shutil.disk_usage(self._folder).free < 2 * size:
            return False
        part = self._path(key).with_suffix(f".{os.getpid()}.part")
        try:
            create_private(part).close()  # what an engine writes over keeps its owner
            if not engine.save(part):
                return False
            _seal(part, key)
            part.replace(self._path(key))
        except OSError:
            return False
        finally:
            part.unlink(missing_ok=True)
        return True

    def _path(self, key: bytes) -> Path:
        return self._folder / (key.hex()[:32] + SUFFIX)

    def _make_room(self, size: int) -> None:
        """Remove the least recently used states until ``size`` more bytes are within the limit."""
        aged = sorted((entry.stat().st_mtime_ns, entry.stat().st_size, entry) for entry in self._states())
        total = sum(length for _, length, _ in aged)
        for _, length, entry in aged:
            if total + size <= self._limit:
                return
            entry.unlink(missing_ok=True)
            total -= length

    def _states(self) -> list[Path]:
        return [entry for entry in self._folder.iterdir() if entry.suffix in {SUFFIX, ".part"}]


def state_key(*parts: str | bytes | Sequence[int]) -> bytes:
    """Return the SHA-256 of ``parts``, each told apart from the next: the name of what a state belongs to."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            data = part.encode()
        else:
            data = part if isinstance(part, bytes) else struct.pack(f"<{len(part)}i", *part)
        digest.update(struct.pack("<Q", len(data)))
        digest.update(data)
    return digest.digest()


def fingerprint(path: Path) -> bytes:
    """Return a digest that tells model files apart without reading gigabytes.

    It covers the length, the first 4 MiB (the head, with the vocabulary and the template) and 64 samples of 16 KiB
    spread over the weights.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        digest.update(struct.pack("<Q", size))
        file.seek(0)
        digest.update(file.read(_BLOCK))
        for sample in range(64):
            file.seek(size * sample // 64)
            digest.update(file.read(1 << 14))
    return digest.digest()


def _checksum(path: Path, length: int) -> int:
    """Return the CRC-32 of the 64-bit sums of each 64 KiB: any damage shows, five times sooner than by CRC alone."""
    checksum = 0
    with path.open("rb") as file:
        while length > 0:
            block = file.read(min(_BLOCK, length))
            if not block:
                break
            length -= len(block)
            words = np.frombuffer(block + bytes(-len(block) % _STRIDE), np.uint64)
            checksum = zlib.crc32(words.reshape(-1, _STRIDE // 8).sum(axis=1).tobytes(), checksum)
    return checksum


def _seal(path: Path, key: bytes) -> None:
    length = path.stat().st_size
    checksum = _checksum(path, length)
    with path.open("ab") as file:
        file.write(_TRAILER.pack(_MARK, key, length, checksum))  # torn by a crash, it would not match


def _sound(path: Path, key: bytes) -> bool:
    length = path.stat().st_size - _TRAILER.size
    if length < 0:
        return False
    with path.open("rb") as file:
        file.seek(length)
        mark, owner, sealed, checksum = _TRAILER.unpack(file.read(_TRAILER.size))
    return bool((mark, owner, sealed) == (_MARK, key, length) and checksum == _checksum(path, length))
