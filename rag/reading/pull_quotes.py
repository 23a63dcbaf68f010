"""Sentences of an article that its page sets once more, large, to be seen from afar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.reading.element_sizes import FEWEST_WORDS, WORD

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_SET_APART = ("aside", "figure", "blockquote")
_WHO = frozenset({"figcaption", "cite", "footer"})  # who said it, and not what was said


def take_out_repeated(part: Element) -> None:
    """Take out what is set apart in a part of a page and stands word for word in one of its paragraphs.

    Args:
        part: of a page; it is changed.
    """
    apart = [one for one in part.iter(*_SET_APART) if one is not part]
    if not apart:
        return
    within = {below for one in apart for below in one.iter("p")}
    told = " ".join(_words(one) for one in part.iter("p") if one not in within)
    for one in apart:
        words = _words(one)
        if words.count(" ") + 1 >= FEWEST_WORDS and f" {words} " in f" {told} " and part in one.iterancestors():
            one.drop_tree()


def _words(element: Element) -> str:
    """Return the words of an element in small letters, without who said them."""
    left_out = {below for who in element.iter(*_WHO) for below in who.iter()}
    pieces: list[str] = []
    for below in element.iter("*"):
        if below not in left_out:
            pieces.append(below.text or "")
        if below is not element and below.getparent() not in left_out:
            pieces.append(below.tail or "")
    return " ".join(WORD.findall(" ".join(pieces))).casefold()
