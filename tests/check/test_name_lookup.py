"""Which words of names are one: countries, spellings, and acronyms from one language to the other."""

from __future__ import annotations

import pytest

from rag.check.facts import Facts
from rag.check.name_lookup import same_part


def part(text: str, language: str):
    (found,) = Facts(text, language).parts
    return found


@pytest.mark.parametrize(
    ("french", "english", "alike"),
    [
        ("l'IA", "the AI", True),
        ("une IRM", "an MRI", True),
        ("le QI", "the IQ", True),
        ("l'ADN", "the DNA", True),
        ("une ONG", "an NGO", True),
        ("la TVA", "the VAT", True),
        ("le SIDA", "with AIDS", True),
        ("l'OMS", "the WHO", False),
        ("le PIB", "the GDP", False),
        ("la CGT", "the CGC", False),
    ],
)
def test_an_acronym_has_the_same_letters_in_the_other_language_or_is_another(french, english, alike):
    mine, theirs = part(french, "fr"), part(english, "en")
    assert same_part(mine, theirs, "fr", "en") is alike
    assert same_part(theirs, mine, "en", "fr") is alike


@pytest.mark.parametrize(("one", "other"), [("le PSU", "le SUP"), ("l'IRM", "la MRI"), ("l'ONU", "l'ONG")])
def test_acronyms_of_one_language_are_one_only_when_they_are_the_same(one, other):
    assert not same_part(part(one, "fr"), part(other, "fr"), "fr", "fr")


@pytest.mark.parametrize(
    ("one", "other"), [("Zelensky", "Zelenski"), ("Dostoïevski", "Dostoievsky"), ("ONU", "O.N.U.")]
)
def test_two_spellings_of_a_name_are_one(one, other):
    assert same_part(part(f"voici {one}", "fr"), part(f"voici {other}", "fr"), "fr", "fr")


@pytest.mark.parametrize(
    ("french", "english", "alike"),
    [
        ("vers Genève", "to Geneva", True),
        ("en Méditerranée", "in the Mediterranean", True),
        ("dans les Alpes", "in the Alps", True),
        ("vers Marseille", "to Manchester", False),
        ("avec Martin", "with Johnson", False),
    ],
)
def test_a_name_keeps_most_of_its_letters_in_the_other_language(french, english, alike):
    assert same_part(part(french, "fr"), part(english, "en"), "fr", "en") is alike
