"""Two answers are the same where they share most of their words with meaning."""

import pytest

from rag.answer.agreeing import agree
from rag.values import Quote

FRENCH = "Le port de Bréhal a rouvert le 14 juin 2025 devant 600 habitants."
LONG = "Le préfet a suspendu les travaux du tunnel, car deux galeries voisines menacent de s'effondrer pendant l'hiver."
ENGLISH = "The bridge was designed by Ada Morrow and opened in 1931."


def quote(text, words):
    start = text.index(words) if words else 0
    return Quote("a", "Titre", 100, 100 + len(text), text, 0.5, (100 + start, 100 + start + len(words)))


@pytest.mark.parametrize(
    ("text", "words", "written", "language", "same"),
    [
        (FRENCH, "14 juin 2025", "Le 14 juin 2025.", "fr", True),
        (FRENCH, "14 juin 2025", "Le port a rouvert le 14 juin 2025 devant 600 habitants, à Bréhal.", "fr", False),
        (FRENCH, "600 habitants", "Le 14 juin 2025.", "fr", False),
        (FRENCH, "600 habitants", "600 habitant", "fr", True),
        (FRENCH, "", "Le 14 juin 2025.", "fr", False),
        (LONG, LONG, LONG, "fr", False),
        (ENGLISH, "Ada Morrow", "Ada Morrow.", "en", True),
        (ENGLISH, "Ada Morrow", "It was designed by Ada Morrow.", "en", True),
        (ENGLISH, "Ada Morrow", "By the architect Ada Morrow.", "en", False),  # which it does not say
        (FRENCH, "rouvert le 14 juin 2025", "Rouverture le 14 juin 2025.", "fr", False),
        (LONG, "les travaux du tunnel", "Les travaux du tunnelier.", "fr", False),
        (ENGLISH, "1931", "It was 1913.", "en", False),
        (ENGLISH, "1931", "", "en", False),
    ],
)
def test_an_answer_agrees_where_it_says_in_few_words_what_the_reader_found(text, words, written, language, same):
    assert agree(written, quote(text, words), language) is same
