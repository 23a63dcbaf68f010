"""What months and days of the week are called, French and English, as CLDR has them.

Babel brings CLDR. Its tables are opened when the first name is asked for, since they take a tenth of a second.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from rag.language.quantities import flatten

_LANGUAGES = ("fr", "en")
_SHORTEST = 3  # letters that a month is cut to, where they tell it from the others


@lru_cache(maxsize=1)
def month_names() -> dict[str, int]:
    """Return the full names of months, lower case, with and without accents → 1 to 12."""
    return _with_and_without_accents(_names("months", "wide"))


@lru_cache(maxsize=1)
def short_month_names() -> dict[str, int]:
    """Return what months are shortened to, without its full stop, as :func:`month_names` does."""
    short = [(name.removesuffix("."), number) for name, number in _names("months", "abbreviated")]
    for language in _LANGUAGES:
        cut = [(name[:_SHORTEST], number) for name, number in _names("months", "wide", language)]
        often = Counter(name for name, _ in cut)
        short += [(name, number) for name, number in cut if often[name] == 1]
    full = month_names()
    return {name: number for name, number in _with_and_without_accents(short).items() if name not in full}


@lru_cache(maxsize=1)
def weekday_names() -> dict[str, int]:
    """Return the full names of the days of the week, lower case → 1 for Monday to 7 for Sunday."""
    return {name: number + 1 for name, number in _names("days", "wide")}


@lru_cache(maxsize=1)
def short_weekday_names() -> frozenset[str]:
    """Return what the days of the week are shortened to, lower case, without full stop."""
    return frozenset(name.removesuffix(".") for name, _ in _names("days", "abbreviated"))


def _names(kind: str, width: str, *languages: str) -> list[tuple[str, int]]:
    from babel import Locale

    tables = (getattr(Locale(language), kind)["format"][width] for language in languages or _LANGUAGES)
    return [(name.lower(), number) for table in tables for number, name in table.items()]


def _with_and_without_accents(names: list[tuple[str, int]]) -> dict[str, int]:
    return {spelled: number for name, number in names for spelled in (name, flatten(name))}
