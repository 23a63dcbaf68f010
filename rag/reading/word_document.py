"""What a reader would see of a Word document (.docx), and what each stretch of it is.

The parts are those of Office Open XML (ECMA-376, part 1, chapter 17). What was deleted while changes were tracked, what
is hidden, and codes of fields are left out; notes come after the text, and the calls to them are left out. Items and
headings have the numbers that Word shows before them.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.reading.archive import Archive, attribute, local_name, stated_data
from rag.reading.block_collector import BlockCollector
from rag.reading.parsed_document import ParsedDocument, TextBlock, confirmed
from rag.reading.plain_text import document_of
from rag.reading.tables import is_label
from rag.reading.word_styles import Numbers, Styles, child, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_UNSEEN = frozenset(
    {"del", "moveFrom", "Fallback", "delText", "instrText", "fldData", "pPr", "rPr", "sectPr", "tblPr", "rt"}
)
_TEXTS = {"tab": " ", "noBreakHyphen": "-", "ptab": " "}
_HTML = {"tbl": "table", "tr": "tr", "tc": "td", "br": "br", "cr": "br"}  # what parts are in HTML
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")


def parse_word_document(data: bytes, name: str) -> ParsedDocument:
    """Return the document of a .docx file; a title it states counts where its beginning says it too.

    Args:
        data: the file.
        name: of the file, for errors.

    Raises:
        ArticleError: it is damaged, locked or too large.
    """
    archive = Archive(data, name)
    styles = Styles(archive)
    numbers = Numbers(archive, styles)
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


class _Walk:
    """Goes through a document and collects its blocks; text boxes come after the paragraph they are fixed to."""

    def __init__(self, styles: Styles, numbers: Numbers) -> None:
        self.collector = BlockCollector()
        self._styles = styles
        self._numbers = numbers
        self._boxes: list[Element] = []
        self._within = False  # a paragraph

    def go(self, element: Element) -> None:
        """Collect what an element shows."""
        tag = local_name(element)
        if tag in _UNSEEN or (tag == "r" and self._styles.hides(child(element, "rPr"))):
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
        for one in element:
            self.go(one)

    def _paragraph(self, element: Element) -> None:
        properties = child(element, "pPr")
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
                spans = value(cell[0], "gridSpan") if len(cell) else ""
                column += int(spans) if spans.isdecimal() else 1


def _blocks(root: Element, styles: Styles, numbers: Numbers) -> list[TextBlock]:
    """Return the blocks below an element, in order."""
    _repeat_merged(root)
    walk = _Walk(styles, numbers)
    walk.go(root)
    walk.collector.finish_block()
    return walk.collector.blocks
