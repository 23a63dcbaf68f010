"""What a reader would see of an OpenDocument text (.odt), and what each stretch of it is.

The parts are those of OpenDocument (OASIS, version 1.3, part 3, chapters 4 to 9). What was deleted while changes were
tracked, remarks and hidden text are left out; notes come after the text, and the calls to them are left out. Items and
headings have the numbers that are shown before them, raised figures are raised characters; boxes come after the
paragraph that they are fixed to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.reading.archive import Archive, attribute, local_name, stated_data
from rag.reading.block_collector import BlockCollector
from rag.reading.formulas import words_raised
from rag.reading.numbering import Counting, Level
from rag.reading.parsed_document import ParsedDocument, confirmed
from rag.reading.plain_text import document_of
from rag.reading.tables import is_label

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_UNSEEN = frozenset(
    {
        *("tracked-changes", "annotation", "annotation-end", "hidden-text", "hidden-paragraph", "forms"),
        *("note-citation", "sequence-decls", "variable-decls", "user-field-decls", "ruby-text", "script"),
    }
)
_HTML = {"table": "table", "table-row": "tr", "table-cell": "td", "line-break": "br", "list-item": "li"}
_WITHOUT_TEXT = frozenset({"note", "ruby", "drop-down"})  # of what stands in a paragraph: it holds elements only
_STYLED = frozenset({"p", "h", "span", "a"})
_TEXT = "xmlns:text:"  # in the name of the namespace of what shows text; that of a picture's description is another
_RAISED = re.compile(r"super\b|[1-9]\d{0,2}%")
_OUTLINE = "\0"  # the name that the numbering of the headings has here
_DEEPEST = 9  # levels of a list
_MOST_SPACES = 100
_TITLE = "Title"  # the style's name in the file, in any language of the program


def parse_open_document(data: bytes, name: str) -> ParsedDocument:
    """Return the document of an .odt file; a title it states counts where its beginning says it too.

    Args:
        data: the file.
        name: of the file, for errors.

    Raises:
        ArticleError: it is damaged, locked or too large.
    """
    archive = Archive(data, name)
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise archive.locked()
    root = archive.read_xml("content.xml")
    titles = {_TITLE} | {
        attribute(one, "name") for one in root.iter("{*}style") if attribute(one, "parent-style-name") == _TITLE
    }
    _repeat_spanning(root)
    named = archive.read_xml("styles.xml") if "styles.xml" in archive else None
    walk = _Walk(titles, [root] if named is None else [named, root])
    walk.go(next((one for one in root if local_name(one) == "body"), root))
    for note in walk.notes:
        walk.go(note)
    walk.collector.finish_block()
    blocks = walk.collector.blocks
    stated = stated_data(archive, "meta.xml")
    document = document_of(blocks, title=confirmed(stated.get("title", ""), blocks))
    return replace(document, author=confirmed(stated.get("creator", ""), blocks))


class _Walk:
    """Goes through a document and collects its blocks, and its notes apart."""

    def __init__(self, titles: set[str], styled: Sequence[Element]) -> None:
        self.collector = BlockCollector()
        self.notes: list[Element] = []
        self._titles = titles
        self._levels = {
            attribute(one, "name") or _OUTLINE: _levels(one)
            for root in styled
            for one in root.iter("{*}list-style", "{*}outline-style")
        }
        self._hidden = _styles(styled, "display", re.compile("none"))
        self._raising = _styles(styled, "text-position", _RAISED)
        self._counting = Counting()
        self._lists: list[str] = []  # the styles of the lists that are open
        self._boxes: list[Element] = []
        self._within = False  # a paragraph
        self._raised = False

    def go(self, element: Element) -> None:
        """Collect what an element shows, without what follows it."""
        tag = local_name(element)
        if not tag or self._is_hidden(tag, element):
            return
        if tag == "note-body" and element not in self.notes:
            self.notes.append(element)
        elif tag == "text-box" and self._within:
            self._boxes.append(element)
        elif tag in {"p", "h"}:
            self._paragraph(tag, element)
        elif tag == "list":
            self._lists.append(attribute(element, "style-name") or (self._lists[-1] if self._lists else ""))
            self._begin(element)
            self._open(tag, element)
            self._lists.pop()
        elif tag == "s":
            count = attribute(element, "c")
            self.collector.add(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1))
        elif tag == "tab":
            self.collector.add(" ")
        else:
            before = self._raised
            self._raised = before or (tag == "span" and attribute(element, "style-name") in self._raising)
            self._open(tag, element)
            self._raised = before

    def _is_hidden(self, tag: str, element: Element) -> bool:
        """Say whether nobody sees an element."""
        if tag == "section":
            shown = attribute(element, "display")
            return shown == "none" or (shown == "condition" and attribute(element, "is-hidden") == "true")
        return tag in _UNSEEN or (tag in _STYLED and attribute(element, "style-name") in self._hidden)

    def _paragraph(self, tag: str, element: Element) -> None:
        """Collect a paragraph, and the boxes that are fixed to it."""
        self._within = True
        self._open(tag, element)
        self._within = False
        boxes, self._boxes = self._boxes, []
        for one in (one for box in boxes for one in box):
            self.go(one)

    def _open(self, tag: str, element: Element) -> None:
        """Collect an element by what it is in HTML."""
        html, mark = self._html(tag, element), self._mark(tag, element)
        self.collector.open(html, html, mark)
        self.collector.add(f"{mark} " if tag == "h" and mark else None)
        shown = self._within and _TEXT in str(element.tag) and tag not in _WITHOUT_TEXT
        self._add(element.text if shown else None)
        for child in element:
            self.go(child)
            self._add(child.tail if shown else None)
        self.collector.close(html)

    def _add(self, text: str | None) -> None:
        self.collector.add(words_raised(text) if text and self._raised else text)

    def _begin(self, numbered: Element) -> None:
        """Count from the first number where a list does not go on with an earlier one."""
        depth, levels = len(self._lists) - 1, self._levels.get(self._lists[-1], {})
        goes_on = attribute(numbered, "continue-numbering") == "true" or attribute(numbered, "continue-list")
        if depth in levels and not goes_on:
            self._counting.restart(self._lists[-1], depth, levels[depth].start)

    def _mark(self, tag: str, element: Element) -> str:
        """Return the number that is shown before a heading or an item; empty if there is none."""
        level = attribute(element, "outline-level")
        if tag == "h" and level.isdecimal() and not self._lists:
            return self._counting.mark(_OUTLINE, self._levels.get(_OUTLINE, {}), int(level) - 1)
        if tag != "list-item" or not self._lists:
            return ""
        depth, start = len(self._lists) - 1, attribute(element, "start-value")
        if start.isdecimal():
            self._counting.restart(self._lists[-1], depth, int(start))
        return self._counting.mark(self._lists[-1], self._levels.get(self._lists[-1], {}), depth)

    def _html(self, tag: str, element: Element) -> str:
        """Return the tag of HTML that an element is; empty for none."""
        if tag == "h":
            level = attribute(element, "outline-level")
            return f"h{min(6, 1 + int(level))}" if level.isdecimal() else "h2"
        if tag == "p":
            return "h1" if attribute(element, "style-name") in self._titles else "p"
        return _HTML.get(tag, "")


def _styles(styled: Iterable[Element], name: str, value: re.Pattern[str]) -> set[str]:
    """Return the names of the styles whose text has a property of some value."""
    return {
        attribute(style, "name")
        for root in styled
        for style in root.iter("{*}style")
        for properties in style.iterfind("{*}text-properties")
        if value.match(attribute(properties, name))
    }


def _levels(style: Element) -> dict[int, Level]:
    """Return how each level of a list, or of the headings, is numbered."""
    levels = {}
    for one in style:
        depth, form = attribute(one, "level"), attribute(one, "num-format")
        if not depth.isdecimal():
            continue
        shown, start = attribute(one, "display-levels"), attribute(one, "start-value")
        first = int(depth) - (int(shown) if shown.isdecimal() else 1)
        number = ".".join(f"%{level + 1}" for level in range(max(first, 0), min(int(depth), _DEEPEST)))
        text = f"{attribute(one, 'num-prefix')}{number}{attribute(one, 'num-suffix')}"
        levels[int(depth) - 1] = Level(form, text, int(start) if start.isdecimal() else 1)
    return levels


def _repeat_spanning(root: Element) -> None:
    """Put what stands beside several rows of a table into each: a row by itself tells no more what it is about."""
    for table in root.iter("{*}table"):
        reaching: dict[int, tuple[Element, int]] = {}  # column → the cell that reaches down there, and how many rows
        for row in table.iter("{*}table-row"):
            for column, cell in enumerate(row):
                rows = attribute(cell, "number-rows-spanned")
                above, more = reaching.pop(column, (None, 0))
                if above is not None and local_name(cell) == "covered-table-cell":
                    cell.tag = above.tag
                    cell[:] = [deepcopy(one) for one in above]
                elif rows.isdecimal() and is_label(cell):
                    above, more = cell, int(rows)
                if above is not None and more > 1:
                    reaching[column] = (above, more - 1)
