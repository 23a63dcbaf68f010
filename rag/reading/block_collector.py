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
_CAPTIONS = frozenset({"figcaption", "caption"})
BLOCK_TAGS = frozenset(
    {
        *("html", "body", "main", "article", "section", "header", "div", "p", "pre", "address", "hr", "center"),
        *("aside", "footer", "nav", "form", "fieldset", "details", "summary", "dialog", "legend", "option"),
        *_HEADINGS,
        *_ITEMS,
        *_ROWS,
        *_CAPTIONS,
        *("list", "ul", "ol", "dl", "dt", "dd", "quote", "blockquote", "figure", "table"),
    }
)
"""Elements that stand by themselves, as a browser shows them."""
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
_HEADING_LEVEL = 2  # of a heading that does not tell
_MARK = "- "  # of a list's item
_CELL = " | "  # between the cells of a table's row
_WITHIN_CELL = ", "  # between the items of a list in a cell
_ENDED = re.compile(r"[.!?…:;,]\s*$")
_LINE_BREAK = re.compile(r"\r\n?|\n")
MARK = "mark"
"""The attribute of an item that has what stands before it, where that is no dash."""
INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))
"""Characters in words that no reader sees: they say where a word may be divided, or must not be."""


class BlockCollector:
    """Collects the blocks of a text from its tags and its words, in the order they come."""

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self._parts: list[str] = []  # of the block that is open
        self._told = False  # whether they hold more than white space
        self._level = 0  # of the heading that is open
        self._mark = ""  # of the list item that is open and has no text yet
        self._caption = False
        self._row = False
        self._inner_rows = 0  # those of tables within the row that is open
        self._cell_told = False  # whether the cell that is open holds text
        self._kept_lines = 0  # how many elements are open in which a line's end is one
        self._group = ""  # what the last block belonged to: a list, a table, or neither

    def open(self, tag: str, kind: str, mark: str = "") -> None:
        """Begin an element.

        Args:
            tag: of HTML.
            kind: tells the level of a heading, and the number of an item that has one.
            mark: of an item, where it is neither a number nor a dash.
        """
        self._kept_lines += tag == "pre"
        if tag in _BREAKS:
            self._parts.append(" " if self._row else "\n")
        elif tag in _CELLS:
            self._parts.append(_CELL if self._told else "")
            self._cell_told = False
        elif tag in BLOCK_TAGS and self._row:
            self._inner_rows += tag in _ROWS
            while tag in _ITEMS and self._parts and self._parts[-1].isspace():
                self._parts.pop()
            listed = tag in _ITEMS and self._cell_told and not _ENDED.search(self._parts[-1] if self._parts else "")
            self._parts.append(_WITHIN_CELL if listed else " ")
        elif tag in BLOCK_TAGS:
            self.finish_block()
            self._caption = tag in _CAPTIONS
            self._row = tag in _ROWS
            if tag in _ITEMS:
                self._mark = f"{mark} " if mark else f"{kind}. " if kind.isdecimal() else _MARK
            self._level = (int(kind[1]) if kind[1:].isdecimal() else _HEADING_LEVEL) if tag in _HEADINGS else 0

    def close(self, tag: str) -> None:
        """End an element."""
        self._kept_lines -= tag == "pre"
        if tag in _ROWS and self._inner_rows:
            self._inner_rows -= 1
            self._parts.append(" ")
        elif tag in BLOCK_TAGS and (not self._row or tag in _ROWS):
            self.finish_block()
            self._row = self._caption = False
            self._level = 0
            self._mark = "" if tag in _ITEMS else self._mark  # of an item without text
        elif tag in BLOCK_TAGS:
            self._parts.append(" ")

    def add(self, text: str | None) -> None:
        """Add text with the white space a browser would show."""
        if text:
            lines = _LINE_BREAK.split(text) if self._kept_lines and not self._row else [text]
            self._parts.append("\n".join(_WHITE_SPACE.sub(" ", line) for line in lines).translate(INVISIBLE))
            self._told = self._told or not text.isspace()
            self._cell_told = self._cell_told or not text.isspace()

    def finish_block(self) -> None:
        """Make a block of the text that came since the last one, if there is any."""
        text = "\n".join(_WHITE_SPACE.sub(" ", line).strip(" ") for line in "".join(self._parts).split("\n")).strip()
        self._parts, self._told = [], False
        if not text:
            return
        group = "row" if self._row else "item" if self._mark else ""
        tight = bool(group) and group == self._group
        kind: BlockKind = "heading" if self._level else "caption" if self._caption else "paragraph"
        self.blocks.append(TextBlock(kind, self._mark + text, self._level, tight=tight, row=self._row))
        self._group, self._mark = group, ""


def blocks_below(root: Element) -> list[TextBlock]:
    """Return the blocks below an element of HTML or of trafilatura's own markup, in order."""
    from lxml import etree

    page = BlockCollector()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            page.open(element.tag, element.get("rend") or element.get("value") or element.tag, element.get(MARK, ""))
            page.add(element.text)
        else:
            page.close(element.tag)
            page.add(element.tail if element is not root else None)
    page.finish_block()
    return page.blocks
