"""From the logits of a text's tokens to its sentences and to the words in them that answer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rag.reader.reader import Entailment, Reading
from rag.values import Matrix, Vector

LONGEST_ANSWER = 40  # tokens
START, END, EVIDENCE = 0, 1, 2
Offsets = npt.NDArray[np.int32]


def reading(
    answers: float, logits: Matrix, cosines: Matrix, offsets: Offsets, sentences: Sequence[tuple[int, int]]
) -> Reading:
    """Return what a text says of a question.

    Args:
        answers: logit that it answers.
        logits: of each token, shape (tokens, 3): that it is a start, an end, a part of an answering sentence.
        cosines: of each word of the question with each token, shape (words, tokens).
        offsets: where each token stands in the text, shape (tokens, 2); what stands before the text is negative.
        sentences: character ranges in the text.
    """
    shares = logits[:, (START, END)] - _log_sum_exp(logits[:, (START, END)])
    evidence, alike, words, spans = [], [], [], []
    for start, end in sentences:
        left, right = offsets[:, 0], offsets[:, 1]
        inside = np.flatnonzero((right > left) & (left >= 0) & (left < end) & (right > start))
        if not len(inside):
            evidence.append(-math.inf)
            alike.append(-math.inf)
            words.append((start, start))
            spans.append(-math.inf)
            continue
        first, last = _best_span(shares[inside])
        evidence.append(float(logits[inside, EVIDENCE].mean()))
        alike.append(float(cosines[:, inside].max(axis=1).mean()) if len(cosines) else 0.0)
        words.append((max(start, int(left[inside[first]])), min(end, int(right[inside[last]]))))
        spans.append(float(shares[inside[first], START] + shares[inside[last], END]))
    return Reading(answers, tuple(evidence), tuple(alike), tuple(words), tuple(spans))


def entailment(logits: Vector) -> Entailment:
    """Return the probabilities of three logits: entailed, contradicted, not said."""
    raised = np.exp(logits - logits.max())
    entailed, contradicted, unsaid = (raised / raised.sum()).tolist()
    return Entailment(entailed, contradicted, unsaid)


def _best_span(shares: Matrix) -> tuple[int, int]:
    """Return the numbers of the first and last token of the most probable answer; shares has shape (tokens, 2)."""
    pairs = shares[:, START, None] + shares[None, :, END]
    allowed = np.triu(np.tril(np.ones(pairs.shape, dtype=bool), LONGEST_ANSWER - 1))
    first, last = divmod(int(np.where(allowed, pairs, -np.inf).argmax()), len(shares))
    return first, last


def _log_sum_exp(logits: Matrix) -> Vector:
    highest = logits.max(axis=0)
    return np.asarray(highest + np.log(np.exp(logits - highest).sum(axis=0)), dtype=np.float32)
