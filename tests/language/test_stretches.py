"""What was taken is taken, character by character."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.language.stretches import Stretches

STRETCH = st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda one: (one[0], one[0] + one[1]))


@given(st.lists(STRETCH), STRETCH)
def test_a_stretch_meets_what_shares_a_character_with_it(taken, asked):
    stretches = Stretches(40, taken)
    assert stretches.meets(*asked) == any(start < asked[1] and asked[0] < end for start, end in taken)
