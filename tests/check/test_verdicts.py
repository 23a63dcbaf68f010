"""From facts and probabilities to one verdict: every case of the table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.check.facts import CITED, ELSEWHERE, NOWHERE
from rag.check.verdicts import Thresholds, decide, load_thresholds

AT = Thresholds(entailed=0.6, contradicted=0.7, partly=0.3)
PROBABILITIES = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("levels", "entailed", "contradicted", "elsewhere", "expected"),
    [
        ([], 0.6, 0.0, 0.0, ("yes", ())),
        ([CITED], 0.9, 0.0, 0.0, ("yes", ())),
        ([], 0.59, 0.0, 0.0, ("partly", ())),
        ([], 0.29, 0.0, 0.0, ("no", ())),
        ([], 0.0, 0.0, 0.9, ("partly", ())),  # another place says it
        ([ELSEWHERE], 0.9, 0.0, 0.0, ("partly", ())),
        ([NOWHERE], 0.9, 0.0, 0.0, ("no", ("fact 0",))),
        ([CITED, ELSEWHERE, NOWHERE], 0.1, 0.7, 0.0, ("contradicted", ("fact 1", "fact 2"))),
        ([CITED], 0.1, 0.7, 0.0, ("contradicted", ())),
        ([CITED], 0.6, 0.7, 0.9, ("contradicted", ())),  # however much of it is said there, or elsewhere
    ],
)
def test_verdicts(levels, entailed, contradicted, elsewhere, expected):
    facts = [(f"fact {number}", level) for number, level in enumerate(levels)]
    found = decide(facts, entailed=entailed, contradicted=contradicted, elsewhere=elsewhere, thresholds=AT)
    assert found == expected


@given(st.lists(st.sampled_from([NOWHERE, ELSEWHERE, CITED]), max_size=4), PROBABILITIES, PROBABILITIES, PROBABILITIES)
def test_yes_needs_both_the_reader_and_every_fact(levels, entailed, contradicted, elsewhere):
    facts = [(str(number), level) for number, level in enumerate(levels)]
    verdict, missing = decide(facts, entailed=entailed, contradicted=contradicted, elsewhere=elsewhere, thresholds=AT)
    if verdict == "yes":
        assert entailed >= AT.entailed
        assert set(levels) <= {CITED}
    assert set(missing) <= {text for text, level in facts if level != CITED}


def test_what_was_fitted_is_in_order():
    fitted = load_thresholds()
    assert 0 < fitted.partly <= fitted.entailed < 1
    assert 0.5 <= fitted.contradicted < 1
