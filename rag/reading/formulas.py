"""Formulas of a page in one line of text, from MathML or from the TeX that a picture of one is described by.

A formula often stands on a page twice: as a picture or as glyphs for those who see it, and as MathML, hidden, for
those who hear it. The MathML alone says what is raised, and what stands below a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
FIGURES = re.compile(r"[-+]?\d{1,9}")
_SPACE = re.compile(r"\s+")
_MINUS = str.maketrans("\u2212", "-")
_INVISIBLE = {0x2061: None, 0x2062: None, 0x2063: None, 0x2064: None}  # "times" and the like, which nobody sees
_ONE = re.compile(r"\d{0,30}(?:[.,]\d{1,30})?|[^\W\d_]{1,30}\d{0,9}")  # what needs no brackets
_LONGEST = 2_000  # characters and elements; what is longer is no formula
_PICTURED = re.compile(r"\\[A-Za-z]{2}|[\^_]\{")  # in TeX
_DISPLAYED = re.compile(r"\{?\\(?:displaystyle|textstyle)\s?(?P<tex>.*?)\}?", re.DOTALL)


def words_raised(words: str) -> str:
    """Return figures as raised characters; other words, as those of "1er", as they are."""
    return words.translate(RAISED) if FIGURES.fullmatch(words) else words


def heard_formulas(tree: Element) -> set[Element]:
    """Return the elements that hold nothing but a formula, beside what shows it and is kept from those who hear."""
    found: set[Element] = set()
    for formula in tree.iter("math"):
        around = formula.getparent()
        alone = around is not None and len(around) == 1 and not ((around.text or "") + (formula.tail or "")).strip()
        beside = (around.getprevious(), around.getnext()) if alone else ()
        if any(one is not None and one.get("aria-hidden", "").strip().lower() == "true" for one in beside):
            found.add(around)
    return found


def flatten_formulas(tree: Element) -> None:
    """Put each formula of a page into one line: 10 to the third is no 103, a half no 12, a root no letter.

    Args:
        tree: of a page; it is changed.
    """
    for formula in list(tree.iter("math")):
        if sum(1 for _ in islice(formula.iter(), _LONGEST + 1)) > _LONGEST:
            continue
        if sum(map(len, formula.itertext())) <= _LONGEST:
            words = _in_one_line(formula)
            for part in list(formula):
                formula.remove(part)
            formula.text = words
    for picture in tree.iter("img"):
        words = picture.get("alt", "").strip()
        if len(words) <= _LONGEST and _PICTURED.search(words):
            shown = _DISPLAYED.fullmatch(words)
            picture.tag, picture.text = "span", shown["tex"].strip() if shown else words


def _in_one_line(formula: Element) -> str:
    """Return the words of a formula of MathML."""
    words: dict[Element, str] = {}
    for element in reversed(list(formula.iter("*"))):  # those within an element before it
        parts = [words[part] for part in element]
        own = _SPACE.sub(" ", element.text or "").translate(_INVISIBLE)
        own = own if element.tag == "mtext" else own.strip()
        write = _WRITTEN.get(element.tag)
        enough = write is not None and len(parts) >= _FEWEST.get(element.tag, 2)
        words[element] = write(own, parts) if write is not None and enough else own + "".join(parts)
    return words[formula].strip()


def _grouped(words: str) -> str:
    """Return a part of a formula in brackets, unless it is a single number or sign."""
    return words if _ONE.fullmatch(words) or (words[:1] == "(" and words.find(")") == len(words) - 1) else f"({words})"


def _raised(base: str, power: str) -> str:
    plain = power.translate(_MINUS)
    return base + (plain.translate(RAISED) if FIGURES.fullmatch(plain) else f"^{_grouped(power)}")


def _lowered(base: str, index: str) -> str:
    close = index.isdecimal() and not base[-1:].isdecimal()
    return base + (index if close else f"_{_grouped(index)}")


def _topped(base: str, above: str) -> str:
    """Return a sign with what stands above it: an accent becomes one, an arrow or a brace is left out."""
    accent = unicodedata.normalize("NFKD", above).lstrip()
    if accent and unicodedata.combining(accent[0]):
        return base + accent if len(base) == 1 else f"{_grouped(base)}{accent}"
    return _raised(base, above) if any(map(str.isalnum, above)) else base


_WRITTEN: dict[str, Callable[[str, list[str]], str]] = {
    "mfrac": lambda _, parts: f"{_grouped(parts[0])}/{_grouped(parts[1])}",
    "msup": lambda _, parts: _raised(parts[0], parts[1]),
    "msub": lambda _, parts: _lowered(parts[0], parts[1]),
    "msubsup": lambda _, parts: _raised(_lowered(parts[0], parts[1]), parts[2]),
    "munder": lambda _, parts: _lowered(parts[0], parts[1]) if any(map(str.isalnum, parts[1])) else parts[0],
    "mover": lambda _, parts: _topped(parts[0], parts[1]),
    "munderover": lambda _, parts: _raised(_lowered(parts[0], parts[1]), parts[2]),
    "msqrt": lambda _, parts: f"√{_grouped(''.join(parts))}",
    "mroot": lambda _, parts: f"{parts[1].translate(RAISED)}√{_grouped(parts[0])}",
    "mtr": lambda _, parts: ", ".join(parts),
    "mtable": lambda _, parts: "; ".join(parts),
    "mphantom": lambda _, __: "",
    "mspace": lambda _, __: " ",
}
_FEWEST = {"msubsup": 3, "munderover": 3, "msqrt": 1, "mtr": 1, "mtable": 1, "mphantom": 0, "mspace": 0}
"""How many parts each of these has at least; two, where nothing is said."""
