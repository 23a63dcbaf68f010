"""Few that speak for many: the greedy choice is that of its definition, and it spreads."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.coverage import choose_covering, spread


def unit(seed: int, rows: int) -> np.ndarray:
    matrix = np.random.default_rng(seed).normal(size=(rows, 8)).astype(np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def value(chosen, vectors, targets, weights) -> float:
    total = 0.0
    for target, weight in zip(targets, weights / weights.sum(), strict=True):
        cosines = [float(vector @ target) for vector in vectors]
        usual = sum(cosines) / len(cosines)
        total += weight * max(max(cosines[number] - usual, 0.0) / (max(cosines) - usual) for number in chosen)
    return total


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_choice_is_within_what_is_known_of_greedy_choices(seed):
    vectors, targets = unit(seed, 9), unit(seed + 100, 12)
    weights = np.arange(1, 13, dtype=np.float32)
    priors = np.zeros(9, dtype=np.float32)
    chosen = choose_covering(vectors, targets, weights, priors, 3)
    best = max(value(some, vectors, targets, weights) for some in itertools.combinations(range(9), 3))
    assert value(chosen, vectors, targets, weights) >= (1 - 1 / np.e) * best
    assert len(set(chosen)) == 3


def test_what_says_the_same_is_not_chosen_twice():
    topics = unit(5, 3)
    vectors = np.concatenate([topics, topics[:1], topics[:1]])
    ones = np.ones(3, dtype=np.float32)
    assert sorted(number % 3 for number in choose_covering(vectors, topics, ones, np.zeros(5, np.float32), 3)) == [
        0,
        1,
        2,
    ]


def test_the_prior_decides_between_equals():
    vectors = np.repeat(unit(7, 1), 4, axis=0)
    priors = np.array([0, 0.1, 0.5, 0.2], dtype=np.float32)
    assert choose_covering(vectors, vectors[:1], np.ones(1, np.float32), priors, 1) == [2]


def test_nothing_covers_nothing():
    empty = np.zeros((0, 8), dtype=np.float32)
    none = np.zeros(0, dtype=np.float32)
    assert choose_covering(empty, unit(1, 2), np.ones(2, np.float32), none, 3) == []


@given(count=st.integers(0, 300), most=st.integers(1, 40))
def test_numbers_are_spread_from_the_first_to_the_last(count, most):
    numbers = list(spread(count, most))
    assert numbers == sorted(set(numbers))
    assert len(numbers) == min(count, most)
    if numbers:
        assert numbers[0] == 0
        assert most == 1 or numbers[-1] == count - 1
