"""Which part of a page is its article: the element that holds it, what stands around it taken out.

trafilatura tells menus, comments and advertisements from an article, and loses some of its words: dates marked as
such, captions, boxes, lists in tables, a second article. So it says only where the article is; the part of the page
around all that it found is then read as it stands, without the menus and lists of links in it. Tried on the kinds of
pages in ``tests/reading/test_web_page.py``, this loses less than trafilatura or readability-lxml by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from rag.reading.block_collector import BLOCK_TAGS, INVISIBLE, blocks_below
from rag.reading.dialogs import close_dialogs
from rag.reading.element_sizes import FEWEST_WORDS, LINKED, MAIN, WORD, Sizes, is_sentence, on_one_line
from rag.reading.plain_text import LONGEST_BYLINE, is_byline
from rag.reading.pull_quotes import take_out_repeated
from rag.reading.teasers import take_out_teasers

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_RUN = 4  # words that follow each other
_ALIKE = 0.6  # of the runs of a paragraph
_AROUND = frozenset({"footer", "form"})
_NEVER = frozenset({"head", "nav", "button", "menu"})  # no part of an article even inside it
_ASKED_WHERE = frozenset({"button", "footer", "header", "aside"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary"})  # of an accordion, a button stands there
_PARTS = _HEADINGS - {"h1", "summary"}  # of an article, that these head
_TEXTS = frozenset({"h1", *_PARTS, "p", "ul", "ol", "dl", "blockquote", "figure", "table", "pre"})
_QUOTED = frozenset({"blockquote", "figure"})  # whose footer says who said it
_LISTS = frozenset({"ul", "ol", "div", "section", "aside", "table"})
_MOST_ADDED = 0.3  # of an article's own text, by what stands between it and its title
_TEASER = 0.25  # of the text of the longest of several articles; what is shorter only announces one
_LINKED_TITLE = ".//a[.//h1 or .//h2 or .//h3] | .//h1//a | .//h2//a | .//h3//a"  # of a teaser
_LONGEST_ITEM = 4  # words of a link, on average, in a list that belongs to a text; more are titles of other pages
_TAKES_ALONG = re.compile(r"mailto:\?|=https?(?::|%3a)", re.IGNORECASE)  # the address of this page, to pass it on
_LEAST_MAIN = 0.3  # of the paragraphs found, in what a page marks as its main part: more stand around it seldom
_FEWEST_BLOCKS = 2  # that trafilatura must find; fewer are a title or a guess


def article_part(tree: Element) -> Element:
    """Return the element of a page that holds its article, without what is no part of it.

    Of a page too short for trafilatura to tell its article from what surrounds it, everything but menus, footers and
    forms is taken; where most of a page stands in one of those, that one too.

    Args:
        tree: of the page, what its reader does not see removed; it is changed.
    """
    from trafilatura import bare_extraction

    body = tree.find("body")
    body = tree if body is None else body
    close_dialogs(body)
    document = bare_extraction(tree, include_comments=False)
    sizes = Sizes(body)
    told: set[Element] = set()
    if document is not None and len(document.body) >= _FEWEST_BLOCKS:
        found = {run for block in blocks_below(document.body) for run in _runs(block.text)}
        told = {block for block, words in _stretches(body) if _is_among(_runs(words), found)}
        told = _within_main(told, body) or told
    named = _named_otherwise(body) if told else set()
    part = _with_neighbours(_widened(_common(told), body, sizes, named), body, sizes, named) if told else body
    _take_out(part, told, named, sizes)
    take_out_repeated(part)
    take_out_teasers(part)
    return part


def _within_main(told: set[Element], body: Element) -> set[Element]:
    """Return of the blocks of an article those in what the page itself marks as its main part; none if few are."""
    for tag in MAIN[::-1]:
        marked = body.findall(f".//{tag}")
        if len(marked) == 1:
            inside = {block for block in told if marked[0] in (block, *block.iterancestors())}
            return inside if _LEAST_MAIN * len(told) <= len(inside) else set()
    return set()


def _named_otherwise(body: Element) -> set[Element]:
    """Return the blocks that, by what they are called, hold comments, advertisements, teasers or tools."""
    from trafilatura.xpaths import OVERALL_DISCARD_XPATH, REMOVE_COMMENTS_XPATH, TEASER_DISCARD_XPATH

    expressions = (*REMOVE_COMMENTS_XPATH, *OVERALL_DISCARD_XPATH, *TEASER_DISCARD_XPATH)
    return {element for expression in expressions for element in expression(body) if element.tag in BLOCK_TAGS}


def _stretches(tree: Element) -> Iterator[tuple[Element, str]]:
    """Yield each stretch of text between the begins and ends of blocks, with the block that it stands in.

    A paragraph is one; what stands beside the paragraphs of its block, in none of its own, is one too.
    """
    from lxml import etree

    around, words = [tree], [""]
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        block = element.tag in BLOCK_TAGS
        if block:
            yield around[-1], "".join(words)
            words = []
        if event == "start":
            around += [element] * block
            words.append(element.text or "")
        else:
            del around[len(around) - block :]
            words.append((element is not tree and element.tail) or "")


def _runs(text: str) -> list[tuple[str, ...]]:
    """Return the words of a text as runs that overlap; none of a text of few words."""
    words = WORD.findall(text.translate(INVISIBLE))  # some of which trafilatura leaves out
    return list(zip(*(words[at:] for at in range(_RUN)), strict=False)) if len(words) >= FEWEST_WORDS else []


def _is_among(runs: list[tuple[str, ...]], found: set[tuple[str, ...]]) -> bool:
    return bool(runs) and sum(run in found for run in runs) >= _ALIKE * len(runs)


def _common(elements: Iterable[Element]) -> Element:
    """Return the lowest element that holds all of some elements."""
    first, *others = elements
    path = [first, *first.iterancestors()]
    above_first = {above: at for at, above in enumerate(path)}
    lowest = 0
    for other in others:
        shared = (above_first[above] for above in (other, *other.iterancestors()) if above in above_first)
        lowest = max(lowest, next(shared))
    return path[lowest]


def _widened(part: Element, body: Element, sizes: Sizes, named: set[Element]) -> Element:
    """Return the element that holds an article with its head, and the other articles of the page."""
    part = next((above for above in (part, *part.iterancestors()) if above.tag in MAIN), part)
    if part.tag == "article":
        articles = [one for one in body.iter("article") if named.isdisjoint((one, *one.iterancestors()))]
        least = _TEASER * max(map(sizes.running, articles), default=0)
        whole = (one for one in articles if sizes.running(one) >= least and not one.xpath(_LINKED_TITLE))
        part = _common((part, *whole))
    most = (1 + _MOST_ADDED) * sizes.running(part)
    titles = body.findall(".//h1")
    wider = [_common((part, titles[0]))] if len(titles) == 1 else []
    wider += [above for above in part.iterancestors() if above.tag in MAIN]
    return next((one for one in reversed(wider) if sizes.running(one) <= most), part)


def _with_neighbours(part: Element, body: Element, sizes: Sizes, named: set[Element]) -> Element:
    """Return the part of an article with the headings, paragraphs, lists and tables that stand right beside it.

    Some pages put but most of their text into an element of its own. A page that marks its article or its main part
    says itself where that ends.

    Args:
        part: of a page; what else stands around it there is taken out.
        body: of the page.
        sizes: of its elements.
        named: its elements whose names tell that they are no part of an article.
    """
    while part is not body and part.tag not in MAIN:
        around, beside = part.getparent(), _beside(part, sizes, named)
        if beside or is_sentence(part.tail or ""):
            for other in [one for one in around if one is not part and one not in beside]:
                other.drop_tree()
            return around
        if len(around) > 1:
            break
        part = around
    return part


def _beside(part: Element, sizes: Sizes, named: set[Element]) -> list[Element]:
    """Return the blocks of text next to an element, before and after it; a heading goes with what it heads."""

    def is_text(one: Element) -> bool:
        if one in named or one.tag in _NEVER or sizes.linked[one] > LINKED * sizes.all[one]:
            return False
        bare = one.tag not in BLOCK_TAGS or (one.tag == "div" and is_sentence(on_one_line(one)))
        others = one.iter("button", "input", *BLOCK_TAGS - {one.tag})
        return one.tag in _TEXTS or (bare and next(others, None) is None)

    before = list(takewhile(is_text, part.itersiblings(preceding=True)))
    after = list(takewhile(is_text, part.itersiblings()))
    while after and after[-1].tag in _HEADINGS and (heads := after[-1].getnext()) is not None:
        if heads.tag in _NEVER | _AROUND:
            break
        after.pop()
    return [one for one in before + after if sizes.all[one]]


def _take_out(part: Element, told: set[Element], named: set[Element], sizes: Sizes) -> None:
    """Take out of a part of a page what belongs to no article, unless most of the text stands in it."""
    kept: set[Element] = set()
    for block in told:
        kept.update(takewhile(lambda above: above not in kept, (block, *block.iterancestors())))
    for main in () if told else part.iter(*MAIN):  # an article that is but a list of links
        lists = (one for one in main.iter(*_LISTS) if sizes.lists_links(one))
        kept.update(one for one in lists if 2 * sizes.all[one] > sizes.all[main])
    if (head := _head(part)) is not None:
        kept.update(head.iterancestors("header"))
    most = sizes.running(part) / 2
    running = told | {block.getparent() for block in told or part.iter("p")}
    gone: set[Element] = set()
    for element in list(part.iter("*")):
        if element is part or element in kept or sizes.running(element) > most or element in gone:
            continue
        around = element in named or _is_around(element, sizes, running, found=bool(told))
        if around and not (sizes.all[element] <= LONGEST_BYLINE and is_byline(on_one_line(element))):
            above = _heading_of(element, part)
            for one in [element, *([] if above is None else [above])]:
                gone.update(one.iter("*"))
                one.drop_tree()


def _heading_of(element: Element, part: Element) -> Element | None:
    """Return the heading right above an element of a part of a page that heads nothing else; None if there is none."""
    above, below = element.getprevious(), element
    if above is None or above.tag not in _PARTS or (above.tail or "").strip() or (element.tail or "").strip():
        return None
    while below is not part and below.getnext() is None:
        below = below.getparent()
    return above if below is part or below.getnext().tag in _PARTS else None


def _head(part: Element) -> Element | None:
    """Return the heading that is the title of a page, as it states it; None where its only one names the site."""
    titles = part.findall(".//h1")
    stated = " ".join((part.getroottree().findtext(".//head/title") or "").split())
    words = on_one_line(titles[0]) if len(titles) == 1 else ""
    return titles[0] if words and stated.startswith(words) else None


def _is_around(element: Element, sizes: Sizes, running: set[Element], *, found: bool) -> bool:
    """Say whether an element stands around an article or between its parts: menus, lists of links, forms."""
    inside = {above.tag for above in element.iterancestors()} if element.tag in _ASKED_WHERE else set()
    if element.tag in _NEVER or element.tag in _AROUND:
        return inside.isdisjoint(_HEADINGS if element.tag == "button" else _QUOTED)
    if element.tag in _LISTS and sizes.lists_links(element):
        return not _is_announced(element, running)
    if _announces_another(element, sizes, found=found):
        return True
    if element.tag not in {"header", "aside"}:
        return False
    outside = inside.isdisjoint(MAIN)
    return outside and not (found and element.tag == "aside" and element.getparent().tag != "body")


def _announces_another(element: Element, sizes: Sizes, *, found: bool) -> bool:
    """Say whether an element holds the linked title of another page and nothing but headings beside: "Lire aussi"."""
    if element.tag not in {"article", *_LISTS} or not sizes.links[element]:
        return False
    titles = [link for link in element.xpath(_LINKED_TITLE) if not link.get("href", "#").startswith("#")]
    headings = [one for one in element.iter(*_HEADINGS) if not sizes.links[one] and one.getparent().tag != "a"]
    inner = element.tag == "article" and next(element.iterancestors("article"), None) is not None
    headed = found and bool(headings)
    return bool(titles) and (inner or headed) and sizes.running(element) <= sum(sizes.all[one] for one in headings)


def _is_announced(element: Element, running: set[Element]) -> bool:
    """Say whether a list of links belongs to the text it stands in: a heading or a colon there announces it.

    Titles of other pages are longer than what a text lists, unless a sentence of it leads to them; what leads about in
    the page, or passes it on, is no list of a text.

    Args:
        element: that may be one.
        running: what the paragraphs of the text stand in.
    """
    while element.tag not in {"ul", "ol"} and len(element) == 1:
        element = element[0]
    outer = element
    while (above := outer.getparent()) is not None and len(above) == 1:
        outer = above
    before = outer.getprevious()
    if element.tag not in {"ul", "ol"} or before is None or above not in running:
        return False
    words = on_one_line(before)
    announced = before.tag in {*_PARTS, "summary"} or (before.tag in {"p", "div"} and words.endswith(":"))
    leads = [link.get("href", "") for link in element.iter("a")]
    about = all(lead.startswith("#") for lead in leads) or any(map(_TAKES_ALONG.search, leads))
    short = len(WORD.findall(on_one_line(element))) <= _LONGEST_ITEM * len(leads)
    return announced and not about and (short or len(WORD.findall(words)) >= FEWEST_WORDS)
