"""What a reader would see of the article on a web page, and what each stretch of it is.

Scripts and elements hidden from the reader are left out before anything else looks, since what a reader cannot see must
not be quoted to them, nor tell a model what to do. Nothing is run or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.article_part import article_part
from rag.reading.block_collector import BLOCK_TAGS, blocks_below
from rag.reading.page_markup import seen_page
from rag.reading.parsed_document import ParsedDocument, TextBlock
from rag.reading.plain_text import document_of, stands_alone

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NOTHING: Mapping[str, str] = {}
_BYLINE = re.compile(r"(?:par|by)\s+(?=\S)", re.IGNORECASE)  # before a name
_SITE = re.compile(r"\s[|·–\u2014-]\s")  # before the name of the site, behind a page's title
_ELSEWHERE = frozenset({"aside", "nav", "footer", "table"})  # where dates are not the page's own


def parse_html(text: str, archived: Mapping[str, str] = _NOTHING) -> ParsedDocument:
    """Return the document of a page.

    Title and date come from its metadata, else from its text; author and publisher from its metadata only.

    Args:
        text: of the page.
        archived: address → page, of what was saved with the page and may be shown in its frames.

    Raises:
        ArticleError: it holds nothing but a title, its elements are nested too deep, or its styles are too many.
    """
    from lxml.etree import strip_elements
    from trafilatura import extract_metadata

    tree = seen_page(text, data=True, archived=archived)
    if tree is None:
        return ParsedDocument("", ())
    _keep_dates_of_the_page(tree)
    metadata = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True})
    title, guessed = _whole_title(metadata.title or "", tree), _guessed(metadata.title or "", tree)
    strip_elements(tree, "script", with_tail=False)
    blocks = blocks_below(article_part(tree))
    title = "" if guessed and not _opens(title, blocks) else title
    document = document_of(blocks, title=title, date=metadata.date or "")
    if document.blocks and all(block.kind == "title" for block in document.blocks):
        raise ArticleError(
            "This page holds nothing but a title: its text is fetched by a script, or shown in a frame.",
            "save its text as a .txt file and add that",
        )
    author = _BYLINE.sub("", metadata.author or "", count=1)
    return replace(document, author=author, publisher=metadata.sitename or "")


def _whole_title(title: str, tree: Element) -> str:
    """Return a title as the page states it.

    trafilatura takes what stands before a colon for all of it, and the only heading of level 1 for the title, though it
    may name the site.
    """
    stated = " ".join((tree.findtext(".//head//title") or "").split())
    if title != stated and title in map(str.strip, stated.split(":")):
        return stated
    own, *names = _SITE.split(stated, maxsplit=1)
    headings = map(_words, tree.iter("h2", "h3"))
    return own if [title] == names and own in headings else title


def _guessed(title: str, tree: Element) -> bool:
    """Say whether a title is but a heading of level 2: trafilatura takes the first where a page states no title."""
    head = tree.find(".//head")
    stated = () if head is None else (*head.itertext(), *head.xpath(".//meta/@content"))
    known = any(title in one for one in (*stated, *map(_words, tree.iter("h1"))))
    return not known and title in map(_words, tree.iter("h2"))


def _opens(title: str, blocks: Sequence[TextBlock]) -> bool:
    """Say whether a title stands among the blocks of an article before any paragraph."""
    before = list(takewhile(lambda block: " ".join(block.text.split()) != title, blocks))
    return len(before) < len(blocks) and all(block.kind != "paragraph" for block in before)


def _words(element: Element) -> str:
    """Return the text of an element on one line."""
    return " ".join("".join(element.itertext()).split())


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
            words[one] = _words(one)
        stated = time.get("itemprop") is not None or time.get("pubdate") is not None
        linked = any(words[one] != words[time] for one in links)
        if linked or not (_ELSEWHERE.isdisjoint(one.tag for one in above) and (stated or stands_alone(words[block]))):
            time.tag = "span"
