"""What a reader would see of a Word document (.docx), and what each stretch of it is.

The parts are those of Office Open XML (ECMA-376, part 1, chapter 17). What was deleted while changes were tracked, what
is hidden, and codes of fields are left out; notes come after the text, and the calls to them are left out. Items and
headings have the numbers that Word shows before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.reading.archive import Archive, attribute, local_name, stated_data
from rag.reading.block_collector import BlockCollector
from rag.reading.numbering import Counting, Level
from rag.reading.parsed_document import ParsedDocument, TextBlock, confirmed
from rag.reading.plain_text import document_of
from rag.reading.tables import is_label

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_UNSEEN = frozenset(
    {"del", "moveFrom", "Fallback", "delText", "instrText", "fldData", "pPr", "rPr", "sectPr", "tblPr", "rt"}
)
_TEXTS = {"tab": " ", "noBreakHyphen": "-", "ptab": " "}
_HTML = {"tbl": "table", "tr": "tr", "tc": "td", "br": "br", "cr": "br"}  # what parts are in HTML
_FORMS = {
    "bullet": "", "none": "", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I",
    "decimalZero": "01",
}  # fmt: skip
"""How Word calls the ways to number items; by any other, figures are shown."""
_OFF = frozenset({"0", "false", "off", "none"})
_DEEPEST_STYLE = 20  # of styles that rest on each other
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_TITLE = "title"  # the name of Word's style for it, in any language of the program


def parse_word_document(data: bytes, name: str) -> ParsedDocument:
    """Return the document of a .docx file; a title it states counts where its beginning says it too.

    Args:
        data: the file.
        name: of the file, for errors.

    Raises:
        ArticleError: it is damaged, locked or too large.
    """
    archive = Archive(data, name)
    styles = _Styles(archive)
    numbers = _Numbers(archive, styles)
    blocks = list(_blocks(archive.read_xml("word/document.xml"), styles, numbers))
    for part in _NOTES:
        if part in archive:
            notes = archive.read_xml(part)
            for note in notes:
                if attribute(note, "type") not in {"separator", "continuationSeparator", "continuationNotice"}:
                    blocks += _blocks(note, styles, numbers)
    stated = stated_data(archive, "docProps/core.xml")
    document = document_of(blocks, title=confirmed(stated.get("title", ""), blocks))
    return replace(document, author=confirmed(stated.get("creator", ""), blocks))


class _Styles:
    """What the styles of a document make of a paragraph: a heading of some level, hidden, or neither."""

    def __init__(self, archive: Archive) -> None:
        part = "word/styles.xml"
        root = archive.read_xml(part) if part in archive else ()
        self._styles = {attribute(one, "styleId"): one for one in root if local_name(one) == "style"}

    def chain(self, identifier: str) -> Iterator[Element]:
        """Yield a style and those it rests on."""
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get(identifier)
            if style is None:
                return
            yield style
            identifier = _value(style, "basedOn")

    def level(self, properties: Element | None) -> int:
        """Return the level of the heading that a paragraph is, 0 if it is none."""
        if properties is None:
            return 0
        stated = [properties, *self.chain(_value(properties, "pStyle"))]
        for one in stated:
            if _child(one, "name") is not None and _value(one, "name").casefold() == _TITLE:
                return 1
            outline = next((found for found in one.iter("{*}outlineLvl")), None)
            if outline is not None and attribute(outline, "val").isdecimal():
                level = int(attribute(outline, "val"))
                return min(6, level + 2) if level < 9 else 0
        return 0

    def numbering(self, properties: Element | None) -> tuple[str, str, str]:
        """Return the list that a paragraph is an item of, its level there and its style; empty where none is told."""
        if properties is None:
            return "", "", ""
        style = _value(properties, "pStyle")
        stated = [one for found in (properties, *self.chain(style)) for one in found.iterfind(".//{*}numPr")]
        numbers = [_value(one, "numId") for one in stated]
        levels = [_value(one, "ilvl") for one in stated]
        number = next(filter(None, numbers), "0")
        return "" if number == "0" else number, next(filter(None, levels), ""), style

    def hides(self, properties: Element | None) -> bool:
        """Say whether a run is hidden."""
        if properties is None:
            return False
        for one in (properties, *self.chain(_value(properties, "rStyle"))):
            hidden = next((found for found in one.iter("{*}vanish")), None)
            if hidden is not None:
                return attribute(hidden, "val").casefold() not in _OFF
        return False


class _Numbers:
    """What Word shows before the items of a document's lists and before its headings."""

    def __init__(self, archive: Archive, styles: _Styles) -> None:
        part = "word/numbering.xml"
        root = archive.read_xml(part) if part in archive else ()
        lists = {attribute(one, "abstractNumId"): one for one in root if local_name(one) == "abstractNum"}
        self._levels = {name: _levels(one) for name, one in lists.items()}
        self._styled = {
            (name, _value(level, "pStyle")): attribute(level, "ilvl") for name, one in lists.items() for level in one
        }
        self._lists = {attribute(one, "numId"): one for one in root if local_name(one) == "num"}
        self._styles = styles
        self._counting = Counting()
        self._begun: set[str] = set()

    def mark(self, properties: Element | None) -> tuple[bool, str]:
        """Return whether a paragraph is an item of a list, and its number as it is shown; empty if it has none."""
        number, depth, style = self._styles.numbering(properties)
        found = self._lists.get(number)
        if found is None:
            return bool(number), ""
        name = _value(found, "abstractNumId")
        depth = depth or self._styled.get((name, style), "0") or "0"
        if number not in self._begun:
            self._begun.add(number)
            for one in found.iterfind("{*}lvlOverride"):
                if (start := _value(one, "startOverride")).isdecimal() and attribute(one, "ilvl").isdecimal():
                    self._counting.restart(name, int(attribute(one, "ilvl")), int(start))
        level = int(depth) if depth.isdecimal() else 0
        return True, self._counting.mark(name, self._levels.get(name, {}), level)


