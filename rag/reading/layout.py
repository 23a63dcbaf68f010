"""What the styles of a page make of its lines: elements in lines of their own, line ends that are kept, raised figures.

A reader sees two lines where a page has two elements side by side and a style that makes blocks of them; in the words
alone the last of the one would be glued to the first of the other. It is told by elements that say the same by
themselves: ``br``, ``sup``, and the ``type`` of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rag.reading.block_collector import BLOCK_TAGS

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from rag.reading.cascade import Styled

_BLOCKS = ("block", "flex", "grid", "table", "list-item", "flow-root")  # how the values of "display" begin
_KEEPING = frozenset({"pre", "pre-wrap", "pre-line", "break-spaces", "preserve", "preserve-breaks"})
_LETTERED = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
_LONGEST_RAISED = 12  # characters
_LONGEST_INITIAL = 1  # characters; a large letter at the beginning of a text is part of a word
_WORDS = ("a", "b", "em", "i", "small", "span", "strong", "time")
_LONGEST_PART = 300  # characters
_CODE = ("pre", "code")
_FEWEST = 2  # words of two such elements; "You" and "Tube" may be one
_ENDS = re.compile(r"(?:[^\W\d_A-ZÀ-Þ]{2}|\d|[.!?…»”)])$")
_BEGINS = re.compile(r"[A-ZÀ-Þ«“(]")
_INSIDE = frozenset({
    "br", "wbr", "img", "picture", "math", "head", "title", "rt", "rp", "ruby", "td", "th", "thead", "tbody", "tfoot",
})  # fmt: skip
"""Elements that are no lines, or whose lines another module tells."""


def lay_out(styled: Iterable[Styled]) -> None:
    """Tell by elements what styles make of the lines of a page.

    Args:
        styled: the elements of the page in order, each with its style; they are changed.
    """
    keeping: dict[Element, bool] = {}  # whether line ends in an element are kept
    for element, style, _ in styled:
        around = element.getparent()
        told = style.get("white-space-collapse", style.get("white-space", "inherit")).split(" ")[0]
        inherited = keeping.get(around, False) if around is not None else False
        keeping[element] = inherited if told in {"inherit", "unset"} else told in _KEEPING and not _in_pre(element)
        if element.tag == "ol" and element.get("type") is None:
            listed = f"{style.get('list-style-type', '')} {style.get('list-style', '')}".split()
            kinds = [_LETTERED[word] for word in listed if word in _LETTERED]
            element.attrib.update({"type": kinds[0]} if kinds else {})
        if around is None or element.tag in BLOCK_TAGS or element.tag in _INSIDE:
            continue
        if style.get("vertical-align") == "super" and not _is_longer(element, _LONGEST_RAISED):
            _raise(element)
        elif _is_line(style) and _is_longer(element, _LONGEST_INITIAL):
            _put_into_line(element)
    for element, kept in keeping.items():
        if kept:
            _keep_lines(element)


def _in_pre(element: Element) -> bool:
    return element.tag == "pre" or next(element.iterancestors("pre"), None) is not None


def _is_longer(element: Element, most: int) -> bool:
    """Say whether more than so many characters stand in an element; what follows them is not looked at."""
    left = most
    for words in element.itertext():
        left -= len(words.strip())
        if left < 0:
            return True
    return False


def _is_line(style: dict[str, str]) -> bool:
    """Say whether a style puts an element into lines of its own, beside which nothing stands."""
    floats = style.get("float", "none") != "none" or style.get("position") in {"absolute", "fixed"}
    return style.get("display", "").startswith(_BLOCKS) and not floats


def _raise(element: Element) -> None:
    """Put an element into one for what stands above the line."""
    around = element.getparent()
    if element.tag == "sup" or around.tag == "sup":
        return
    raised = element.makeelement("sup")
    raised.tail, element.tail = element.tail, None
    around.replace(element, raised)
    raised.append(element)


def _put_into_line(element: Element) -> None:
    """Put the end of a line before an element and behind it, where anything else stands there."""
    before = element.getprevious()
    words = element.getparent().text if before is None else before.tail
    if (words or "").strip() or (before is not None and before.tag not in BLOCK_TAGS and before.tag != "br"):
        element.addprevious(element.makeelement("br"))
    if (element.tail or "").strip():
        end = element.makeelement("br")
        end.tail, element.tail = element.tail, None
        element.addnext(end)


def _keep_lines(element: Element) -> None:
    """Put an element in the place of each line end in the text that stands right in an element."""
    for before in (None, *element):
        words = (element.text if before is None else before.tail) or ""
        beside = () if before is None else (before, before.getnext())
        if not words.strip() and not all(one is not None and one.tag not in BLOCK_TAGS for one in beside):
            continue
        first, *lines = words.split("\n")
        if before is None:
            element.text = first
        else:
            before.tail = first
        for line in reversed(lines):
            end = element.makeelement("br")
            end.tail = line
            if before is None:
                element.insert(0, end)
            else:
                before.tail, tail = None, before.tail
                before.addnext(end)
                before.tail = tail


def part_words(tree: Element) -> None:
    """Put a space between two elements side by side whose words cannot be one: "Sport" and "Le stade rouvre".

    A style of another file makes lines of them.

    Args:
        tree: of a page; it is changed.
    """
    for element in tree.iter(*_WORDS):
        following = element.getnext()
        if element.tail or following is None or following.tag not in _WORDS:
            continue
        if not (_is_longer(element, _LONGEST_PART) or _is_longer(following, _LONGEST_PART)):
            before, after = ("".join(one.itertext()) for one in (element, following))
            several = len(before.split()) + len(after.split()) > _FEWEST or after[:1] == "("
            code = next(element.iterancestors(*_CODE), None)
            if several and code is None and _ENDS.search(before) and _BEGINS.match(after):
                element.tail = " "


def part_speakers(tree: Element) -> None:
    """End the line after who is quoted, where a quote begins with that: "Anne a écrit :".

    Args:
        tree: of a page; it is changed.
    """
    for who in tree.iter("cite"):
        around, before = who.getparent(), who.getprevious()
        quoted = next(who.iterancestors("blockquote", "q"), None)
        first = before is None and not (around.text or "").strip()
        if quoted is not None and quoted.tag == "blockquote" and first and (who.tail or "").strip():
            end = who.makeelement("br")
            end.tail, who.tail = who.tail, None
            who.addnext(end)
