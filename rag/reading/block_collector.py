"""The blocks of a text whose parts are marked by the tags of HTML: headings, paragraphs, items, rows of tables.

What reads another marked-up format says the same with these tags.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.reading.parsed_document import TextBlock
from rag.values import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# The tags of HTML, and those trafilatura turns them into.
_HEADINGS = frozenset({"head", "h1", "h2", "h3", "h4", "h5", "h6"})
_ITEMS = frozenset({"item", "li"})
_ROWS = frozenset({"row", "tr"})
_CELLS = frozenset({"cell", "td", "th"})
_BREAKS = frozenset({"lb", "br"})
_BLOCKS = frozenset(
    {
        *("html", "body", "main", "article", "section", "header", "div", "p", "pre", "address", "hr"),
        *_HEADINGS,
        *_ITEMS,
        *_ROWS,
        *("list", "ul", "ol", "dl", "dt", "dd", "quote", "blockquote", "figure", "figcaption", "table", "caption"),
    }
)
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
_HEADING_LEVEL = 2  # of a heading that does not tell
_MARK = "- "  # of a list's item
_CELL = " | "  # between the cells of a table's row


class BlockCollector:
    """Collects the blocks of a text from its tags and its words, in the order they come."""

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self._parts: list[str] = []  # of the block that is open
        self._told = False  # whether they hold more than white space
        self._level = 0  # of the heading that is open
        self._mark = ""  # of the list item that is open and has no text yet
        self._row = False
        self._group = ""  # what the last block belonged to: a list, a table, or neither

    def open(self, tag: str, kind: str) -> None:
        """Begin an element; ``kind`` tells the level of a heading."""
        if tag in _BREAKS:
            self._parts.append("\n")
        elif tag in _CELLS and self._told:
            self._parts.append(_CELL)
        elif tag in _BLOCKS and not self._row:
            self.finish_block()
            self._row = tag in _ROWS
            self._mark = _MARK if tag in _ITEMS else self._mark
            self._level = (int(kind[1]) if kind[1:].isdecimal() else _HEADING_LEVEL) if tag in _HEADINGS else 0

    def close(self, tag: str) -> None:
        """End an element."""
        if tag in _BLOCKS and (not self._row or tag in _ROWS):
            self.finish_block()
            self._row = False
            self._level = 0
        elif tag in _BLOCKS:
            self._parts.append(" ")

    def add(self, text: str | None) -> None:
        """Add text with the white space a browser would show."""
        if text:
            self._parts.append(_WHITE_SPACE.sub(" ", text))
            self._told = self._told or not text.isspace()

    def finish_block(self) -> None:
        """Make a block of the text that came since the last one, if there is any."""
        text = "\n".join(_WHITE_SPACE.sub(" ", line).strip(" ") for line in "".join(self._parts).split("\n")).strip()
        self._parts, self._told = [], False
        if not text:
            return
        group = "row" if self._row else "item" if self._mark else ""
        tight = bool(group) and group == self._group
        kind: BlockKind = "heading" if self._level else "paragraph"
        self.blocks.append(TextBlock(kind, self._mark + text, self._level, tight=tight))
        self._group, self._mark = group, ""


def blocks_below(root: Element) -> list[TextBlock]:
    """Return the blocks below an element of HTML or of trafilatura's own markup, in order."""
    from lxml import etree

    page = BlockCollector()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            page.open(element.tag, element.get("rend") or element.tag)
            page.add(element.text)
        else:
            page.close(element.tag)
            page.add(element.tail if element is not root else None)
    page.finish_block()
    return page.blocks
