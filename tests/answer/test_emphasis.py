"""The words that answer are found again in the answer that quotes them, whatever its line ends were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.emphasis import answering_words
from rag.values import Citation, Quote


def told(article: str, quoted: str, words: str) -> tuple[Citation, Quote]:
    start = article.index(quoted)
    end, first = start + len(quoted), start + quoted.index(words)
    quote = Quote("a", "T", start, end, quoted, 0.9, (first, first + len(words)))
    return Citation(1, "a", "T", start, end, quoted), quote


@pytest.mark.parametrize(
    ("article", "quoted", "words"),
    [
        ("Il pleut. La digue mesure\n310 mètres. Il vente.", "La digue mesure\n310 mètres.", "310 mètres"),
        ("Nadège Corbin, maire, a souri.", "Nadège Corbin, maire, a souri.", "Nadège Corbin"),
        ("It reopened\n  on  Saturday 14\nJune.", "It reopened\n  on  Saturday 14\nJune.", "Saturday 14\nJune"),
    ],
)
def test_the_words_that_answer_are_told_by_their_place_in_the_answer(article, quoted, words):
    citation, quote = told(article, quoted, words)
    text = f"« {' '.join(quoted.split())} »"
    ((start, end),) = answering_words(text, [citation], [quote])
    assert text[start:end] == " ".join(words.split())


@pytest.mark.parametrize(
    ("quoted", "words"),
    [
        ("Claire Aubry et Nadège Corbin ont ouvert la digue.", "Claire Aubry"),
        ("The mayor spoke on Saturday, in the rain.", "on Saturday"),
        ("Elle mesure 310 mètres et a coûté 4 millions.", "310 mètres"),
    ],
)
def test_no_words_stand_out_in_a_quote_that_hardly_answers(quoted, words):
    citation, quote = told(quoted, quoted, words)
    assert answering_words(quoted, [citation], [replace(quote, score=0.1)]) == ()
    assert answering_words(quoted, [citation], [replace(quote, score=0.3)]) != ()


def test_an_answer_in_other_words_has_none():
    citation, quote = told("La digue mesure 310 mètres.", "La digue mesure 310 mètres.", "310 mètres")
    assert answering_words("Elle fait 310 mètres.", [citation], [quote]) == ()


def test_words_of_another_article_or_of_another_place_are_left_out():
    citation, quote = told("La digue mesure 310 mètres.", "La digue mesure 310 mètres.", "310 mètres")
    text = "La digue mesure 310 mètres."
    assert answering_words(text, [citation], [Quote("b", *quote_of(quote))]) == ()
    assert answering_words(text, [citation], [Quote("a", "T", 40, 60, "…", 0.5, (40, 45))]) == ()
    assert answering_words(text, [citation], [Quote("a", "T", 0, 27, text, 0.5)]) == ()


def quote_of(quote: Quote) -> tuple[object, ...]:
    return quote.title, quote.start, quote.end, quote.text, quote.score, quote.words


@given(
    st.lists(st.sampled_from(["mot", "Port", "l'été", "12", "\n", "  ", "\u202f"]), min_size=1, max_size=12), st.data()
)
def test_the_range_holds_exactly_the_words(parts, data):
    quoted = " ".join(parts).strip() or "mot"
    start = data.draw(st.integers(0, len(quoted) - 1))
    end = data.draw(st.integers(start + 1, len(quoted)))
    words = quoted[start:end]
    if words != words.strip() or not words.strip():
        return
    quote = Quote("a", "T", 0, len(quoted), quoted, 0.9, (start, end))
    text = "“" + " ".join(quoted.split()) + "”"
    for left, right in answering_words(text, [Citation(1, "a", "T", 0, len(quoted), quoted)], [quote]):
        assert text[left:right] == " ".join(words.split())
