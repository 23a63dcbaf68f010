"""What a reader would see of a Word document (.docx), and what each stretch of it is.

The parts are those of Office Open XML (ECMA-376, part 1, chapter 17). What was deleted while changes were tracked, what
is hidden, and codes of fields are left out; notes come after the text, and the calls to them are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.reading.archive import Archive, attribute, local_name, stated_data
from rag.reading.block_collector import BlockCollector
from rag.reading.parsed_document import ParsedDocument, TextBlock, confirmed
from rag.reading.plain_text import document_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_UNSEEN = frozenset(
    {"del", "moveFrom", "Fallback", "delText", "instrText", "fldData", "pPr", "rPr", "sectPr", "tblPr", "rt"}
)
_TEXTS = {"tab": " ", "noBreakHyphen": "-", "ptab": " "}
_HTML = {"tbl": "table", "tr": "tr", "tc": "td", "br": "br", "cr": "br"}  # what parts are in HTML
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
    blocks = list(_blocks(archive.read_xml("word/document.xml"), styles))
    for part in _NOTES:
        if part in archive:
            notes = archive.read_xml(part)
            for note in notes:
                if attribute(note, "type") not in {"separator", "continuationSeparator", "continuationNotice"}:
                    blocks += _blocks(note, styles)
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

    def is_item(self, properties: Element | None) -> bool:
        """Say whether a paragraph is an item of a list."""
        if properties is None:
            return False
        numbers = (one.find(".//{*}numPr/{*}numId") for one in (properties, *self.chain(_value(properties, "pStyle"))))
        return next((attribute(one, "val") != "0" for one in numbers if one is not None), False)

    def hides(self, properties: Element | None) -> bool:
        """Say whether a run is hidden."""
        if properties is None:
            return False
        for one in (properties, *self.chain(_value(properties, "rStyle"))):
            hidden = next((found for found in one.iter("{*}vanish")), None)
            if hidden is not None:
                return attribute(hidden, "val").casefold() not in _OFF
        return False


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if local_name(child) == name), None)


def _value(element: Element, name: str) -> str:
    """Return the value that a child of an element states; empty if there is none."""
    child = _child(element, name)
    return "" if child is None else attribute(child, "val")


class _Walk:
    """Goes through a document and collects its blocks; text boxes come after the paragraph they are fixed to."""

    def __init__(self, styles: _Styles) -> None:
        self.collector = BlockCollector()
        self._styles = styles
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
        html = f"h{level}" if level else "li" if self._styles.is_item(properties) else "p"
        self.collector.open(html, html)
        self._within = True
        self._all(element)
        self._within = False
        self.collector.close(html)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._all(box)


def _blocks(root: Element, styles: _Styles) -> list[TextBlock]:
    """Return the blocks below an element, in order."""
    walk = _Walk(styles)
    walk.go(root)
    walk.collector.finish_block()
    return walk.collector.blocks
