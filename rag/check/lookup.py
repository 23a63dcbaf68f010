"""Where in an article each fact of a sentence stands: in what it cites, only elsewhere, or nowhere; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.check.facts import Stretch, quoted_pieces
from rag.check.recognising import CITED, ELSEWHERE, NOWHERE, Grounds, name_levels, other_forms
from rag.language.dates import Moment
from rag.language.quantities import Quantity


def unsupported(said: Stretch, grounds: Grounds) -> list[tuple[str, int]]:
    """Return each fact of a sentence, as written, with where it was found: CITED, ELSEWHERE or NOWHERE."""
    return [
        *_dates(said, grounds),
        *_numbers(said, grounds),
        *name_levels(said, grounds),
        *_quotations(said, grounds),
    ]


def contradicted(said: Stretch, cited: Stretch) -> tuple[str, ...]:
    """Return what one of the two denies and the other affirms, as the sentence writes it."""
    mine, theirs = said.polarity, cited.polarity
    their_denied = {denied.stem for denied in theirs.denied}
    my_denied = {denied.stem for denied in mine.denied}
    found = []
    for denied in mine.denied:
        forms = other_forms(denied.stem, said.language, cited.language)
        if forms & theirs.affirmed.keys() and not forms & (their_denied | theirs.doubtful):
            found.append(denied.text)
    for stem, text in mine.affirmed.items():
        forms = other_forms(stem, said.language, cited.language)
        if stem not in my_denied | mine.doubtful and forms & their_denied and not forms & theirs.affirmed.keys():
            found.append(text)
    if not found and said.language != cited.language and not (theirs.denied or theirs.doubtful):
        found = [denied.text for denied in mine.denied]  # translated words may not meet, but nothing is denied there
    return tuple(found)


def _dates(said: Stretch, grounds: Grounds) -> Iterator[tuple[str, int]]:
    free = list(grounds.cited.moments)
    left: list[Moment] = []
    for moment in said.moments:
        match = next((one for one in free if _dated(moment, [one], grounds)), None)
        if match is not None:
            free.remove(match)
        else:
            left.append(moment)
    return ((moment.text, _date_level(moment, grounds, replacing=bool(free))) for moment in left)


def _date_level(moment: Moment, grounds: Grounds, *, replacing: bool) -> int:
    """Return where a date stands that the cited stretch has no more of; see :func:`_number_level`."""
    if _dated(moment, grounds.near.moments, grounds):
        return ELSEWHERE if replacing else CITED
    held = any(_dated(moment, whole.moments, grounds) for whole in grounds.whole)
    return ELSEWHERE if held or _dated(moment, _published(grounds.date), grounds) else NOWHERE


def _dated(moment: Moment, held: Sequence[Moment], grounds: Grounds) -> bool:
    """Return whether one of the dates is this one, what it leaves out filled in from the article."""
    for one in held:
        for other in {one, *one.complete(grounds.date)}:
            if moment.agrees(other) and _year_known(moment, other, grounds):
                return True
        if moment.weekday and moment.day and not one.weekday and replace(moment, weekday=0).agrees(one):
            possible = {full.weekday for full in replace(moment, weekday=0).complete(grounds.date)}
            if moment.weekday in possible:
                return True
    return False


def _year_known(moment: Moment, other: Moment, grounds: Grounds) -> bool:
    if not moment.year or other.year == moment.year:
        return True
    return not other.year and (
        grounds.date.startswith(str(moment.year)) or any(moment.year in _years(whole) for whole in grounds.whole)
    )


def _years(stretch: Stretch) -> set[int]:
    return {int(value) for value in stretch.dated_numbers} | {
        int(value) for one in stretch.quantities for value in one.values if value.denominator == 1
    }


def _published(date: str) -> list[Moment]:
    numbers = [int(part) for part in date.split("-") if part.isdecimal()]
    return [Moment(date, 0, 0, *numbers[:3])] if numbers else []


def _numbers(said: Stretch, grounds: Grounds) -> Iterator[tuple[str, int]]:
    free = list(grounds.cited.quantities)
    left: list[Quantity] = []
    for quantity in said.quantities:
        match = next((one for one in free if _same(quantity, one, said, grounds)), None)
        if match is not None:
            free.remove(match)
        elif quantity.unit or not quantity.values & grounds.cited.dated_numbers:
            left.append(quantity)
    return ((quantity.text, _number_level(quantity, grounds, replacing=bool(free))) for quantity in left)


def _number_level(quantity: Quantity, grounds: Grounds, *, replacing: bool) -> int:
    """Return where a number stands that the cited stretch has no more of.

    Args:
        quantity: of the sentence.
        grounds: what it may rest on.
        replacing: whether the cited stretch has numbers the sentence does not repeat, so that this may stand for one.
    """
    repeated = any(quantity.agrees(one) for one in grounds.cited.quantities)
    if not replacing and (repeated or quantity.soft or _counted(quantity, grounds.near)):
        return CITED
    if repeated or quantity.soft or any(_counted(quantity, whole) for whole in grounds.whole):
        return ELSEWHERE
    return NOWHERE


def _counted(quantity: Quantity, stretch: Stretch) -> bool:
    dated = not quantity.unit and bool(quantity.values & stretch.dated_numbers)
    return dated or any(quantity.agrees(one) for one in stretch.quantities)


def _same(quantity: Quantity, one: Quantity, said: Stretch, grounds: Grounds) -> bool:
    """Return whether a cited number is this one: its value and unit, and no other number of the same things."""
    if not quantity.agrees(one):
        return False
    mine, theirs = counted_thing(quantity, said), counted_thing(one, grounds.cited)
    if said.language != grounds.cited.language or not mine or mine == theirs:
        return True
    rivals = (other for other in grounds.cited.quantities if other is not one and not other.agrees(quantity))
    return not any(counted_thing(rival, grounds.cited) == mine for rival in rivals)


def counted_thing(quantity: Quantity, stretch: Stretch) -> str:
    """Return the stem of the word with meaning that follows a number at once; empty if none does."""
    for word in stretch.words:
        if word.start >= quantity.end:
            if word.start - quantity.end > 1:
                return ""
            return word.stem if word.stem in stretch.stems and word.stem.isalpha() else ""
    return ""


def _quotations(said: Stretch, grounds: Grounds) -> Iterator[tuple[str, int]]:
    if said.language != grounds.cited.language:
        return
    for quotation in said.quotations:
        pieces = quoted_pieces(quotation)
        if all(_holds(grounds.cited, piece) for piece in pieces):
            continue
        held = any(all(_holds(whole, piece) for piece in pieces) for whole in (grounds.near, *grounds.whole))
        yield quotation, ELSEWHERE if held else NOWHERE


def _holds(stretch: Stretch, piece: str) -> bool:
    return f" {piece} " in f" {stretch.plain} "
