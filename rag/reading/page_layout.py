"""In which order the text of a printed page is read: its lines, told from where its words stand; pure.

A page says where each piece of text stands, not what follows what. Pieces on one baseline are a row; rows that all
leave the same strip empty, with running text on both sides of it, stand in columns, and a column is read to its end
before the next. What merely stands apart in a row, as the cells of a table do, stays one row.

Lengths are in points; y grows downwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median
from typing import NamedTuple

CELL = " | "  # between the cells of a table's row
_LEADERS = re.compile(r" ?(?:[.·]\s?|…\s?){5,}")  # of a table of contents, from a title to its page
_SAME_ROW = 0.4  # of a font size, between baselines
_CELLS_APART = 2.0  # font sizes; justified words stand closer
_GUTTER = 0.6  # font sizes between two columns
_FEWEST_ROWS = 3  # of a column
_FEWEST_WORDS = 3  # of a column's usual line; the cells of a table hold fewer
_FILLED = 0.6  # of the width that four of five lines do not exceed, by the usual line
_MOST_CUTS = 8  # of a page into columns, one within the other
_MOST_ROWS = 1000  # of a page that was printed


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stand close together on one baseline."""

    text: str
    left: float
    right: float
    base: float
    size: float  # of the font
    weight: int = 400  # of the font: 400 is plain, 700 bold


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is read, and the bounds of the column that it stands in."""

    text: str
    left: float
    right: float
    base: float
    size: float
    weight: int
    column: tuple[float, float]

    @property
    def is_row(self) -> bool:
        """Whether its words stand apart, as the cells of a table or a title and its page in a table of contents."""
        return CELL in self.text


Row = list[Piece]
Span = tuple[float, float]


class _Cut(NamedTuple):
    """Rows from ``start`` to ``end`` that stand in two columns, or more."""

    start: int
    end: int
    left: list[Row]
    right: list[Row]


def reading_order(rows: Sequence[Row]) -> list[list[Line]]:
    """Return the lines of a page in the order they are read, those of one column together."""
    return [lines_of(column) for column in _columns(rows)]


def rows_of(pieces: Iterable[Piece]) -> list[Row]:
    """Return the pieces by their baselines, from the top; in a row, from the left."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: piece.base):
        if rows and piece.base - rows[-1][0].base <= _SAME_ROW * min(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _bounds(rows: Sequence[Row]) -> Span:
    """Return from where to where rows reach."""
    return min(row[0].left for row in rows), max(piece.right for row in rows for piece in row)


def _columns(rows: Sequence[Row], cuts: int = 0) -> list[list[Row]]:
    """Return rows as columns, each in the order it is read; rows across all of them are a column of their own."""
    columns: list[list[Row]] = []
    start = row = 0
    while cuts < _MOST_CUTS and len(rows) <= _MOST_ROWS and row < len(rows):
        cut = _cut(rows, start, row)
        if cut is None:
            row += 1
            continue
        columns += [list(rows[start : cut.start])] if cut.start > start else []
        columns += [*_columns(cut.left, cuts + 1), *_columns(cut.right, cuts + 1)]
        start = row = cut.end
    return [*columns, list(rows[start:])] if start < len(rows) else columns


def _cut(rows: Sequence[Row], first: int, row: int) -> _Cut | None:
    """Return the longest run of rows around one that stand in columns, or None; it begins with ``first`` or later."""
    cuts = []
    for found in _strips(rows[row : row + 2]):
        strip, start, end = found, row, row
        while end < len(rows) and (rest := _left_empty(rows[end], strip)):
            strip, end = rest, end + 1
        while start > first and (rest := _left_empty(rows[start - 1], strip)):
            strip, start = rest, start - 1
        left = [side for one in rows[start:end] if (side := [piece for piece in one if piece.right <= strip[0]])]
        right = [side for one in rows[start:end] if (side := [piece for piece in one if piece.left >= strip[1]])]
        while left and rows[start] == left[0]:  # what only the left column has above comes first in any case
            left, start = left[1:], start + 1
        if _is_column(left) and _is_column(right):
            cuts.append(_Cut(start, end, left, right))
    return max(cuts, key=lambda cut: cut.end - cut.start, default=None)


def _strips(rows: Sequence[Row]) -> list[Span]:
    """Return what rows leave empty between their pieces."""
    strips: list[Span] = []
    reached = inf
    for piece in sorted((piece for row in rows for piece in row), key=lambda piece: piece.left):
        if piece.left - reached >= _GUTTER * piece.size:
            strips.append((reached, piece.left))
        reached = max(reached, piece.right) if reached < inf else piece.right
    return strips


def _left_empty(row: Row, strip: Span) -> Span | None:
    """Return the widest part of a strip that a row leaves empty, or None if none is wide enough for a gutter."""
    edges = [strip[0], *(edge for piece in row for edge in (piece.left, piece.right)), strip[1]]
    spans = [(max(left, strip[0]), min(right, strip[1])) for left, right in zip(edges[::2], edges[1::2], strict=True)]
    widest = max(spans, key=lambda span: span[1] - span[0])
    return widest if widest[1] - widest[0] >= _GUTTER * row[0].size else None


def _is_column(rows: Sequence[Row]) -> bool:
    """Say whether rows are running text: several, full of words, and as wide as their column or as each other."""
    if len(rows) < _FEWEST_ROWS:
        return False
    left, right = _bounds(rows)
    widths = [sum(piece.right - piece.left for piece in row) for row in rows]
    words = [sum(len(piece.text.split()) for piece in row) for row in rows]
    if median(words) >= _FEWEST_WORDS and median(widths) >= _FILLED * (right - left):
        return True
    pieces = [piece for row in rows for piece in row]  # of columns again, whose lines stand at different heights
    widths = sorted(piece.right - piece.left for piece in pieces)
    words = [len(piece.text.split()) for piece in pieces]
    return median(words) >= _FEWEST_WORDS and median(widths) >= _FILLED * widths[4 * len(widths) // 5]


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """Return the rows of a column as lines."""
    column = _bounds(rows)
    return [_line(row, column) for row in rows]


def _line(row: Row, column: Span) -> Line:
    """Return a row as a line, its pieces joined by a space or, where they stand far apart, as cells."""
    text = row[0].text
    for before, piece in pairwise(row):
        apart = piece.left - before.right > _CELLS_APART * piece.size
        text += (CELL if apart else " ") + piece.text
    text = _LEADERS.sub(CELL, text)
    longest = max(row, key=lambda piece: len(piece.text))
    right = max(piece.right for piece in row)
    return Line(text, row[0].left, right, longest.base, longest.size, min(piece.weight for piece in row), column)
