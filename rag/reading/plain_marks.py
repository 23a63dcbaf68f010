"""What stands in a plain text and is no word of it: signs of mail, times of subtitles, hyphens at the ends of lines."""

from __future__ import annotations

import quopri
import re
from collections import Counter
from itertools import groupby

from rag.reading.decoding import decode
from rag.reading.encodings import is_usual

_QUOTED = re.compile(r"=(?:[0-9A-F]{2}|[ \t]{0,9}\n|\Z)")  # quoted-printable (RFC 2045): a byte, or a line that goes on
_TELLING = re.compile(r"=(?:[89A-F][0-9A-F]|[ \t]{0,9}\n)")  # what an address, "page=20", has not
_FEWEST_QUOTED = 3
_TIME = r"(?:\d{1,3}:)?\d{2}:\d{2}[.,]\d{3}"
_CUE = re.compile(rf"^(?:\d{{0,6}}\n)?{_TIME}[ \t]+-->[ \t]+{_TIME}[^\n]{{0,200}}$", re.MULTILINE)
"""The line of times of a subtitle (SubRip, WebVTT), and its number before it."""
_FEWEST_CUES = 2
_CUE_TAG = re.compile(r"</?(?:[a-z]|\d{2}:)[^<>\n]{0,100}>", re.IGNORECASE)
_LONG = 400  # characters, from which on the end of a sentence ends a paragraph of what is said
_ENDED = re.compile(r"[.!?…][\s\"”»’')\]]{0,5}$")
_SOFT_HYPHEN = re.compile("\u00ad\n?")
_DIVIDED = re.compile(r"([^\W\d_]{1,40})-\n([^\W\d_A-ZÀ-ÖØ-Þ]{1,40})")
_FEWEST_DIVIDED = 2
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def without_marks(text: str) -> str:
    """Return a plain text as it is read; the same where nothing of the kind is in it."""
    text = _unquoted(text)
    cues = list(_CUE.finditer(text))
    if len(cues) >= _FEWEST_CUES:
        text = _said(text, cues)
    return _with_whole_words(_SOFT_HYPHEN.sub("", text))


def _unquoted(text: str) -> str:
    """Return the text of what a mail program made fit for the mail, where that is what all its signs "=" are."""
    told = len(_TELLING.findall(text)) if "=" in text and text.isascii() else 0
    if told < _FEWEST_QUOTED or len(_QUOTED.findall(text)) < text.count("="):
        return text
    read = decode(quopri.decodestring(text.encode())) or text
    return read if read.isascii() or is_usual(read) else text


def _said(text: str, cues: list[re.Match[str]]) -> str:
    """Return what is said in subtitles, in paragraphs; a line that is shown again is said once."""
    ends = [*(cue.start() for cue in cues[1:]), len(text)]
    shown = (text[cue.end() : end].split("\n") for cue, end in zip(cues, ends, strict=True))
    lines = (" ".join(_CUE_TAG.sub("", line).split()) for cue in shown for line in cue)
    paragraphs = [""]
    for line, _ in groupby(filter(None, lines)):
        if len(paragraphs[-1]) > _LONG and _ENDED.search(paragraphs[-1]):
            paragraphs.append("")
        paragraphs[-1] += f" {line}" if paragraphs[-1] else line
    return "\n\n".join(paragraphs)


def _with_whole_words(text: str) -> str:
    """Return a text without the hyphens by which words were divided at the ends of its lines.

    One stays where the text writes the word with it elsewhere, and not whole; a single one may belong to its word.
    """
    if len(_DIVIDED.findall(text)) < _FEWEST_DIVIDED:
        return text
    words = Counter(word.casefold() for word in _WORDS.findall(text))

    def whole(found: re.Match[str]) -> str:
        head, tail = found.groups()
        hyphenated, joined = f"{head}-{tail}", f"{head}{tail}"
        return hyphenated if words[hyphenated.casefold()] > words[joined.casefold()] else joined

    return _DIVIDED.sub(whole, text)
