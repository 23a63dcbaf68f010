"""What a reader would see of a book (.epub), chapter by chapter in the order it is read.

The parts are those of EPUB 3.3 (W3C), which holds the earlier ones: a package names the chapters, which are pages of
XHTML. The table of contents for machines is left out, and so are calls of notes and the numbers of printed pages, which
readers of books do not show. What stands aside of the order, as notes do, comes after the chapters.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rag.language.dates import iso_date
from rag.reading.archive import Archive, attribute, stated_data
from rag.reading.block_collector import blocks_below
from rag.reading.decoding import decode
from rag.reading.notes import calls_a_note
from rag.reading.page_markup import seen_page
from rag.reading.parsed_document import ParsedDocument, TextBlock
from rag.reading.plain_text import document_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"})
_SUFFIXES = (".xhtml", ".html", ".htm")  # of pages that are called something else
_PAGE_NUMBER = re.compile(r"(?:p\.|page)?\s?(?:\d{1,5}|[ivxlc]{1,8})", re.IGNORECASE)


def parse_book(data: bytes, name: str) -> ParsedDocument:
    """Return the document of an .epub file.

    Args:
        data: the file.
        name: of the file, for errors.

    Raises:
        ArticleError: it is damaged, locked or too large.
    """
    archive = Archive(data, name)
    package = next(
        (attribute(one, "full-path") for one in archive.read_xml(_CONTAINER, lenient=True).iter("{*}rootfile")), ""
    )
    locked = _locked(archive)
    blocks: list[TextBlock] = []
    for chapter in _chapters(archive.read_xml(package, lenient=True), posixpath.dirname(package)):
        if chapter in locked:
            raise archive.locked()
        if chapter in archive:
            blocks += _blocks(archive.read(chapter))
    stated = stated_data(archive, package)
    date = iso_date(stated.get("date", ""))
    document = document_of(blocks, title=stated.get("title", ""), date=date)
    return replace(document, author=stated.get("creator", ""), publisher=stated.get("publisher", ""))


def _locked(archive: Archive) -> set[str]:
    """Return the parts that only a key opens; fonts are often among them, and do not matter."""
    if _ENCRYPTION not in archive:
        return set()
    return {
        unquote(attribute(one, "URI")) for one in archive.read_xml(_ENCRYPTION, lenient=True).iter("{*}CipherReference")
    }


def _chapters(package: Element, folder: str) -> list[str]:
    """Return the parts that are read, in order."""
    items = {attribute(one, "id"): one for one in package.iter("{*}item")}
    chapters: list[str] = []
    aside: list[str] = []
    for reference in package.iter("{*}itemref"):
        item = items.get(attribute(reference, "idref"))
        if item is None or not _is_page(item) or "nav" in attribute(item, "properties").split():
            continue
        part = posixpath.normpath(posixpath.join(folder, unquote(attribute(item, "href"))))
        (aside if attribute(reference, "linear") == "no" else chapters).append(part)
    return chapters + aside


def _is_page(item: Element) -> bool:
    """Say whether a part is a page, by its type or its name."""
    return attribute(item, "media-type") in _PAGES or attribute(item, "href").lower().endswith(_SUFFIXES)


def _blocks(data: bytes) -> list[TextBlock]:
    """Return the blocks of a chapter."""
    tree = seen_page(decode(data) or "")
    if tree is None:
        return []
    for head in tree.xpath("//head"):
        head.drop_tree()
    for element in list(tree.iter("span", "a", "div", "p", "hr")):
        if _is_unseen(element):
            element.drop_tree()
    return blocks_below(tree)


def _is_unseen(element: Element) -> bool:
    """Say whether an element is the call of a note or the number of a printed page, which stand within sentences."""
    roles = {*element.get("epub:type", "").split(), element.get("role", "").removeprefix("doc-")}
    words = " ".join("".join(element.itertext()).split())
    if "pagebreak" in roles:
        return not words or _PAGE_NUMBER.fullmatch(words) is not None
    return "noteref" in roles and calls_a_note(words)
