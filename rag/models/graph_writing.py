"""The encoder's layers as nodes of an ONNX graph that multiplies in 8 bits.

Each matrix is rounded to 7 bits and a scale for each of its columns (8 would overflow on processors that have no
instruction for it), and what it is multiplied with to 8 bits and a scale for each token, at run time. What that costs
and gains stands in ``benchmarks/answers.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from rag.models.packed import Packed, Weights

Dimensions: TypeAlias = tuple[int | str, ...]  # of a tensor; one that changes from text to text has a name

_CONTRIB = "com.microsoft"  # fused operators that every build of onnxruntime has
_LEVELS = 63  # of a weight, on either side of 0
_ZERO = 128  # what 0 is as a byte


class Graph:
    """Nodes and constants in the making; each method adds some and returns the name of what they give."""

    def __init__(self, packed: Packed) -> None:
        self.packed = packed
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def begin(self) -> None:
        """Add what every layer multiplies with."""
        for name, value in (("first", [0]), ("second", [1]), ("last", [-1])):
            self.constant(name, np.array(value, dtype=np.int64))
        for name, level in (("levels", 127.0), ("least", 1e-12), ("middle", float(_ZERO))):
            self.constant(name, np.array(level, dtype=np.float32))
        self.constant("zero", np.array(_ZERO, dtype=np.uint8))

    def embed(self, words: str, length: str) -> str:
        """Add the state before the first layer, of the words' vectors and how many ``length`` says they are."""
        shape, tensors = self.packed.shape, self.packed.tensors
        places = tensors["emb.pos"].reshape(-1, shape.width) + tensors["emb.type"][: shape.width]
        self.constant("places", places)
        here = self.node("Unsqueeze", self.node("Slice", "places", "first", length), "first")
        return self.norm(words, here, "emb.ln")

    def layer(self, state: str, name: str) -> str:
        """Add one layer: attention, then two matrices with a GELU between them, each added to what came in."""
        joined = np.concatenate([self.matrix(f"{name}.{one}") for one in "qkv"], axis=1)
        shifts = np.concatenate([self.packed.tensors[f"{name}.{one}.b"] for one in "qkv"])
        biases = self.constant(f"{name}.qkv.b", shifts)
        parts = [f"{name}.{one}" for one in "qkv"]
        self.add("Split", [self.multiply(state, joined, f"{name}.qkv")], parts, {"axis": -1, "num_outputs": 3})
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
        return self.add(operator, inputs, [f"{operator}.{len(self.nodes)}"], attributes | {"domain": _CONTRIB})

    def node(self, operator: str, *inputs: str, **attributes: float) -> str:
        """Add a standard operator."""
        return self.add(operator, inputs, [f"{operator}.{len(self.nodes)}"], attributes)

    def add(self, operator: str, inputs: Sequence[str], outputs: Sequence[str], attributes: Mapping[str, Any]) -> str:
        """Add an operator; return the name of the first of what it gives."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, outputs, **attributes))
        return outputs[0]

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        """Add a constant."""
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def write(
        self, name: str, path: Path, given: tuple[str, str, Dimensions], made: tuple[str, str, Dimensions]
    ) -> None:
        """Write the graph called ``name``; what it is given and what it makes is each a name, a type and a shape."""
        import onnx
        from onnx import TensorProto, helper

        inside, outside = (
            helper.make_tensor_value_info(one, getattr(TensorProto, kind), shape) for one, kind, shape in (given, made)
        )
        graph = helper.make_graph(self.nodes, name, [inside], [outside], self.constants)
        versions = [helper.make_opsetid("", 18), helper.make_opsetid(_CONTRIB, 1)]
        onnx.save(helper.make_model(graph, opset_imports=versions, ir_version=9), str(path))
