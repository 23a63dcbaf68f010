"""What a reader would see of the article on a web page, and what each stretch of it is.

Scripts and elements hidden from the reader are left out before anything else looks, since what a reader cannot see must
not be quoted to them, nor tell a model what to do. Nothing is run or fetched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.reading.article_part import article_part
from rag.reading.block_collector import BLOCK_TAGS, blocks_below
from rag.reading.page_markup import seen_page
from rag.reading.parsed_document import ParsedDocument
from rag.reading.plain_text import document_of, stands_alone

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ELSEWHERE = frozenset({"aside", "nav", "footer"})


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
    _keep_dates_of_the_page(tree)
    metadata = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True})
    title = _whole_title(metadata.title or "", tree)
    document = document_of(blocks_below(article_part(tree)), title=title, date=metadata.date or "")
    return replace(document, author=metadata.author or "", publisher=metadata.sitename or "")


def _whole_title(title: str, tree: Element) -> str:
    """Return a title as the page states it: trafilatura takes what stands before a colon for all of it."""
    stated = " ".join((tree.findtext(".//head//title") or "").split())
    return stated if title != stated and title in map(str.strip, stated.split(":")) else title


def _keep_dates_of_the_page(tree: Element) -> None:
    """Make words of the dates that are not the page's own: within sentences, those of events; in links, of other pages.

    The page's own stands by itself, perhaps as a link to the page.
    """
    words: dict[Element, str] = {}  # of what many of them may stand in
    for time in list(tree.iter("time")):
        above = list(time.iterancestors())
        block = next((one for one in above if one.tag in BLOCK_TAGS), time)
        links = [one for one in above if one.tag == "a"]
        for one in {time, block, *links}.difference(words):
            words[one] = " ".join("".join(one.itertext()).split())
        stated = time.get("itemprop") is not None or time.get("pubdate") is not None
        linked = any(words[one] != words[time] for one in links)
        if linked or not (_ELSEWHERE.isdisjoint(one.tag for one in above) and (stated or stands_alone(words[block]))):
            time.tag = "span"
