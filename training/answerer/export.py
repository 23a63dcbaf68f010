"""Writes what was trained as the one file that llama.cpp applies to the model.

    python -m training.answerer.export build/answerer/checkpoint.pt rag/models/adapters/gemma-3-270m/adapter.gguf

The low-rank matrices are rounded to blocks of 8 bits (Q8_0), which llama.cpp multiplies as they are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter
from gguf.quants import dequantize, quantize
from torch import Tensor

LARGEST = 12_000_000  # bytes; it comes with the program


def main() -> None:
    """Export a checkpoint."""
    parser = argparse.ArgumentParser(prog="python -m training.answerer.export", description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    export(options.checkpoint, options.target)


def export(checkpoint: Path, target: Path) -> None:
    """Write the adapter of a checkpoint; its rank, a multiple of 32, is told by the matrices that were trained.

    Args:
        checkpoint: with the trained matrices, by their names, under ``answerer``.
        target: the GGUF file to write.

    Raises:
        ValueError: the file would be too large to come with the program.
    """
    learned: dict[str, Tensor] = torch.load(checkpoint, weights_only=True)["answerer"]
    (rank,) = {len(value) for name, value in learned.items() if name.endswith(".down")}
    partial = target.with_suffix(".partial")
    target.parent.mkdir(parents=True, exist_ok=True)
    writer = GGUFWriter(partial, "gemma3")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(rank))  # what is learned is added as it is
    for name, value in sorted(learned.items()):
        _, layer, _, matrix, side = name.split(".")
        of_llama = f"blk.{layer}.{matrix}.weight.lora_{'a' if side == 'down' else 'b'}"
        kind = GGMLQuantizationType.Q8_0
        writer.add_tensor(of_llama, quantize(value.float().numpy(), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    if partial.stat().st_size > LARGEST:
        raise ValueError(f"the adapter has {partial.stat().st_size} bytes, and at most {LARGEST} come with the program")
    partial.replace(target)


def read_adapter(path: Path) -> dict[str, Tensor]:
    """Return the low-rank matrices of an adapter by the names that training gives them."""
    read = {}
    for tensor in GGUFReader(path).tensors:
        _, layer, matrix, _, side = tensor.name.split(".")
        name = f"layers.{layer}.matrices.{matrix}.{'down' if side == 'lora_a' else 'up'}"
        read[name] = torch.from_numpy(np.array(dequantize(tensor.data, tensor.tensor_type)))
    return read


if __name__ == "__main__":
    main()
