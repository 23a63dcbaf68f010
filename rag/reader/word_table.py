"""The embedder's word table, of which only the rows of a text's words are read from its file."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

TABLE = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor of 16-bit numbers stands in a safetensors file.

    Attributes:
        shape: of the tensor.
        start: first byte in the file.
        bytes: its size.
    """

    shape: tuple[int, ...]
    start: int
    bytes: int


def place_of(name: str, weights: Path) -> Place:
    """Return where the tensor called ``name`` stands in a safetensors file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no safetensors file.
        KeyError: it has no such tensor.
    """
    with weights.open("rb") as file:
        head = file.read(8)
        if len(head) < 8:
            raise ValueError(f"{weights.name} is empty")
        (length,) = struct.unpack("<Q", head)
        entry = json.loads(file.read(length))[name]
    start, end = entry["data_offsets"]
    return Place(tuple(entry["shape"]), 8 + length + start, end - start)


def open_word_table(weights: Path) -> npt.NDArray[np.float16]:
    """Return the word table, shape (pieces, width), as it lies on the disk: a row is read when it is used.

    Raises:
        OSError: the file cannot be read, or is shorter than it says.
        ValueError: it is no safetensors file, or is shorter than it says.
        KeyError: it has no word table.
    """
    place = place_of(TABLE, weights)
    return np.memmap(weights, np.float16, "r", place.start, place.shape)
