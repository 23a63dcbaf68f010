"""How much text stands in the elements of a page, and how much of it in links; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAIN = ("article", "main")
"""The elements by which a page marks its article, or its main part."""

WORD = re.compile(r"\w+")
FEWEST_WORDS = 8  # of a paragraph that tells where the article is; fewer stand in menus too
LINKED = 0.8  # of the characters of what is a list of links


class Sizes:
    """How many characters and links stand in each element of a page, and how many of the characters in links."""

    def __init__(self, tree: Element) -> None:
        elements = list(tree.iter("*"))
        self.all, self.linked, self.links = (dict.fromkeys(elements, 0) for _ in range(3))
        for element in reversed(elements):  # those within an element before it
            self.all[element] += len((element.text or "").strip())
            if element.tag == "a":
                self.linked[element], self.links[element] = self.all[element], 1
            parent = element.getparent()
            if parent is not None and element is not tree:
                self.all[parent] += self.all[element] + len((element.tail or "").strip())
                self.linked[parent] += self.linked[element]
                self.links[parent] += self.links[element]

    def running(self, element: Element) -> int:
        """Return how many characters of an element are no links."""
        return self.all[element] - self.linked[element]

    def lists_links(self, element: Element) -> bool:
        """Say whether hardly anything but several links stands in an element."""
        return self.links[element] > 1 and self.linked[element] >= LINKED * self.all[element]


def is_sentence(words: str) -> bool:
    """Say whether a text is too long for a label."""
    return len(WORD.findall(words)) >= FEWEST_WORDS


def on_one_line(element: Element) -> str:
    """Return the text of an element with single spaces between its words."""
    return " ".join("".join(element.itertext()).split())
