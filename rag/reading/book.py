"""What a reader would see of a book (.epub), chapter by chapter in the order it is read.

The parts are those of EPUB 3.3 (W3C), which holds the earlier ones: a package names the chapters, which are pages of
XHTML. The table of contents for machines is left out.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rag.language.dates import iso_date
from rag.reading.archive import Archive, attribute, stated_data
from rag.reading.block_collector import blocks_below
from rag.reading.decoding import decode
from rag.reading.page_markup import seen_page
from rag.reading.parsed_document import ParsedDocument, TextBlock
from rag.reading.plain_text import document_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})


def parse_book(data: bytes, name: str) -> ParsedDocument:
    """Return the document of an .epub file.

    Args:
        data: the file.
        name: of the file, for errors.

    Raises:
        ArticleError: it is damaged, locked or too large.
    """
    archive = Archive(data, name)
    package = next((attribute(one, "full-path") for one in archive.read_xml(_CONTAINER).iter("{*}rootfile")), "")
    locked = _locked(archive)
    blocks: list[TextBlock] = []
    for chapter in _chapters(archive.read_xml(package), posixpath.dirname(package)):
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
    return {unquote(attribute(one, "URI")) for one in archive.read_xml(_ENCRYPTION).iter("{*}CipherReference")}


def _chapters(package: Element, folder: str) -> list[str]:
    """Return the parts that are read, in order."""
    items = {attribute(one, "id"): one for one in package.iter("{*}item")}
    chapters = []
    for reference in package.iter("{*}itemref"):
        item = items.get(attribute(reference, "idref"))
        if item is None or attribute(item, "media-type") not in _PAGES:
            continue
        if "nav" not in attribute(item, "properties").split() and attribute(reference, "linear") != "no":
            chapters.append(posixpath.normpath(posixpath.join(folder, unquote(attribute(item, "href")))))
    return chapters


def _blocks(data: bytes) -> list[TextBlock]:
    """Return the blocks of a chapter."""
    tree = seen_page(decode(data) or "")
    if tree is None:
        return []
    for head in tree.xpath("//head"):
        head.drop_tree()
    return blocks_below(tree)
