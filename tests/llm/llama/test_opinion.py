"""Which evidence a model goes by, whether it refuses, and how sure it is of what it writes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from rag.llm.llama.opinion import Opinion, choice

PIECES = {10: "Le", 11: " quai", 12: " [", 13: "].", **{20 + number: str(number) for number in range(7)}}


class Writer:
    """Stands for an engine: each token is chosen from the shares set before it."""

    def __init__(self, shares: dict[str, float]) -> None:
        self.shares = shares
        tokens = {text: token for token, text in PIECES.items()}
        self.vocabulary = SimpleNamespace(
            tokenize=lambda text, **_: [tokens[text]], piece=lambda token: PIECES[token].encode()
        )

    def logits_ahead(self) -> np.ndarray:
        return self.logits()

    def logits(self) -> np.ndarray:
        shares = {token: self.shares.get(text, 1e-9) for token, text in PIECES.items()}
        return np.log(np.array([shares.get(token, 1e-9) for token in range(27)], dtype=np.float32)) + 3


def test_none_is_held_against_all_pieces_together_and_only_what_was_shown_is_chosen():
    found = choice(Writer({"0": 0.4, "1": 0.2, "2": 0.3, "3": 0.1, "4": 9.0}), 3)
    assert found.odds == pytest.approx(np.log(0.4 / 0.6), abs=1e-4)
    assert found.marks == pytest.approx((1 / 3, 1 / 2, 1 / 6), abs=1e-4)


def test_a_likelihood_is_the_mean_over_tokens_and_the_first_mark_tells_which_evidence_is_preferred():
    writer = Writer({})
    opinion = Opinion(writer, 3)
    assert (opinion.likelihood, opinion.marks) == (1.0, ())
    for token, shares in [
        (10, {"Le": 0.8, " quai": 0.2}),
        (12, {" [": 0.4, " quai": 0.6}),
        (22, {"2": 0.5, "1": 0.25, "3": 0.05, "].": 0.2}),
        (13, {"].": 1.0}),
        (12, {" [": 1.0}),
        (23, {"3": 1.0}),
    ]:
        writer.shares = shares
        opinion.add(token)
    assert opinion.likelihood == pytest.approx((0.8 * 0.4 * 0.5) ** (1 / 6), rel=1e-4)
    assert opinion.marks == pytest.approx((0.3125, 0.625, 0.0625), abs=1e-4)
