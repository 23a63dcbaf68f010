"""Quotation marks within quotation marks, as French and English set them; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.values import Citation

_OPENING, _CLOSING, _STRAIGHT = "«“", "»”", '"'
_BEFORE_OPENING = " \t\n\u00a0\u202f([«“'’-\u2013\u2014"  # what a straight mark follows where it opens
_QUOTATION = re.compile(r"(\s*(?:«\u202f|“))(.+)((?:\u202f»|”)(?: \[\d+\])*\s*)", re.DOTALL)
_WITHIN = {"fr": ("“", "”"), "en": ("‘", "’")}


def nested_characters(text: str, language: str) -> list[str]:
    """Return what is written for each character of a text that stands between quotation marks itself.

    Its own marks become those that a language has within others, “ ” in French, ‘ ’ in English, without the spaces
    inside them. Speech that begins before the text or goes on after it is opened at its start or closed at its end.

    Args:
        text: that is quoted.
        language: of the marks around it.
    """
    left, right = _WITHIN.get(language, _WITHIN["en"])
    written = list(text)
    open_now, unopened = 0, 0
    for place, character in enumerate(text):
        if character in _OPENING or (character == _STRAIGHT and _opens(text, place, open_now)):
            written[place] = left
            _drop_spaces(text, written, place, 1)
            open_now += 1
        elif character in _CLOSING or (character == _STRAIGHT and not text[place - 1 : place].isdigit()):
            written[place] = right
            _drop_spaces(text, written, place, -1)
            unopened += not open_now
            open_now -= bool(open_now)
    if text:
        written[0] = left * unopened + written[0]
        written[-1] += right * open_now
    return written


def as_quoted(text: str, citations: Sequence[Citation]) -> list[str]:
    """Return what is written for each character of a paragraph.

    Where it is nothing but one quote in quotation marks, those within become what a language has within others.
    """
    found = _QUOTATION.fullmatch(text)
    if not found or all(found[2] != " ".join(citation.quote.split()) for citation in citations):
        return list(text)
    return [*found[1], *nested_characters(found[2], "fr" if "«" in found[1] else "en"), *found[3]]


def _opens(text: str, place: int, open_now: int) -> bool:
    """Return whether a straight mark opens: between spaces, where none is open; else as it hangs on what follows."""
    if text[place - 1 : place] not in ("", *_BEFORE_OPENING):
        return False
    return bool(text[place + 1 : place + 2].strip()) or not open_now


def _drop_spaces(text: str, written: list[str], mark: int, step: int) -> None:
    """Leave out the spaces that follow a mark, or with ``step`` -1 precede it."""
    place = mark + step
    while 0 <= place < len(text) and text[place].isspace():
        written[place] = ""
        place += step
