"""Numbers, dates and names are read alike however they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.check.facts import Facts
from rag.language.dates import Moment, find_moments
from rag.language.names import find_names
from rag.language.numerals import read_numeral, roman
from rag.language.quantities import find_quantities, flatten

FRENCH_UNITS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
ENGLISH_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
ENGLISH_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_french(number: int) -> str:
    """Write a number below a thousand million in French words."""
    for size, word in ((10**6, "million"), (1000, "mille")):
        if number >= size:
            many = number // size
            head = word if (size, many) == (1000, 1) else f"{in_french(many)} {word}{'s' * (many > 1 and size > 1000)}"
            return f"{head} {in_french(number % size)}" if number % size else head
    if number >= 100:
        head = "cent" if number < 200 else f"{FRENCH_UNITS[number // 100]} cent{'s' * (number % 100 == 0)}"
        return f"{head} {in_french(number % 100)}" if number % 100 else head
    if number < 17:
        return FRENCH_UNITS[number]
    if number < 20:
        return f"dix-{FRENCH_UNITS[number - 10]}"
    if number >= 80:
        return f"quatre-vingt-{in_french(number - 80)}" if number > 80 else "quatre-vingts"
    ten = min(number // 10, 6) * 10
    if number == ten:
        return FRENCH_TENS[ten]
    joint = " et " if number - ten in {1, 11} else "-"
    return f"{FRENCH_TENS[ten]}{joint}{in_french(number - ten)}"


def in_english(number: int) -> str:
    """Write a number below a thousand million in English words."""
    for size, word in ((10**6, "million"), (1000, "thousand")):
        if number >= size:
            head = f"{in_english(number // size)} {word}"
            return f"{head} {in_english(number % size)}" if number % size else head
    if number >= 100:
        head = f"{ENGLISH_UNITS[number // 100]} hundred"
        return f"{head} and {in_english(number % 100)}" if number % 100 else head
    if number < 20:
        return ENGLISH_UNITS[number]
    return ENGLISH_TENS[number // 10] + (f"-{ENGLISH_UNITS[number % 10]}" if number % 10 else "")


def values(text: str, language: str = "fr") -> list[frozenset[Fraction]]:
    return [quantity.values for quantity in find_quantities(text, language)]


@given(st.integers(min_value=2, max_value=10**9 - 1))
@example(479_001_000)
@example(37_468_122)
def test_a_number_in_words_is_the_number_in_figures(number):
    for write, language in ((in_french, "fr"), (in_english, "en")):
        (quantity,) = find_quantities(f"Il y a {write(number)} !" if language == "fr" else write(number), language)
        assert quantity.values == {Fraction(number)}
        assert quantity.agrees(find_quantities(str(number), language)[0])


@given(st.integers(0, 10**12), st.integers(0, 99), st.sampled_from([" ", "\u00a0", "\u202f", ""]))
def test_grouping_and_decimal_signs_do_not_change_a_number(whole, cents, space):
    french = f"{whole:,}".replace(",", space) + f",{cents:02}"
    english = f"{whole:,}.{cents:02}"
    wanted = Fraction(whole) + Fraction(cents, 100)
    assert values(french) == [{wanted}]
    assert values(english, "en") == [{wanted}]


@given(st.integers(1, 3999))
def test_only_a_well_formed_roman_numeral_is_one(number):
    digits = [("M", 1000), ("CM", 900), ("D", 500), ("CD", 400), ("C", 100), ("XC", 90), ("L", 50), ("XL", 40)]
    digits += [("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)]
    left, written = number, ""
    for letters, value in digits:
        written += letters * (left // value)
        left %= value
    assert roman(written) == number
    assert roman(written + "IIII") == 0
    assert roman(written.lower()) == 0


@settings(deadline=None)
@given(st.text())
def test_nothing_written_breaks_the_readers_and_offsets_hold(text):
    assert len(flatten(text)) == len(text)
    for language in ("fr", "en", "de"):
        facts = Facts(text, language)
        for fact in (*facts.moments, *facts.quantities, *facts.parts):
            assert text[fact.start : fact.end] == fact.text


@pytest.mark.parametrize(
    ("one", "other", "language", "alike"),
    [
        ("1 234,5", "1234,5", "fr", True),
        ("3 millions d'euros", "3 000 000 €", "fr", True),
        ("trente", "30", "fr", True),
        ("une dizaine", "dix", "fr", True),
        ("30 km", "30 m", "fr", False),
        ("1,5 km", "1 500 mètres", "fr", True),
        ("30 euros", "30 dollars", "fr", False),
        ("30", "30 euros", "fr", True),
        ("12 %", "12 pour cent", "fr", True),
        ("3 millions", "3 milliards", "fr", False),
        ("XXe siècle", "20e siècle", "fr", True),
        ("troisième", "3e", "fr", True),
        ("14h30", "14 h 30", "fr", True),
        ("14h30", "15h30", "fr", False),
        ("deux ans", "deux mois", "fr", False),
        ("années 30", "années 1930", "fr", True),
        ("1,287 km", "1,287 m", "en", False),
        ("$3 billion", "$3bn", "en", True),
        ("2:30 p.m.", "14:30", "en", True),
        ("twenty-first", "21st", "en", True),
        ("385 miles", "620 km", "en", True),
        ("385 miles", "700 km", "en", False),
        ("a dozen", "12", "en", True),
        ("thousands", "millions", "en", False),
    ],
)
def test_quantities_agree_when_they_are_the_same(one, other, language, alike):
    (first,), (second,) = find_quantities(one, language), find_quantities(other, language)
    assert first.agrees(second) is alike
    assert second.agrees(first) is alike


@pytest.mark.parametrize(
    ("said", "stated", "language", "follows"),
    [
        ("des millions d'euros", "3 millions d'euros", "fr", True),
        ("des centaines de pages", "412 pages", "fr", True),
        ("thousands of people", "160,000 people", "en", True),
        ("des milliers d'euros", "3 millions d'euros", "fr", False),
        ("des millions de dollars", "3 millions d'euros", "fr", False),
        ("3 millions d'euros", "des millions d'euros", "fr", False),
    ],
)
def test_a_size_follows_from_a_number_of_it_and_not_the_other_way(said, stated, language, follows):
    (mine,), (theirs,) = find_quantities(said, language), find_quantities(stated, language)
    assert mine.follows_from(theirs) is follows


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("le Premier ministre", "fr"),
        ("un homme et une femme", "fr"),
        ("Le tireur", "fr"),
        ("Ce seuil", "fr"),
        ("One of them, and I", "en"),
        ("a 3D film", "en"),
    ],
)
def test_what_is_no_number(text, language):
    assert find_quantities(text, language) == []


def test_a_number_that_cannot_go_on_is_cut():
    assert [set(found) for found in values("deux trois")] == [{2}, {3}]
    assert read_numeral(["vingt", "et", "trente"], "fr").words == 1


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("lundi 17 mars 2025", "fr", [(2025, 3, 17, 1)]),
        ("le 1er mai", "fr", [(0, 5, 1, 0)]),
        ("17/03/2025", "fr", [(2025, 3, 17, 0)]),
        ("2025-03-17", "fr", [(2025, 3, 17, 0)]),
        ("du 12 au 17 mars", "fr", [(0, 3, 12, 0), (0, 3, 17, 0)]),
        ("en mars 2025", "fr", [(2025, 3, 0, 0)]),
        ("March 17, 2025", "en", [(2025, 3, 17, 0)]),
        ("Monday, 17 March", "en", [(0, 3, 17, 1)]),
        ("03/17/2025", "en", [(2025, 3, 17, 0)]),
        ("he may march", "en", []),
        ("in May", "en", [(0, 5, 0, 0)]),
    ],
)
def test_dates_in_every_form(text, language, expected):
    found = [(one.year, one.month, one.day, one.weekday) for one in find_moments(text, language)]
    assert found == expected


def test_a_weekday_is_filled_in_from_the_date_of_the_article():
    (monday,) = find_moments("lundi", "fr")
    assert any((one.month, one.day) == (3, 17) for one in monday.complete("2025-03-17"))
    assert all(one.day != 18 for one in monday.complete("2025-03-17"))
    assert monday.complete("") == (monday,)
    assert Moment("", 0, 0, month=2, day=30).complete("2025-03-17")[0].weekday == 0


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Le maire Keir Starmer parle.", "fr", ["Keir", "Starmer"]),
        ("Plusieurs pays parlent.", "fr", []),
        ("Évidemment, il parle.", "fr", []),
        ("Un accord lie les troupes russes.", "fr", ["russes"]),
        ("La Côte d'Ivoire et l'O.N.U. discutent.", "fr", ["Côte d'Ivoire", "O.N.U."]),
        ("However, Mr. Smith left.", "en", ["Smith"]),
        ("The U.S. Army told us.", "en", ["U.S."]),
    ],
)
def test_names(text, language, expected):
    assert [part.text for name in find_names(text, language) for part in name.parts] == expected


def test_a_country_and_its_people_are_one():
    for one, other, language in (("la Russie", "russe", "fr"), ("the United States", "Americans", "en")):
        first, second = Facts(one, language), Facts(other, language)
        assert first.countries & second.countries
    assert not Facts("la Russie", "fr").countries & Facts("la France", "fr").countries
