"""Writes what was trained as the one file that the program reads.

    python -m training.reader.export build/reader/average.pt rag/reader/data/adapter.safetensors

The low-rank matrices are rounded to 8 bits with a 16-bit scale for each row, the rest to 16 bits.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from rag.models.catalogue import CATALOGUE, STANDARD_EMBEDDER
from training.reader.network import LAYERS

LARGEST = 6_000_000  # bytes; it comes with the program
LEVELS = 127  # of an 8-bit number, on either side of 0
LEAST = 1e-6  # scale: of a row of zeros


def main() -> None:
    """Export a checkpoint."""
    parser = argparse.ArgumentParser(prog="python -m training.reader.export", description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    export(options.checkpoint, options.target)


def export(checkpoint: Path, target: Path) -> None:
    """Write the adapter of a checkpoint; its split and rank are told by the matrices that were trained.

    Args:
        checkpoint: with the trained parameters, by their names, under ``reader``.
        target: the safetensors file to write.

    Raises:
        ValueError: the file would be too large to come with the program.
    """
    learned: dict[str, Tensor] = torch.load(checkpoint, weights_only=True)["reader"]
    tensors: dict[str, Tensor] = {}
    for name, value in sorted(learned.items()):
        if name.endswith((".up", ".down")):
            scales = (value.abs().amax(dim=1) / LEVELS).clamp(min=LEAST).half()
            tensors[name] = (value / scales.float()[:, None]).round().clamp(-LEVELS, LEVELS).to(torch.int8)
            tensors[f"{name}.scale"] = scales
        else:
            tensors[name] = value.half().contiguous()
    upper = {int(name.split(".")[1]) for name in learned if name.startswith("upper.")}
    (rank,) = {len(value) for name, value in learned.items() if name.endswith(".down")}
    about = {
        "split": str(LAYERS - len(upper)),
        "rank": str(rank),
        "embedder": CATALOGUE[STANDARD_EMBEDDER].sha256,
    }
    content = save(tensors, metadata=about)
    if len(content) > LARGEST:
        raise ValueError(f"the adapter has {len(content)} bytes, and at most {LARGEST} come with the program")
    partial = target.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(target)


if __name__ == "__main__":
    main()
