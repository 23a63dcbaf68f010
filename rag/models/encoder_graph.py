"""Writes the encoder as an ONNX graph, from tokens to the unit vector of their text.

The word table is not copied into the graph: it stays in the safetensors file, of which only the rows of a text's words
are read.
"""

from __future__ import annotations

from pathlib import Path

from rag.models.graph_writing import Graph
from rag.models.packed import Packed
from rag.reader.word_table import place_of


def write_encoder(packed: Packed, path: Path, weights: Path, table: str) -> None:
    """Write the graph to ``path``.

    Args:
        packed: the weights.
        path: of the graph.
        weights: the safetensors file beside it that holds the word table, in 16 bits.
        table: its name in there.
    """
    graph = _Encoder(packed)
    graph.external(table, weights)
    graph.build(table)
    graph.write(
        "encoder", path, ("tokens", "INT64", ("texts", "length")), ("vector", "FLOAT", ("texts", packed.shape.width))
    )


class _Encoder(Graph):
    def build(self, table: str) -> None:
        """Add the whole encoder: words and places, the layers, the mean over the tokens."""
        self.begin()
        words = self.cast(self.node("Gather", table, "tokens"), "FLOAT")
        state = self.embed(words, self.node("Shape", "tokens", start=1))
        for layer in range(self.packed.shape.layers):
            state = self.layer(state, f"l{layer}")
        mean = self.node("ReduceMean", state, "second", keepdims=0)
        self.add("LpNormalization", [mean], ["vector"], {"axis": 1, "p": 2})

    def external(self, name: str, weights: Path) -> None:
        """Add a constant of 16-bit numbers that stays in a safetensors file."""
        from onnx import TensorProto

        place = place_of(name, weights)
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT16, dims=place.shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", weights.name), ("offset", place.start), ("length", place.bytes)):
            tensor.external_data.add(key=key, value=str(value))
        self.constants.append(tensor)
