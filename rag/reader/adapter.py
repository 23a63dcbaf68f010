"""What training adds to the embedder, in one file: low-rank matrices beside its own, and the heads that speak.

The file is made by ``python -m training.reader.export CHECKPOINT rag/reader/data/adapter.safetensors``. The low-rank
matrices (LoRA, Hu and others 2021, arXiv:2106.09685) lie in it as 8-bit numbers and a 16-bit scale for each row, the
rest as 16-bit numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError
from rag.values import Matrix, Vector

ADAPTER = Path(__file__).parent / "data" / "adapter.safetensors"
_SCALE = ".scale"  # ends the name of the scales of an 8-bit matrix


def product(rows: Matrix, others: Matrix) -> Matrix:
    """Return the inner product of each row with each other one, shape (rows, others), on this thread alone.

    What ``@`` calls wakes threads of its own, which then wait in a loop on the cores that other texts are read on.
    """
    return np.asarray(np.einsum("rw,ow->ro", rows, others), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Mlp:
    """Two matrices with a tanh between them.

    Attributes:
        inner: shape (hidden, inputs).
        inner_bias: shape (hidden,).
        outer: shape (outputs, hidden).
        outer_bias: shape (outputs,).
    """

    inner: Matrix
    inner_bias: Vector
    outer: Matrix
    outer_bias: Vector

    def __call__(self, states: Matrix) -> Matrix:
        """Return the logits of each row, shape (rows, outputs)."""
        hidden = np.tanh(product(states, self.inner) + self.inner_bias)
        return product(hidden, self.outer) + self.outer_bias


@dataclass(frozen=True, slots=True)
class Heads:
    """What turns the final state of a pair into what is said of it.

    Attributes:
        belongs: added to the state of each token of a question, of a passage, of a claim, shape (3, width).
        met: by which what tokens have found in the other text is added to their state, for the same three, shape
            (3, 2, width).
        token: one row each for a start, an end and a part of an answering sentence, shape (3, width).
        token_bias: shape (3,).
        answer: whether the passage answers, from the states of the first token of both texts and what was found of
            the question in the passage, 2 x width + 3 numbers.
        verdict: entailed, contradicted, not said, from the same.
    """

    belongs: Matrix
    met: npt.NDArray[np.float32]
    token: Matrix
    token_bias: Vector
    answer: Mlp
    verdict: Mlp


@dataclass(frozen=True, slots=True)
class Adapter:
    """The trained reader without the embedder it stands on.

    Attributes:
        split: layers of the embedder that a text goes through alone.
        embedder: SHA-256 of the embedder's packed weights, which it was trained on.
        low_rank: ``LAYER.PART``, the layer counted from the split, → two matrices of shapes (outputs, rank) and
            (rank, inputs), whose product is added to the embedder's own.
        heads: on the final state.
    """

    split: int
    embedder: str
    low_rank: Mapping[str, tuple[Matrix, Matrix]]
    heads: Heads


def digest_of(path: Path) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of an adapter's file.

    Raises:
        ModelError: it is not there.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise _broken(path, error) from None


def read_adapter(path: Path) -> Adapter:
    """Return the adapter in a file.

    Raises:
        ModelError: it is missing, damaged, or no adapter.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            about: dict[str, str] = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # it is no mapping
        whole = {name: _whole(name, tensors) for name in tensors if not name.endswith(_SCALE)}
        names = {name.rpartition(".")[0] for name in whole if name.startswith("upper.")}
        low_rank = {name.removeprefix("upper."): (whole[f"{name}.up"], whole[f"{name}.down"]) for name in names}
        return Adapter(int(about["split"]), about["embedder"], low_rank, _heads(whole))
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise _broken(path, error) from None


def _whole(name: str, tensors: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.float32]:
    values = np.asarray(tensors[name], dtype=np.float32)
    if tensors[name].dtype != np.int8:
        return values
    return np.asarray(values * tensors[name + _SCALE].astype(np.float32)[:, None], dtype=np.float32)


def _heads(whole: Mapping[str, npt.NDArray[np.float32]]) -> Heads:
    def mlp(name: str) -> Mlp:
        return Mlp(*(whole[f"{name}.{part}"] for part in ("0.weight", "0.bias", "2.weight", "2.bias")))

    token, bias = whole["token_head.weight"], whole["token_head.bias"]
    return Heads(whole["belongs"], whole["met"], token, bias, mlp("answer_head"), mlp("verdict_head"))


def _broken(path: Path, error: Exception) -> ModelError:
    return ModelError(f"The reader's weights in {path} could not be read: {error}", "make setup")
