"""What stands before a Markdown text about it: fields in YAML between lines of "---", in TOML between lines of "+++".

Only names and plain values are read, as far as a title, a date and names need; what is neither is no front matter: a
text may well begin with a rule.
"""

from __future__ import annotations

import re

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_FIELD = re.compile(r"(?P<name>[\w.-]+)[^\S\n]*[:=](?:[^\S\n]+(?P<value>\S.*)|[^\S\n]*$)")
_CONTINUED = re.compile(r"[ \t]|[-#\]}\[](?:\s|$)|\[[\w.-]+\]$|$")  # of a value above, a list, a comment, a table
_FOLDED = re.compile(r"[>|][+-]?\d?")
_ESCAPED = re.compile(r"\\(.)")
_MOST_LINES = 500


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the fields at the head of a text by their names in lower case, and the text after them."""
    lines = text.lstrip().split("\n", _MOST_LINES)
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
            if not value or _FOLDED.fullmatch(value):
                value = " ".join(_indented(stated[at + 1 :]))
            fields.setdefault(field["name"].lower(), _unquoted(value))
    return fields, "\n".join(lines[end + 1 :])


def _indented(lines: list[str]) -> list[str]:
    """Return the lines at the beginning of some that are indented, as those of a value over several lines are."""
    end = next((at for at, line in enumerate(lines) if not line[:1].isspace()), len(lines))
    return [line.strip() for line in lines[:end]]


def _unquoted(value: str) -> str:
    """Return a value without its quotes: within single ones, YAML doubles one; else a backslash is before it."""
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _ESCAPED.sub(r"\1", value[1:-1])
    return value
