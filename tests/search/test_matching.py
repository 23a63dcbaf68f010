"""Rarity, coverage and BM25, against twins that are too simple to be wrong."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.search.matching import K1, B, Term, bm25, count_fields, match_terms, rarity

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


# ── Rarity ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("passages", "holding"), [(1, 0), (100, 3), (100, 99), (736.5, 2.25)])
def test_rarity_is_the_formula(passages, holding):
    assert rarity(passages, holding) == pytest.approx(math.log((passages + 1) / (holding + 0.5)))


@settings(deadline=None)
@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_what_fewer_passages_hold_is_never_less_rare(passages, few, more):
    few, more = sorted((few, more))
    assert rarity(passages, few) >= rarity(passages, more) >= 0


# ── Terms ───────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    assert matches.part(matches.found(["port"])) == matches.part() == matches.densest(["port"], 3) == 0
    assert bm25([], {"port": 1}, 1, 1) == 0


# ── The densest window ──────────────────────────────────────────────────────────────────────────────────────────────


def test_words_close_together_count_more_than_words_far_apart():
    far = ["bateau", *["mer"] * 5, "corbin"]
    assert MATCHES.densest(far, 3) == pytest.approx(6 / 12)
    assert MATCHES.densest(far, 7) == pytest.approx(10 / 12)


@settings(deadline=None)
@given(QUESTION, TEXT, st.integers(1, 12))
def test_the_densest_window_is_that_of_brute_force(terms, stems, window):
    matches = match_terms(terms)
    starts = range(max(len(stems), 1))
    expected = max(brute(terms, stems[at : at + window]) for at in starts)
    assert matches.densest(stems, window) == pytest.approx(expected)


@settings(deadline=None)
@given(QUESTION, TEXT, st.integers(1, 12))
def test_a_wider_window_never_holds_less_and_the_whole_text_holds_all(terms, stems, window):
    matches = match_terms(terms)
    narrow, wide = matches.densest(stems, window), matches.densest(stems, window + 1)
    assert narrow <= wide + 1e-9
    assert matches.densest(stems, len(stems) + 1) == pytest.approx(matches.part(matches.found(stems)))


# ── BM25 ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def plain_bm25(stems: list[str], question: list[str], texts: list[list[str]]) -> float:
    """Return BM25 as the textbook writes it, of words without variants or fields."""
    average = sum(map(len, texts)) / len(texts)
    score = 0.0
    for word in question:
        holding = sum(word in text for text in texts)
        idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        count = stems.count(word)
        score += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * len(stems) / average))
    return score


@settings(deadline=None)
@given(st.lists(TEXT.filter(bool), min_size=2, max_size=6), st.lists(STEM, min_size=1, max_size=4, unique=True))
def test_bm25_is_the_textbooks(texts, question):
    average = sum(map(len, texts)) / len(texts)
    terms = [Term(word, rarity(len(texts), sum(word in text for text in texts)), {word: 1.0}) for word in question]
    for text in texts:
        counts, length = count_fields([(" ".join(text), 1.0)])
        assert bm25(terms, counts, length, average) == pytest.approx(plain_bm25(text, question, texts))


@settings(deadline=None)
@given(QUESTION, TEXT, STEM)
def test_one_more_matching_word_never_lowers_bm25_of_a_text_of_that_length(terms, text, word):
    counts, length = count_fields([(" ".join(text), 1.0)])
    more = counts.copy()
    more[word] += 1
    assert bm25(terms, more, length, 10) >= bm25(terms, counts, length, 10)


@settings(deadline=None)
@given(QUESTION, TEXT)
def test_bm25_never_reaches_its_bound(terms, text):
    counts, length = count_fields([(" ".join(text), 1.0)])
    assert 0 <= bm25(terms, counts, length, 10) <= sum(term.rarity for term in terms) * (K1 + 1)


def test_a_longer_text_with_the_same_words_scores_less():
    counts = {"port": 2.0}
    assert bm25([PORT], counts, 5, 10) > bm25([PORT], counts, 20, 10)


def test_a_variant_counts_less_than_the_word():
    assert bm25([SHIP], {"bateau": 1.0}, 5, 5) > bm25([SHIP], {"navir": 1.0}, 5, 5) > 0


def test_fields_count_with_their_weights():
    counts, length = count_fields([("port brehal", 2.0), ("port", 0.5), ("", 9.0)])
    assert counts == {"port": 2.5, "brehal": 2.0}
    assert length == 4.5
