"""Predicted and observed shares, against a count by hand and a brute-force twin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.calibration import BINS, calibration_error, reliability

CASES = st.lists(st.tuples(st.booleans(), st.integers(0, 100).map(lambda part: part / 100)), max_size=80)


def test_two_bins_counted_by_hand():
    low, high = reliability([False, True, True, True], [0.1, 0.3, 0.8, 1.0], bins=2)
    assert (low.questions, low.least, low.most, low.observed) == (2, 0.1, 0.3, 0.5)
    assert (high.questions, high.least, high.most, high.observed) == (2, 0.8, 1.0, 1.0)
    assert (low.predicted, high.predicted) == pytest.approx((0.2, 0.9))
    assert calibration_error((low, high)) == pytest.approx((0.3 + 0.1) / 2)


@pytest.mark.parametrize("labels", [[], [True], [True, True], [False, False, False]])
def test_of_questions_of_one_side_nothing_is_told(labels):
    bins = reliability(labels, [0.5] * len(labels))
    assert bins == ()
    assert calibration_error(bins) is None


def test_twenty_questions_make_ten_bins_of_two():
    bins = reliability([number % 2 == 0 for number in range(20)], [number / 20 for number in range(20)])
    assert [one.questions for one in bins] == [2] * BINS
    assert [one.observed for one in bins] == [0.5] * BINS


def test_equal_probabilities_stay_together():
    bins = reliability([True] * 3 + [False] * 9, [0.5] * 10 + [0.1, 0.9])
    assert [one.questions for one in bins] == [11, 1]
    assert [one.observed for one in bins] == pytest.approx([3 / 11, 0.0])


@given(CASES)
def test_the_order_of_the_questions_changes_nothing_and_none_is_lost(cases):
    bins = reliability([label for label, _ in cases], [score for _, score in cases])
    backwards = reliability([label for label, _ in reversed(cases)], [score for _, score in reversed(cases)])
    told = [(one.questions, one.least, one.most) for one in bins]
    assert told == [(one.questions, one.least, one.most) for one in backwards]
    assert [one.observed for one in bins] == [one.observed for one in backwards]
    if bins:
        assert sum(one.questions for one in bins) == len(cases)
        assert len(bins) <= BINS
        for one in bins:
            inside = [label for label, score in cases if one.least <= score <= one.most]
            assert len(inside) == one.questions
            assert sum(inside) / len(inside) == pytest.approx(one.observed)
        assert 0 <= calibration_error(bins) <= 1


def test_a_probability_that_is_always_right_has_no_error():
    labels = [True, False] * 10
    assert calibration_error(reliability(labels, [float(label) for label in labels])) == 0.0
