"""What the marks of a page mean for its words: struck text, calls of notes, raised figures, readings of signs, layout.

A reader sees them by their look; a text has only characters for it. All is done before the blocks are collected.
"""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import islice
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.hidden import remove_unseen
from rag.reading.tabs import head_panels

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

STRUCK_TAGS = ("del", "s", "strike")
"""What was taken back: a reader sees that it does not hold, and a text has no sign for that."""

RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_FIGURES = re.compile(r"[-+]?\d{1,9}")
_CALL = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]{1,2}|[ivx]{1,5}|[*†‡§¶]{1,4}|(?:note|n\.)\s?\d{1,3})[\])]?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CALL = 12  # characters
_LAID_OUT = "p[2]|h1|h2|h3|h4|h5|h6|table|article|section"
"""What stands in a cell only where a table lays out a page."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TOOL = re.compile(r"\[[^\[\]]{1,60}\]")  # "[modifier | modifier le code]", of links
_QUOTES = {"fr": ("«\u00a0", "\u00a0»")}
_OTHER_QUOTES = ("“", "”")
_LONGEST_SIGN = 8  # characters of an emoji
_PARTS = 2  # of a power, and of a fraction
_LONGEST_CELL = 600  # characters; what is longer is no cell of a table that tells data
_TOO_DEEP = "ERR_RESOURCE_LIMIT"  # as libxml2 calls it: 2,048 elements, each in another
_LONGEST_LABEL = 100  # characters and elements; what is longer and stands beside several rows is no label of them
_MOST_SPANNED = 1_000  # cells that a table may have again in other rows
_DATA = "application/ld+json"
_TABLE_TAGS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")


def seen_page(text: str, *, data: bool = False) -> Element | None:
    """Return the tree of a page as its reader sees it, in words alone; None if it holds nothing but comments.

    Args:
        text: of the page.
        data: whether what the page tells machines of itself (JSON-LD) stays in its head, as ``script``.

    Raises:
        ArticleError: its elements are nested too deep, or its styles are too many.
    """
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
    number as ``value``, boxes that nobody can tick are characters, quotations have their marks, headings no tools. The
    words of a tab head its panel, a cell beside several rows stands in each of them, and tables that lay out a page
    are none.
    """
    from lxml.etree import strip_elements

    strip_elements(tree, *STRUCK_TAGS, "rp", "annotation", "annotation-xml", with_tail=False)
    _flatten_formulas(tree)
    head_panels(tree)
    for raised in list(tree.iter("sup")):
        _lower(raised)
    for reading in tree.iter("rt"):
        _put_in_brackets(reading)
    for quoted in tree.iter("q"):
        _quote(quoted)
    for picture in tree.iter("img"):
        _show_sign(picture)
    for box in filter(_is_of_a_list, list(tree.iter("input"))):
        box.tag, box.text = "span", ("☐ " if box.get("checked") is None else "☑ ")
    for tool in filter(_is_tool, list(tree.iter("a", "span"))):
        tool.drop_tree()
    for numbered in tree.iter("ol"):
        _number(numbered)
    for table in list(tree.iter("table")):
        if _lays_out(table):
            _dissolve(table)
        else:
            _repeat_spanning(table)


def _flatten_formulas(tree: Element) -> None:
    """Tell powers and fractions of MathML from figures side by side: 10 to the third is no 103, and a half no 12."""
    for power in tree.iter("msup"):
        if len(power) == _PARTS:
            _lower(power[1])
    for fraction in tree.iter("mfrac"):
        if len(fraction) == _PARTS:
            fraction[0].tail = "/"


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


def _number(numbered: Element) -> None:
    """Give the items of a list the numbers that a browser shows before them."""
    if numbered.get("type", "1") != "1" or numbered.get("reversed") is not None:
        return
    start = numbered.get("start", "")
    number = int(start) if _NUMBER.fullmatch(start) else 1
    for item in numbered.iterchildren("li"):
        value = item.get("value", "")
        number = int(value) if _NUMBER.fullmatch(value) else number
        item.set("value", str(number))
        number += 1


def _lower(raised: Element) -> None:
    """Take out a raised element that calls a note, or make raised characters of its figures."""
    words = "".join(raised.itertext()).strip()
    links = [link for link in (*raised.iter("a"), *raised.iterancestors("a")) if link.get("href") or link.get("id")]
    if len(words) <= _LONGEST_CALL and any(_leads_to_note(link) for link in links) and _CALL.fullmatch(words):
        raised.drop_tree()
    elif _FIGURES.fullmatch(words):
        for child in list(raised):
            raised.remove(child)
        raised.text = words.translate(RAISED)


def _leads_to_note(link: Element) -> bool:
    """Say whether a link leads to a place in its own page."""
    return "#" in link.get("href", "")


def _lays_out(table: Element) -> bool:
    """Say whether a table lays out a page rather than tells data: blocks, tables or long texts stand in its cells."""
    if table.get("role") == "presentation":
        return True
    cells = table.xpath("./tr/*|./tbody/tr/*|./thead/tr/*|./tfoot/tr/*")
    return any(cell.xpath(_LAID_OUT) or sum(map(len, cell.itertext())) > _LONGEST_CELL for cell in cells)


def is_label(cell: Element) -> bool:
    """Say whether a cell is short enough to tell what the rows are about that it stands beside."""
    held = sum(1 for _ in islice(cell.iter(), _LONGEST_LABEL + 1))
    return held <= _LONGEST_LABEL and sum(map(len, cell.itertext())) <= _LONGEST_LABEL


def _repeat_spanning(table: Element) -> None:
    """Put a cell that stands beside several rows into each of them: a row by itself tells no more what it is about."""
    reaching: dict[
        int, tuple[Element, int]
    ] = {}  # column → the cell that reaches down there, and through how many rows
    left, part = _MOST_SPANNED, None
    for row in table.xpath("./tr|./tbody/tr|./thead/tr|./tfoot/tr"):
        reaching, part = (reaching if row.getparent() is part else {}), row.getparent()
        cells, column, below = list(row.iterchildren("td", "th")), 0, {}
        while cells or any(other >= column for other in reaching):
            if column in reaching:
                cell, more = reaching.pop(column)
                again = deepcopy(cell)
                row.insert(row.index(cells[0]) if cells else len(row), again)
                left -= 1
            elif cells:
                cell = cells.pop(0)
                more = _number_of(cell, "rowspan") if is_label(cell) else 1
            else:
                column = min(other for other in reaching if other > column)
                continue
            if more > 1 and left > 0:
                below[column] = (cell, more - 1)
            column += _number_of(cell, "colspan")
        reaching = below


def _number_of(cell: Element, name: str) -> int:
    """Return how many rows or columns a cell spans."""
    value = cell.get(name, "").strip()
    return min(max(int(value), 1), _MOST_SPANNED) if _NUMBER.fullmatch(value) else 1


def _dissolve(table: Element) -> None:
    """Make blocks of a table and of its rows and cells; tables within it stay what they are."""
    inner = {below for other in table.iter("table") if other is not table for below in other.iter()}
    for element in [one for one in table.iter(*_TABLE_TAGS) if one not in inner]:
        element.tag = "div"
