"""What the marks of a page mean for its words: struck text, calls of notes, raised figures, readings of signs, layout.

A reader sees them by their look; a text has only characters for it. All is done before the blocks are collected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.block_collector import MARK
from rag.reading.formulas import FIGURES, RAISED, flatten_formulas
from rag.reading.frames import open_frames
from rag.reading.hidden import remove_unseen
from rag.reading.notes import take_out_calls
from rag.reading.numbering import written
from rag.reading.parsed_document import LONGEST_TITLE
from rag.reading.tables import plain_tables
from rag.reading.tabs import head_panels

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NOTHING: Mapping[str, str] = {}
STRUCK_TAGS = ("del", "s", "strike")
"""What was taken back: a reader sees that it does not hold, and a text has no sign for that."""

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_IN_HEADINGS = ("div", "p", "section", "header")
_TOOL = re.compile(r"\[[^\[\]]{1,60}\]")  # "[modifier | modifier le code]", of links
_GOES_ON = frozenset(",;:.!?)»”")
_QUOTES = {"fr": ("«\u00a0", "\u00a0»")}
_OTHER_QUOTES = ("“", "”")
_LONGEST_SIGN = 8  # characters of an emoji
_TOO_DEEP = "ERR_RESOURCE_LIMIT"  # as libxml2 calls it: 2,048 elements, each in another
_DATA = "application/ld+json"
_FORMS = frozenset({"1", "a", "A", "i", "I"})  # of the numbers of a list


def seen_page(text: str, *, data: bool = False, archived: Mapping[str, str] = _NOTHING) -> Element | None:
    """Return the tree of a page as its reader sees it, in words alone; None if it holds nothing but comments.

    Args:
        text: of the page.
        data: whether what the page tells machines of itself (JSON-LD) stays in its head, as ``script``.
        archived: address → page, of what was saved with the page.

    Raises:
        ArticleError: its elements are nested too deep, or its styles are too many.
    """
    tree = _parsed(text)
    if tree is None:
        return None
    open_frames(tree, _parsed, archived)
    _without_control_characters(tree)
    told = [script for script in tree.iter("script") if script.get("type", "").strip().lower() == _DATA]
    remove_unseen(tree)
    plain_markup(tree)
    if data and (head := tree.find("head")) is not None:
        for script in told:
            script.tail = None
            script.tag = "script"  # removing has given it another
            head.append(script)
    return tree


def _parsed(text: str) -> Element | None:
    """Return the tree of a page; None if it holds nothing but comments."""
    from lxml import html
    from lxml.etree import ParserError

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except ParserError:
        return None
    if any(error.type_name == _TOO_DEEP for error in parser.error_log):  # what stands deeper would be lost in silence
        raise ArticleError(
            "The elements of this page are nested too deep.", "save its text as a .txt file and add that"
        )
    return tree


def _without_control_characters(tree: Element) -> None:
    """Put U+FFFD for characters that a page names by their numbers and that no tree takes when it is changed."""
    for element in tree.iter():
        for place in ("text", "tail"):
            words = getattr(element, place)
            if words and _CONTROL.search(words):
                setattr(element, place, _CONTROL.sub("\ufffd", words))


def plain_markup(tree: Element) -> None:
    """Change a page so that its words alone say what its marks say.

    Struck text and calls of notes ("2021" with a raised "2" that leads to a note) are taken out; raised figures become
    raised characters, the reading of a sign stands behind it in brackets, items that a browser numbers have their
    number as ``mark``, boxes that nobody can tick are characters, quotations have their marks, headings no tools. The
    words of a tab head its panel, a cell beside several rows stands in each of them, and tables that lay out a page
    are none.
    """
    from lxml.etree import strip_elements

    strip_elements(tree, *STRUCK_TAGS, "rp", "annotation", "annotation-xml", with_tail=False)
    take_out_calls(tree)
    for tool in filter(_is_tool, list(tree.iter("a", "span"))):
        tool.drop_tree()
    flatten_formulas(tree)
    head_panels(tree)
    for heading in tree.iter(*_HEADINGS):
        _put_into_one(heading)
    for tag, change in (("sup", _raise), ("rt", _put_in_brackets), ("q", _quote), ("img", _show_sign)):
        for element in tree.iter(tag):
            change(element)
    for box in filter(_is_of_a_list, list(tree.iter("input"))):
        box.tag, box.text = "span", ("☐ " if box.get("checked") is None else "☑ ")
    for control in filter(_is_word, list(tree.iter("button"))):
        control.tag = "span"
    _number_lists(tree)
    plain_tables(tree)


def _put_into_one(heading: Element) -> None:
    """Make lines of the blocks in a heading, so that each is part of it."""
    blocks = list(heading.iter(*_IN_HEADINGS))
    if blocks and sum(map(len, heading.itertext())) <= LONGEST_TITLE:
        for block in blocks:
            before = block.getprevious()
            if before is not None or (block.getparent().text or "").strip():
                block.addprevious(block.makeelement("br"))
            block.tag = "span"


def _put_in_brackets(reading: Element) -> None:
    """Put the reading of a sign into brackets behind it."""
    words = "".join(reading.itertext()).strip()
    for child in list(reading):
        reading.remove(child)
    reading.text = f" ({words})" if words else ""


def _quote(quoted: Element) -> None:
    """Put the marks around a quotation that a browser shows there."""
    language = next((one.get("lang") for one in (quoted, *quoted.iterancestors()) if one.get("lang")), "")
    opening, closing = _QUOTES.get(language[:2].lower(), _OTHER_QUOTES)
    quoted.text = opening + (quoted.text or "")
    if len(quoted):
        quoted[-1].tail = (quoted[-1].tail or "") + closing
    else:
        quoted.text += closing


def _is_of_a_list(box: Element) -> bool:
    """Say whether a box is one that nobody can tick, before an item of a list."""
    is_fixed = box.get("type") == "checkbox" and box.get("disabled") is not None
    return is_fixed and next(box.iterancestors("li"), None) is not None


def _show_sign(picture: Element) -> None:
    """Make a character of a picture of one, as pages show emojis."""
    sign = picture.get("alt", "").strip()
    if sign and len(sign) <= _LONGEST_SIGN and not sign.isascii() and not any(map(str.isalnum, sign)):
        picture.tag, picture.text = "span", sign


def _is_word(control: Element) -> bool:
    """Say whether a button is words of a sentence, which is told about them where it is pressed: the text goes on."""
    before = control.getprevious()
    around = control.getparent().text if before is None else before.tail
    after = (control.tail or "").lstrip()
    goes_on = after[:1].islower() or after[:1] in _GOES_ON or any(map(str.isalpha, around or ""))
    return any(map(str.isalpha, "".join(control.itertext()))) and bool(after) and goes_on and after[:1] not in "|·•/"


def _is_tool(element: Element) -> bool:
    """Say whether an element is no words of a text but leads about in its page: "¶", "↑", "[modifier | code]"."""
    words = "".join(element.itertext()).strip()
    if element.tag == "a":
        leads_about = element.get("href", "").startswith("#") or any(
            one.tag in _HEADINGS for one in element.iterancestors()
        )
        return leads_about and not any(map(str.isalnum, words))
    links = list(element.iter("a"))
    linked = sum(len("".join(link.itertext())) for link in links)
    return bool(links and _TOOL.fullmatch(words)) and 2 * linked > len(words)


def _number_lists(tree: Element) -> None:
    """Give the items of each list of a page what a browser shows before them; a page's own word for it is none."""
    for item in tree.iter("li"):
        item.attrib.pop(MARK, None)
    for numbered in tree.iter("ol"):
        _number(numbered)


def _number(numbered: Element) -> None:
    """Give the items of a list the numbers or letters that a browser shows before them."""
    items, form = list(numbered.iterchildren("li")), numbered.get("type", "1").strip()
    backwards = numbered.get("reversed") is not None
    start = numbered.get("start", "")
    number = int(start) if _NUMBER.fullmatch(start) else len(items) if backwards else 1
    for item in items:
        value = item.get("value", "")
        number = int(value) if _NUMBER.fullmatch(value) else number
        item.set(MARK, f"{written(number, form if form in _FORMS else '1')}.")
        number += -1 if backwards else 1


def _raise(raised: Element) -> None:
    """Make raised characters of the figures in a raised element."""
    words = "".join(raised.itertext()).strip()
    if FIGURES.fullmatch(words):
        for child in list(raised):
            raised.remove(child)
        raised.text = words.translate(RAISED)
