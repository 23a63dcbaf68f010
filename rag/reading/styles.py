"""What a style declares: property → value, in one spelling, with the few shorthands that matter taken apart; pure.

tinycss2 reads the style as a browser does, escapes, comments and mistakes included. What a browser would not
understand is left out, so that it hides nothing and un-hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tinycss2.ast import Node

ROOT_SIZE = 16.0  # pixels of a font of which nothing is said

_BOX = ("top", "right", "bottom", "left")
_UNDERSTOOD = {
    "display": re.compile(
        r"none|contents|(?:inline-)?(?:block|flex|grid|table)|inline|flow-root|list-item|table-[a-z-]+|run-in|ruby[a-z-]*"
        r"|(?:block|inline|flow|flow-root) [a-z -]+|-webkit-[a-z-]+|inherit|initial|unset|revert(?:-layer)?|var\(.*"
    ),
    "visibility": re.compile(r"visible|hidden|collapse|inherit|initial|unset|revert(?:-layer)?|var\(.*"),
}
_LENGTH = re.compile(r"(?P<value>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)(?P<unit>%|[a-z]*)", re.ASCII)
_ABSOLUTE = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945}
_RELATIVE = {"rem": ROOT_SIZE, "vw": 12.8, "vh": 8.0, "vmin": 8.0, "vmax": 12.8}  # of a window of 1280 by 800 pixels


class Colour(NamedTuple):
    """A colour, each part in [0, 1]."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, behind: Colour) -> Colour:
        """Return what is seen of this colour on an opaque one."""
        red, green, blue = (
            self.alpha * one + (1 - self.alpha) * two for one, two in zip(self, behind[:3], strict=False)
        )
        return Colour(red, green, blue)


class Declared(NamedTuple):
    """What one block declares, by property; what is marked ``!important`` apart."""

    usual: dict[str, str]
    important: dict[str, str]


@lru_cache(maxsize=1024)
def declarations(style: str) -> Declared:
    """Return what the ``style`` attribute of an element declares."""
    from tinycss2 import parse_blocks_contents

    return declared(parse_blocks_contents(style, skip_comments=True, skip_whitespace=True))


def declared(nodes: Iterable[Node]) -> Declared:
    """Return what a parsed block declares; the last of two declarations of one property counts."""
    found = Declared({}, {})
    for node in nodes:
        if node.type == "declaration":
            tokens = [token for token in node.value if token.type not in {"whitespace", "comment"}]
            (found.important if node.important else found.usual).update(_longhands(node.lower_name, tokens))
    return found


def _longhands(name: str, tokens: Sequence[Node]) -> dict[str, str]:
    """Return a declaration as those of single properties; nothing if a browser would not understand it."""
    words = [_spelled(token) for token in tokens]
    value = " ".join(words)
    if not words or (name in _UNDERSTOOD and not _UNDERSTOOD[name].fullmatch(value)):
        return {}
    if name in {"color", "background-color"} and colour(value) is None and "(" not in value and value != "inherit":
        return {}
    if name == "background":
        painted = next((word for word in words if colour(word)), "transparent")
        image = value if re.search(r"url|gradient|image|var\(", value) else "none"
        clipped = "text" if "text" in words else "border-box"
        return {"background-color": painted, "background-image": image, "background-clip": clipped}
    if name == "font":
        sizes = (word for word in words if (match := _LENGTH.fullmatch(word)) and (match["unit"] or word == "0"))
        return {"font-size": next(sizes, "medium")}
    if name in {"inset", "margin"} and len(words) <= len(_BOX):
        prefix = "" if name == "inset" else "margin-"
        sides = (*words, *words[1:2] * (len(words) == 3), *words * 3) if len(words) != 1 else words * 4
        return {f"{prefix}{side}": word for side, word in zip(_BOX, sides, strict=False)}
    name = {"overflow-x": "overflow", "overflow-y": "overflow", "translate": "transform"}.get(name, name)
    return {name.removeprefix("-webkit-"): value}


def _spelled(token: Node) -> str:
    """Return a component of a value in lower case, its escapes resolved; "?" for one nested beyond reason."""
    try:
        return str(token.serialize()).lower()
    except RecursionError:
        return "?"


@lru_cache(maxsize=1024)
def colour(value: str) -> Colour | None:
    """Return the colour that a value names; None if it names none, or one that is not told here."""
    from tinycss2.color4 import parse_color

    try:
        found = parse_color(value)
        if found is None or isinstance(found, str):  # "currentcolor"
            return None
        red, green, blue = found.to("srgb").coordinates
        return Colour(red, green, blue, found.alpha)
    except NotImplementedError:  # lab(), oklch()
        return None


def pixels(value: str, around: float = ROOT_SIZE) -> float | None:
    """Return a length in pixels, ``around`` the size that em and % are parts of; None if it is no plain length."""
    match = _LENGTH.fullmatch(value)
    if match is None:
        return None
    scale = {**_ABSOLUTE, **_RELATIVE, "em": around, "%": around / 100, "ex": around / 2, "ch": around / 2}
    return float(match["value"]) * scale[match["unit"]] if match["unit"] in scale else None


def numbers(value: str) -> list[tuple[float, str]]:
    """Return the numbers within a value in order, each with its unit."""
    return [(float(match["value"]), match["unit"]) for match in _LENGTH.finditer(value)]
