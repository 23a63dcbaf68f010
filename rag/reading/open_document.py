"""What a reader would see of an OpenDocument text (.odt), and what each stretch of it is.

The parts are those of OpenDocument (OASIS, version 1.3, part 3, chapters 4 to 9). What was deleted while changes were
tracked, remarks and hidden text are left out; notes come after the text, and the calls to them are left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.reading.archive import Archive, attribute, local_name, stated_data
from rag.reading.block_collector import BlockCollector
from rag.reading.parsed_document import ParsedDocument, confirmed
from rag.reading.plain_text import document_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_UNSEEN = frozenset(
    {
        *(
            "tracked-changes",
            "annotation",
            "annotation-end",
            "hidden-text",
            "hidden-paragraph",
            "forms",
            "note-citation",
        ),
        *("sequence-decls", "variable-decls", "user-field-decls", "ruby-text", "title", "desc", "script"),
    }
)
_HTML = {"table": "table", "table-row": "tr", "table-cell": "td", "line-break": "br", "list-item": "li"}
_WITH_TEXT = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset({"span", "a", "ruby", "ruby-base", "meta-field", "bookmark-ref", "reference-ref", "date", "time"})
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
    walk = _Walk(titles)
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

    def __init__(self, titles: set[str]) -> None:
        self.collector = BlockCollector()
        self.notes: list[Element] = []
        self._titles = titles

    def go(self, element: Element) -> None:
        """Collect what an element shows, without what follows it."""
        tag = local_name(element)
        if not tag or tag in _UNSEEN:
            return
        if tag == "note-body" and element not in self.notes:
            self.notes.append(element)
            return
        if tag == "s":
            count = attribute(element, "c")
            self.collector.add(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1))
        elif tag == "tab":
            self.collector.add(" ")
        html = self._html(tag, element)
        self.collector.open(html, html)
        shown = html in _WITH_TEXT or tag in _INLINE
        self.collector.add(element.text if shown else None)
        for child in element:
            self.go(child)
            self.collector.add(child.tail if shown else None)
        self.collector.close(html)

    def _html(self, tag: str, element: Element) -> str:
        """Return the tag of HTML that an element is; empty for none."""
        if tag == "h":
            level = attribute(element, "outline-level")
            return f"h{min(6, 1 + int(level))}" if level.isdecimal() else "h2"
        if tag == "p":
            return "h1" if attribute(element, "style-name") in self._titles else "p"
        return _HTML.get(tag, "")
