"""The numbers that a word processor shows before headings and items: a document says only how they are counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from roman import OutOfRangeError, toRoman

_PLACE = re.compile(r"%([1-9])")
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Level:
    """How the items of one level of a list are numbered.

    Attributes:
        form: ``1``, ``01``, ``a``, ``A``, ``i`` or ``I``; empty where a sign stands instead.
        text: what is shown; ``%2`` in it is the number of the second level.
        start: the first number.
    """

    form: str
    text: str
    start: int = 1


class Counting:
    """Counts the items of the lists of a document."""

    def __init__(self) -> None:
        self._counts: dict[str, dict[int, int]] = {}

    def restart(self, name: str, depth: int, at: int) -> None:
        """Let the next item of a level of a list have a number; what lies deeper begins anew."""
        counts = self._counts.setdefault(name, {})
        self._counts[name] = {level: count for level, count in counts.items() if level < depth} | {depth: at - 1}

    def mark(self, name: str, levels: Mapping[int, Level], depth: int) -> str:
        """Return what stands before the next item of a list; empty where that is no number.

        Args:
            name: of the list.
            levels: of the list, the first is 0.
            depth: the item's level.
        """
        if depth not in levels:
            return ""
        level = levels[depth]
        counts = {one: count for one, count in self._counts.get(name, {}).items() if one <= depth}
        counts[depth] = counts.get(depth, level.start - 1) + 1
        self._counts[name] = counts

        def shown(place: re.Match[str]) -> str:
            other = int(place[1]) - 1
            if other not in levels:
                return ""
            return written(counts.get(other, levels[other].start), levels[other].form or "1")

        return _PLACE.sub(shown, level.text).strip() if level.form else ""


def written(number: int, form: str) -> str:
    """Return a number as a list shows it: the 27th letter is ``aa``, and so on."""
    if number < 1 or form in {"1", "01"}:
        return f"{number:02d}" if form == "01" else str(number)
    if form in {"a", "A"}:
        letter = chr(ord(form) + (number - 1) % _LETTERS)
        return letter * min(1 + (number - 1) // _LETTERS, _LETTERS)
    try:
        return toRoman(number).lower() if form == "i" else toRoman(number)
    except OutOfRangeError:
        return str(number)
