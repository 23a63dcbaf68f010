"""What the reader's logits mean as probabilities: Platt's scaling, fitted on questions it was not trained on.

Platt 1999, Probabilistic outputs for support vector machines. ``training/reader/calibrating.py`` fits the weights.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.values import Confidence

SURE_FROM = 0.8
"""Probability from which the program is called sure that an article answers."""

WEIGHTS = Path(__file__).parent / "data" / "calibration.json"


@dataclass(frozen=True, slots=True)
class Scale:
    """A logistic function of some logits.

    Attributes:
        weights: one for each logit.
        bias: added to the weighted sum.
    """

    weights: tuple[float, ...]
    bias: float

    def probability(self, *logits: float) -> float:
        """Return the probability that the logits stand for, in (0, 1)."""
        total = self.bias + sum(weight * logit for weight, logit in zip(self.weights, logits, strict=True))
        return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """All that was fitted of the reader's logits.

    Attributes:
        sentence: from a sentence's own logit, its passage's, how far that was found behind the first one, and how much
            farther the sentence is than the nearest one, to the probability that the sentence answers.
        article: from the largest logit of a passage, 1 where the question is in another language than the article, and
            how much nearer than usual the nearest passage is, to the probability that the article answers.
        refused_below: probability below which a question is refused.
        unsure_below: probability below which an answer is given with a warning.
    """

    sentence: Scale
    article: Scale
    refused_below: float
    unsure_below: float

    def confidence(self, probability: float) -> Confidence:
        """Return how sure the program is that an article answers with this probability."""
        if probability < self.unsure_below:
            return "unsure"
        return "sure" if probability >= max(SURE_FROM, self.unsure_below) else "likely"


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """Return the fitted weights."""
    read = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    scales = {name: Scale(tuple(read[name]["weights"]), read[name]["bias"]) for name in ("sentence", "article")}
    return Calibration(scales["sentence"], scales["article"], read["refused_below"], read["unsure_below"])
