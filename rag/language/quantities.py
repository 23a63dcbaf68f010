"""The numbers of a text with their units, in figures or in words, French and English; pure.

"1 234,5", "1,234.5" and "1234,5" are one number; so are "trente", "thirty" and "30", or "3 millions" and "3 000 000".
Kilometres are told from metres and euros from dollars, but 1,5 km is 1500 m. Where a number can be read in two ways
("1,234" has a thousand or a thousandth), both readings are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from rag.language.numerals import COLLECTIVE, INDEFINITE, Reading, ordinal_word, read_numeral, roman
from rag.language.stretches import Stretches
from rag.language.units import CURRENCY_SIGNS, same_measure, unit_after, unit_before

SOFT_LIMIT = 3
"""A writer counts up to here what a text only lists: "les deux pays" of a text that names them."""

_NEXT_SIZE = 1000
"""Up to so many times a thousand there are "thousands", not yet "millions"."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text.

    Attributes:
        text: as written, with its unit.
        start: offset of its first character.
        end: offset after its last character.
        values: the ways to read it, mostly one; a negative one stands for "thousands" or "millions" without a number.
        unit: canonical name of its unit; empty if none is known.
        soft: whether a true sentence may say it of a text that does not: "first", a small number in words.
    """

    text: str
    start: int
    end: int
    values: frozenset[Fraction]
    unit: str = ""
    soft: bool = False

    def agrees(self, other: Quantity) -> bool:
        """Return whether both may state one quantity; a unit that is not told contradicts none."""
        if self.unit and other.unit and self.unit != other.unit:
            if len(self.values) > 1 or len(other.values) > 1:
                return False  # 1,287 km is not 1,287 m, however it is read
            return same_measure(min(self.values), self.unit, min(other.values), other.unit)
        return bool(self.values & other.values)

    def follows_from(self, other: Quantity) -> bool:
        """Return whether a text that states the other states this: the same, or of "3 millions" the bare "millions"."""
        if self.unit and other.unit and self.unit != other.unit:
            return self.agrees(other)
        sizes = [-value for value in self.values if value < 0]
        return self.agrees(other) or any(size < value < size * _NEXT_SIZE for size in sizes for value in other.values)


@lru_cache(maxsize=4096)
def _flat_character(character: str) -> str:
    if character in "’‘ʼ":
        return "'"
    if character in "‐‑–\u2014−":
        return "-"
    if character in "\u00a0\u202f\u2009":
        return "\u00a0"
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character


def flatten(text: str) -> str:
    """Return a text of the same length in lower case, without accents, with plain apostrophes, hyphens and spaces."""
    return "".join(map(_flat_character, text))


_GROUP = r"[ \u00a0]\d{3}"
_ENGLISH_GROUP = r"\u00a0\d{3}| 000"  # "in May 12 345 people" holds two numbers
_SPACE = "[ \u00a0]"
_NUMERAL = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
_DIGITS = {
    group: re.compile(rf"(?<![^\W_])(?<!\d[.,])(?:\d{{1,3}}(?:{group})+(?!\d)(?:[.,]\d+)?|{_NUMERAL})")
    for group in (_ENGLISH_GROUP, _GROUP)
}
_CLOCK = re.compile(
    rf"(?<![\w.,:])(?P<hour>[01]?\d|2[0-4])(?:{_SPACE}?(?:h|heures?){_SPACE}?|:)(?P<minute>[0-5]\d)(?!\d|:\d)"
    rf"(?:{_SPACE}?(?P<half>[ap])\.?m\b)?"
    rf"|(?<![\w.,:])(?P<round>1?\d){_SPACE}?(?P<part>[ap])\.?m\b"
)
_LONGEST = 24  # words of one number
_LONGEST_FIGURE = 40  # characters of an amount in figures
_SUFFIX = re.compile(r"(?:iere|ere|er|re|iemes?|emes?|nde|nd|st|rd|th|es?)(?![a-z0-9])")
_DECADE = re.compile(r"'?s(?![a-z0-9])")
_WORD = re.compile(r"(?<![a-z0-9])[a-z]+(?![0-9])")
_ROMAN = re.compile(r"(?<![\w])([IVXLCDM]+)(?:[ \u00a0]?(?:e|ème|eme|ième|er|ère)(?!\w)|(?![\w.]))")


def find_quantities(text: str, language: str, taken: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Return the quantities of a text in order.

    Args:
        text: any text.
        language: ISO 639-1 code; words are read in French and English, figures in any.
        taken: stretches to leave alone, those of the dates.
    """
    flat = flatten(text)
    busy = Stretches(len(text), taken)
    found: list[Quantity] = []
    for reader in (_clocks, _figures, _in_words, _romans):
        for quantity in list(reader(text, flat, language)):
            if not busy.meets(quantity.start, quantity.end):
                found.append(quantity)
                busy.take(quantity.start, quantity.end)
    return sorted(found, key=lambda quantity: quantity.start)


def _clocks(text: str, flat: str, _language: str) -> Iterator[Quantity]:
    """Yield times of day, in hours."""
    for match in _CLOCK.finditer(flat):
        hour = int(match["hour"] or match["round"])
        half = match["half"] or match["part"]
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        value = Fraction(hour) + Fraction(int(match["minute"] or 0), 60)
        yield Quantity(text[match.start() : match.end()], match.start(), match.end(), frozenset({value}), "hour")


