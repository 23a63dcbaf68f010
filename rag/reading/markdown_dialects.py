"""Marks that single programs add to Markdown: MkDocs, Pandoc, Obsidian, Jekyll, Hugo, CriticMarkup.

What such a mark says to a program is no word of a text, and what it encloses is read as any other Markdown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.reading.formulas import RAISED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_BOX = re.compile(
    r"""(?:!!!|\?\?\?\+?|={3}[+!]{0,2})(?:[ \t]+(?P<kind>[A-Za-z][\w-]{0,30})(?:[ \t]+[a-z][\w-]{0,30}){0,4})?
        (?:[ \t]+(?P<quoted>"(?P<title>[^"]{0,300})"))?[ \t]*""",
    re.VERBOSE,
)
_INDENT = 4  # columns of what a box encloses
_ATTRIBUTE = r"""(?:[.\#][\w:-]{1,80}|[\w:-]{1,40}=(?:"[^"{}]{0,200}"|'[^'{}]{0,200}'|[^\s"'{}]{1,200}))"""
_ATTRIBUTES = re.compile(rf"\{{:?[ \t]*{_ATTRIBUTE}(?:[ \t]+{_ATTRIBUTE}){{0,20}}[ \t]*\}}")
_LAST = re.compile(rf"[ \t]{{0,9}}{_ATTRIBUTES.pattern}[ \t]*$")
_CARRY_ATTRIBUTES = {"link_close", "image", "code_inline", "em_close", "strong_close"}
_COMMAND = re.compile(r"\{%.{0,300}?%\}|\{\{[<%].{0,300}?[>%]\}\}|%%.{0,2000}?%%", re.DOTALL)
_HIGHLIGHTED = re.compile(r"==(?=[^\s=])(.{1,500}?)(?<=[^\s=])==")
_LOWERED = re.compile(r"(?<=\w)~([\w+-]{1,12})~")
_RAISED = re.compile(r"(?<=\w)\^([0-9+-]{1,12})\^")
_PLACE = re.compile(r"(?:^|[ \t])\^[A-Za-z0-9-]{1,40}$")  # that links of Obsidian lead to
_CHANGE = re.compile(
    r"""`[^`\n]{1,300}` | \{(?P<mark>\+\+|--|~~|==|>>)
        (?P<inner>[^-+~=<{]*(?:(?!\{[-+~=>]{2}|[-+~=<]{2}\})[-+~=<{][^-+~=<{]*)*)(?P<end>[-+~=<]{2})\}""",
    re.VERBOSE | re.DOTALL,
)  # of any length: no other change begins in it, so that each character is looked at once
_CHANGES = ("{++", "{--", "{~~", "{==", "{>>")
_HEADING = re.compile(r"(?P<marks>#{2,6})(?P<words>[^\s#!].*)")
_BREAK = "softbreak"
_FEWEST_LINES = 2
_CONTENTS = re.compile(
    r"""(?:toc\s{0,9})?\{:[ \t]{0,9}toc[^{}\n]{0,80}\}
        | @?\[\[?_?toc_?\]\]? | \$\{toc\} | \{\{[ \t]{0,9}toc[ \t]{0,9}\}\}""",
    re.VERBOSE | re.IGNORECASE,
)
"""Where a program puts a table of contents: ``[TOC]``, ``[[_TOC_]]``, ``{:toc}``, ``${toc}``."""


def accept_changes(reader: MarkdownIt, text: str) -> str:
    """Return a text with the changes proposed in it (CriticMarkup) made: what is taken back is out, and remarks are.

    Args:
        reader: of Markdown; it tells where code stands, in which nothing is changed.
        text: of a document.
    """
    if not any(change in text for change in _CHANGES):
        return text
    lines = text.split("\n")
    stretches, begun = [], 0
    for token in reader.parse(text):
        if token.type in {"fence", "code_block"} and token.map and token.map[0] >= begun:
            start, end = token.map
            stretches += [_CHANGE.sub(_made, "\n".join(lines[begun:start])), "\n".join(lines[start:end])]
            begun = end
    return "\n".join([*stretches, _CHANGE.sub(_made, "\n".join(lines[begun:]))])


def _made(change: re.Match[str]) -> str:
    """Return what a change leaves; code stays, and so does what another mark ends than the one that begins it."""
    mark, inner = change["mark"], change["inner"]
    if not mark or change["end"] != mark.replace(">", "<"):
        return change[0]
    if mark == "~~":
        _, arrow, new = inner.partition("~>")
        return new if arrow else change[0]
    return inner if mark in {"++", "=="} else ""


def is_contents(text: str) -> bool:
    """Say whether a paragraph or an item is but the mark in whose place a program puts a table of contents."""
    return _CONTENTS.fullmatch(text.strip()) is not None


