"""What every reader of a format hands on: the text, what each stretch of it is, and what it says about itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.values import Block, BlockKind


@dataclass(frozen=True, slots=True)
class Draft:
    """An article before it has a name.

    Attributes:
        text: the text that offsets count in.
        blocks: its blocks in order, without overlap and without white space around them.
        title: as the document states it; empty if it does not.
        date: as :func:`rag.language.dates.iso_date` returns it; empty if unknown.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a marked-up document, its markup removed. ``tight`` parts follow on the next line, as list items."""

    kind: BlockKind
    text: str
    level: int = 0
    tight: bool = False


def join_parts(parts: Iterable[Part], *, title: str = "", date: str = "") -> Draft:
    """Return the draft whose text is the parts, a blank line between them.

    The first heading of level 1, or the one that repeats the title, becomes the title block. A title the parts do not
    hold is put before them, so that it can be found and cited like the rest.
    """
    parts = [part for part in parts if part.text.strip()]
    named = next((i for i, part in enumerate(parts) if part.kind == "heading" and _is_title(part, title)), None)
    if named is not None:
        title = title or _on_one_line(parts[named].text)
        parts[named] = Part("title", parts[named].text)
    elif title and parts:
        parts.insert(0, Part("title", title))
    text = ""
    blocks = []
    for part in parts:
        if text:
            text += "\n" if part.tight else "\n\n"
        stripped = part.text.strip()
        blocks.append(Block(part.kind, len(text), len(text) + len(stripped), part.level))
        text += stripped
    return Draft(text, tuple(blocks), title, date)


def _is_title(part: Part, title: str) -> bool:
    """Say whether a heading is the document's title: the stated one, or, where none is stated, one of level 1."""
    return _on_one_line(part.text) == _on_one_line(title) if title else part.level == 1


def _on_one_line(text: str) -> str:
    """Return a text with single spaces for all its white space."""
    return " ".join(text.split())
