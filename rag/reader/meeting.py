"""How the tokens of two texts meet before they are read together, which the upper layers would be long to find out.

The same is computed in ``training/reader/network.py``; what is changed here is to be trained anew there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.reader.adapter import product
from rag.reader.state_cache import ReadAlone
from rag.values import Matrix, Vector

TYPICAL, SPREAD, LEAST = 0.55, 0.2, -4.0
"""Of the largest cosine of a question's token with a passage's, after the lower layers; and what stands for none."""
LAST_SPECIAL, PROMPT = 2, 3
"""Tokens up to this number are marks; so many at the beginning are the mark and the prompt."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What of each text is found in the other.

    Attributes:
        first: of each token of the question or claim, the largest cosine with a token of the passage, scaled, and 1
            where the same token stands there, shape (tokens, 2); zeros for marks and prompt.
        second: the same of each token of the passage.
        summed: of the tokens of the question or claim, the mean and the least of the cosines, and the part that stands
            in the passage, shape (3,).
        cosines: of each word of the question or claim with each token of the passage, scaled, shape (words, tokens).
    """

    first: Matrix
    second: Matrix
    summed: Vector
    cosines: Matrix


def meet(first: ReadAlone, second: ReadAlone) -> Meeting:
    """Return how a question or claim meets a passage, both as the lower layers leave them."""
    asked, present = _own(first.tokens), _own(second.tokens)
    both = asked[:, None] & present[None, :]
    cosines = np.where(both, (product(_unit(first.state), _unit(second.state)) - TYPICAL) / SPREAD, np.float32(LEAST))
    same = both & (first.tokens[:, None] == second.tokens[None, :])
    here = np.stack([cosines.max(axis=1), same.any(axis=1)], axis=1) * asked[:, None]
    there = np.stack([cosines.max(axis=0), same.any(axis=0)], axis=1) * present[:, None]
    count = max(1, int(asked.sum()))
    least = here[asked, 0].min(initial=-LEAST)
    summed = np.array([here[:, 0].sum() / count, least, here[:, 1].sum() / count], dtype=np.float32)
    return Meeting(here.astype(np.float32), there.astype(np.float32), summed, cosines[asked])


def _own(tokens: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return which tokens are the text's own: not the marks around it, not the prompt before it."""
    own = tokens > LAST_SPECIAL
    own[:PROMPT] = False
    return own


def _unit(state: npt.NDArray[np.float16]) -> Matrix:
    rows = state.astype(np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), dtype=np.float32)
