"""A model refuses where the odds of its refusal outweigh the bound, and else begins with what is likeliest."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from rag.llm.llama.opening_token import first_token

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
