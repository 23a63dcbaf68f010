"""A model refuses where the odds say so; how sure it is of what it writes, and which evidence it prefers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from rag.llm.llama.opinion import Opinion, first_token

REFUSAL, ANSWER, RARE = 1, 2, 0


def engine(**shares: float) -> SimpleNamespace:
    logits = np.log(np.array([shares["rare"], shares["refusal"], shares["answer"]], dtype=np.float32)) + 7
    return SimpleNamespace(logits=lambda: logits, vocabulary=SimpleNamespace(tokenize=lambda *_, **__: [REFUSAL, 5, 6]))


@pytest.mark.parametrize(
    ("bound", "chosen"),
    [(0.0, REFUSAL), (0.4, REFUSAL), (0.41, ANSWER), (9.0, ANSWER), (-9.0, REFUSAL)],
)
def test_the_odds_of_a_refusal_are_held_against_the_bound(bound, chosen):
    assert first_token(engine(rare=0.1, refusal=0.6, answer=0.3), bound) == chosen  # log-odds 0.405


def test_no_refusal_begins_where_it_is_the_likeliest_single_token_but_not_half_of_all():
    assert first_token(engine(rare=0.3, refusal=0.4, answer=0.3 + 1e-3), 0.0) == ANSWER


PIECES = {10: b"Le", 11: b" quai", 12: b" [", 1: b"1", 2: b"2", 3: b"3", 4: b"4", 13: b"]."}


class Writer:
    """Stands for an engine: each token is chosen from the shares set before it."""

    def __init__(self) -> None:
        self.vocabulary = SimpleNamespace(tokenize=lambda text, **_: [int(text)], piece=PIECES.__getitem__)
        self.shares: dict[int, float] = {}

    def logits(self) -> np.ndarray:
        return np.log(np.array([self.shares.get(token, 1e-9) for token in range(14)], dtype=np.float32)) + 3


def test_a_likelihood_is_the_mean_over_tokens_and_the_first_mark_tells_which_evidence_is_preferred():
    writer = Writer()
    opinion = Opinion(writer)
    assert (opinion.likelihood, opinion.marks) == (1.0, ())
    for token, shares in [
        (10, {10: 0.8, 11: 0.2}),
        (12, {12: 0.4, 11: 0.6}),
        (2, {2: 0.5, 1: 0.25, 3: 0.05, 13: 0.2}),
        (13, {13: 1.0}),
        (12, {12: 1.0}),
        (4, {4: 1.0}),
    ]:
        writer.shares = shares
        opinion.add(token)
    assert opinion.likelihood == pytest.approx((0.8 * 0.4 * 0.5) ** (1 / 6), rel=1e-4)
    assert opinion.marks == pytest.approx((0.3125, 0.625, 0.0625, 0.0), abs=1e-4)
