"""Writes the encoder as an ONNX graph that multiplies in 8 bits, from tokens to the unit vector of their text.

Each matrix is rounded to 7 bits and a scale for each of its columns (8 would overflow on processors that have no
instruction for it), and what it is multiplied with to 8 bits and a scale for each token, at run time. What that costs
and gains stands in ``benchmarks/answers.md``. The word table is not copied into the graph: it stays in the safetensors
file, of which only the rows of a text's words are read.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.models.packed import Packed, Weights

_CONTRIB = "com.microsoft"  # fused operators that every build of onnxruntime has
_LEVELS = 63  # of a weight, on either side of 0
_ZERO = 128  # what 0 is as a byte


def write_encoder(packed: Packed, path: Path, weights: Path, table: str) -> None:
    """Write the graph to ``path``.

    Args:
        packed: the weights.
        path: of the graph.
        weights: the safetensors file beside it that holds the word table, in 16 bits.
        table: its name in there.
    """
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph(packed)
    graph.external(table, weights)
    graph.build(table)
    tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, ("texts", "length"))
    vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, ("texts", packed.shape.width))
    made = helper.make_graph(graph.nodes, "encoder", [tokens], [vector], graph.constants)
    versions = [helper.make_opsetid("", 18), helper.make_opsetid(_CONTRIB, 1)]
    onnx.save(helper.make_model(made, opset_imports=versions, ir_version=9), str(path))


class _Graph:
    """Nodes and constants in the making; each method adds some and returns the name of what they give."""

    def __init__(self, packed: Packed) -> None:
        self.packed = packed
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def build(self, table: str) -> None:
        """Add the whole encoder: words and places, the layers, the mean over the tokens."""
        shape, tensors = self.packed.shape, self.packed.tensors
        for name, value in (("first", [0]), ("second", [1]), ("last", [-1])):
            self.constant(name, np.array(value, dtype=np.int64))
        for name, level in (("levels", 127.0), ("least", 1e-12), ("middle", float(_ZERO))):
            self.constant(name, np.array(level, dtype=np.float32))
        self.constant("zero", np.array(_ZERO, dtype=np.uint8))
        places = tensors["emb.pos"].reshape(-1, shape.width) + tensors["emb.type"][: shape.width]
        self.constant("places", places)
        words = self.cast(self.node("Gather", table, "tokens"), "FLOAT")
        length = self.node("Shape", "tokens", start=1)
        here = self.node("Unsqueeze", self.node("Slice", "places", "first", length), "first")
        state = self.norm(words, here, "emb.ln")
        for layer in range(shape.layers):
            state = self.layer(state, f"l{layer}")
        mean = self.node("ReduceMean", state, "second", keepdims=0)
        self._add("LpNormalization", [mean], ["vector"], {"axis": 1, "p": 2})

    def layer(self, state: str, name: str) -> str:
        """Add one layer: attention, then two matrices with a GELU between them, each added to what came in."""
        joined = np.concatenate([self.matrix(f"{name}.{one}") for one in "qkv"], axis=1)
        shifts = np.concatenate([self.packed.tensors[f"{name}.{one}.b"] for one in "qkv"])
        biases = self.constant(f"{name}.qkv.b", shifts)
        parts = [f"{name}.{one}" for one in "qkv"]
        self._add("Split", [self.multiply(state, joined, f"{name}.qkv")], parts, {"axis": -1, "num_outputs": 3})
        mixed = self.contrib("MultiHeadAttention", *parts, biases, num_heads=self.packed.shape.heads)
        attended = self.multiply(mixed, self.matrix(f"{name}.ao"), f"{name}.ao")
        state = self.norm(state, attended, f"{name}.aln", f"{name}.ao.b")
        inner = self.multiply(state, self.matrix(f"{name}.fi"), f"{name}.fi")
        inner = self.contrib("BiasGelu", inner, self.plain(f"{name}.fi.b"))
        outer = self.multiply(inner, self.matrix(f"{name}.fo"), f"{name}.fo")
        return self.norm(state, outer, f"{name}.oln", f"{name}.fo.b")

    def multiply(self, state: str, matrix: Weights, name: str) -> str:
        """Add ``state`` x ``matrix`` in 8 bits, each row of the state and each column of the matrix with its scale."""
        scales = np.maximum(np.abs(matrix).max(axis=0), 1e-9) / _LEVELS
        levels = self.constant(f"{name}.levels", np.rint(matrix / scales).astype(np.int8))
        largest = self.node("ReduceMax", self.node("Abs", state), "last", keepdims=1)
        rows = self.node("Max", self.node("Div", largest, "levels"), "least")
        rounded = self.node("Add", self.node("Round", self.node("Div", state, rows)), "middle")
        product = self.node("MatMulInteger", self.cast(rounded, "UINT8"), levels, "zero")
        scaled = self.node("Mul", self.cast(product, "FLOAT"), rows)
        return self.node("Mul", scaled, self.constant(f"{name}.scales", scales))

    def norm(self, state: str, added: str, name: str, bias: str = "") -> str:
        """Add the layer norm called ``name`` of ``state`` + ``added`` + ``bias``."""
        inputs = [state, added, self.plain(f"{name}.w"), self.plain(f"{name}.b"), *([self.plain(bias)] if bias else [])]
        return self.contrib("SkipLayerNormalization", *inputs, epsilon=self.packed.shape.epsilon)

    def matrix(self, name: str) -> Weights:
        """Return a matrix with one column an output."""
        outputs = len(self.packed.tensors[f"{name}.b"])
        return np.asarray(self.packed.tensors[f"{name}.w"].reshape(outputs, -1).T)

    def plain(self, name: str) -> str:
        """Add a vector of the packed file as it is."""
        return self.constant(name, self.packed.tensors[name])

    def cast(self, value: str, kind: str) -> str:
        """Add a change of the kind of number."""
        from onnx import TensorProto

        return self.node("Cast", value, to=getattr(TensorProto, kind))

    def contrib(self, operator: str, *inputs: str, **attributes: float) -> str:
        """Add a fused operator."""
        return self._add(operator, inputs, [f"{operator}.{len(self.nodes)}"], attributes | {"domain": _CONTRIB})

    def node(self, operator: str, *inputs: str, **attributes: float) -> str:
        """Add a standard operator."""
        return self._add(operator, inputs, [f"{operator}.{len(self.nodes)}"], attributes)

    def _add(self, operator: str, inputs: Sequence[str], outputs: Sequence[str], attributes: Mapping[str, Any]) -> str:
        """Add an operator; return the name of the first of what it gives."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, outputs, **attributes))
        return outputs[0]

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        """Add a constant."""
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def external(self, name: str, weights: Path) -> None:
        """Add a constant of 16-bit numbers that stays in a safetensors file."""
        from onnx import TensorProto

        with weights.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            entry = json.loads(file.read(length))[name]
        start, end = entry["data_offsets"]
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT16, dims=entry["shape"])
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", weights.name), ("offset", 8 + length + start), ("length", end - start)):
            tensor.external_data.add(key=key, value=str(value))
        self.constants.append(tensor)
