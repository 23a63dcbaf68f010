"""Which sentences of an article tell when something happened, and in which order that was; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.language import fold
from rag.language.dates import Moment, find_moments
from rag.search.overview import Candidate
from rag.values import Article

When = tuple[int, int, int]  # year, month, day; 0 where it is not told

_YEAR = re.compile(
    r"""\b(?:en|des|depuis|jusqu'en|de|fin|debut|annees?|ete|hiver|automne|printemps|vers|avant|apres|entre|et|a
        |in|since|by|of|from|until|before|after|year|summer|winter|autumn|fall|spring|around|between|and|to|late|early)
        \ (?P<year>1[0-9]{3}|20[0-9]{2})\b(?![.,]?\d)""",
    re.VERBOSE,
)
"""A year that stands by itself, after a word that is put before years."""


def dated(article: Article, candidates: Sequence[Candidate]) -> list[tuple[When, Candidate]]:
    """Return the candidates that tell a date, with the first one that each tells, the earliest first.

    A day without its year is of the year of the article, a weekday alone the last one before it.
    """
    found = [(when, one) for one in candidates if (when := _when(article, one))]
    return sorted(found, key=lambda pair: (pair[0], pair[1].start))


def _when(article: Article, candidate: Candidate) -> When | None:
    """Return the first date that a sentence tells; None where it tells none that can be put in order."""
    text = article.text[candidate.start : candidate.end]
    found = [
        (moment.start, when)
        for moment in find_moments(text, article.language)
        if (when := _placed(moment, article.date)) is not None
    ]
    flat = fold(text).replace("’", "'")
    # A year within a date that was read is no year by itself; folding may move offsets a little, never past a word.
    years = {when[0] for _, when in found}
    found += [
        (match.start("year"), (int(match["year"]), 0, 0))
        for match in _YEAR.finditer(flat)
        if int(match["year"]) not in years
    ]
    return min(found)[1] if found else None


def _placed(moment: Moment, published: str) -> When | None:
    """Return the date that a moment means in an article of ``published`` (ISO, as far as it goes).

    The name of a month alone is too often something else: Mars, may, march.
    """
    if moment.year:
        return moment.year, moment.month, moment.day
    if moment.weekday and not moment.day:
        days = [(one.year, one.month, one.day) for one in moment.complete(published) if one.year]
        before = [day for day in days if "{:04}-{:02}-{:02}".format(*day) <= published]
        return max(before, default=None)
    if moment.month and moment.day and published[:4].isdigit():
        return int(published[:4]), moment.month, moment.day
    return None
