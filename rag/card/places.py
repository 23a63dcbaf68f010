"""Which names of a text are those of places: countries, capitals, after "in" or "à", and in a dateline; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from rag.check.facts import Facts
from rag.language.countries import load_countries
from rag.language.names import Name
from rag.language.quantities import flatten

PLACING = frozenset({"en", "à", "dans", "in", "at", "near"})
"""Prepositions that lead to places, and seldom to persons."""
DETERMINERS = frozenset({"le", "la", "l", "les", "du", "des", "au", "aux", "un", "une", "the", "a", "an"})
"""Articles, which stand before acronyms and not before towns."""
LONGEST_BEFORE = 12  # characters that are looked at for one
_DATELINE = re.compile(
    r"(?P<told>(?:,\s[^.,:()\n\u2013\u2014]{2,40}|\s\([^()\n]{2,40}\))*)\s?[.:\u2013\u2014-]\s(?:[«“\"]\s?)?(?=[^\W\d_])"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_USED = re.compile(r"[^\W\d_]+|\n")


def place_names(facts: Facts) -> Iterator[tuple[int, int]]:
    """Yield where the names of countries and towns stand in a text."""
    for name in facts.names:
        if is_country(name) or is_placed(name, facts):
            yield name.start, name.end


def is_country(name: Name) -> bool:
    """Return whether a name is that of a country or a capital, and not of a people or, an acronym, of an alliance."""
    plain = " ".join(part.plain for part in name.parts)
    return plain in _places() and not (is_acronym(name) and plain in _acronyms())


def is_acronym(name: Name) -> bool:
    """Return whether a name is one word in capitals."""
    return len(name.parts) == 1 and len(name.parts[0].text) > 1 and name.parts[0].text.isupper()


def is_placed(name: Name, facts: Facts) -> bool:
    """Return whether a name stands after the preposition of a place."""
    before = facts.text[max(name.start - LONGEST_BEFORE, 0) : name.start].replace("\u00a0", " ")
    return before.endswith(" ") and before.split(" ")[-2].lower() in PLACING


def dateline(facts: Facts, uses: Mapping[str, int]) -> Name | None:
    """Return the place that a paragraph names before it begins, in capitals: "NANTES, 3 mars (Agence) – Le conseil…".

    How the article writes a single word elsewhere decides whether that is a town or an acronym. Where it stands nowhere
    else, a date or an agency must follow, and it must be spelled as places are.

    Args:
        facts: of the paragraph.
        uses: what :func:`uses_of` tells of the article.
    """
    name = next(iter(facts.names), None)
    if name is None or name.start or not facts.text[: name.end].isupper() or name.parts[0].plain in _acronyms():
        return None
    found = _DATELINE.match(facts.text, name.end)
    if not found or not facts.text[found.end()].isupper():
        return None
    dates = [range(one.start, one.end) for one in facts.moments if one.end <= found.end("told")]
    small = (word.start() for word in _WORD.finditer(facts.text, *found.span("told")) if word[0].islower())
    if any(all(start not in date for date in dates) for start in small):
        return None  # a clause, and no date or region
    plain = flatten(facts.text[: name.end])
    use = uses.get(plain, 0) if plain.isalpha() else 0
    told = (dates or "(" in found["told"]) and (not plain.isalpha() or _pairs(plain) <= _pairs_of_places())
    return name if use > 0 or (not use and told) else None


def uses_of(text: str) -> dict[str, int]:
    """Return of each word with a capital, flattened, whether a text uses it as a town more often than as an acronym.

    A town has no article before it, and seldom stands in capitals but at the head of a line, as a dateline does.
    """
    uses: Counter[str] = Counter()
    before = ""
    for found in _USED.finditer(text):
        word = found[0]
        if word[0].isupper() and not (before == "\n" and word.isupper()):
            uses[flatten(word)] += 1 if before in PLACING or not (before in DETERMINERS or word.isupper()) else -1
        before = word.lower()
    return uses


@lru_cache(maxsize=1)
def _acronyms() -> frozenset[str]:
    called = (names for one in load_countries() for names in one.names.values())
    return frozenset(flatten(name) for names in called for name in names if name.isupper())


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    called = (names for one in load_countries() for kind in (one.names, one.capitals) for names in kind.values())
    return frozenset(flatten(name).replace("-", " ") for names in called for name in names)


def _pairs(plain: str) -> set[tuple[str, str]]:
    """Return which letters follow each other in a word, its two ends included."""
    return set(pairwise(f" {plain} "))


@lru_cache(maxsize=1)
def _pairs_of_places() -> frozenset[tuple[str, str]]:
    words = (word for name in _places() - _acronyms() for word in name.split())
    return frozenset(pair for word in words for pair in _pairs(word))