def read_boxes(reader: MarkdownIt) -> None:
    """Let a reader of Markdown take the boxes of MkDocs for a title and what stands indented below: ``!!! note``.

    Args:
        reader: it is changed.
    """
    reader.block.ruler.before("fence", "box", _box, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _box(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  # as it is called
    """Read a box that begins on a line: a paragraph of its title, or of its kind, then what it encloses."""
    opened = _BOX.fullmatch(state.getLines(start, start + 1, state.blkIndent, keepLastLF=False).strip())
    indent = state.sCount[start] + _INDENT
    last = start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= indent):
        last += 1
    inner = [line for line in range(start + 1, last) if not state.isEmpty(line)]
    if opened is None or state.is_code_block(start) or not inner or not (opened["kind"] or opened["quoted"]):
        return False
    if silent:
        return True
    title = opened["kind"].capitalize() if opened["quoted"] is None else opened["title"]
    state.push("paragraph_open", "p", 1)
    words = state.push("inline", "", 0)
    words.content, words.children, words.map = title, [], [start, start + 1]
    state.push("paragraph_close", "p", -1)
    around = state.lineMax, state.blkIndent
    state.lineMax, state.blkIndent = last, indent
    state.md.block.tokenize(state, start + 1, last)
    state.lineMax, state.blkIndent = around
    state.line = last
    return True


def read_headings_without_space(reader: MarkdownIt) -> None:
    """Let a reader of Markdown take "##Title" for a heading, as programs did before there was a standard.

    One "#" alone may be the mark of a keyword, and stays.

    Args:
        reader: it is changed.
    """

    def heading(state: StateBlock, start: int, _: int, silent: bool) -> bool:  # noqa: FBT001  # as it is called
        line = state.getLines(start, start + 1, state.blkIndent, keepLastLF=False).strip()
        marked = _HEADING.fullmatch(line)
        if marked is None or state.is_code_block(start):
            return False
        if not silent:
            tag = f"h{len(marked['marks'])}"
            state.push("heading_open", tag, 1)
            words = state.push("inline", "", 0)
            words.content, words.children, words.map = marked["words"], [], [start, start + 1]
            state.push("heading_close", tag, -1)
            state.line = start + 1
        return True

    reader.block.ruler.before("heading", "old_heading", heading, {"alt": ["paragraph", "reference", "blockquote"]})


def read_notes_in_line(reader: MarkdownIt) -> None:
    """Let a reader of Markdown put a note that stands in its line, "^[so he says]", into brackets there.

    Args:
        reader: it is changed.
    """

    def note(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # as it is called
        begin = state.pos
        if state.src[begin : begin + 2] != "^[":
            return False
        end = state.md.helpers.parseLinkLabel(state, begin + 1)
        if end < 0:
            return False
        if not silent:
            last = state.posMax
            state.push("text", "", 0).content = " ("
            state.pos, state.posMax = begin + 2, end
            state.md.inline.tokenize(state)
            state.push("text", "", 0).content = ")"
            state.posMax = last
        state.pos = end + 1
        return True

    reader.inline.ruler.before("link", "note", note)


def break_lines(parts: Sequence[Token]) -> None:
    """Break the lines of a block whose lines all begin with "|", as Pandoc marks those of verses and addresses.

    Args:
        parts: of a paragraph; they are changed.
    """
    begins = [
        part for before, part in zip([None, *parts], parts, strict=False) if before is None or before.type == _BREAK
    ]
    if len(begins) < _FEWEST_LINES or not all(one.type == "text" and one.content.startswith("| ") for one in begins):
        return
    for part in begins:
        part.content = part.content[1:].lstrip()
    for part in parts:
        part.type = "hardbreak" if part.type == _BREAK else part.type


def leave_out_marks(parts: Sequence[Token]) -> None:
    """Take out of a line's text what only a program reads: attributes, commands, comments, anchors, marks of colour.

    Args:
        parts: of a paragraph, a heading or an item; they are changed.
    """
    for before, part, after in zip([None, *parts], parts, [*parts[1:], None], strict=False):
        if part.type != "text":
            continue
        part.content = _HIGHLIGHTED.sub(r"\1", _COMMAND.sub("", part.content))
        part.content = _RAISED.sub(_raise, _LOWERED.sub(r"\1", part.content))
        if before is not None and before.type in _CARRY_ATTRIBUTES and (carried := _ATTRIBUTES.match(part.content)):
            part.content = part.content[carried.end() :]
        if after is None or after.type.endswith("break"):
            part.content = _PLACE.sub("", _LAST.sub("", part.content))


def _raise(figures: re.Match[str]) -> str:
    return figures[1].translate(RAISED)
