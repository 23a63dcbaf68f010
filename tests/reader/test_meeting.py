"""What tokens find in the other text is what a plain search finds, whatever the texts hold."""

from __future__ import annotations

import numpy as np
import pytest
from support.plain_reader import meeting

from rag.reader.meeting import meet
from rag.reader.state_cache import ReadAlone


def read(tokens: list[int], seed: int) -> ReadAlone:
    state = np.random.default_rng(seed).standard_normal((len(tokens), 8)).astype(np.float16)
    return ReadAlone(np.array(tokens, np.int64), state, np.zeros((len(tokens), 2), np.int32))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([0, 41, 12, 7, 8, 9, 2], [0, 46, 12, 8, 5, 9, 9, 6, 2]),
        ([0, 41, 12, 7, 2], [0, 46, 12, 8, 5]),
        ([0, 41, 12, 2], [0, 46, 12, 8, 2]),
        ([0, 41, 12, 7, 8, 2], [0, 46, 12, 2]),
        ([0, 41, 12, 2], [0, 46, 12, 2]),
    ],
    ids=["some words the same", "none", "an empty question", "an empty passage", "both empty"],
)
def test_it_is_what_a_plain_search_finds(first, second):
    one, other = read(first, 1), read(second, 2)
    found = meet(one, other)
    expected = meeting(one.state.astype(float), first, other.state.astype(float), second)
    for ours, theirs in zip((found.first, found.second, found.summed), expected, strict=True):
        assert ours.dtype == np.float32
        assert ours == pytest.approx(theirs, abs=1e-4)
