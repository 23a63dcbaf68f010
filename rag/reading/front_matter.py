"""What stands before a Markdown text about it: fields in YAML between "---", in TOML between "+++", Pandoc's "% Title".

Only names and plain values are read, as far as a title, a date and names need; what is neither is no front matter: a
text may well begin with a rule.
"""

from __future__ import annotations

import re
from itertools import takewhile

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_FIELD = re.compile(r"(?P<name>[\w.-]+)[^\S\n]*[:=](?:[^\S\n]+(?P<value>\S.*)|[^\S\n]*$)")
_CONTINUED = re.compile(r"[ \t]|[-#\]}\[](?:\s|$)|\[[\w.-]+\]$|$")  # of a value above, a list, a comment, a table
_FOLDED = re.compile(r"[>|][+-]?\d?")
_ESCAPED = re.compile(r"\\(.)")
_MOST_LINES = 500
_ITEM = re.compile(r"\s{0,40}-\s{1,40}(?P<item>\S.*)")
_INLINE = re.compile(r"\[(?P<items>[^\[\]].*)\]")
_LINKED = re.compile(r"\[\[(?:[^\[\]|]*\|)?(?P<shown>[^\[\]|]*)\]\]")  # to a note of Obsidian
_TITLE_BLOCK = ("title", "author", "date")
_AND = "; "  # between the items of a list


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the fields at the head of a text by their names in lower case, and the text after them."""
    lines = text.lstrip().split("\n", _MOST_LINES)
    if lines[0].startswith("% "):
        return _title_block(lines)
    closing = _FENCES.get(lines[0].rstrip(), ())
    end = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() in closing), 0)
    stated = lines[1:end]
    if not end or not any(map(_FIELD.match, stated)):
        return {}, text
    if not all(_FIELD.match(line) or _CONTINUED.match(line) for line in stated):
        return {}, text
    fields: dict[str, str] = {}
    for at, line in enumerate(stated):
        if field := _FIELD.match(line):
            value = (field["value"] or "").strip()
            items = _items(value, stated[at + 1 :])
            if not value or _FOLDED.fullmatch(value):
                value = " ".join(_indented(stated[at + 1 :]))
            fields.setdefault(field["name"].lower(), _AND.join(map(_unquoted, items or [value])))
    return fields, "\n".join(lines[end + 1 :])


def _title_block(lines: list[str]) -> tuple[dict[str, str], str]:
    """Return the fields and the text of a document that begins with up to three lines: its title, authors, and date."""
    count = next((at for at, line in enumerate([*lines[:3], ""]) if not line.startswith("%")), 0)
    fields = {name: line[1:].strip() for name, line in zip(_TITLE_BLOCK, lines[:count], strict=False)}
    return fields, "\n".join(lines[count:])


def _items(value: str, lines: list[str]) -> list[str]:
    """Return the items of a value that is a list: in brackets, or in the lines after its name, each behind a dash."""
    if inline := _INLINE.fullmatch(value):
        return [item.strip() for item in inline["items"].split(",")]
    found = [] if value else list(takewhile(None.__ne__, map(_ITEM.fullmatch, lines)))
    return [item["item"].strip() for item in found if item]


def _indented(lines: list[str]) -> list[str]:
    """Return the lines at the beginning of some that are indented, as those of a value over several lines are."""
    end = next((at for at, line in enumerate(lines) if not line[:1].isspace()), len(lines))
    return [line.strip() for line in lines[:end]]


def _unquoted(value: str) -> str:
    """Return a value without its quotes: within single ones, YAML doubles one; else a backslash is before it.

    Of a link to a note its words are left.
    """
    if len(value) > 1 and value[0] == value[-1] == "'":
        value = value[1:-1].replace("''", "'")
    elif len(value) > 1 and value[0] == value[-1] == '"':
        value = _ESCAPED.sub(r"\1", value[1:-1])
    return _LINKED.sub(r"\g<shown>", value)
