"""Numbers in words, French and English: "quatre-vingt-dix-sept", "two hundred and fifty thousand", "XIV"; pure.

Words come folded: lower case, no accents, compounds taken apart at their hyphens. text2num 3.1 was tried: it gives the
same value for every cardinal written out, but reads no number that other words follow, no "dizaine", "milliers", "a
dozen" or "a hundred" and no folded ordinal, so most of what stands here would have stood beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from roman import InvalidRomanNumeralError, fromRoman


class Reading(NamedTuple):
    """A number and how many words state it."""

    value: int
    words: int


def _numbered(words: str, first: int = 1, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, names in enumerate(words.split()) for word in names.split("/")}


_UNITS = {
    "fr": _numbered(
        "zero un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize", 0
    ),
    "en": _numbered(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen",
        0,
    ),
}
_TENS = {
    "fr": {**_numbered("vingt/vingts trente quarante cinquante soixante septante huitante/octante nonante", 20, 10)},
    "en": _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
}
_HUNDRED = {"fr": frozenset({"cent", "cents"}), "en": frozenset({"hundred"})}

COLLECTIVE = {
    "fr": {
        "dizaine": 10, "dizaines": 10, "douzaine": 12, "douzaines": 12, "quinzaine": 15, "vingtaine": 20,
        "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "centaines": 100,
        "mille": 10**3, "millier": 10**3, "milliers": 10**3, "million": 10**6, "millions": 10**6,
        "milliard": 10**9, "milliards": 10**9, "billion": 10**12, "billions": 10**12,
    },
    "en": {
        "dozen": 12, "thousand": 10**3, "thousands": 10**3, "million": 10**6, "millions": 10**6, "billion": 10**9,
        "billions": 10**9, "trillion": 10**12, "trillions": 10**12, "bn": 10**9,
    },
}  # fmt: skip
"""What multiplies the number before it, or stands for itself after "a" or "une"."""

INDEFINITE = {
    "fr": {"dizaines": 10, "centaines": 100, "milliers": 10**3, "millions": 10**6, "milliards": 10**9},
    "en": {"dozens": 12, "hundreds": 100, "thousands": 10**3, "millions": 10**6, "billions": 10**9},
}
"""Said without a number: "des milliers", "thousands of"."""

_ONE = {"fr": frozenset({"un", "une"}), "en": frozenset({"one"})}
_AND = {"fr": "et", "en": "and"}
_TEEN = 10


def read_numeral(words: Sequence[str], language: str) -> Reading | None:
    """Return the number that ``words`` begin with, as long as they go on stating one.

    "un", "une" and "one" alone are no numbers, nor are "thousand" or "hundred" without anything before them.

    Args:
        words: folded.
        language: ISO 639-1 code; only French and English number words are known.
    """
    if language not in _UNITS or not words:
        return None
    article = language == "en" and words[0] in {"a", "an"}
    reader = _Reader(language)
    used = 0
    position = 1 if article else 0
    while position < len(words):
        joined = words[position] == _AND[language] and reader.may_join() and position + 1 < len(words)
        if not reader.take(words[position + joined], joined=joined):
            break
        position += 1 + joined
        used = position
    alone = used == 1 and words[0] in (_ONE[language] | _HUNDRED["en"] | {"milliers", "millions", "milliards"})
    if used == 0 or alone or (used == 1 and words[0] in COLLECTIVE[language] and words[0] != "mille"):
        return None
    if article and words[1] not in COLLECTIVE["en"] and words[1] not in _HUNDRED["en"]:
        return None
    return Reading(reader.value, used)


class _Reader:
    """Adds up number words from left to right, and refuses one that cannot follow."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._total = 0
        self._current = 0
        self._last = ""
        self._ten = 0
        self._least = 10**15

    @property
    def value(self) -> int:
        return self._total + self._current

    def may_join(self) -> bool:
        return self._last in {"ten", "hundred", "big"}

    def take(self, word: str, *, joined: bool) -> bool:
        unit = _UNITS[self._language].get(word)
        ten = _TENS[self._language].get(word)
        if unit is not None:
            return self._unit(unit)
        if ten is not None:
            return self._ten_word(ten)
        if joined and self._language == "fr":
            return False
        if word in _HUNDRED[self._language]:
            return self._hundred()
        return self._big(COLLECTIVE[self._language].get(word, 0))

    def _unit(self, unit: int) -> bool:
        after_ten = self._last == "ten" and (unit < _TEEN or (self._language == "fr" and self._ten in {60, 80}))
        teen = self._last == "unit" and self._language == "fr" and self._current % 20 == _TEEN and unit in {7, 8, 9}
        if not (self._last in {"", "hundred", "big"} or after_ten or teen):
            return False
        self._current += unit
        self._last = "unit"
        return True

    def _ten_word(self, ten: int) -> bool:
        eighty = self._language == "fr" and ten == 20 and self._last == "unit" and self._current % 100 == 4
        if not (self._last in {"", "hundred", "big"} or eighty):
            return False
        self._current += 76 if eighty else ten
        self._last, self._ten = "ten", 80 if eighty else ten
        return True

    def _hundred(self) -> bool:
        if self._last not in {"", "unit", "big"} or self._current >= 100:
            return False
        self._current = max(self._current, 1) * 100
        self._last = "hundred"
        return True

    def _big(self, factor: int) -> bool:
        after_big = self._last == "big" and not (self._language == "fr" and factor == 1000)  # "un million mille"
        if not factor or factor >= self._least or after_big:
            return False
        self._total += max(self._current, 1) * factor
        self._current, self._last, self._least = 0, "big", factor
        return True


