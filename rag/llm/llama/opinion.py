"""What a model that goes on from a text thinks: whether it refuses, how sure it is, and which evidence it prefers."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rag.llm.evidence_prompt import MOST_EVIDENCE, REFUSAL_MARK
from rag.llm.llama.engine import Engine

MARK_OPENS = REFUSAL_MARK[:1].encode()


class Beginning(NamedTuple):
    """What an answer may begin with: the token of a refusal, its log-odds against all else, the likeliest other one."""

    refusal: int
    odds: float
    other: int


def beginning(engine: Engine) -> Beginning:
    """Return what an answer to the prompt that ``engine`` has just read may begin with."""
    refusal = engine.vocabulary.tokenize(REFUSAL_MARK, trusted=False)[0]
    logits = engine.logits().astype(np.float64)
    others = logits.copy()
    others[refusal] = -np.inf
    best = int(others.argmax())
    odds = logits[refusal] - others[best] - np.log(np.exp(others - others[best]).sum())
    return Beginning(refusal, float(odds), best)


def first_token(engine: Engine, refused_above: float) -> int:
    """Return the token that begins a refusal where its log-odds lie above a bound, else the likeliest other one.

    Args:
        engine: that has read the prompt.
        refused_above: log-odds; 0 refuses where that is likelier than all else together.
    """
    refusal, odds, other = beginning(engine)
    return refusal if odds > refused_above else other


class Opinion:
    """What a model thinks of what it writes, told by the probabilities of its tokens.

    Args:
        engine: that writes.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._numbers = [engine.vocabulary.tokenize(str(n), trusted=False)[-1] for n in range(1, MOST_EVIDENCE + 1)]
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
            weights = np.exp(logits[self._numbers] - most).astype(np.float64)
            self.marks = tuple((weights / weights.sum()).tolist()) if weights.any() else ()
        self._opened = self._engine.vocabulary.piece(token).endswith(MARK_OPENS)

    @property
    def likelihood(self) -> float:
        """How likely all of it is: the geometric mean of the probabilities, in (0, 1]; 1 where nothing was written."""
        return math.exp(self._total / self._count) if self._count else 1.0
