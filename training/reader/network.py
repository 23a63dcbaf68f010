"""The reader as it is trained: lower layers that read question and passage alone, upper ones that read both together.

The lower layers are the embedder's own and stay as they are, so that a passage is read by them once, whatever is asked
of it. The upper layers carry low-rank adapters (LoRA, Hu and others 2021, arXiv:2106.09685); letting question and
passage meet only there is what DeFormer showed to cost little (Cao and others 2020, arXiv:2005.00697).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from rag.reader.meeting import LAST_SPECIAL, LEAST, PROMPT, SPREAD, TYPICAL

WIDTH, HEADS, LAYERS = 384, 12, 12
EPSILON = 1e-12
PAD = 1
SUMMED = 3
QUESTION, PASSAGE, CLAIM = 0, 1, 2
"""What a token belongs to: a question, a passage, or a sentence that the passage may say."""


@dataclass(frozen=True)
class Shape:
    """What can be chosen about the network.

    Attributes:
        split: layers that question and passage go through alone.
        rank: of the adapters.
    """

    split: int = 6
    rank: int = 64


@dataclass
class Scores:
    """What the reader says of a batch of pairs.

    Attributes:
        tokens: logits of each passage token, shape (pairs, tokens, 3): a start, an end, part of an answering sentence.
        answers: logit that the passage answers, shape (pairs,).
        verdicts: logits of entailed, contradicted, not said, shape (pairs, 3).
    """

    tokens: Tensor
    answers: Tensor
    verdicts: Tensor


class Adapted(nn.Module):
    """A frozen matrix with a low-rank one beside it; the sum starts as the frozen one."""

    weight: Tensor
    bias: Tensor

    def __init__(self, weight: Tensor, bias: Tensor, rank: int) -> None:
        super().__init__()
        self.register_buffer("weight", weight.to(torch.bfloat16), persistent=False)
        self.register_buffer("bias", bias.to(torch.bfloat16), persistent=False)
        outputs, inputs = weight.shape
        self.down = nn.Parameter(torch.randn(rank, inputs) / inputs**0.5) if rank else None
        self.up = nn.Parameter(torch.zeros(outputs, rank)) if rank else None

    def forward(self, state: Tensor) -> Tensor:
        """Return the state, shape (…, inputs), as (…, outputs)."""
        if self.down is None or self.up is None:
            return functional.linear(state, self.weight, self.bias)
        # One product with the sum of both matrices: two thin ones beside it take longer, forth and back.
        weight = self.weight + (self.up @ self.down).to(self.weight.dtype)
        return functional.linear(state, weight, self.bias)


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self, weights: dict[str, Tensor], number: int, rank: int) -> None:
        super().__init__()
        prefix = f"encoder.layer.{number}."
        self.learns = rank > 0

        def adapted(name: str) -> Adapted:
            return Adapted(weights[f"{prefix}{name}.weight"], weights[f"{prefix}{name}.bias"], rank)

        def norm(name: str) -> nn.LayerNorm:
            made = nn.LayerNorm(WIDTH, eps=EPSILON)
            made.load_state_dict({key: weights[f"{prefix}{name}.{key}"].float() for key in ("weight", "bias")})
            return made.requires_grad_(False)

        self.query, self.key, self.value = (adapted(f"attention.self.{one}") for one in ("query", "key", "value"))
        self.mixed, self.attention_norm = adapted("attention.output.dense"), norm("attention.output.LayerNorm")
        self.inner, self.outer = adapted("intermediate.dense"), adapted("output.dense")
        self.output_norm = norm("output.LayerNorm")

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        """Return the next state, shape (pairs, tokens, width); ``mask`` is added to the attention."""
        pairs, tokens, width = state.shape
        parts = [
            one(state).view(pairs, tokens, HEADS, -1).transpose(1, 2) for one in (self.query, self.key, self.value)
        ]
        if self.learns:  # in plain steps: twice as fast on a processor as the fused operator's way back
            query, key, value = parts
            shares = torch.softmax((query * query.shape[-1] ** -0.5) @ key.transpose(2, 3) + mask, dim=-1)
            attended = shares @ value
        else:
            attended = functional.scaled_dot_product_attention(*parts, attn_mask=mask)
        state = self.attention_norm(state + self.mixed(attended.transpose(1, 2).reshape(pairs, tokens, width)))
        return self.output_norm(state + self.outer(functional.gelu(self.inner(state))))


class Reader(nn.Module):
    """Reads a passage for a question, or for a sentence that it may say.

    Args:
        folder: of the embedder.
        shape: of the network.
    """

    table: Tensor
    places: Tensor

    def __init__(self, folder: Path, shape: Shape) -> None:
        super().__init__()
        weights = load_file(folder / "model.safetensors")
        self.shape = shape
        table, places = weights["embeddings.word_embeddings.weight"], weights["embeddings.position_embeddings.weight"]
        self.register_buffer("table", table.to(torch.bfloat16), persistent=False)
        shift = places.float() + weights["embeddings.token_type_embeddings.weight"][0].float()
        self.register_buffer("places", shift.to(torch.bfloat16), persistent=False)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON).requires_grad_(False)
        named = {key: weights[f"embeddings.LayerNorm.{key}"].float() for key in ("weight", "bias")}
        self.norm.load_state_dict(named)
        self.lower = nn.ModuleList(Layer(weights, number, 0) for number in range(shape.split))
        upper = range(shape.split, LAYERS)
        self.upper = nn.ModuleList(Layer(weights, number, shape.rank) for number in upper)
        self.belongs = nn.Parameter(torch.zeros(3, WIDTH))
        self.met = nn.Parameter(torch.randn(3, 2, WIDTH) * 0.05)
        self.token_head = nn.Linear(WIDTH, 3)
        self.answer_head = nn.Sequential(nn.Linear(2 * WIDTH + SUMMED, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 1))
        self.verdict_head = nn.Sequential(nn.Linear(2 * WIDTH + SUMMED, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 3))
        self.to(torch.bfloat16)
        for parameter in self.learned():
            parameter.data = parameter.data.float()

    def learned(self) -> Iterator[nn.Parameter]:
        """Yield what is trained: the adapters, the heads and what tells question from passage."""
        return (parameter for parameter in self.parameters() if parameter.requires_grad)

    def alone(self, tokens: Tensor, present: Tensor) -> Tensor:
        """Return the state of texts read alone, shape (texts, tokens, width)."""
        with torch.no_grad():
            state = self.norm(self.table[tokens] + self.places[: tokens.shape[1]])
            mask = _mask(present)
            for layer in self.lower:
                state = layer(state, mask)
        return state

    def forward(self, question: Tensor, kind: Tensor, passage: Tensor) -> Scores:
        """Return what is said of each pair.

        Args:
            question: token numbers, shape (pairs, tokens), padded with ``PAD``.
            kind: whether each is a question or a claim, shape (pairs,).
            passage: token numbers, shape (pairs, tokens), padded.
        """
        asked, present = question != PAD, passage != PAD
        belongs, met = self.belongs.to(torch.bfloat16), self.met.to(torch.bfloat16)
        first, second = self.alone(question, asked), self.alone(passage, present)
        here, there, summed = meeting(first, question, second, passage)
        first = first + belongs[kind].unsqueeze(1) + here.to(torch.bfloat16) @ met[kind]
        state = torch.cat([first, second + belongs[PASSAGE] + there.to(torch.bfloat16) @ met[PASSAGE]], dim=1)
        mask = _mask(torch.cat([asked, present], dim=1))
        for layer in self.upper:
            state = layer(state, mask)
        state = state.float()
        length = question.shape[1]
        both = torch.cat([state[:, 0], state[:, length], summed], dim=1)
        return Scores(self.token_head(state[:, length:]), self.answer_head(both)[:, 0], self.verdict_head(both))


def meeting(first: Tensor, question: Tensor, second: Tensor, passage: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return how the tokens of question and passage meet, which the upper layers would be long to find out.

    Of each token of the one: the largest cosine with a token of the other, scaled, and whether the same token stands
    there; shape (pairs, tokens, 2). Of the question's words together: the mean and the least of the cosines, and the
    part that stands in the passage; shape (pairs, 3).
    """
    asked, present = _own(question), _own(passage)
    cosines = functional.normalize(first.float(), dim=-1) @ functional.normalize(second.float(), dim=-1).transpose(1, 2)
    same = question[:, :, None] == passage[:, None, :]
    both = asked[:, :, None] & present[:, None, :]
    cosines = ((cosines - TYPICAL) / SPREAD).masked_fill(~both, LEAST)
    same = (same & both).float()
    here = torch.stack([cosines.amax(2), same.amax(2)], dim=2) * asked[:, :, None]
    there = torch.stack([cosines.amax(1), same.amax(1)], dim=2) * present[:, :, None]
    count = asked.sum(1).clamp(min=1)
    least = here[:, :, 0].masked_fill(~asked, -LEAST).amin(1)
    return here, there, torch.stack([here[:, :, 0].sum(1) / count, least, here[:, :, 1].sum(1) / count], dim=1)


def _own(tokens: Tensor) -> Tensor:
    """Return which tokens are the text's own: not padding, not the marks around it, not the prompt before it."""
    own = tokens > LAST_SPECIAL
    own[:, :PROMPT] = False
    return own


def _mask(present: Tensor) -> Tensor:
    """Return what is added to the attention so that no token looks at padding, shape (texts, 1, 1, tokens)."""
    return torch.where(present, 0.0, -1e4).to(torch.bfloat16)[:, None, None, :]
