"""How sure a model is that goes on from a text: its first token tells whether it refuses, all of them what it knows."""

from __future__ import annotations

import math

import numpy as np

from rag.llm.evidence_prompt import REFUSAL_MARK
from rag.llm.llama.engine import Engine


def first_token(engine: Engine, refused_above: float) -> int:
    """Return the token that begins a refusal where its log-odds lie above a bound, else the likeliest other one.

    Args:
        engine: that has read the prompt.
        refused_above: log-odds; 0 refuses where that is likelier than all else together.
    """
    refusal = engine.vocabulary.tokenize(REFUSAL_MARK, trusted=False)[0]
    logits = engine.logits().astype(np.float64)
    others = logits.copy()
    others[refusal] = -np.inf
    best = int(others.argmax())
    odds = logits[refusal] - others[best] - np.log(np.exp(others - others[best]).sum())
    return refusal if odds > refused_above else best


class Likelihood:
    """How likely what a model writes is to itself: the geometric mean of the probabilities of its tokens.

    Args:
        engine: that writes.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._total, self._count = 0.0, 0

    def add(self, token: int) -> None:
        """Count a token, as long as the logits stand that chose it."""
        logits = self._engine.logits()
        most = float(logits.max())
        self._total += float(logits[token]) - most - float(np.log(np.exp(logits - most).sum()))
        self._count += 1

    @property
    def mean(self) -> float:
        """The mean, in (0, 1]; 1 where nothing was written."""
        return math.exp(self._total / self._count) if self._count else 1.0
