"""Which names of a text are those of places: countries, capitals, after "in" or "à", and in a dateline; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.check.facts import Facts
from rag.language.countries import load_countries
from rag.language.names import Name
from rag.language.quantities import flatten

PLACING = frozenset({"en", "à", "dans", "in", "at", "near"})
"""Prepositions that lead to places, and seldom to persons."""
LONGEST_BEFORE = 12  # characters that are looked at for one
_DATELINE = re.compile(
    r"(?P<told>(?:,\s[^.,:()\n\u2013\u2014]{2,40}|\s\([^()\n]{2,40}\))*)\s?[.:\u2013\u2014-]\s(?:[«“\"]\s?)?(?=[^\W\d_])"
)
_WORD = re.compile(r"[^\W\d_]{3,}")


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


def dateline(facts: Facts, title: str) -> Name | None:
    """Return the place that a paragraph names before it begins, in capitals: "NANTES, 3 mars (Agence) – Le conseil…".

    A date, an agency or the same name in small letters elsewhere must tell that it is no acronym.

    Args:
        facts: of the paragraph.
        title: of the article, in which a place is often named as well.
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
    elsewhere = re.findall(re.escape(facts.text[: name.end]), f"{title} {facts.text[found.end() :]}", re.IGNORECASE)
    return name if dates or "(" in found["told"] or not all(map(str.isupper, elsewhere)) else None


@lru_cache(maxsize=1)
def _acronyms() -> frozenset[str]:
    called = (names for one in load_countries() for names in one.names.values())
    return frozenset(flatten(name) for names in called for name in names if name.isupper())


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    called = (names for one in load_countries() for kind in (one.names, one.capitals) for names in kind.values())
    return frozenset(flatten(name).replace("-", " ") for names in called for name in names)
