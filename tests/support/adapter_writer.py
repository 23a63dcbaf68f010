"""Writes the adapter of a reader that was never trained: random weights, in the layout of the trained one."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from rag.models.packed import read_packed


def write_adapter(path: Path, packed: Path, *, split: int, rank: int = 8, seed: int = 0) -> Path:
    """Write an adapter for the embedder in a packed file; return its path."""
    random, shape = np.random.default_rng(seed), read_packed(packed).shape
    width, inner = shape.width, shape.inner
    sizes = dict.fromkeys(("query", "key", "value", "mixed"), (width, width))
    sizes |= {"inner": (inner, width), "outer": (width, inner)}
    tensors: dict[str, np.ndarray] = {}

    def plain(name: str, *dimensions: int, spread: float = 1.0) -> None:
        tensors[name] = (spread * random.standard_normal(dimensions)).astype(np.float16)

    for layer in range(shape.layers - split):
        for part, (outputs, inputs) in sizes.items():
            # together they change a matrix by about a tenth of what it is
            for name, rows, columns, spread in (("down", rank, inputs, inputs**-0.5), ("up", outputs, rank, 0.03)):
                whole = f"upper.{layer}.{part}.{name}"
                tensors[whole] = random.integers(-127, 128, (rows, columns)).astype(np.int8)
                tensors[f"{whole}.scale"] = (spread / 64 * random.uniform(0.5, 1.5, rows)).astype(np.float16)
    plain("belongs", 3, width, spread=0.1)
    plain("met", 3, 2, width, spread=0.1)
    plain("token_head.weight", 3, width, spread=width**-0.5)
    plain("token_head.bias", 3)
    for head, outputs in (("answer_head", 1), ("verdict_head", 3)):
        plain(f"{head}.0.weight", width, 2 * width + 3, spread=(2 * width) ** -0.5)
        plain(f"{head}.0.bias", width)
        plain(f"{head}.2.weight", outputs, width, spread=2 * width**-0.5)
        plain(f"{head}.2.bias", outputs)
    embedder = hashlib.sha256(packed.read_bytes()).hexdigest()
    save_file(tensors, path, metadata={"split": str(split), "rank": str(rank), "embedder": embedder})
    return path
