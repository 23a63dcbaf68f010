"""Which names of a text are those of places: countries, capitals, and what follows the preposition of a place; pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rag.check.facts import Facts
from rag.language.countries import load_countries
from rag.language.names import Name
from rag.language.quantities import flatten
from rag.question.mentions import WHERE

PLACING = WHERE - {"chez", "on", "from"}
"""Prepositions that lead to places, and seldom to persons."""
LONGEST_BEFORE = 12  # characters that are looked at for one


def place_names(facts: Facts) -> Iterator[tuple[int, int]]:
    """Yield where the names of countries and towns stand in a text."""
    for name in facts.names:
        if is_country(name) or is_placed(name, facts):
            yield name.start, name.end


def is_country(name: Name) -> bool:
    """Return whether a name is that of a country or a capital, and not of a people or, an acronym, of an alliance."""
    return not is_acronym(name) and " ".join(part.plain for part in name.parts) in _places()


def is_acronym(name: Name) -> bool:
    """Return whether a name is one word in capitals."""
    return len(name.parts) == 1 and len(name.parts[0].text) > 1 and name.parts[0].text.isupper()


def is_placed(name: Name, facts: Facts) -> bool:
    """Return whether a name stands after the preposition of a place."""
    before = facts.text[max(name.start - LONGEST_BEFORE, 0) : name.start].replace("\u00a0", " ")
    return before.endswith(" ") and before.split(" ")[-2].lower() in PLACING


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    called = (names for one in load_countries() for kind in (one.names, one.capitals) for names in kind.values())
    return frozenset(flatten(name).replace("-", " ") for names in called for name in names)
