"""Is a probability of 0.8 right four times in five? Predicted and observed shares, bin by bin; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like probability.

    Attributes:
        questions: how many.
        least: smallest probability among them.
        most: largest probability among them.
        predicted: mean probability.
        observed: part of them that has an answer.
    """

    questions: int
    least: float
    most: float
    predicted: float
    observed: float


def reliability(labels: Sequence[bool], probabilities: Sequence[float], bins: int = BINS) -> tuple[Bin, ...]:
    """Return the questions in bins of equal mass, by rising probability.

    Equal probabilities are never parted, so that the order of the questions changes nothing; bins are then fewer or
    of unequal size. There are none where all labels are the same: nothing can be told of them.
    """
    if len(set(labels)) < 2:
        return ()
    order = np.argsort(np.asarray(probabilities, dtype=float), kind="stable")
    scores, truth = np.asarray(probabilities, dtype=float)[order], np.asarray(labels, dtype=float)[order]
    wanted = [len(part) for part in np.array_split(scores, bins)]
    ends = {int(np.searchsorted(scores, scores[end - 1], side="right")) for end in np.cumsum(wanted) if end}
    starts = [0, *sorted(ends)]
    return tuple(
        Bin(
            end - start,
            float(scores[start]),
            float(scores[end - 1]),
            float(scores[start:end].mean()),
            float(truth[start:end].mean()),
        )
        for start, end in pairwise(starts)
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error: the mean distance of predicted and observed, weighed by questions.

    With bins of equal mass, as in Nixon et al. 2019, "Measuring Calibration in Deep Learning". None without bins.
    """
    total = sum(one.questions for one in bins)
    return sum(one.questions * abs(one.predicted - one.observed) for one in bins) / total if total else None
