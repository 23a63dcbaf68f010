"""Which elements of a page its reader never sees: told from their attributes and their styles.

What is not seen must not be quoted, nor tell a model what to do; a page that lies says it in such places. Where a page
may merely be waiting for its script (an element about to fade in, a whole article not shown yet), it counts as seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

UNSEEN_TAGS = ("script", "style", "template", "noscript", "textarea", "select", "datalist", "object", "iframe", "svg")
"""Elements that hold no text of an article."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<names>(?:[.#][\w-]+)+)", re.IGNORECASE)
_LENGTH = re.compile(r"(?P<value>-?\d*\.?\d+)(?P<unit>[a-z%]*)")
_SMALLEST = {"": 1.0, "px": 2.0, "pt": 2.0, "em": 0.1, "rem": 0.1, "%": 10.0, "vw": 0.1, "vh": 0.1}
_FAR = 500.0  # pixels and the like, beyond any page
_WHITE = frozenset({"white", "#fff", "#ffff", "#ffffff", "#ffffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"})
_TRANSPARENT = re.compile(r"transparent|(?:rgb|hsl)a?\(.*[,/]0(?:\.0+)?%?\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00")
_NOTHING = re.compile(r"0(?:\.0*)?[a-z%]*|1px")
_SIZES = ("height", "width", "max-height", "max-width")
_MOVING = frozenset({"transition", "transform", "animation", "will-change"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def declarations(style: str) -> dict[str, str]:
    """Return what a style declares, in lower case and without blanks: ``{"display": "none"}``."""
    found = {}
    for declaration in _COMMENT.sub("", style).lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip()] = "".join(value.replace("!important", "").split())
    return found


def hides(style: str) -> bool:
    """Say whether an element of this style cannot be seen, whatever stands around it."""
    found = declarations(style)
    if found.get("display") == "none" or found.get("visibility") in {"hidden", "collapse"}:
        return True
    if _number(found.get("opacity", "1")) == 0 and not _MOVING & found.keys():
        return True
    if _TRANSPARENT.fullmatch(found.get("color", "")) and not found.get("background-clip", "").startswith("text"):
        return True
    size = found.get("font-size", "")
    if (match := _LENGTH.fullmatch(size)) and float(match["value"]) < _SMALLEST.get(match["unit"], 0.0):
        return True
    if any(
        _number(found.get(side, "0")) <= -_FAR
        for side in ("left", "top", "right", "bottom", "text-indent", "margin-left")
    ):
        return True
    if found.get("clip", "").startswith("rect(0") or found.get("clip-path", "").startswith(
        ("inset(50%", "inset(100%", "circle(0")
    ):
        return True
    cut = found.get("overflow") in {"hidden", "clip"}
    return cut and any(_NOTHING.fullmatch(found.get(side, "")) for side in _SIZES)


def unseen_elements(tree: Element) -> Iterator[Element]:
    """Yield the elements and comments of a page that its reader never sees, as far as the page itself tells."""
    from lxml.etree import Comment, ProcessingInstruction

    rules = list(_hiding_rules(tree))
    everything = len("".join(tree.itertext()))
    for element in tree.iter():
        unseen = element.tag in {Comment, ProcessingInstruction} or element.tag in UNSEEN_TAGS or _says_hidden(element)
        ruled = not unseen and any(_matches(element, rule) for rule in rules)
        if unseen or (ruled and 2 * len("".join(element.itertext())) < everything):
            yield element


def _says_hidden(element: Element) -> bool:
    """Say whether an element's own attributes hide it."""
    unread = element.get("hidden") is not None or element.get("aria-hidden", "").strip().lower() == "true"
    return unread or hides(element.get("style", "")) or _is_white_on_white(element)


def _is_white_on_white(element: Element) -> bool:
    """Say whether text is white by its own style, and nothing says that it stands on another colour."""
    if declarations(element.get("style", "")).get("color") not in _WHITE or element.tag in _HEADINGS:
        return False
    for around in (element, *element.iterancestors()):
        found = declarations(around.get("style", ""))
        behind = found.get("background-color") or found.get("background", "")
        if behind:
            return behind in _WHITE
    return True


def _hiding_rules(tree: Element) -> Iterator[re.Match[str]]:
    """Yield the selectors of a page's own style sheets that hide what they select: a class or an identifier alone."""
    for sheet in tree.iter("style"):
        for selectors, style in _RULE.findall(_AT_RULE.sub("", _COMMENT.sub("", sheet.text or ""))):
            if hides(style):
                found = (_SELECTOR.fullmatch(selector.strip()) for selector in selectors.split(","))
                yield from (selector for selector in found if selector)


def _matches(element: Element, selector: re.Match[str]) -> bool:
    if selector["tag"] and element.tag != selector["tag"].lower():
        return False
    own = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id')}"}
    return own.issuperset(re.findall(r"[.#][\w-]+", selector["names"]))


def _number(length: str) -> float:
    match = _LENGTH.match(length)
    return float(match["value"]) if match else 1.0
