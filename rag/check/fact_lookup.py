"""Where in an article each fact of a sentence stands: in what it cites, only elsewhere, or nowhere; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.check.facts import CITED, ELSEWHERE, NOWHERE, Facts, Sources, quoted_pieces, take_apart
from rag.check.name_lookup import name_levels
from rag.language.dates import Moment
from rag.language.quantities import Quantity


def unsupported(said: Facts, sources: Sources) -> list[tuple[str, int]]:
    """Return each fact of a sentence, as written, with where it was found: CITED, ELSEWHERE or NOWHERE."""
    return [
        *_dates(said, sources),
        *_numbers(said, sources),
        *name_levels(said, sources),
        *_quotations(said, sources),
    ]


def _dates(said: Facts, sources: Sources) -> Iterator[tuple[str, int]]:
    free = list(sources.cited.moments)
    left: list[Moment] = []
    for moment in said.moments:
        match = next((one for one in free if _dated(moment, [one], sources)), None)
        if match is not None:
            free.remove(match)
        else:
            left.append(moment)
    return ((moment.text, _date_level(moment, sources, replacing=bool(free))) for moment in left)


def _date_level(moment: Moment, sources: Sources, *, replacing: bool) -> int:
    """Return where a date stands that the cited text has no more of; see :func:`_number_level`."""
    if _dated(moment, sources.near.moments, sources):
        return ELSEWHERE if replacing else CITED
    held = any(_dated(moment, whole.moments, sources) for whole in sources.whole)
    return ELSEWHERE if held or _dated(moment, _published(sources.date), sources) else NOWHERE


def _dated(moment: Moment, held: Sequence[Moment], sources: Sources) -> bool:
    """Return whether one of the dates is this one, what it leaves out filled in from the article."""
    for one in held:
        for other in {one, *one.complete(sources.date)}:
            if moment.agrees(other) and _year_known(moment, other, sources):
                return True
        if moment.weekday and moment.day and not one.weekday and replace(moment, weekday=0).agrees(one):
            possible = {full.weekday for full in replace(moment, weekday=0).complete(sources.date)}
            if moment.weekday in possible:
                return True
    return False


def _year_known(moment: Moment, other: Moment, sources: Sources) -> bool:
    if not moment.year or other.year == moment.year:
        return True
    return not other.year and (
        sources.date.startswith(str(moment.year)) or any(moment.year in _years(whole) for whole in sources.whole)
    )


def _years(facts: Facts) -> set[int]:
    return {int(value) for value in facts.dated_numbers} | {
        int(value) for one in facts.quantities for value in one.values if value.denominator == 1
    }


def _published(date: str) -> list[Moment]:
    numbers = [int(part) for part in date.split("-") if part.isdecimal()]
    return [Moment(date, 0, 0, *numbers[:3])] if numbers else []


def _numbers(said: Facts, sources: Sources) -> Iterator[tuple[str, int]]:
    free = list(sources.cited.quantities)
    left: list[Quantity] = []
    for quantity in said.quantities:
        match = next((one for one in free if _same(quantity, one, said, sources)), None)
        if match is not None:
            free.remove(match)
        elif quantity.unit or not quantity.values & sources.cited.dated_numbers:
            left.append(quantity)
    return ((quantity.text, _number_level(quantity, sources, replacing=bool(free))) for quantity in left)


def _number_level(quantity: Quantity, sources: Sources, *, replacing: bool) -> int:
    """Return where a number stands that the cited text has no more of.

    Args:
        quantity: of the sentence.
        sources: what it may rest on.
        replacing: whether the cited text has numbers the sentence does not repeat, so that this may stand for one.
    """
    repeated = any(quantity.follows_from(one) for one in sources.cited.quantities)
    if not replacing and (repeated or quantity.soft or _counted(quantity, sources.near)):
        return CITED
    if repeated or quantity.soft or any(_counted(quantity, whole) for whole in sources.whole):
        return ELSEWHERE
    return NOWHERE


def _counted(quantity: Quantity, facts: Facts) -> bool:
    dated = not quantity.unit and bool(quantity.values & facts.dated_numbers)
    return dated or any(quantity.follows_from(one) for one in facts.quantities)


def _same(quantity: Quantity, one: Quantity, said: Facts, sources: Sources) -> bool:
    """Return whether a cited number is this one: its value and unit, and no other number of the same things."""
    if not quantity.follows_from(one):
        return False
    mine, theirs = counted_thing(quantity, said), counted_thing(one, sources.cited)
    if said.language != sources.cited.language or not mine or mine == theirs:
        return True
    rivals = (other for other in sources.cited.quantities if other is not one and not quantity.follows_from(other))
    return not any(counted_thing(rival, sources.cited) == mine for rival in rivals)


def counted_thing(quantity: Quantity, facts: Facts) -> str:
    """Return the stem of the word with meaning that follows a number at once; empty if none does."""
    for word in facts.words:
        if word.start >= quantity.end:
            if word.start - quantity.end > 1:
                return ""
            return word.stem if word.stem in facts.stems and word.stem.isalpha() else ""
    return ""


def _quotations(said: Facts, sources: Sources) -> Iterator[tuple[str, int]]:
    if said.language != sources.cited.language:
        return
    for quotation in said.quotations:
        pieces = quoted_pieces(quotation)
        if all(_holds(sources.cited.plain, piece) for piece in pieces):
            continue
        others = (sources.near, *sources.whole)
        held = any(all(_holds(text.plain, piece) for piece in pieces) for text in others)
        yield quotation, ELSEWHERE if held or _inflected(quotation, said, sources) else NOWHERE


def _holds(text: str, piece: str) -> bool:
    return f" {piece} " in f" {text} "


def _inflected(quotation: str, said: Facts, sources: Sources) -> bool:
    """Return whether an article has the words of a quotation in other forms: "l'effet rare" for "les effets rares"."""
    stems = take_apart(quotation, said.language).stemmed
    return bool(stems) and any(_holds(whole.stemmed, stems) for whole in sources.whole)
