"""Writes the reader as two ONNX graphs: the embedder's lower layers, and its upper ones with what training added.

The graphs hold nothing of their own: they are made of the embedder's packed weights and of the adapter that comes with
the program, and made anew where a program with another adapter finds them. They lie in a hidden folder of the
embedder's, which its fingerprint passes over, and are no part of what was installed.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rag.errors import ModelError
from rag.models.fetching import disk_watched, require_space
from rag.models.graph_writing import Graph
from rag.models.packed import Packed, Weights, read_packed
from rag.reader.adapter import Adapter, digest_of, read_adapter
from rag.reader.onnx_reader import ReaderGraphs

FOLDER = ".reader"
_WRITTEN_AS = 1  # counts up where the same adapter is written otherwise
_PARTS = {"q": "query", "k": "key", "v": "value", "ao": "mixed", "fi": "inner", "fo": "outer"}


def reader_graphs(packed: Path, adapter: Path) -> ReaderGraphs:
    """Return the reader's graphs beside an embedder's packed weights, written now where they are not there.

    Another process may write them at the same time: each file appears whole, and is the same.

    Raises:
        ModelError: the packed weights are not those the adapter was trained on, or the folder cannot be written.
        DownloadError: the disk is full.
    """
    folder = packed.parent / FOLDER
    ends = f"{digest_of(adapter)}-{_WRITTEN_AS}.onnx"
    graphs = ReaderGraphs(folder / f"lower-{ends}", folder / f"upper-{ends}")
    if not (graphs.lower.is_file() and graphs.upper.is_file()):
        try:
            _make(packed, read_adapter(adapter), graphs)
        except OSError as error:
            raise ModelError(f"The reader could not be written into {folder}: {error}", "rag doctor") from None
    return graphs


def _make(packed: Path, adapter: Adapter, graphs: ReaderGraphs) -> None:
    content = packed.read_bytes()
    if hashlib.sha256(content).hexdigest() != adapter.embedder:
        name = packed.parent.name
        raise ModelError(
            f"{packed} is not what the reader was trained on.", f"rag models remove {name}, then rag models pull {name}"
        )
    folder, size = graphs.lower.parent, len(content) // 2
    require_space("the reader", packed.parent, size)
    with disk_watched("the reader", packed.parent, size):
        folder.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=folder) as temporary:
            made = ReaderGraphs(Path(temporary) / graphs.lower.name, Path(temporary) / graphs.upper.name)
            write_reader(read_packed(packed), adapter, made)
            _put(made.lower, graphs.lower)
            _put(made.upper, graphs.upper)
    for path in folder.glob("*.onnx"):
        if path not in {graphs.lower, graphs.upper}:
            with suppress(OSError):  # another process has it open, or was quicker
                path.unlink()


def _put(made: Path, place: Path) -> None:
    try:
        made.replace(place)
    except PermissionError:  # on Windows, where another process reads the same file, which it wrote in the meantime
        if not place.is_file():
            raise


def write_reader(packed: Packed, adapter: Adapter, graphs: ReaderGraphs) -> None:
    """Write both graphs."""
    dimensions = (1, "length", packed.shape.width)
    lower = Graph(packed)
    lower.begin()
    state = lower.embed(lower.cast("words", "FLOAT"), lower.node("Shape", "words", start=1, end=2))
    for layer in range(adapter.split):
        state = lower.layer(state, f"l{layer}")
    half = lower.cast(state, "FLOAT16")
    lower.write("lower", graphs.lower, ("words", "FLOAT16", dimensions), (half, "FLOAT16", dimensions))
    upper = _Adapted(packed, adapter)
    upper.begin()
    state = "state"
    for layer in range(adapter.split, packed.shape.layers):
        state = upper.layer(state, f"l{layer}")
    upper.write("upper", graphs.upper, ("state", "FLOAT", dimensions), (state, "FLOAT", dimensions))


class _Adapted(Graph):
    """A graph whose matrices have the adapter's added to them, before they are rounded."""

    def __init__(self, packed: Packed, adapter: Adapter) -> None:
        super().__init__(packed)
        self._adapter = adapter

    def matrix(self, name: str) -> Weights:
        """Return a matrix with one column an output."""
        layer, _, part = name.removeprefix("l").partition(".")
        up, down = self._adapter.low_rank[f"{int(layer) - self._adapter.split}.{_PARTS[part]}"]
        return np.asarray(super().matrix(name) + (up @ down).T, dtype=np.float32)
