"""Gemma 3 as it is trained: the weights of a GGUF file, frozen, with low-rank matrices beside them.

The layers are those of Gemma 3 (Gemma Team 2025, arXiv:2503.19786), as llama.cpp computes them from the same file: its
norms already hold the 1 that is added to a weight. The low-rank matrices (LoRA, Hu and others 2021, arXiv:2106.09685)
are trained on what the quantised weights really are, since those answer in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from torch import Tensor, nn
from torch.nn import functional

from training.answerer.batches import Batch
from training.answerer.operators import Merged, Norm, Rotated, Surprise

LOCAL_BASE = 10_000.0  # of the rotation in layers that look back over a window only, which the file does not tell
GLOBAL_EVERY = 6  # each sixth layer looks back over everything
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
NORMS = ("attn_norm", "attn_q_norm", "attn_k_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm")


class Adapted(nn.Module):
    """A frozen matrix with a low-rank one beside it; the sum starts as the frozen one."""

    weight: Tensor

    def __init__(self, weight: Tensor, rank: int) -> None:
        super().__init__()
        self.register_buffer("weight", weight, persistent=False)
        outputs, inputs = weight.shape
        self.down = nn.Parameter(torch.randn(rank, inputs) / inputs**0.5)
        self.up = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, state: Tensor) -> Tensor:
        """Return the state, shape (…, inputs), as (…, outputs)."""
        return Merged.apply(state, self.weight, self.down.to(state.dtype), self.up.to(state.dtype))


class Earlier:
    """The keys and values of the tokens so far, in one layer, with room for more."""

    def __init__(self, texts: int, most: int, size: int, device: torch.device) -> None:
        self._kept = torch.zeros((2, texts, 1, most, size), dtype=torch.bfloat16, device=device)
        self._length = 0

    def joined(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Keep keys and values of the next tokens, shape (texts, 1, tokens, size); return those of all so far."""
        start, self._length = self._length, self._length + key.shape[2]
        self._kept[0, :, :, start : self._length] = key
        self._kept[1, :, :, start : self._length] = value
        return self._kept[0, :, :, : self._length], self._kept[1, :, :, : self._length]


class Layer(nn.Module):
    """One layer: attention, then a gated product, each normed before and after."""

    def __init__(self, weights: dict[str, Tensor], heads: int, rank: int, epsilon: float) -> None:
        super().__init__()
        self.matrices = nn.ModuleDict({name: Adapted(weights[name], rank) for name in MATRICES})
        for name in NORMS:
            self.register_buffer(name, weights[name], persistent=False)
        self.heads, self.epsilon = heads, epsilon

    def _norm(self, state: Tensor, name: str) -> Tensor:
        return Norm.apply(state, getattr(self, name), self.epsilon)

    def forward(
        self, state: Tensor, rotation: tuple[Tensor, Tensor], mask: Tensor, earlier: Earlier | None = None
    ) -> Tensor:
        """Return the next state, shape (texts, tokens, width).

        Args:
            state: of the tokens, the last of their texts.
            rotation: of their places.
            mask: what is added to their attention to every token so far.
            earlier: of the tokens before them, where there are any; those here are added to it.
        """
        texts, tokens, _ = state.shape
        normed = self._norm(state, "attn_norm")
        query = self.matrices["attn_q"](normed).view(texts, tokens, self.heads, -1).transpose(1, 2)
        key = self.matrices["attn_k"](normed).view(texts, tokens, 1, -1).transpose(1, 2)
        value = self.matrices["attn_v"](normed).view(texts, 1, tokens, -1)
        query = Rotated.apply(self._norm(query, "attn_q_norm"), *rotation) * query.shape[-1] ** -0.5
        key = Rotated.apply(self._norm(key, "attn_k_norm"), *rotation)
        if earlier:
            key, value = earlier.joined(key, value)
        # All heads share one key and one value: they are as many rows of one product.
        scores = (query.reshape(texts, 1, self.heads * tokens, -1) @ key.transpose(2, 3)).view(
            texts, self.heads, tokens, -1
        )
        shares = torch.softmax(scores + mask, dim=-1)
        attended = (shares.view(texts, 1, self.heads * tokens, -1) @ value).view(texts, self.heads, tokens, -1)
        mixed = self.matrices["attn_output"](attended.transpose(1, 2).reshape(texts, tokens, -1))
        state = state + self._norm(mixed, "post_attention_norm")
        normed = self._norm(state, "ffn_norm")
        gate = functional.gelu(self.matrices["ffn_gate"](normed), approximate="tanh")
        outer = self.matrices["ffn_down"](gate * self.matrices["ffn_up"](normed))
        return state + self._norm(outer, "post_ffw_norm")


