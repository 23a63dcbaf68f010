"""Words that may stand for a word of the question: other forms, near-synonyms, translations, countries and people."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language.thesaurus import MOST_VARIANTS, halved_names, load_thesaurus, same_root
from rag.language.words import content_stems

THESAURUS = load_thesaurus()
PAIRS = [("fr", "fr"), ("fr", "en"), ("en", "fr"), ("en", "en")]
EVERY_PAIR = pytest.mark.parametrize(("asked", "written"), PAIRS)


def test_words_are_known_within_a_language_and_between_french_and_english():
    assert all(THESAURUS.knows(*pair) for pair in [*PAIRS, ("de", "de")])
    assert not any(THESAURUS.knows(*pair) for pair in [("de", "fr"), ("fr", "es"), ("de", "es")])


def stem(word: str, language: str) -> str:
    return content_stems(word, language)[0]


def variants(word: str, asked: str, written: str) -> dict[str, float]:
    return THESAURUS.variants(stem(word, asked), asked, written)


@pytest.mark.parametrize(
    ("word", "asked", "other", "written"),
    [
        ("troupes", "fr", "soldats", "fr"),
        ("soldats", "fr", "troupes", "fr"),
        ("répondu", "fr", "rétorqué", "fr"),
        ("rétorqué", "fr", "réponse", "fr"),
        ("cessez-le-feu", "fr", "trêve", "fr"),
        ("acheter", "fr", "achat", "fr"),
        ("answer", "en", "rétorqué", "fr"),
        ("réponse", "fr", "reply", "en"),
        ("soldier", "en", "troupes", "fr"),
        ("war", "en", "guerre", "fr"),
        ("guerre", "fr", "war", "en"),
        ("ceasefire", "en", "cessez-le-feu", "fr"),
        ("troops", "en", "soldiers", "en"),
        ("country", "en", "pays", "fr"),
    ],
)
def test_a_word_is_met_by_those_of_its_family(word, asked, other, written):
    assert stem(other, written) in variants(word, asked, written)


@pytest.mark.parametrize(
    ("word", "asked", "other", "written"),
    [
        ("Corée", "fr", "nord-coréennes", "fr"),
        ("Corée", "fr", "coréens", "fr"),
        ("Russie", "fr", "russes", "fr"),
        ("Russia", "en", "russe", "fr"),
        ("Russia", "en", "Russie", "fr"),
        ("Russie", "fr", "Russian", "en"),
        ("Germany", "en", "allemand", "fr"),
        ("Allemagne", "fr", "German", "en"),
        ("Chine", "fr", "chinois", "fr"),
        ("Ukraine", "fr", "ukrainien", "fr"),
    ],
)
def test_a_country_is_met_by_its_people_more_surely_than_by_its_capital(word, asked, other, written):
    assert variants(word, asked, written)[stem(other, written)] > 0.5


@pytest.mark.parametrize(
    ("capital", "country"), [("Moscou", "Russie"), ("Pékin", "Chine"), ("Kiev", "Ukraine"), ("Londres", "britannique")]
)
def test_a_capital_stands_for_its_government_both_ways_but_less(capital, country):
    there, back = variants(capital, "fr", "fr"), variants(country, "fr", "fr")
    assert 0 < there[stem(country, "fr")] < 0.9
    assert 0 < back[stem(capital, "fr")] < 0.9


@pytest.mark.parametrize(
    ("language", "countries", "told"),
    [
        ("fr", [["Corée du Nord", "nord-coréen"], ["Corée du Sud", "sud-coréenne"]], {"Corée", "coréen"}),
        ("fr", [["Caroline du Nord"], ["Caroline du Sud"], ["Virginie"]], {"Caroline"}),
        ("fr", [["Flandre de l'Est"], ["Flandre de l'Ouest"]], {"Flandre"}),
        ("en", [["North Dakota", "North Dakotan"], ["South Dakota", "South Dakotan"]], {"Dakota", "Dakotan"}),
        (
            "fr",
            [["Afrique", "africain"], ["Afrique du Sud", "sud-africain"], ["Afrique du Nord", "nord-africain"]],
            set(),
        ),
        ("fr", [["Soudan"], ["Soudan du Sud"]], set()),
        ("fr", [["mer Rouge"], ["mer Noire"]], set()),
        ("en", [["West Bank"], ["World Bank"]], set()),
    ],
)
def test_half_of_a_country_tells_it_where_no_other_has_that_name(language, countries, told):
    assert halved_names(countries, language) == {stem(word, language) for word in told}


@pytest.mark.parametrize(
    ("word", "other"),
    [("acheter", "vendre"), ("nord", "sud"), ("mari", "femme"), ("gagner", "perdre"), ("Russie", "Chine")],
)
def test_what_must_not_be_confused_is_not(word, other):
    assert stem(other, "fr") not in variants(word, "fr", "fr")
    assert stem(word, "fr") not in variants(other, "fr", "fr")


@EVERY_PAIR
def test_every_weight_is_above_zero_and_at_most_one(asked, written):
    table = THESAURUS.related[asked, written]
    assert len(table) > 1000
    assert all(0 < weight <= 1 for row in table.values() for _, weight in row)


@EVERY_PAIR
def test_the_likeliest_come_first_and_none_is_the_word_itself(asked, written):
    for word, row in THESAURUS.related[asked, written].items():
        weights = [weight for _, weight in row]
        assert weights == sorted(weights, reverse=True)
        assert word not in {other for other, _ in row}


@EVERY_PAIR
@settings(deadline=None)
@given(word=st.text(max_size=12))
def test_any_word_stands_for_itself_wholly_and_first(asked, written, word):
    found = THESAURUS.variants(word, asked, written)
    assert next(iter(found.items())) == (word, 1.0)
    assert len(found) <= MOST_VARIANTS + 1


def test_a_language_without_tables_has_the_word_itself_only():
    assert THESAURUS.variants("schif", "de", "fr") == {"schif": 1.0}


def test_tables_are_read_once():
    assert load_thesaurus() is THESAURUS


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("bronzag", "bronz", True),
        ("bronzer", "bronzag", True),
        ("fourniture", "fournisseur", False),
        ("deploie", "deploy", True),
        ("militair", "militant", True),
        ("port", "porte", False),
        ("international", "internet", False),
        ("coalit", "coalit", True),
        ("", "", False),
    ],
)
def test_one_root_is_a_long_beginning_and_short_endings(first, second, alike):
    assert same_root(first, second) is alike
    assert same_root(second, first) is alike
