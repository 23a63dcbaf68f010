"""Chooses few sentences that speak for many: near to all of the text, and not to each other; pure.

The sum of a facility-location function and a prior is maximised greedily, as is usual for such functions (Nemhauser et
al. 1978; Lin and Bilmes 2011, A Class of Submodular Functions for Document Summarization). A sentence covers each
passage as well as it is near to it; what is covered already gains nothing, so the sentences spread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.values import Matrix, Vector

PRIOR_WEIGHT = 0.3
"""Of the prior of the first choice, beside the coverage of the whole text, which is 1. It is divided by the number of
the choice: where nothing is left to be covered, the prior alone would gather all of them at the beginning."""


def choose_covering(vectors: Matrix, targets: Matrix, weights: Vector, priors: Vector, most: int) -> list[int]:
    """Return the numbers of the vectors that cover the targets best, in the order they were chosen.

    Args:
        vectors: to choose among, unit length, shape (candidates, dimensions).
        targets: to be covered, unit length, shape (targets, dimensions).
        weights: of the targets, above 0, shape (targets,).
        priors: of the candidates, shape (candidates,).
        most: number to choose at most.
    """
    if not len(vectors) or not len(targets):
        return []
    near = _nearness(vectors @ targets.T)
    share = weights / weights.sum()
    covered = np.zeros(len(targets), dtype=np.float32)
    chosen: list[int] = []
    while len(chosen) < min(most, len(vectors)):
        gains = np.maximum(near - covered, 0) @ share + PRIOR_WEIGHT * priors / (1 + len(chosen))
        gains[chosen] = -np.inf
        best = int(gains.argmax())
        chosen.append(best)
        covered = np.maximum(covered, near[best])
    return chosen


def _nearness(cosines: Matrix) -> Matrix:
    """Return how well each candidate covers each target, in [0, 1]: 1 the nearest, 0 all no nearer than the average.

    Embedders differ in what cosine unlike texts have, and the sentences of one article all have a high one.
    """
    usual = cosines.mean(axis=0)
    near = np.maximum(cosines - usual, 0) / np.maximum(cosines.max(axis=0) - usual, 1e-6)
    return np.asarray(near, dtype=np.float32)


def spread(count: int, most: int) -> Sequence[int]:
    """Return ``most`` of the numbers below ``count``, evenly spread, the first one among them."""
    return range(count) if count <= most else [round(step * (count - 1) / max(most - 1, 1)) for step in range(most)]
