"""The tables of a page: those that tell data stay, those that lay out a page or a list become blocks or items."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import islice
from typing import TYPE_CHECKING

from rag.reading.block_collector import MARK

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LAID_OUT = "table|h1|h2|h3|h4|h5|h6|article|section"
"""What stands in a cell only where a table lays out a page."""
_LAID_OUT_BARE = f"p[2]|{_LAID_OUT}"
"""The same, of a table that names neither its rows nor its columns."""
_POINT = re.compile(r"[(\[]?(?:\d{1,3}|[a-z]{1,3}|[ivxlc]{1,7})(?:[.)\]°]|\.?\))|[-\u2012-\u2015•·▪◦]", re.IGNORECASE)
_MARK_AND_POINT = 2  # cells of a row
_LONGEST_CELL = 600  # characters; what is longer is no cell of a table that tells data
_LONGEST_LABEL = 100  # characters and elements; what is longer and stands beside several rows is no label of them
_MOST_SPANNED = 1_000  # cells that a table may have again in other rows
_TABLE_TAGS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def plain_tables(tree: Element) -> None:
    """Change the tables of a page so that each row by itself tells what it says.

    Args:
        tree: of the page; it is changed.
    """
    for table in list(tree.iter("table")):
        if _lists_points(table):
            _itemize(table)
        elif _lays_out(table):
            _dissolve(table)
        else:
            _repeat_spanning(table)


def _lays_out(table: Element) -> bool:
    """Say whether a table lays out a page rather than tells data: blocks, tables or long texts stand in its cells."""
    if table.get("role") == "presentation":
        return True
    cells = table.xpath("./tr/*|./tbody/tr/*|./thead/tr/*|./tfoot/tr/*")
    headed = any(cell.tag == "th" and "".join(cell.itertext()).strip() for cell in cells)
    return any(
        cell.xpath(_LAID_OUT if headed else _LAID_OUT_BARE) or sum(map(len, cell.itertext())) > _LONGEST_CELL
        for cell in cells
    )


def is_label(cell: Element) -> bool:
    """Say whether a cell is short enough to tell what the rows are about that it stands beside."""
    held = sum(1 for _ in islice(cell.iter(), _LONGEST_LABEL + 1))
    return held <= _LONGEST_LABEL and sum(map(len, cell.itertext())) <= _LONGEST_LABEL


def _lists_points(table: Element) -> bool:
    """Say whether a table is a list that is laid out: beside each mark, "a)" or a dash, stands what it belongs to."""
    rows = table.xpath("./tr|./tbody/tr")
    return bool(rows) and all(
        len(row) == _MARK_AND_POINT and is_label(row[0]) and _POINT.fullmatch("".join(row[0].itertext()).strip())
        for row in rows
    )


def _itemize(table: Element) -> None:
    """Make a list of a table that is one."""
    for row in table.xpath("./tr|./tbody/tr"):
        row.tag = "li"
        row.set(MARK, "".join(row[0].itertext()).strip())
        row.remove(row[0])
        row[0].tag = "div"
    for part in (table, *table.iterchildren("tbody")):
        part.tag = "div"


def _repeat_spanning(table: Element) -> None:
    """Put a cell that stands beside several rows into each of them: a row by itself tells no more what it is about."""
    reaching: dict[
        int, tuple[Element, int]
    ] = {}  # column → the cell that reaches down there, and through how many rows
    left, part = _MOST_SPANNED, None
    for row in table.xpath("./tr|./tbody/tr|./thead/tr|./tfoot/tr"):
        reaching, part = (reaching if row.getparent() is part else {}), row.getparent()
        cells, column, below = list(row.iterchildren("td", "th")), 0, {}
        while cells or any(other >= column for other in reaching):
            if column in reaching:
                cell, more = reaching.pop(column)
                again = deepcopy(cell)
                row.insert(row.index(cells[0]) if cells else len(row), again)
                left -= 1
            elif cells:
                cell = cells.pop(0)
                more = _number_of(cell, "rowspan") if is_label(cell) else 1
            else:
                column = min(other for other in reaching if other > column)
                continue
            if more > 1 and left > 0:
                below[column] = (cell, more - 1)
            column += _number_of(cell, "colspan")
        reaching = below


def _number_of(cell: Element, name: str) -> int:
    """Return how many rows or columns a cell spans."""
    value = cell.get(name, "").strip()
    return min(max(int(value), 1), _MOST_SPANNED) if _NUMBER.fullmatch(value) else 1


def _dissolve(table: Element) -> None:
    """Make blocks of a table and of its rows and cells; tables within it stay what they are."""
    inner = {below for other in table.iter("table") if other is not table for below in other.iter()}
    for element in [one for one in table.iter(*_TABLE_TAGS) if one not in inner]:
        element.tag = "div"
