"""Calls of notes: figures and signs in a text that are no words of it but lead to a note, and back from it.

A raised "2" behind "2021" is no figure of the text. Some pages raise it by their styles alone, which lie in another
file; then the note, which leads back, tells that it is one.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CALL = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]{1,2}|[ivx]{1,5}|[*†‡§¶]{1,4}|(?:note|n\.)\s?\d{1,3})[\])]?", re.IGNORECASE)
_PLAIN_CALL = re.compile(r"\d{1,3}|[*†‡]{1,4}|[\[(](?:\d{1,3}|[a-z]{1,2}|[*†‡])[\])]", re.IGNORECASE)
_BETWEEN = re.compile(r"\s{0,3}[,;·–-]\s{0,3}")
_BACK = frozenset("↑^↩")
_LONGEST = 40  # characters of calls side by side
_ABOVE = 3  # elements around a note's number that may have its name


def take_out_calls(tree: Element) -> None:
    """Take out of a page the calls of its notes, the commas between two, and what leads back; the notes stay.

    Args:
        tree: of a page; it is changed.
    """
    led_back_to = _led_back_to(tree)
    for back in filter(_leads_back, list(tree.iter("span"))):
        back.drop_tree()
    calls = [raised for raised in tree.iter("sup") if _calls(raised)]
    calls += led_back_to
    taken = set(calls)
    between = [raised for raised in tree.iter("sup") if raised not in taken and _parts(raised, taken)]
    for call in calls + between:
        following = call.getnext()
        if (following in taken or following in between) and _BETWEEN.fullmatch(call.tail or ""):
            call.tail = None
        if call.getparent() is not None:
            call.drop_tree()


def calls_a_note(words: str) -> bool:
    """Say whether words may be the numbers or signs that call notes."""
    return len(words) <= _LONGEST and all(map(_CALL.fullmatch, _BETWEEN.split(words)))


def _leads_back(element: Element) -> bool:
    """Say whether an element leads from a note back to its calls: "↑ a b"."""
    links = [link.get("href", "") for link in element.iter("a")]
    return "".join(element.itertext()).strip()[:1] in _BACK and bool(links) and all(one[:1] == "#" for one in links)


def _calls(raised: Element) -> bool:
    """Say whether a raised element is one or several calls of notes: links to places in the page."""
    links = [link for link in (*raised.iter("a"), *raised.iterancestors("a")) if link.get("href") or link.get("id")]
    words = "".join(raised.itertext()).strip()
    return any("#" in link.get("href", "") for link in links) and calls_a_note(words)


def _parts(raised: Element, calls: set[Element]) -> bool:
    """Say whether a raised element is but what stands between two calls."""
    before, after = raised.getprevious(), raised.getnext()
    if before not in calls or after not in calls or (before.tail or "").strip() or (raised.tail or "").strip():
        return False
    return _BETWEEN.fullmatch("".join(raised.itertext())) is not None


def _led_back_to(tree: Element) -> list[Element]:
    """Return the links that look like calls and lead to a note, further down, whose own link leads back to them."""
    names: dict[str, int] = {}  # of the links, and of what stands close around them → the place of the link
    links = [link for link in tree.iter("a") if link.get("href", "").startswith("#")]
    for at, link in enumerate(links):
        for one in (link, *islice(link.iterancestors(), _ABOVE)):
            for name in (one.get("id"), one.get("name")):
                if name:
                    names.setdefault(name, at)
    found = []
    for at, link in enumerate(links):
        note = names.get(link.get("href", "")[1:], -1)
        back = names.get(links[note].get("href", "")[1:]) if at < note else None
        words = "".join(link.itertext()).strip() if back == at else ""
        if _PLAIN_CALL.fullmatch(words[:_LONGEST]) and next(link.iterancestors("sup"), None) is None:
            found.append(link)
    return found
