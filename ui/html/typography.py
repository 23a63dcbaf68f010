"""Texts become escaped HTML in which no line breaks where French punctuation forbids it.

Marks are looked for in the text as it is, and each piece is escaped after that: what a browser shows of the result is
the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import markupsafe
from markupsafe import Markup

_TOGETHER = re.compile(r"« \S{1,24}|\S{1,24} [?!;:»](?=\W|$)|(?<!\d)\d{1,3}(?: \d{3}){1,4}(?!\d)")
_BOLD = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")
_COMMAND = re.compile(r"\brag(?: [\w./-]+){1,20} ?$")
_LINE_END = re.compile(r"(?<!\s)(?=[^\S\n]*\n)\s+")


def escape(text: object) -> Markup:
    """Return a text safe inside an element or a quoted attribute, every character kept; markup comes back as it is.

    A carriage return is written as a reference, since parsers turn it into a line feed; a NUL, which HTML cannot
    hold, becomes the replacement character, so offsets stay what they were.
    """
    safe = markupsafe.escape(text)
    if "\r" in safe or "\0" in safe:  # rare, and to replace costs more than to escape
        return safe.replace("\r", Markup("&#13;")).replace("\0", "\ufffd")
    return safe


def prose(text: str) -> Markup:
    """Return a text in which French punctuation stays with its word."""
    return _wrap(text, _TOGETHER, lambda found: Markup('<span class="nb">{}</span>').format(escape(found[0])), escape)


def inline(text: str) -> Markup:
    """Return a stretch of an answer: line ends kept, ``**bold**`` honoured, nothing else."""
    return Markup("<br>").join(
        _wrap(line, _BOLD, lambda found: Markup("<strong>{}</strong>").format(prose(found[1])), prose)
        for line in text.split("\n")
    )


def commands(text: str) -> Markup:
    """Return a sentence in which a command at its end stands out."""
    return _wrap(text, _COMMAND, lambda found: Markup("<code>{}</code>").format(escape(found[0])), prose)


def tidy(text: str) -> str:
    """Return a text without white space around it and around its line ends."""
    return _LINE_END.sub("\n", text.strip())


def _wrap(
    text: str, pattern: re.Pattern[str], mark: Callable[[re.Match[str]], Markup], plain: Callable[[str], Markup]
) -> Markup:
    """Return each match of ``pattern`` as ``mark`` says, and what stands between them as ``plain`` says."""
    pieces, cursor = [], 0
    for found in pattern.finditer(text):
        pieces += [plain(text[cursor : found.start()]), mark(found)]
        cursor = found.end()
    return Markup("").join([*pieces, plain(text[cursor:])])
