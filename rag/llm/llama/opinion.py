"""What a model that goes on from a text thinks: which evidence answers, if any, and how sure it is of its words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rag.llm.evidence_prompt import OPENS
from rag.llm.llama.engine import Engine, Logits

TINY = 1e-9  # keeps a share from being 0


@dataclass(frozen=True)
class Choice:
    """Which evidence a model would go by, before it writes anything.

    Attributes:
        odds: log-odds of none against all pieces together.
        marks: how likely each piece is to it, from the first on, shape (pieces,); sums to 1.
    """

    odds: float
    marks: tuple[float, ...]


def choice(engine: Engine, pieces: int) -> Choice:
    """Return what a model thinks of the evidence.

    Args:
        engine: that has read the prompt, and ahead of it what opens the choice.
        pieces: number of those that were shown.
    """
    none, *some = _shares(engine, engine.logits_ahead(), range(pieces + 1))
    return Choice(math.log(none) - math.log(sum(some)), tuple(share / sum(some) for share in some))


def _shares(engine: Engine, logits: Logits, numbers: Iterable[int]) -> list[float]:
    """Return how likely each number is to come next, of one another, shape (numbers,)."""
    tokens = [engine.vocabulary.tokenize(str(number), trusted=False)[-1] for number in numbers]
    some = logits[tokens].astype(np.float64)
    shares = np.exp(some - some.max()) + TINY
    return [float(share) for share in shares / shares.sum()]


class Opinion:
    """What a model thinks of what it writes, told by the probabilities of its tokens.

    Args:
        engine: that writes.
        pieces: number of the pieces of evidence that were shown.

    Attributes:
        marks: how likely each piece was where it put its first mark, shape (pieces,); sums to 1, and is empty before.
    """

    def __init__(self, engine: Engine, pieces: int) -> None:
        self._engine = engine
        self._pieces = pieces
        self._total, self._count = 0.0, 0
        self._opened = False
        self.marks: tuple[float, ...] = ()

    def add(self, token: int) -> None:
        """Count a token, as long as the logits stand that chose it."""
        logits = self._engine.logits()
        most = float(logits.max())
        self._total += float(logits[token]) - most - float(np.log(np.exp(logits - most).sum()))
        self._count += 1
        if self._opened and not self.marks:
            self.marks = tuple(_shares(self._engine, logits, range(1, self._pieces + 1)))
        self._opened = self._engine.vocabulary.piece(token).endswith(OPENS.encode())

    @property
    def likelihood(self) -> float:
        """How likely all of it is: the geometric mean of the probabilities, in (0, 1]; 1 where nothing was written."""
        return math.exp(self._total / self._count) if self._count else 1.0
