"""What a reader would see of a Word document (.docx), and what each stretch of it is.

The parts are those of Office Open XML (ECMA-376, part 1, chapter 17). What was deleted while changes were tracked, what
is hidden, and codes of fields are left out; notes come after the text, and the calls to them are left out. Items and
headings have the numbers that Word shows before them, raised figures are raised characters.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.reading.archive import Archive, attribute, local_name, stated_data
from rag.reading.block_collector import BlockCollector, blocks_below
from rag.reading.decoding import decode
from rag.reading.formulas import words_raised
from rag.reading.page_markup import seen_page
from rag.reading.parsed_document import ParsedDocument, TextBlock, confirmed
from rag.reading.plain_text import document_of
from rag.reading.symbol_fonts import sign_of
from rag.reading.tables import is_label
from rag.reading.web_archive import is_web_archive, page_in_archive
from rag.reading.word_package import WordPackage
from rag.reading.word_styles import Numbers, Styles, child, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_UNSEEN = frozenset(
    {"del", "moveFrom", "Fallback", "delText", "instrText", "fldData", "pPr", "rPr", "sectPr", "tblPr", "rt"}
)
_SIGNS: dict[str, Callable[[Element], str]] = {
    "t": lambda element: element.text or "",
    "tab": lambda _: " ",
    "ptab": lambda _: " ",
    "noBreakHyphen": lambda _: "-",
    "sym": lambda element: sign_of(attribute(element, "font"), _code(attribute(element, "char"))),
}
"""What parts of a run show."""
_HTML = {"tbl": "table", "tr": "tr", "tc": "td", "br": "br", "cr": "br"}  # what parts are in HTML
_NOTES = ("footnotes", "endnotes")


def parse_word_document(data: bytes, name: str) -> ParsedDocument:
    """Return the document of a .docx file; a title it states counts where its beginning says it too.

    Args:
        data: the file.
        name: of the file, for errors.

    Raises:
        ArticleError: it is damaged, locked or too large.
    """
    archive = Archive(data, name)
    package = WordPackage(archive)
    styles = Styles(package.read("styles"))
    numbers = Numbers(package.read("numbering"), styles)
    blocks = _blocks(archive.read_xml(package.main), styles, numbers, package)
    for kind in _NOTES:
        notes = package.read(kind)
        for note in () if notes is None else notes:
            if attribute(note, "type") not in {"separator", "continuationSeparator", "continuationNotice"}:
                blocks += _blocks(note, styles, numbers, package)
    stated = stated_data(archive, "docProps/core.xml")
    document = document_of(blocks, title=confirmed(stated.get("title", ""), blocks))
    return replace(document, author=confirmed(stated.get("creator", ""), blocks))


class _Walk:
    """Goes through a document and collects its blocks; text boxes come after the paragraph they are fixed to."""

    def __init__(self, styles: Styles, numbers: Numbers, package: WordPackage) -> None:
        self.collector = BlockCollector()
        self._styles = styles
        self._numbers = numbers
        self._package = package
        self._boxes: list[Element] = []
        self._within = False  # a paragraph
        self._goes_on = False  # the paragraph before: its end was deleted
        self._codes: list[bool] = []  # of each field that is open: whether its code is told, and not what it shows
        self._raised = False

    def go(self, element: Element) -> None:
        """Collect what an element shows."""
        tag = local_name(element)
        if tag in _UNSEEN or (tag == "r" and self._styles.hides(child(element, "rPr"))):
            return
        if tag == "txbxContent" and self._within:
            self._boxes.append(element)
        elif tag == "p":
            self._paragraph(element)
        elif tag in {"r", "sup"}:
            before = self._raised
            self._raised = before or tag == "sup" or self._styles.raises(child(element, "rPr"))
            self._all(element)
            self._raised = before
        elif tag == "fldChar":
            self._field(attribute(element, "fldCharType"))
        elif tag in _SIGNS:
            self._add(_SIGNS[tag](element))
        elif tag == "altChunk":
            self.collector.finish_block()
            self.collector.blocks += _page_within(self._package.bytes_of(attribute(element, "id")))
        elif tag == "f":
            self._fraction(element)
        else:
            html = _HTML.get(tag, "")
            self.collector.open(html, html)
            self._all(element)
            self.collector.close(html)

    def _all(self, element: Element) -> None:
        for one in element:
            self.go(one)

    def _add(self, text: str) -> None:
        """Add text that is seen: none of a field's code is."""
        if not any(self._codes):
            self.collector.add(words_raised(text) if self._raised else text)

    def _field(self, event: str) -> None:
        """Begin a field, end its code or end it."""
        if event == "begin":
            self._codes.append(True)
        elif self._codes:
            self._codes[-1] = False
            if event == "end":
                self._codes.pop()

    def _fraction(self, element: Element) -> None:
        """Collect a fraction of a formula: a half is no 12."""
        for name, sign in (("num", "/"), ("den", "")):
            part = child(element, name)
            if part is not None:
                self._all(part)
                self._add(sign)

    def _paragraph(self, element: Element) -> None:
        properties = child(element, "pPr")
        level = self._styles.level(properties)
        listed, mark = self._numbers.mark(properties)
        html = f"h{level}" if level else "li" if listed else "p"
        if not self._goes_on:
            self.collector.open(html, html, mark)
            if level and mark:
                self.collector.add(f"{mark} ")
        self._within = True
        self._all(element)
        self._within = False
        self._codes = [False] * len(self._codes)  # a code ends with its paragraph, in a file that is not whole too
        self._goes_on = properties is not None and properties.find("{*}rPr/{*}del") is not None
        if self._goes_on:
            return
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


def _code(written: str) -> int:
    """Return the place that a document writes in hexadecimal digits; 0 if it does not."""
    try:
        return int(written, 16)
    except ValueError:
        return 0


def _page_within(data: bytes) -> list[TextBlock]:
    """Return the blocks of a page that a document holds as it is, where a program has made it of one."""
    text = (page_in_archive(data)[0] if is_web_archive(data) else decode(data)) or ""
    tree = seen_page(text) if text.strip() else None
    if tree is None:
        return []
    for head in tree.xpath("//head"):
        head.drop_tree()
    return blocks_below(tree)


def _blocks(root: Element, styles: Styles, numbers: Numbers, package: WordPackage) -> list[TextBlock]:
    """Return the blocks below an element, in order."""
    _repeat_merged(root)
    walk = _Walk(styles, numbers, package)
    walk.go(root)
    walk.collector.finish_block()
    return walk.collector.blocks
