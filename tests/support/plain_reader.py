"""A second implementation of the reader, in numpy alone, to hold the first one to: no cache, no 8 bits, no threads."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from support.plain_encoder import PlainEncoder

NAMES = {"q": "query", "k": "key", "v": "value", "ao": "mixed", "fi": "inner", "fo": "outer"}


class PlainReader(PlainEncoder):
    """The encoder of a packed file, with an adapter."""

    def __init__(self, packed: Path, adapter: Path, split: int) -> None:
        super().__init__(packed)
        self.split = split
        self.summed = np.zeros(3)
        self.learned = {name: values.astype(np.float64) for name, values in load_file(adapter).items()}

    def alone(self, numbers: list[int]) -> np.ndarray:
        """Return the state of a text after the lower layers, shape (tokens, width)."""
        places = self.tensor("emb.pos").reshape(-1, self.width)[: len(numbers)]
        kind = self.tensor("emb.type").reshape(-1, self.width)[0]
        state = self._norm(self.tensor("emb.word", numbers).reshape(-1, self.width) + places + kind, "emb.ln")
        for layer in range(self.split):
            state = self._layer(state, f"l{layer}")
        return state

    def together(self, kind: int, first: list[int], passage: list[int]) -> np.ndarray:
        """Return the final state of both texts, shape (tokens of both, width); ``kind`` 2 is a claim."""
        here, there = self.alone(first), self.alone(passage)
        found, other, self.summed = meeting(here, first, there, passage)
        belongs, met = self.learned["belongs"], self.learned["met"]
        state = np.concatenate([here + belongs[kind] + found @ met[kind], there + belongs[1] + other @ met[1]])
        for layer in range(self.split, self.layers):
            state = self._layer(state, f"l{layer}")
        return state

    def tokens_said(self, state: np.ndarray) -> np.ndarray:
        """Return the logits of each token: start, end, part of an answering sentence."""
        return state @ self.learned["token_head.weight"].T + self.learned["token_head.bias"]

    def both_said(self, head: str, first: np.ndarray, passage: np.ndarray) -> np.ndarray:
        """Return the logits of a head for the pair read last, of the states of both texts' first tokens."""
        weights = [self.learned[f"{head}.{part}"] for part in ("0.weight", "0.bias", "2.weight", "2.bias")]
        hidden = np.tanh(weights[0] @ np.concatenate([first, passage, self.summed]) + weights[1])
        return weights[2] @ hidden + weights[3]

    def _linear(self, state: np.ndarray, name: str) -> np.ndarray:
        plain = super()._linear(state, name)
        layer, _, part = name.removeprefix("l").partition(".")
        if int(layer) < self.split:
            return plain
        matrix = f"upper.{int(layer) - self.split}.{NAMES[part]}"
        for low in ("down", "up"):
            state = state @ (self.learned[f"{matrix}.{low}"] * self.learned[f"{matrix}.{low}.scale"][:, None]).T
        return plain + state


def meeting(
    here: np.ndarray, first: list[int], there: np.ndarray, passage: list[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what tokens find in the other text, (tokens, 2) for each text, and three numbers for the first whole."""
    found, other = np.zeros((len(first), 2)), np.zeros((len(passage), 2))
    asked = [at for at, number in enumerate(first) if at >= 3 and number > 2]
    present = [at for at, number in enumerate(passage) if at >= 3 and number > 2]
    for ours, theirs, into, one, two, numbers, others in (
        (asked, present, found, here, there, first, passage),
        (present, asked, other, there, here, passage, first),
    ):
        for at in ours:
            cosines = [one[at] @ two[to] / np.linalg.norm(one[at]) / np.linalg.norm(two[to]) for to in theirs]
            into[at, 0] = max([-4.0, *((cosine - 0.55) / 0.2 for cosine in cosines)])
            into[at, 1] = numbers[at] in [others[to] for to in theirs]
    if not asked:
        return found, other, np.array([0.0, 4.0, 0.0])
    return found, other, np.array([found[asked, 0].mean(), found[asked, 0].min(), found[asked, 1].mean()])


def best_words(logits: np.ndarray, inside: list[int], longest: int) -> tuple[int, int]:
    """Return the most probable first and last token among those ``inside``, by trying all."""
    best, found = -math.inf, (0, 0)
    for first in inside:
        for last in inside:
            if first <= last < first + longest and logits[first, 0] + logits[last, 1] > best:
                best, found = logits[first, 0] + logits[last, 1], (first, last)
    return found