class Answerer(nn.Module):
    """A language model of the Gemma 3 family with low-rank matrices beside its own.

    Args:
        path: the GGUF file.
        rank: of the low-rank matrices.
    """

    table: Tensor
    output_norm: Tensor

    def __init__(self, path: Path, rank: int) -> None:
        super().__init__()
        reader = GGUFReader(path)

        def told(name: str) -> float:
            return float(reader.fields[f"gemma3.{name}"].contents())

        weights = {tensor.name.removesuffix(".weight"): tensor for tensor in reader.tensors}

        def weight(name: str) -> Tensor:
            tensor = weights[name]
            return torch.from_numpy(np.array(dequantize(tensor.data, tensor.tensor_type))).to(torch.bfloat16)

        self.rank, self.window = rank, int(told("attention.sliding_window"))
        self.epsilon, self.size = told("attention.layer_norm_rms_epsilon"), int(told("attention.key_length"))
        self.bases = (LOCAL_BASE, told("rope.freq_base"))
        self.register_buffer("table", weight("token_embd"), persistent=False)
        self.register_buffer("output_norm", weight("output_norm"), persistent=False)
        heads = int(told("attention.head_count"))
        self.layers = nn.ModuleList(
            Layer({name: weight(f"blk.{number}.{name}") for name in MATRICES + NORMS}, heads, rank, self.epsilon)
            for number in range(int(told("block_count")))
        )

    def learned(self) -> Iterator[nn.Parameter]:
        """Yield what is trained: the low-rank matrices."""
        return (parameter for parameter in self.parameters() if parameter.requires_grad)

    def states(self, tokens: Tensor) -> Tensor:
        """Return the normed state of every token, shape (texts, tokens, width), for texts padded on the right."""
        length = tokens.shape[1]
        state = self.table[tokens] * self.table.shape[1] ** 0.5
        rotations = [rotation_of(base, length, self.size, tokens.device) for base in self.bases]
        masks = [mask_of(length, window, tokens.device) for window in (self.window, length)]
        for number, layer in enumerate(self.layers):
            everywhere = (number + 1) % GLOBAL_EVERY == 0
            state = layer(state, rotations[everywhere], masks[everywhere])
        return self.normed(state)

    def normed(self, state: Tensor) -> Tensor:
        """Return the states after the last layer, shape (…, width), as the words are compared with them."""
        return Norm.apply(state, self.output_norm, self.epsilon)

    def losses(self, batch: Batch, numbers: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Return the mean cross-entropy of the tokens to be learned, and that of the choices.

        Args:
            batch: with texts that are padded on the right.
            numbers: tokens of what can be chosen; all that is right for a text counts together.
        """
        states = self.states(batch.tokens)
        wanted = batch.told[:, 1:]
        told = states[:, :-1][wanted]
        nothing = torch.zeros((), device=told.device)
        said = Surprise.apply(told, self.table, batch.tokens[:, 1:][wanted]) if len(told) else nothing
        rows = batch.right.any(1).nonzero()[:, 0]
        if not len(rows):
            return said, nothing
        logits = (states[rows, batch.asked[rows]] @ self.table[numbers].T).float()
        chosen = logits.logsumexp(1) - logits.masked_fill(~batch.right[rows], -torch.inf).logsumexp(1)
        return said, chosen.mean()

    def choices(self, batch: Batch, numbers: Sequence[int]) -> Tensor:
        """Return how likely each number is to be chosen for each text, shape (texts, numbers)."""
        last = self.states(batch.tokens)[torch.arange(len(batch.tokens), device=batch.asked.device), batch.asked]
        return (last @ self.table[numbers].T).float().softmax(1)


def rotation_of(base: float, length: int, size: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return cosines and sines of the rotary positions, shape (tokens, size / 2)."""
    turns = base ** (-torch.arange(0, size, 2, device=device).float() / size)
    angles = torch.outer(torch.arange(length, device=device).float(), turns)
    return angles.cos().to(torch.bfloat16), angles.sin().to(torch.bfloat16)


def mask_of(length: int, window: int, device: torch.device) -> Tensor:
    """Return what is added to the attention so that a token sees itself and ``window - 1`` before it."""
    places = torch.arange(length, device=device)
    distance = places[:, None] - places
    return torch.where((distance >= 0) & (distance < window), 0.0, -1e9).to(torch.bfloat16)
