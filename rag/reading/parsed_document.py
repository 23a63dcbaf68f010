"""What the parser of every format returns: the text, what each stretch of it is, and what it says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.values import Block, BlockKind

LONGEST_TITLE = 300
"""Characters of a title or a heading; it stands beside every passage it is the title of. What is longer is text."""
_OPENING = 8  # blocks that say what a text is


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What a file holds, before it is an article with a name and a language.

    Attributes:
        text: the text that offsets count in.
        blocks: its blocks in order, without overlap and without white space around them.
        title: as the document states it; empty if it does not.
        date: as :func:`rag.language.dates.iso_date` returns it; empty if unknown.
        author: as the document states it beside its text; empty if it does not.
        publisher: the newspaper, agency or site, the same way.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    date: str = ""
    author: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of a marked-up document, its markup removed, before it has its place in the whole text.

    ``tight`` ones follow on the next line, as the items of a list do. ``pages`` tells from which offset in its text on
    which page it stands; such a text has no white space around it. A ``row`` is one of a table.
    """

    kind: BlockKind
    text: str
    level: int = 0
    tight: bool = False
    pages: tuple[tuple[int, int], ...] = ()
    row: bool = False


def shortened(title: str, longest: int = LONGEST_TITLE) -> str:
    """Return a title on one line, cut between words where it is too long."""
    words = _on_one_line(title[: 8 * longest])
    return words if len(words) <= longest else (words[:longest].rpartition(" ")[0] or words[: longest - 1]) + "…"


def join_blocks(parsed: Iterable[TextBlock], *, title: str = "", date: str = "") -> ParsedDocument:
    """Return the document whose text is these blocks, a blank line between them.

    The first heading of level 1, or the one that repeats the title, becomes the title block, or a block near the top
    that is the title word for word. A title that no block holds is put before them, so that it can be found and cited
    like the rest.
    """
    found = [_bounded(block) for block in parsed if block.text.strip()]
    title = shortened(title)
    named = next((i for i, block in enumerate(found) if block.kind == "heading" and _is_title(block, title)), None)
    if named is None and title:  # a page may show its title as a paragraph that only looks like a heading
        named = next((i for i, block in enumerate(found[:_OPENING]) if _is_same(block.text, title)), None)
    if named is not None:
        title = title or _on_one_line(found[named].text)
        found[named] = replace(found[named], kind="title", level=0, tight=False)
    elif title and found:
        found.insert(0, TextBlock("title", title))
    parts: list[str] = []
    blocks = []
    position = 0
    for block in found:
        if parts:
            parts.append("\n" if block.tight else "\n\n")
            position += len(parts[-1])
        parts.append(block.text.strip())
        pages = tuple((position + at, page) for at, page in block.pages)
        blocks.append(Block(block.kind, position, position + len(parts[-1]), block.level, pages))
        position += len(parts[-1])
    return ParsedDocument("".join(parts), tuple(blocks), title, date)


def _bounded(block: TextBlock) -> TextBlock:
    """Return a block; a heading that is too long for one as a paragraph."""
    long = block.kind == "heading" and len(block.text.strip()) > LONGEST_TITLE
    return replace(block, kind="paragraph", level=0) if long else block


def confirmed(stated: str, blocks: Sequence[TextBlock]) -> str:
    """Return what a file states beside its text, if its first blocks say it too; else an empty string.

    Programs fill in such fields by themselves: the name of a template, the account of whoever typed the text.
    """
    opening = _on_one_line(" ".join(block.text for block in blocks[:_OPENING])).casefold()
    return stated if _on_one_line(stated).casefold() in opening else ""


def _is_title(block: TextBlock, title: str) -> bool:
    """Say whether a heading is the document's title: the stated one, or, where none is stated, one of level 1."""
    return _is_same(block.text, title) if title else block.level == 1


def _is_same(shown: str, title: str) -> bool:
    """Say whether two titles have the same letters and figures: quotes, dashes and capitals are set by typographers."""
    letters = ["".join(filter(str.isalnum, one.casefold())) for one in (shown[: 2 * LONGEST_TITLE], title)]
    return letters[0] == letters[1] if letters[0] else _on_one_line(shown) == title


def _on_one_line(text: str) -> str:
    """Return a text with single spaces for all its white space."""
    return " ".join(text.split())