_ORDINALS = {
    "fr": {
        "premier": 1, "premiere": 1, "premiers": 1, "premieres": 1, "second": 2, "seconde": 2, "seconds": 2,
        "secondes": 2, "tiers": 3, "unieme": 1, "quatrieme": 4, "cinquieme": 5, "neuvieme": 9, "onzieme": 11,
        "douzieme": 12, "treizieme": 13, "quatorzieme": 14, "quinzieme": 15, "seizieme": 16, "trentieme": 30,
        "quarantieme": 40, "cinquantieme": 50, "soixantieme": 60, "millieme": 1000,
    },
    "en": {
        "first": 1, "second": 2, "third": 3, "thirds": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12,
        "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70,
        "eightieth": 80, "ninetieth": 90,
    },
}  # fmt: skip
_ENDING = {"fr": "ieme", "en": "th"}
_OFFICES = frozenset({"ministre", "ministres", "minister", "ministers", "lady", "dame"})


def ordinal_word(words: Sequence[str], language: str) -> Reading | None:
    """Return the ordinal that ``words`` begin with: "troisième", "vingt et unième", "twenty-first", "a third".

    A "premier ministre" is no first minister.
    """
    if language not in _ORDINALS:
        return None
    before = 0
    reading = read_numeral(words, language)
    used = reading.words if reading else 0
    if reading:
        before = reading.value
        if len(words) > used + 1 and words[used] == _AND[language]:
            used += 1
    if used >= len(words):
        return None
    last = _ordinal(words[used], language)
    if last is None or (words[used + 1 : used + 2] and words[used + 1] in _OFFICES):
        return None
    if reading and (before % 10 or last >= 20):
        return None
    return Reading(before + last, used + 1)


def _ordinal(word: str, language: str) -> int | None:
    known = _ORDINALS[language].get(word)
    if known is not None:
        return known
    root = word.removesuffix("s").removesuffix(_ENDING[language])
    if root == word.removesuffix("s"):
        return None
    for table in (_UNITS[language], _TENS[language], dict.fromkeys(_HUNDRED[language], 100)):
        if root in table:
            return table[root]
    return None


_LONGEST_ROMAN = len("MMMMDCCCLXXXVIII")


def roman(numeral: str) -> int:
    """Return the value of a well-formed Roman numeral in capitals, 0 for anything else."""
    if not numeral.isupper() or len(numeral) > _LONGEST_ROMAN:
        return 0
    try:
        return int(fromRoman(numeral))
    except InvalidRomanNumeralError:
        return 0
