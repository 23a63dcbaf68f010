"""What a reader would see of the article on a web page, and what each stretch of it is.

trafilatura tells the article from menus, comments and advertisements. Scripts and elements hidden from the reader are
left out before it looks, since what a reader cannot see must not be quoted to them, nor tell a model what to do.
Nothing is run or fetched.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.hidden import remove_unseen
from rag.reading.parsed_document import ParsedDocument, TextBlock
from rag.reading.plain_text import document_of
from rag.values import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_AROUND = "//nav|//footer|//aside|//form|//button|//head|//header[not(ancestor::article or ancestor::main)]"

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
_TOO_DEEP = "ERR_RESOURCE_LIMIT"  # as libxml2 calls it: 2,048 elements, each in another
_CELL = " | "  # between the cells of a table's row


def parse_html(text: str) -> ParsedDocument:
    """Return the document of a page.

    Title and date come from its metadata, else from its text; author and publisher from its metadata only.

    Of a page too short for trafilatura to tell its article from what surrounds it, everything but menus, footers and
    forms is taken.

    Raises:
        ArticleError: its elements are nested too deep, or its styles are too many.
    """
    from lxml import html
    from lxml.etree import ParserError
    from trafilatura import bare_extraction, extract_metadata

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except ParserError:  # nothing in it but comments, or not even that
        return ParsedDocument("", ())
    if any(error.type_name == _TOO_DEEP for error in parser.error_log):  # what stands deeper would be lost in silence
        raise ArticleError(
            "The elements of this page are nested too deep.", "save its text as a .txt file and add that"
        )
    remove_unseen(tree)
    metadata = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True})
    document = bare_extraction(tree, include_comments=False)
    root = tree if document is None or len(document.body) < 2 else document.body
    if root is tree:
        for element in tree.xpath(_AROUND):
            element.drop_tree()
    document = document_of(_blocks(root), title=metadata.title or "", date=metadata.date or "")
    return replace(document, author=metadata.author or "", publisher=metadata.sitename or "")


def _blocks(root: Element) -> list[TextBlock]:
    """Return the blocks below an element of HTML or of trafilatura's own markup, in order."""
    from lxml import etree

    page = _Page()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            page.open(element.tag, element.get("rend") or element.tag)
            page.add(element.text)
        else:
            page.close(element.tag)
            page.add(element.tail if element is not root else None)
    page.finish_block()
    return page.blocks


class _Page:
    """Collects the blocks of a page from its tags and texts, in the order they come."""

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
