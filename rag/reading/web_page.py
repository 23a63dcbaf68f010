"""What a reader would see of the article on a web page, and what each stretch of it is.

Scripts and elements hidden from the reader are left out before anything else looks, since what a reader cannot see must
not be quoted to them, nor tell a model what to do. Nothing is run or fetched.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.reading.article_part import article_part
from rag.reading.block_collector import blocks_below
from rag.reading.page_markup import seen_page
from rag.reading.parsed_document import ParsedDocument
from rag.reading.plain_text import document_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_COLON = re.compile(r"\s*:\s+")


def parse_html(text: str) -> ParsedDocument:
    """Return the document of a page.

    Title and date come from its metadata, else from its text; author and publisher from its metadata only.

    Raises:
        ArticleError: its elements are nested too deep, or its styles are too many.
    """
    from trafilatura import extract_metadata

    tree = seen_page(text)
    if tree is None:
        return ParsedDocument("", ())
    metadata = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True})
    title = _whole_title(metadata.title or "", tree)
    document = document_of(blocks_below(article_part(tree)), title=title, date=metadata.date or "")
    return replace(document, author=metadata.author or "", publisher=metadata.sitename or "")


def _whole_title(title: str, tree: Element) -> str:
    """Return a title as the page states it: trafilatura takes what stands before a colon for all of it."""
    stated = " ".join((tree.findtext(".//head//title") or "").split())
    return stated if title != stated and title in _COLON.split(stated) else title
