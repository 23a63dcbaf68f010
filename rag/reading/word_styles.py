"""How the paragraphs of a Word document are styled and numbered, which it says apart from its text.

The parts are those of Office Open XML (ECMA-376, part 1, chapter 17).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.reading.archive import attribute, local_name
from rag.reading.numbering import Counting, Level

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_FORMS = {
    "bullet": "", "none": "", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I",
    "decimalZero": "01",
}  # fmt: skip
"""How Word calls the ways to number items; by any other, figures are shown."""
_OFF = frozenset({"0", "false", "off", "none"})
_RAISED = "superscript"
_DEEPEST_STYLE = 20  # of styles that rest on each other
_TITLE, _HEADING = "title", re.compile("heading ([1-9])")  # Word's names for these styles, in all its languages


class Styles:
    """What the styles of a document make of a paragraph: a heading of some level, hidden, or neither."""

    def __init__(self, told: Element | None) -> None:
        styles = () if told is None else told
        self._styles = {attribute(one, "styleId"): one for one in styles if local_name(one) == "style"}

    def chain(self, identifier: str) -> Iterator[Element]:
        """Yield a style and those it rests on."""
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get(identifier)
            if style is None:
                return
            yield style
            identifier = value(style, "basedOn")

    def level(self, properties: Element | None) -> int:
        """Return the level of the heading that a paragraph is, 0 if it is none."""
        if properties is None:
            return 0
        stated = [properties, *self.chain(value(properties, "pStyle"))]
        for one in stated:
            name = value(one, "name").casefold()
            if name == _TITLE:
                return 1
            outline = next((found for found in one.iter("{*}outlineLvl")), None)
            if outline is not None and attribute(outline, "val").isdecimal():
                level = int(attribute(outline, "val"))
                return min(6, level + 2) if level < 9 else 0
            if heading := _HEADING.fullmatch(name):
                return min(6, int(heading[1]) + 1)
        return 0

    def numbering(self, properties: Element | None) -> tuple[str, str, str]:
        """Return the list that a paragraph is an item of, its level there and its style; empty where none is told."""
        if properties is None:
            return "", "", ""
        style = value(properties, "pStyle")
        stated = [one for found in (properties, *self.chain(style)) for one in found.iterfind(".//{*}numPr")]
        numbers = [value(one, "numId") for one in stated]
        levels = [value(one, "ilvl") for one in stated]
        number = next(filter(None, numbers), "0")
        return "" if number == "0" else number, next(filter(None, levels), ""), style

    def hides(self, properties: Element | None) -> bool:
        """Say whether a run is hidden."""
        hidden = self._stated(properties, "vanish")
        return hidden is not None and attribute(hidden, "val").casefold() not in _OFF

    def raises(self, properties: Element | None) -> bool:
        """Say whether a run stands raised."""
        aligned = self._stated(properties, "vertAlign")
        return aligned is not None and attribute(aligned, "val") == _RAISED

    def _stated(self, properties: Element | None, name: str) -> Element | None:
        """Return what a run or its style states of one property; None if nothing."""
        if properties is None:
            return None
        stated = (properties, *self.chain(value(properties, "rStyle")))
        return next((found for one in stated for found in one.iter(f"{{*}}{name}")), None)


class Numbers:
    """What Word shows before the items of a document's lists and before its headings."""

    def __init__(self, told: Element | None, styles: Styles) -> None:
        root = () if told is None else told
        lists = {attribute(one, "abstractNumId"): one for one in root if local_name(one) == "abstractNum"}
        self._levels = {name: _levels(one) for name, one in lists.items()}
        self._styled = {
            (name, value(level, "pStyle")): attribute(level, "ilvl") for name, one in lists.items() for level in one
        }
        self._lists = {attribute(one, "numId"): one for one in root if local_name(one) == "num"}
        self._styles = styles
        self._counting = Counting()
        self._begun: set[str] = set()

    def mark(self, properties: Element | None) -> tuple[bool, str]:
        """Return whether a paragraph is an item of a list, and its number as it is shown; empty if it has none."""
        number, depth, style = self._styles.numbering(properties)
        found = self._lists.get(number)
        if found is None:
            return bool(number), ""
        name = value(found, "abstractNumId")
        depth = depth or self._styled.get((name, style), "0") or "0"
        if number not in self._begun:
            self._begun.add(number)
            for one in found.iterfind("{*}lvlOverride"):
                if (start := value(one, "startOverride")).isdecimal() and attribute(one, "ilvl").isdecimal():
                    self._counting.restart(name, int(attribute(one, "ilvl")), int(start))
        level = int(depth) if depth.isdecimal() else 0
        return True, self._counting.mark(name, self._levels.get(name, {}), level)


def _levels(numbered: Element) -> dict[int, Level]:
    """Return how each level of a list is numbered."""
    levels = {}
    for one in numbered:
        depth, start = attribute(one, "ilvl"), value(one, "start")
        if local_name(one) == "lvl" and depth.isdecimal():
            form = _FORMS.get(value(one, "numFmt"), "1")
            levels[int(depth)] = Level(form, value(one, "lvlText"), int(start) if start.isdecimal() else 1)
    return levels


def child(element: Element, name: str) -> Element | None:
    """Return the first child of an element with a name; None if there is none."""
    return next((one for one in element if local_name(one) == name), None)


def value(element: Element, name: str) -> str:
    """Return the value that a child of an element states; empty if there is none."""
    found = child(element, name)
    return "" if found is None else attribute(found, "val")
