"""How long an overview is asked for, in figures and in words, and what is no size."""

from __future__ import annotations

import pytest

from rag.question import Size, asked_size
from rag.question.sizes import MOST_POINTS


@pytest.mark.parametrize(
    ("question", "language", "points"),
    [
        ("Résume l'article en 3 points", "fr", 3),
        ("Résume l'article en quatre phrases", "fr", 4),
        ("les 5 idées principales", "fr", 5),
        ("Résume tout en une phrase", "fr", 1),
        ("Donne les trois grandes idées", "fr", 3),
        ("in 5 bullets", "en", 5),
        ("Sum it up in twelve points", "en", 12),
        ("Give me the two main facts", "en", 2),
        ("Fasse den Text in 3 Punkten zusammen", "de", 3),
        ("top 7", "en", 7),
        ("en 500 points", "fr", MOST_POINTS),
    ],
)
def test_a_number_of_points_is_read(question, language, points):
    assert asked_size(question, language) == Size(points=points)


@pytest.mark.parametrize(
    ("question", "words"), [("Résume en 100 mots", 100), ("a 50-word summary", 50), ("en cent mots", 100)]
)
def test_a_number_of_words_is_read(question, words):
    assert asked_size(question, "en" if "word" in question else "fr") == Size(words=words)


@pytest.mark.parametrize(
    "question", ["Résume l'article", "Résume l'article sur les Jeux de 2024", "sur la Copper Basin 300", "", "TL;DR"]
)
def test_other_numbers_are_no_size(question):
    assert asked_size(question, "fr") == Size()
