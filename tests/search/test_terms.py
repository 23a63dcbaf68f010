"""The words of a question as a library may have written them: whole, mended, related, and how rare they are."""

from __future__ import annotations

import pytest

from rag.index import WordIndex
from rag.index.word_index import WordFields
from rag.language import content_stems
from rag.language.frequencies import background_share
from rag.question import understand
from rag.search.matching import Term
from rag.search.terms import question_terms

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


def terms(question: str, words: WordIndex = WORDS) -> dict[str, Term]:
    return {term.stem: term for term in question_terms(understand(question), words, ("fr",))}


def test_every_term_has_its_own_stem_and_weights_within_bounds():
    for question in QUESTIONS:
        found = terms(question)
        assert found
        for stem, term in found.items():
            assert term.variants[stem] == 1.0
            assert all(0 < weight <= 1 for weight in (*term.variants.values(), *term.spelt.values()))
            assert term.rarity > 0


def test_names_and_numbers_are_told_from_other_words():
    found = terms("Que veut Ombeline Thévenard en 1907 ?")
    assert {stem for stem, term in found.items() if term.name} == {"ombelin", "thevenard", "1907"}


@pytest.mark.parametrize(
    ("wrong", "right", "meant"),
    [
        ("Halddane", "Haldane", "haldan"),
        ("rejoindrre", "rejoindre", "rejoindr"),
        ("exposision", "exposition", "exposit"),
    ],
)
def test_a_typing_error_is_mended_only_where_the_word_is_unknown(wrong, right, meant):
    (mistyped,) = terms(f"Et {wrong} ?").values()
    assert 0 < mistyped.spelt[meant] < 1
    assert mistyped.variants[meant] == mistyped.spelt[meant]
    (written,) = terms(f"Et {right} ?").values()
    assert written.spelt == {meant: 1.0}


@pytest.mark.parametrize("word", ["1908", "R2D9", "mai"])
def test_numbers_codes_and_short_words_are_no_typing_errors(word):
    for term in terms(f"Et {word} ?").values():
        assert all(weight == 1.0 for weight in term.spelt.values())


def test_another_form_of_a_word_stands_for_it_and_counts_less():
    found = terms("Qui veut bronzer ?")
    (form,) = [weight for stem, weight in found["bronz"].variants.items() if stem.startswith("bronzag")]
    assert 0 < form < 1


def test_a_hyphenated_word_is_taken_whole_or_in_parts_and_never_twice():
    words = WordIndex({1: WordFields("", "", "armee nord")})
    stems = [stem for stem in terms("Que dit l'état-major nord-coréen ?", words) if "nord" in stem or "coreen" in stem]
    assert "nord" in stems
    assert not any("-" in stem and "nord" in stem for stem in stems)


def test_a_word_of_ordinary_language_is_common_whatever_the_library():
    assert background_share("pay", "fr") > background_share("digu", "fr") > background_share("xyzzyx", "fr") > 0
    found = terms("Combien de pays pour la digue ?")
    assert found["pay"].rarity < found["digu"].rarity


def test_an_empty_library_gives_each_word_its_own_stem():
    found = terms("Combien de pays pour la digue ?", WordIndex({}))
    assert {"pay", "digu"} <= set(found)
    assert all(term.spelt == {stem: 1.0} for stem, term in found.items())
