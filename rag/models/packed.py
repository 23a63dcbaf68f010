"""Packed weights of multilingual-e5-small, read as plain bytes, and written out as a sentence-transformers folder.

The file begins with 18 numbers of 32 bits (``_HEADER``); then come, for each piece of the vocabulary, where its UTF-8
ends, its score, and the pieces themselves; the characters that are written otherwise before a text is cut into pieces;
and a directory of tensors. Matrices lie in blocks of 32 weights, a 16-bit scale and 32 nibbles (ggml calls this Q4_0):
weight = scale x (nibble - 8), the low nibbles first. All numbers are little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError

Weights: TypeAlias = npt.NDArray[np.float32]

MAGIC = b"E5S1"
VERSION = 1
BLOCK, BLOCK_BYTES = 32, 18

_HEADER = struct.Struct("<4s8If8I")
_PLAIN, _BLOCKS = 0, 1


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the encoder is: the numbers a BERT configuration holds."""

    width: int
    layers: int
    heads: int
    inner: int
    rows: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Packed:
    """What a packed file holds.

    Attributes:
        shape: of the encoder.
        pieces: of the vocabulary, in the order of their numbers; fewer than the word table has rows.
        scores: logarithm of each piece's probability, shape (pieces,).
        special: numbers of the pieces ``unk``, ``bos``, ``eos`` and ``pad``.
        written: character → what it is written as before a text is cut into pieces.
        tensors: name → weights, flat; a matrix has one row an output.
    """

    shape: Shape
    pieces: tuple[str, ...]
    scores: Weights
    special: Mapping[str, int]
    written: Mapping[str, str]
    tensors: Mapping[str, Weights]


def read_packed(path: Path) -> Packed:
    """Return what the packed file at ``path`` holds.

    Raises:
        ModelError: it is not such a file, or its directory makes no sense.
    """
    try:
        return _read(path.read_bytes())
    except (struct.error, ValueError, IndexError, OverflowError) as error:
        raise ModelError(f"{path.name} does not hold packed weights: {error}.", "rag models verify") from None


def _read(data: bytes) -> Packed:
    magic, version, *sizes, epsilon, block, count, bos, eos, pad, unk, length, _ = _HEADER.unpack_from(data)
    width, layers, heads, inner, rows, positions, types = sizes
    if (magic, version, block) != (MAGIC, VERSION, BLOCK):
        raise ValueError("it begins otherwise")
    ends = np.frombuffer(data, "<u4", count + 1, _HEADER.size)
    scores = np.frombuffer(data, "<f4", count, _HEADER.size + ends.nbytes)
    start = _HEADER.size + ends.nbytes + scores.nbytes
    spelled = data[start : start + length]
    pieces = tuple(spelled[ends[i] : ends[i + 1]].decode() for i in range(count))
    written, position = _read_written(data, start + length)
    return Packed(
        Shape(width, layers, heads, inner, rows, positions, types, epsilon),
        pieces,
        scores,
        {"unk": unk, "bos": bos, "eos": eos, "pad": pad},
        written,
        _read_tensors(data, position),
    )


def _read_written(data: bytes, position: int) -> tuple[dict[str, str], int]:
    """Return the characters that are written otherwise, and where they end."""
    count, length = struct.unpack_from("<II", data, position)
    position += 8
    end = position + length
    written = {}
    for _ in range(count):
        character, others = struct.unpack_from("<IB", data, position)
        written[chr(character)] = "".join(map(chr, struct.unpack_from(f"<{others}I", data, position + 5)))
        position += 5 + 4 * others
    if position != end:
        raise ValueError("its normalisation has another length than it says")
    return written, end


def _read_tensors(data: bytes, position: int) -> dict[str, Weights]:
    (count,) = struct.unpack_from("<I", data, position)
    position += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, position)
        name = data[position + 2 : position + 2 + length].decode()
        kind, weights, start, size = struct.unpack_from("<BIQQ", data, position + 2 + length)
        position += 2 + length + struct.calcsize("<BIQQ")
        tensors[name] = _weights(data[start : start + size], kind)
        if len(tensors[name]) != weights:
            raise ValueError(f"the tensor {name} is not whole")
    return tensors


def _weights(data: bytes, kind: int) -> Weights:
    if kind == _PLAIN:
        return np.frombuffer(data, "<f4")
    if kind != _BLOCKS:
        raise ValueError(f"a tensor has the unknown kind {kind}")
    blocks = np.frombuffer(data, np.uint8).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return np.asarray((nibbles.astype(np.float32) - 8) * scales, dtype=np.float32).ravel()