def _levels(numbered: Element) -> dict[int, Level]:
    """Return how each level of a list is numbered."""
    levels = {}
    for one in numbered:
        depth, start = attribute(one, "ilvl"), _value(one, "start")
        if local_name(one) == "lvl" and depth.isdecimal():
            form = _FORMS.get(_value(one, "numFmt"), "1")
            levels[int(depth)] = Level(form, _value(one, "lvlText"), int(start) if start.isdecimal() else 1)
    return levels


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if local_name(child) == name), None)


def _value(element: Element, name: str) -> str:
    """Return the value that a child of an element states; empty if there is none."""
    child = _child(element, name)
    return "" if child is None else attribute(child, "val")


class _Walk:
    """Goes through a document and collects its blocks; text boxes come after the paragraph they are fixed to."""

    def __init__(self, styles: _Styles, numbers: _Numbers) -> None:
        self.collector = BlockCollector()
        self._styles = styles
        self._numbers = numbers
        self._boxes: list[Element] = []
        self._within = False  # a paragraph

    def go(self, element: Element) -> None:
        """Collect what an element shows."""
        tag = local_name(element)
        if tag in _UNSEEN or (tag == "r" and self._styles.hides(_child(element, "rPr"))):
            return
        if tag == "txbxContent" and self._within:
            self._boxes.append(element)
        elif tag == "p":
            self._paragraph(element)
        elif tag == "t":
            self.collector.add(element.text)
        elif tag in _TEXTS:
            self.collector.add(_TEXTS[tag])
        else:
            html = _HTML.get(tag, "")
            self.collector.open(html, html)
            self._all(element)
            self.collector.close(html)

    def _all(self, element: Element) -> None:
        for child in element:
            self.go(child)

    def _paragraph(self, element: Element) -> None:
        properties = _child(element, "pPr")
        level = self._styles.level(properties)
        listed, mark = self._numbers.mark(properties)
        html = f"h{level}" if level else "li" if listed else "p"
        self.collector.open(html, html, mark)
        if level and mark:
            self.collector.add(f"{mark} ")
        self._within = True
        self._all(element)
        self._within = False
        self.collector.close(html)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._all(box)


def _repeat_merged(root: Element) -> None:
    """Put what stands beside several rows of a table into each: a row by itself tells no more what it is about."""
    for table in root.iter("{*}tbl"):
        above: dict[int, Element] = {}
        for row in table.iterfind("{*}tr"):
            column = 0
            for cell in row.iterfind("{*}tc"):
                merged = cell.find("{*}tcPr/{*}vMerge")
                if merged is not None and attribute(merged, "val") != "restart" and column in above:
                    cell[:] = [deepcopy(one) for one in above[column]]
                elif merged is not None and is_label(cell):
                    above[column] = cell
                else:
                    above.pop(column, None)
                spans = _value(cell[0], "gridSpan") if len(cell) else ""
                column += int(spans) if spans.isdecimal() else 1


def _blocks(root: Element, styles: _Styles, numbers: _Numbers) -> list[TextBlock]:
    """Return the blocks below an element, in order."""
    _repeat_merged(root)
    walk = _Walk(styles, numbers)
    walk.go(root)
    walk.collector.finish_block()
    return walk.collector.blocks
