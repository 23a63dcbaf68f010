"""The part of a question that a text covers, against a twin that is too simple to be wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.search.matching import Term, match_terms

SHIP = Term("bateau", 4.0, {"bateau": 1.0, "navir": 0.6})
PORT = Term("port", 2.0, {"port": 1.0, "navir": 0.1})
CORBIN = Term("corbin", 6.0, {"corbin": 1.0}, name=True)
TERMS = (SHIP, PORT, CORBIN)
MATCHES = match_terms(TERMS)

STEM = st.sampled_from("abcdef")
TERM = st.builds(
    Term, STEM, st.floats(0.01, 20), st.dictionaries(STEM, st.floats(0.01, 1), min_size=1, max_size=4), st.booleans()
)
QUESTION = st.lists(TERM, min_size=1, max_size=6)
TEXT = st.lists(st.sampled_from("abcdefgh"), max_size=30)


def brute(terms, stems) -> float:
    found = sum(term.rarity * max((term.variants.get(stem, 0.0) for stem in stems), default=0.0) for term in terms)
    return found / sum(term.rarity for term in terms)


def test_a_term_is_matched_by_its_best_variant():
    ship = match_terms([SHIP])
    assert ship.part(ship.found(["navir", "port"])) == pytest.approx(0.6)
    assert ship.part(ship.found(["navir", "bateau"])) == pytest.approx(1.0)
    assert ship.part(ship.found([])) == ship.part(ship.found(["port"])) == 0.0


@settings(deadline=None)
@given(QUESTION, TEXT)
def test_the_part_found_is_that_of_brute_force(terms, stems):
    matches = match_terms(terms)
    assert matches.part(matches.found(stems)) == pytest.approx(brute(terms, stems))


@settings(deadline=None)
@given(QUESTION, TEXT, TEXT)
def test_parts_put_together_are_those_of_the_texts_put_together(terms, first, second):
    matches = match_terms(terms)
    both = matches.part(matches.found(first), matches.found(second))
    assert both == pytest.approx(matches.part(matches.found([*first, *second])))


@settings(deadline=None)
@given(QUESTION, TEXT, TEXT)
def test_the_part_lies_within_0_and_1_and_more_text_never_lowers_it(terms, text, more):
    matches = match_terms(terms)
    less, all_ = matches.part(matches.found(text)), matches.part(matches.found([*text, *more]))
    assert 0 <= less <= all_ <= 1 + 1e-9


@settings(deadline=None)
@given(QUESTION)
def test_a_text_with_every_word_of_the_question_has_the_whole_of_it(terms):
    whole = [Term(term.stem, term.rarity, {**term.variants, term.stem: 1.0}) for term in terms]
    matches = match_terms(whole)
    assert matches.part(matches.found(term.stem for term in whole)) == pytest.approx(1)


def test_found_keeps_the_best_match_of_each_term():
    assert MATCHES.found(["navir", "mer", "navir"]) == pytest.approx({0: 2.4, 1: 0.2})
    assert MATCHES.found(["navir", "bateau", "corbin"]) == pytest.approx({0: 4.0, 1: 0.2, 2: 6.0})
    assert MATCHES.found([]) == MATCHES.found(["mer"]) == {}


def test_a_question_without_terms_finds_nothing_anywhere():
    matches = match_terms([])
    assert matches.part(matches.found(["port"])) == matches.part() == 0
