"""What the reader is corrected by: less where it says what is right, and only for what is known."""

from __future__ import annotations

import random

import pytest

torch = pytest.importorskip("torch")

from training.reader.batches import Pair, batches  # noqa: E402
from training.reader.losses import losses  # noqa: E402
from training.reader.network import CLAIM, QUESTION, Scores  # noqa: E402

ANSWERS = Pair(QUESTION, [5, 6], list(range(10, 22)), 1, [(4, 5), (8, 8)], [(1, 6, 1), (7, 11, 0)], -1)
DOES_NOT = Pair(QUESTION, [5, 6], list(range(30, 38)), 0, [], [(1, 7, 0)], -1)
UNKNOWN = Pair(QUESTION, [5, 6], list(range(30, 38)), 1, [], [(1, 7, -1)], -1)


def claim(verdict):
    return Pair(CLAIM, [7, 8, 9], list(range(40, 50)), -1, [], [], verdict)


def computed(groups, **logits):
    """Return the losses of one batch, whose logits are 0 but for those that are given by their place."""
    (batch,) = batches(groups, 10_000, random.Random(1))
    pairs, tokens = batch.passage.shape
    scores = Scores(torch.zeros(pairs, tokens, 3), torch.zeros(pairs), torch.zeros(pairs, 3))
    for name, places in logits.items():
        for place, value in places.items():
            getattr(scores, name)[place] = value
    return {name: float(value) for name, value in losses(scores, batch).items()}


def test_each_part_is_computed_as_it_is_written_down():
    found = computed([[ANSWERS, DOES_NOT]])
    assert found["answers"] == pytest.approx(0.6931, abs=1e-4)
    assert found["ranking"] == pytest.approx(0.6931, abs=1e-4)  # one of two passages
    assert found["span"] == pytest.approx(torch.tensor(6.0).log().item(), abs=1e-4)  # two of twelve places
    assert found["evidence"] == pytest.approx(0.6931, abs=1e-4)
    assert "verdict" not in found


@pytest.mark.parametrize(
    ("part", "logits"),
    [
        ("answers", {"answers": {0: 2.0, 1: -2.0}}),
        ("ranking", {"answers": {0: 3.0}}),
        ("span", {"tokens": {(0, 8, 0): 4.0, (0, 8, 1): 4.0}}),
        ("evidence", {"tokens": {(0, at, 2): 2.0 if at < 7 else -2.0 for at in range(1, 12)}}),
    ],
)
def test_what_is_right_costs_less(part, logits):
    groups = [[ANSWERS, DOES_NOT]]
    assert computed(groups, **logits)[part] < computed(groups)[part] - 0.1


def test_padding_is_no_place_for_an_answer():
    long = Pair(QUESTION, [5, 6], list(range(50, 90)), 0, [], [], -1)
    assert computed([[ANSWERS, long]])["span"] == pytest.approx(computed([[ANSWERS]])["span"], abs=1e-4)


def test_a_sentence_of_which_nothing_is_known_costs_nothing():
    assert set(computed([[UNKNOWN]])) == {"answers"}


@pytest.mark.parametrize(
    ("verdict", "shares"),
    [(0, 1 / 3), (1, 1 / 3), (2, 1 / 3), (3, 2 / 3), (4, 2 / 3)],  # of three verdicts that are as likely
)
def test_a_verdict_that_is_half_known_allows_two(verdict, shares):
    assert computed([[claim(verdict)]])["verdict"] == pytest.approx(-torch.tensor(shares).log().item(), abs=1e-4)
