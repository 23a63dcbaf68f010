"""What a printed page sets beside its lines: large initials, which belong to a word, and numbers of lines; pure.

Lengths are in points; y grows downwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from rag.reading.page_layout import Piece, Row

_INITIAL = re.compile(r"[«“\"]?\s?[^\W\d_a-zß-öø-ÿ]['’]?")
LARGER = 1.8  # of the size of the lines beside an initial
_BESIDE = (0.3, 1.0)  # of the initial's size that a line may begin before it ends, and after
_BELOW = 0.3  # of the size of a line that its baseline may be below that of the initial
_MOST_INITIALS = 20  # of a page
_FEWEST_NUMBERED = 8  # lines of a page
_NUMBERED = 0.8  # of the lines between the first number and the last
_STEPS = (1, 5)  # from one number to the next
_FEWEST_WORDS = 3  # of the usual line beside a number
_FULL = 0.75  # of the widest line, the usual one: it is running text, and no table or list
_NUMBER = re.compile(r"\d{1,5}")


def with_initials(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces, each large initial joined to the first of the lines that it stands beside."""
    found = list(pieces)
    initials = [piece for piece in found if _INITIAL.fullmatch(piece.text)][:_MOST_INITIALS]
    for initial in initials:
        beside = [piece for piece in found if _stands_beside(piece, initial)]
        if beside:
            first = min(beside, key=lambda piece: (piece.base, piece.left))
            joined = replace(first, text=initial.text + first.text)
            found = [joined if piece is first else piece for piece in found if piece is not initial]
    return found


def _stands_beside(piece: Piece, initial: Piece) -> bool:
    """Say whether a piece begins a line beside an initial."""
    before, after = _BESIDE
    return (
        LARGER * piece.size <= initial.size
        and -before * initial.size <= piece.left - initial.right <= after * initial.size
        and initial.base - initial.size < piece.base <= initial.base + _BELOW * piece.size
    )


def without_line_numbers(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a page without the numbers of its lines that drafts, bills and minutes have in a margin."""
    for side in (0, -1):
        numbered = [(at, row[side]) for at, row in enumerate(rows) if _NUMBER.fullmatch(row[side].text)]
        if _count_lines(rows, numbered, side):
            own = {at for at, _ in numbered}
            kept = [_rest(row, side) if at in own else row for at, row in enumerate(rows)]
            return [row for row in kept if row]
    return list(rows)


def _rest(row: Row, side: int) -> Row:
    """Return a row without its first or last piece."""
    return row[1:] if side == 0 else row[:-1]


def _count_lines(rows: Sequence[Row], numbered: Sequence[tuple[int, Piece]], side: int) -> bool:
    """Say whether numbers count the lines of a page: they go up evenly below each other, beside running text."""
    numbers = [int(piece.text) for _, piece in numbered]
    steps = {after - before for before, after in pairwise(numbers)}
    if len(steps) != 1 or (step := steps.pop()) not in _STEPS or len(numbers) * step < _FEWEST_NUMBERED:
        return False
    if len(numbers) * step < _NUMBERED * (numbered[-1][0] - numbered[0][0] + 1):
        return False
    edges = [[getattr(piece, edge) for _, piece in numbered] for edge in ("left", "right")]
    if min(max(edge) - min(edge) for edge in edges) > numbered[0][1].size:
        return False
    beside = [rest for at, _ in numbered if (rest := _rest(rows[at], side))]
    words = [len(piece.text.split()) for row in beside for piece in row]
    widths = [row[-1].right - row[0].left for row in beside]
    return bool(
        beside
        and median(map(len, beside)) == 1
        and median(words) >= _FEWEST_WORDS
        and median(widths) >= _FULL * max(widths)
    )