def _figures(text: str, flat: str, language: str) -> Iterator[Quantity]:
    """Yield numbers in figures, with what multiplies them and their units."""
    for match in _DIGITS[_ENGLISH_GROUP if language == "en" else _GROUP].finditer(flat):
        start, end = match.span()
        values = _readings(match[0], language)
        if flat.endswith("annees ", 0, start) and len(match[0]) == 2:
            values = {1900 + value for value in values}
        suffix = _SUFFIX.match(flat, end) or (_DECADE.match(flat, end) if len(match[0]) >= 2 else None)
        if suffix:
            end = suffix.end()
        elif flat[end : end + 1].isalpha() and not unit_after(flat, end) and not _SHORT.match(flat, end):
            continue  # "3D", "4x4": a name
        end, factor = _multiplier(flat, start, end, language)
        end, unit = _unit(flat, start, end)
        yield Quantity(text[start:end], start, end, frozenset(value * factor for value in values), unit)


def _readings(digits: str, language: str) -> set[Fraction]:
    """Return the values that figures may have; in English a comma never stands before decimals.

    What is too long for an amount is a number by its spelling: to read it would cost the square of its length.
    """
    plain = re.sub(r"\s", "", digits)
    if len(plain) > _LONGEST_FIGURE:
        return {Fraction(int.from_bytes(plain.encode(), "big"))}
    marks = re.findall(r"[.,]", plain)
    if not marks:
        return {Fraction(plain)}
    if len(set(marks)) > 1:
        thousands = marks[0]
        return {Fraction(plain.replace(thousands, "").replace(marks[-1], "."))}
    if len(marks) > 1:
        return {Fraction(re.sub(r"[.,]", "", plain))}
    decimal, whole = Fraction(plain.replace(",", ".")), Fraction(re.sub(r"[.,]", "", plain))
    if not re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", plain):
        return {decimal}
    if language == "en":
        return {whole if "," in plain else decimal}
    return {decimal, whole}


_MULTIPLYING = re.compile(rf"{_SPACE}?-?([a-z]+)")
_SHORT = re.compile(rf"{_SPACE}?(k|m|mds?|bn)(?=[{CURRENCY_SIGNS}]|(?![a-z]))")
_SHORT_VALUES = {"k": 10**3, "m": 10**6, "md": 10**9, "mds": 10**9, "bn": 10**9}


def _multiplier(flat: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Return where a word such as "millions" after the figures ends, and its value; 1 where there is none."""
    short = _SHORT.match(flat, end)
    if short and (unit_before(flat, start) or flat.startswith(tuple(CURRENCY_SIGNS), short.end())):
        return short.end(), _SHORT_VALUES[short[1]]
    factor = 1
    while word := _MULTIPLYING.match(flat, end):
        multiplier = COLLECTIVE.get(language, {}).get(word[1], 0)
        if multiplier < 1000:
            break
        factor *= multiplier
        end = word.end()
    return end, factor


def _unit(flat: str, start: int, end: int) -> tuple[int, str]:
    """Return where a unit after or before a number ends, and its canonical name."""
    if after := unit_after(flat, end):
        return after
    before = unit_before(flat, start)
    return end, before[1] if before else ""


def _in_words(text: str, flat: str, language: str) -> Iterator[Quantity]:
    """Yield cardinal and ordinal numbers in words."""
    tokens = [(match[0], match.start(), match.end()) for match in _WORD.finditer(flat)]
    index = 0
    while index < len(tokens):
        quantity, used = _numeral_at(text, flat, tokens, index, language)
        if quantity:
            yield quantity
        index += max(used, 1)


def _numeral_at(
    text: str, flat: str, tokens: Sequence[tuple[str, int, int]], index: int, language: str
) -> tuple[Quantity | None, int]:
    """Return the number in words that begins at a token, and how many tokens it takes."""
    run = [tokens[index][0]]
    for before, after in pairwise(tokens[index : index + _LONGEST]):
        if flat[before[2] : after[1]] not in {" ", "-", "\u00a0"}:
            break
        run.append(after[0])
    start = tokens[index][1]
    reading = read_numeral(run, language)
    ordinal = ordinal_word(run, language)
    if ordinal and (reading is None or ordinal.words > reading.words):
        end = tokens[index + ordinal.words - 1][2]
        soft = ordinal.value <= 1
        return Quantity(text[start:end], start, end, frozenset({Fraction(ordinal.value)}), "", soft), ordinal.words
    if reading is None:
        sign = INDEFINITE.get(language, {}).get(run[0])
        if sign is None:
            return None, 1
        reading = Reading(-sign, 1)
    end, unit = _unit(flat, start, tokens[index + reading.words - 1][2])
    soft = 0 < reading.value <= SOFT_LIMIT and not unit
    return Quantity(text[start:end], start, end, frozenset({Fraction(reading.value)}), unit, soft), reading.words


def _romans(text: str, flat: str, language: str) -> Iterator[Quantity]:
    """Yield Roman numerals: "XXe", "Louis XIV"."""
    for match in _ROMAN.finditer(text):
        value = roman(match[1])
        ordinal = match.end() > match.end(1)
        after_name = re.search(r"\b[^\W\d_a-z]\w+[ \u00a0]$", text[max(match.start() - 30, 0) : match.start()])
        if language == "en" and match[1] == "I":
            continue
        if value and (len(match[1]) > 1 or match[1] in "IVX") and (ordinal or after_name):
            end, unit = _unit(flat, match.start(), match.end())
            yield Quantity(text[match.start() : end], match.start(), end, frozenset({Fraction(value)}), unit)
