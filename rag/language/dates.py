"""The dates of a text, in every form French and English write them; pure.

"17 mars 2025", "le 17 mars", "17/03/2025", "March 17, 2025", "lundi", "du 12 au 17 mars": each is what it tells of day,
month, year and weekday. Two agree when what both tell is the same, and the rest can be filled in from the article's
own date and year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from rag.language.calendar_names import month_names, short_month_names, weekday_names
from rag.language.quantities import flatten
from rag.language.stretches import Stretches

_SPACE = "[ \u00a0]"
_ALONE = re.compile(r"[a-z]+$")
_DATED_YEARS = range(1500, 2100)  # in which an article may have appeared


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the forms of a date, the surest first."""
    full, weekdays = _either(month_names()), _either(weekday_names())
    month = rf"(?P<month>{_either({**month_names(), **short_month_names()})})\b\.?"
    ending = "(?:er|st|nd|rd|th)?"
    day, year = rf"(?P<day>[0-3]?\d){ending}", r"(?P<year>[12]\d{3})"
    weekday = rf"(?:(?P<weekday>{weekdays}),?{_SPACE}(?:le{_SPACE}|the{_SPACE})?)?"
    more = rf"(?P<more>(?:[0-3]?\d{ending}{_SPACE}?(?:,|au|et|ou|a|to|and|or|-){_SPACE}?){{1,30}})?"
    time = r"(?:t[\d:.,]+(?:z|[+-][\d:]+)?)?"
    return tuple(
        re.compile(rf"(?<![\w/.-]){pattern}(?![\w/])")
        for pattern in (
            rf"{year}-(?P<month>[01]\d)(?:-(?P<day>[0-3]\d){time}(?!\d))?",
            rf"(?P<first>[0-3]?\d)[/.](?P<second>[0-3]?\d)[/.]{year}",
            rf"{weekday}{more}{day}{_SPACE}(?:of{_SPACE})?{month}(?:,?{_SPACE}{year})?",
            rf"{weekday}{month}{_SPACE}{more}{day}(?!\d)(?:,?{_SPACE}{year})?",
            rf"(?P<month>{full})\b(?:,?{_SPACE}(?:de{_SPACE}|of{_SPACE})?{year})?",
            rf"{month}{_SPACE}{year}",
            rf"(?P<weekday>{weekdays})s?",
        )
    )


def _either(names: Iterable[str]) -> str:
    return "|".join(sorted({flatten(name) for name in names}, key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as far as a text tells it; 0 where it does not.

    Attributes:
        text: as written.
        start: offset of its first character.
        end: offset after its last character.
        weekday: 1 for Monday to 7 for Sunday.
    """

    text: str
    start: int
    end: int
    year: int = 0
    month: int = 0
    day: int = 0
    weekday: int = 0

    def agrees(self, other: Moment) -> bool:
        """Return whether this one says nothing that ``other`` does not say, its year and weekday aside.

        A year or weekday that both tell must be the same.
        """
        if (self.year and other.year and self.year != other.year) or (
            self.weekday and other.weekday and self.weekday != other.weekday
        ):
            return False
        if not (self.month or self.day):
            return bool(self.weekday and other.weekday)
        return (not self.month or self.month == other.month) and (not self.day or self.day == other.day)

    def iso(self) -> str:
        """Return it as ISO 8601, as far as it goes: ``2025-03-17`` or ``2025-03``; empty if that is no date."""
        if self.year not in _DATED_YEARS or not self.month:
            return ""
        try:
            return date(self.year, self.month, self.day).isoformat()
        except ValueError:  # no day, or the 31st of February
            return f"{self.year}-{self.month:02}"

    def complete(self, published: str) -> tuple[Moment, ...]:
        """Return the dates this may be in an article of ``published`` (ISO): the days around it for a weekday alone."""
        try:
            near = date.fromisoformat(published)
        except ValueError:
            return (self,)
        if self.weekday and not self.day:
            days = (near + timedelta(days=offset) for offset in range(-7, 8))
            return tuple(
                replace(self, year=day.year, month=day.month, day=day.day)
                for day in days
                if day.isoweekday() == self.weekday
            )
        if self.day and self.month:
            try:
                return (replace(self, weekday=date(self.year or near.year, self.month, self.day).isoweekday()),)
            except ValueError:
                return (self,)
        return (self,)


def find_moments(text: str, language: str) -> list[Moment]:
    """Return the dates of a text in order, each day of "du 12 au 17 mars" by itself.

    Args:
        text: any text.
        language: ISO 639-1 code; in English the month comes first in "03/17/2025".
    """
    flat = flatten(text)
    found: list[Moment] = []
    taken = Stretches(len(text))
    for pattern in _patterns():
        for match in pattern.finditer(flat):
            if taken.meets(*match.span()):
                continue
            if language == "en" and _ALONE.match(match[0]) and not text[match.start()].isupper():
                continue  # "it may", "a march"
            read = list(_read(match, text, language))
            if read:
                found += read
                taken.take(read[0].start, read[0].end)
    return sorted(found, key=lambda moment: (moment.start, moment.day))


def first_date(text: str) -> Moment | None:
    """Return the first date with a month and a year that a text states, the day first where both come in figures."""
    return next((moment for moment in find_moments(text, "fr") if moment.iso()), None)


def iso_date(text: str) -> str:
    """Return the first date that a text states as ISO 8601, as far as it goes; empty if there is none."""
    found = first_date(text)
    return found.iso() if found else ""


def _read(match: re.Match[str], text: str, language: str) -> Iterator[Moment]:
    """Yield the date of a match, and those of the days listed before it."""
    groups = match.groupdict()
    start, end = match.span()
    end -= text[start:end].endswith(".")
    written = text[start:end]
    year = int(groups.get("year") or 0)
    weekday = weekday_names().get(groups.get("weekday") or "", 0)
    if groups.get("first"):
        day, month = int(groups["first"]), int(groups["second"])
        if month > 12 or (language == "en" and day <= 12):
            day, month = month, day
    else:
        name = groups.get("month") or ""
        month = int(name) if name.isdecimal() else month_names().get(name, 0) or short_month_names().get(name, 0)
        day = int(groups.get("day") or 0)
    if month > 12 or day > 31:
        return
    for other in re.findall(r"\d+", groups.get("more") or ""):
        yield Moment(written, start, end, year, month, int(other))
    yield Moment(written, start, end, year, month, day, weekday)
