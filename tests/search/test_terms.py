"""The words of a question as a library may have spelt them: whole, in parts, mended."""

from __future__ import annotations

import pytest

from rag.index import WordIndex
from rag.index.word_index import WordFields
from rag.language import content_stems
from rag.question import understand
from rag.search.terms import spellings

PASSAGES = (
    "Vingt-six pays veulent rejoindre la coalition que dirige le général Haldane.",
    "Les troupes nord-coréennes déployées sur la ligne de front ne sont pas reparties, selon l'état-major.",
    "La digue mesure désormais 310 mètres. Le phare reste fermé.",
    "Une robe de 1907, venue d'Alençon, ouvre l'exposition. Ombeline Thévenard veut un éventail.",
    "Le bronzage est déconseillé aux enfants.",
)
WORDS = WordIndex(
    {row: WordFields("", "", " ".join(content_stems(text, "fr"))) for row, text in enumerate(PASSAGES, 1)}
)
QUESTIONS = (
    "Combien de pays veulent rejoindre la coalition ?",
    "Qui veut rejoindre la coalission de Lorient ?",
    "Combien mesure la digue ?",
    "What does the general want?",
)


def spelt(question: str, words: WordIndex = WORDS) -> list[dict[str, float]]:
    return [dict(one) for one in spellings(understand(question), words, ("fr",))]


def test_every_word_is_looked_up_by_its_own_stem_and_weights_lie_within_bounds():
    for question in QUESTIONS:
        found = spelt(question)
        assert found
        for stems in found:
            assert max(stems.values()) == 1.0
            assert all(0 < weight <= 1 for weight in stems.values())


@pytest.mark.parametrize(
    ("wrong", "right", "meant"),
    [
        ("Halddane", "Haldane", "haldan"),
        ("rejoindrre", "rejoindre", "rejoindr"),
        ("exposision", "exposition", "exposit"),
    ],
)
def test_a_typing_error_is_mended_only_where_the_word_is_unknown(wrong, right, meant):
    (mistyped,) = spelt(f"Et {wrong} ?")
    assert 0 < mistyped[meant] < 1
    assert spelt(f"Et {right} ?") == [{meant: 1.0}]


@pytest.mark.parametrize("word", ["1908", "R2D9", "mai"])
def test_numbers_codes_and_short_words_are_no_typing_errors(word):
    assert all(weight == 1.0 for stems in spelt(f"Et {word} ?") for weight in stems.values())


def test_a_hyphenated_word_is_taken_whole_or_in_parts_and_never_twice():
    words = WordIndex({1: WordFields("", "", "armee nord")})
    found = [stem for stems in spelt("Que dit l'état-major nord-coréen ?", words) for stem in stems]
    stems = [stem for stem in found if "nord" in stem or "coreen" in stem]
    assert "nord" in stems
    assert not any("-" in stem and "nord" in stem for stem in stems)


def test_an_empty_library_gives_each_word_its_own_stem():
    assert spelt("Combien de pays pour la digue ?", WordIndex({})) == [{"pay": 1.0}, {"digu": 1.0}]
