"""What stands around a quote: within its section, and never a heading for a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_door import ACROSS, QUOTE, harbour
from support.pages import ANY_TEXT

from rag.values import Article
from ui.html import Surroundings, surroundings

PORT = harbour()


def around(quote):
    start = PORT.text.index(quote)
    return surroundings(PORT, start, start + len(quote))


@pytest.mark.parametrize(
    ("quote", "section", "before", "after"),
    [
        (QUOTE, "Ce qui change", "", "Elle a coûté 4,2 millions d’euros, payés par la région."),
        ("Elle a coûté 4,2 millions d’euros", "Ce qui change", QUOTE, "Le phare 🗼 reste fermé."),
        (ACROSS, "Ce qui change", "Elle a coûté 4,2 millions d’euros, payés par la région.", ""),
        ("Le port de Bréhal a rouvert lundi, après « onze mois » de travaux.", "", "",
         "Les pêcheurs l’attendaient : 42 bateaux sont revenus."),
    ],
)  # fmt: skip
def test_the_sentence_before_and_the_one_after(quote, section, before, after):
    assert around(quote) == Surroundings(section, before, after)


@given(ANY_TEXT, st.integers(0, 60), st.integers(0, 60))
def test_any_place_of_any_text_has_surroundings(text, start, length):
    found = surroundings(Article("0", "", text, "fr"), start, start + length)
    assert found.section == ""
