"""What a reader opens on a page, and what it is announced by: the panels of tabs and accordions.

One panel of several is shown at first, and the words on its tab head it; where they stand apart nobody knows any more
what the words of a panel are about.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_CONTROLS = frozenset({"button", "tab"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt", "label"})  # and what is shown as one
_OPENING = ("button", "dt", "label")  # without a word about what they open
_PANELS = frozenset({"div", "section", "p", "dd", "ul"})
_FEWEST = 2  # of an accordion
_TARGETS = ("href", "data-target", "data-bs-target")  # of a tab: its panel, as "#name"


def panels(tree: Element) -> dict[Element, Element]:
    """Return the panels of accordions and tabs of a page, each with what opens it, which has words."""
    named = {element.get("id"): element for element in reversed(list(tree.iter("*"))) if element.get("id")}
    found: dict[Element, Element] = {}
    for control in tree.iter("button", "a", "summary", "div", "span", "li"):
        opens = control.tag == "button" or control.get("role") in _CONTROLS
        if opens and control.get("aria-haspopup") is None and _words(control):
            for name in _opened_by(control):
                if name in named:
                    found.setdefault(named[name], control)
    for panel in tree.iter("*"):
        if panel.get("role") == "tabpanel" and panel not in found:
            tabs = (named.get(name) for name in panel.get("aria-labelledby", "").split())
            tab = next((tab for tab in tabs if tab is not None and tab.get("role") == "tab" and _words(tab)), None)
            if tab is not None:
                found[panel] = tab
    for panel, tab in chain(_in_order(tree), _right_below(tree)):
        if panel not in found and _words(tab):
            found[panel] = tab
    return found


def head_panels(tree: Element) -> None:
    """Put the words of each tab, and of each button that stands in no heading, at the head of the panel it opens.

    Args:
        tree: of a page; it is changed.
    """
    moved: dict[Element, None] = {}
    for panel, control in panels(tree).items():
        above = list(control.iterancestors())
        headed = control.tag in _HEADINGS or any(one.tag in _HEADINGS for one in above)
        if panel in above or (headed and control.get("role") != "tab"):
            continue
        moved[control] = None
        words = _words(control)
        if not _words(panel).startswith(words):
            head = panel.makeelement("h4")
            head.text, head.tail, panel.text = words, panel.text, None
            panel.insert(0, head)
    for control in moved:
        if control.get("role") == "tab":
            control.drop_tree()


def _opened_by(control: Element) -> Iterator[str]:
    """Yield the names of what a control opens."""
    yield from control.get("aria-controls", "").split()
    if control.get("role") == "tab":
        yield from (control.get(target, "")[1:] for target in _TARGETS if control.get(target, "").startswith("#"))


def _in_order(tree: Element) -> Iterator[tuple[Element, Element]]:
    """Yield each panel with its tab where as many panels follow a row of tabs as stand in it, right behind it."""
    for row in tree.iter("*"):
        behind = row.getnext() if row.get("role") == "tablist" else None
        if behind is None:
            continue
        first = chain([behind], behind.itersiblings()) if behind.get("role") == "tabpanel" else behind
        below = list(takewhile(lambda one: one.get("role") == "tabpanel", first))
        tabs = row.xpath("./*[@role='tab'] | ./*/*[@role='tab']")
        if len(tabs) == len(below):
            yield from zip(below, tabs, strict=True)


def _right_below(tree: Element) -> Iterator[tuple[Element, Element]]:
    """Yield each panel with what stands right before it, where nothing but the order tells: several, alike."""
    beside = Counter((control.getparent(), control.tag) for control in tree.iter(*_OPENING))
    pairs: dict[tuple[Element, str], list[tuple[Element, Element]]] = {}
    for control in tree.iter(*_OPENING):
        panel, around = control.getnext(), control.getparent()
        if panel is None or panel.tag not in _PANELS or (control.tail or "").strip() or not _words(control):
            continue
        linked = sum(len(_words(link)) for link in panel.iter("a"))
        if control.get("aria-haspopup") is None and 2 * linked <= len(_words(panel)):
            whole = around.getparent() if beside[around, control.tag] == 1 else around
            pairs.setdefault((whole, control.tag), []).append((panel, control))
    for alike in pairs.values():
        if len(alike) >= _FEWEST:
            yield from alike


def _words(element: Element) -> str:
    """Return the text of an element on one line."""
    return " ".join("".join(element.itertext()).split())
