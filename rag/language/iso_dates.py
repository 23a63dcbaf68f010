"""Dates as articles write them, French and English, as ISO 8601."""

from __future__ import annotations

import re
from datetime import date

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january janv jan",
            "février fevrier february févr fevr fév fev feb",
            "mars march mar",
            "avril april avr apr",
            "mai may",
            "juin june jun",
            "juillet july juil jul",
            "août aout august aug",
            "septembre september sept sep",
            "octobre october oct",
            "novembre november nov",
            "décembre decembre december déc dec",
        ),
        start=1,
    )
    for name in names.split()
}
"""French and English names of months, with and without accents, and what they are shortened to."""

_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:er|st|nd|rd|th)?"
_PATTERNS = tuple(
    re.compile(rf"(?<![\w/.-]){pattern}(?![\w/-])", re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>[01]\d)(?:-(?P<day>[0-3]\d)(?:T[\d:.,]+(?:Z|[+-][\d:]+)?)?)?",
        rf"{_DAY}[ \u00a0]{_MONTH},?[ \u00a0]{_YEAR}",
        rf"{_MONTH}[ \u00a0]{_DAY},?[ \u00a0]{_YEAR}",
        rf"(?P<day>[0-3]?\d)[/.](?P<month>[01]?\d)[/.]{_YEAR}",
        rf"(?P<month>[01]?\d)/(?P<day>[0-3]?\d)/{_YEAR}",
        rf"{_MONTH}[ \u00a0]{_YEAR}",
    )
)


def iso_date(text: str) -> str:
    """Return the first date a text states, as far as it goes: ``2025-03-17`` or ``2025-03``; empty if there is none.

    Of a date in figures with slashes the day is taken to come first, as in France, unless that is no date.
    """
    found = sorted(
        (match.start(), rank, stated)
        for rank, pattern in enumerate(_PATTERNS)
        for match in pattern.finditer(text)
        if (stated := _stated(match))
    )
    return found[0][2] if found else ""


def _stated(match: re.Match[str]) -> str:
    """Return the date a match states, or nothing if there is no such day."""
    groups = match.groupdict()
    month = groups["month"].lower()
    number = int(month) if month.isdecimal() else MONTHS[month]
    day = int(groups.get("day") or 0)
    try:
        stated = date(int(groups["year"]), number, day or 1)
    except ValueError:
        return ""
    return stated.isoformat() if day else f"{stated:%Y-%m}"
