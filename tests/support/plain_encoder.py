"""A second implementation of the bundled embedder, in numpy and Python alone, to hold the first one to.

It reads the packed file by itself, cuts a text into pieces by the Viterbi algorithm, and runs the encoder as the paper
on BERT describes it. It is slow, and short enough to be seen to be right.
"""

from __future__ import annotations

import math
import struct
import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np


class PlainEncoder:
    """The encoder of a packed file."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        whole = struct.unpack_from("<4s8If8I", self.data)
        self.width, self.layers, self.heads = whole[2:5]
        self.epsilon, count = whole[9], whole[11]
        self.bos, self.eos, _, self.unknown = whole[12:16]
        ends = struct.unpack_from(f"<{count + 1}I", self.data, 72)
        at = 72 + 4 * (count + 1)
        scores = struct.unpack_from(f"<{count}f", self.data, at)
        at += 4 * count
        spelled = [self.data[at + start : at + end].decode() for start, end in pairwise(ends)]
        self.pieces = {piece: (number, scores[number]) for number, piece in enumerate(spelled)}
        for special in (*range(4), count - 1):  # a text cannot name them
            del self.pieces[spelled[special]]
        self.longest = max(map(len, self.pieces))
        self.lowest = min(scores) - 10
        self._read_rest(at + ends[-1])

    def _read_rest(self, at: int) -> None:
        lines, _ = struct.unpack_from("<II", self.data, at)
        at += 8
        self.written = {}
        for _ in range(lines):
            one, length = struct.unpack_from("<IB", self.data, at)
            self.written[chr(one)] = "".join(map(chr, struct.unpack_from(f"<{length}I", self.data, at + 5)))
            at += 5 + 4 * length
        (tensors,) = struct.unpack_from("<I", self.data, at)
        at += 4
        self.places = {}
        for _ in range(tensors):
            (length,) = struct.unpack_from("<H", self.data, at)
            name = self.data[at + 2 : at + 2 + length].decode()
            self.places[name] = struct.unpack_from("<BIQQ", self.data, at + 2 + length)
            at += 2 + length + 21

    # ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────

    def tokens(self, text: str) -> list[int]:
        """Return the numbers of the pieces of ``text``, begin and end included."""
        written = "".join(self.written.get(character, character) for character in text)
        words = unicodedata.normalize("NFC", written).split(" ")
        return [self.bos, *(number for word in words if word for number in self._cut("▁" + word)), self.eos]

    def _cut(self, word: str) -> list[int]:
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]  # score of the best way to here, where it came from, piece
        for end in range(1, len(word) + 1):
            ways = []
            for start in range(max(0, end - self.longest), end):
                number, score = self.pieces.get(word[start:end], (self.unknown, -math.inf))
                if end - start == 1 and score == -math.inf:
                    score = self.lowest
                ways.append((best[start][0] + score, start, number))
            best.append(max(ways, key=lambda way: way[0]))
        numbers, end = [], len(word)
        while end:
            _, start, number = best[end]
            if not (numbers and number == self.unknown == numbers[-1]):  # unknown characters in a row are one piece
                numbers.append(number)
            end = start
        return numbers[::-1]

    # ── Numbers ─────────────────────────────────────────────────────────────────────────────────────────────────

    def tensor(self, name: str, rows: list[int] | None = None) -> np.ndarray:
        """Return a tensor, flat; of a matrix of this width only some ``rows``, where they are named."""
        kind, weights, start, size = self.places[name]
        if kind == 0:
            return np.frombuffer(self.data, "<f4", weights, start).astype(np.float64)
        blocks = np.frombuffer(self.data, np.uint8, size, start).reshape(-1, 18)
        if rows is not None:
            blocks = blocks.reshape(-1, self.width // 32, 18)[rows].reshape(-1, 18)
        values = np.empty((len(blocks), 32))
        values[:, :16] = blocks[:, 2:] % 16
        values[:, 16:] = blocks[:, 2:] // 16
        return ((values - 8) * blocks[:, :2].copy().view("<f2").astype(np.float64)).ravel()

    def encode(self, text: str) -> np.ndarray:
        """Return the unit vector of ``text``, its prompt included."""
        numbers = self.tokens(text)
        width = self.width
        places = self.tensor("emb.pos").reshape(-1, width)[: len(numbers)]
        kind = self.tensor("emb.type").reshape(-1, width)[0]
        state = self._norm(self.tensor("emb.word", numbers).reshape(-1, width) + places + kind, "emb.ln")
        for layer in range(self.layers):
            state = self._layer(state, f"l{layer}")
        mean = state.mean(axis=0)
        return mean / np.linalg.norm(mean)

    def _layer(self, state: np.ndarray, name: str) -> np.ndarray:
        queries, keys, values = (
            self._linear(state, f"{name}.{one}").reshape(len(state), self.heads, -1).swapaxes(0, 1) for one in "qkv"
        )
        logits = queries @ keys.swapaxes(1, 2) / math.sqrt(self.width / self.heads)
        weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
        mixed = (weights / weights.sum(axis=-1, keepdims=True) @ values).swapaxes(0, 1).reshape(len(state), -1)
        state = self._norm(state + self._linear(mixed, f"{name}.ao"), f"{name}.aln")
        inner = self._linear(state, f"{name}.fi")
        inner = inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2))) / 2
        return self._norm(state + self._linear(inner, f"{name}.fo"), f"{name}.oln")

    def _linear(self, state: np.ndarray, name: str) -> np.ndarray:
        bias = self.tensor(f"{name}.b")
        return state @ self.tensor(f"{name}.w").reshape(len(bias), -1).T + bias

    def _norm(self, state: np.ndarray, name: str) -> np.ndarray:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self.epsilon)
        return centred / spread * self.tensor(f"{name}.w") + self.tensor(f"{name}.b")
