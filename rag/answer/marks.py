"""Citation marks are recognised while the answer streams; pure.

``[1]``, ``[1, 3]``, ``[1][3]``, ``[^1]``, ``[passage 2]`` and ``【2】`` are marks; anything else in brackets is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_INSIDE = re.compile(r"[\d\s,;^]*")
_PREFIX = re.compile(r"\s*([A-Za-z]*)")
_OPENING, _CLOSING = "[［【", "]］】"
_MARK = re.compile(r"(?:passages?\s*)?\^?\d{1,4}(?:\s*[,;]\s*\^?\d{1,4})*", re.IGNORECASE)
_MAX_MARK = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark as the model wrote it: the number of a passage of its prompt."""

    number: int


class MarkScanner:
    """Separates citation marks from text, one character at a time.

    White space just before a mark is dropped, so that the mark sits against its word.
    """

    def __init__(self) -> None:
        self._held = ""  # white space, then perhaps a bracket that may become a mark

    def feed(self, text: str) -> Iterator[str | Mark]:
        """Yield the text and the marks that are certain by now."""
        out: list[str] = []
        for character in text:
            for piece in self._step(character):
                if isinstance(piece, Mark):
                    if out:
                        yield "".join(out)
                        out.clear()
                    yield piece
                else:
                    out.append(piece)
        if out:
            yield "".join(out)

    def finish(self) -> Iterator[str]:
        """Yield what is left; a mark that was cut off in the middle is dropped."""
        held, self._held = self._held, ""
        space, bracket, inside = _split(held)
        if bracket and (inside.strip() or space):
            held = space.rstrip() if _may_be_mark(inside) else held
        if held.strip():
            yield held

    def _step(self, character: str) -> Iterator[str | Mark]:
        if _split(self._held)[1]:
            yield from self._inside(character)
        elif character.isspace() or character in _OPENING:
            self._held += character
        else:
            held, self._held = self._held, ""
            yield held + character

    def _inside(self, character: str) -> Iterator[str | Mark]:
        space, _, inside = _split(self._held)
        if character in _CLOSING and _MARK.fullmatch(inside.strip()):
            self._held = "\n" if "\n" in space else ""
            yield from (Mark(int(number)) for number in re.findall(r"\d+", inside))
        elif len(inside) < _MAX_MARK and _may_be_mark(inside + character):
            self._held += character
        else:
            held, self._held = self._held, ""
            yield held
            yield from self._step(character)


def _split(held: str) -> tuple[str, str, str]:
    """Return the white space before an opening bracket, the bracket, and what stands in it so far."""
    at = next((place for place, character in enumerate(held) if character in _OPENING), len(held))
    return held[:at], held[at : at + 1], held[at + 1 :]


def _may_be_mark(inside: str) -> bool:
    """Return whether what stands after an opening bracket may still become a mark."""
    found = _PREFIX.match(inside)
    word = found[1].lower() if found else ""
    rest = inside[found.end() :] if found else inside
    if not rest:
        return "passages".startswith(word)
    return word in {"", "passage", "passages"} and bool(_INSIDE.fullmatch(rest))
