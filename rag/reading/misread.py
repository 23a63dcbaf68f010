"""Text that another program read in the wrong encoding and saved so: "prÃ©fet", or a control sign for each quote.

Its bytes are good UTF-8, so nothing in them tells; but a line of UTF-8 that was taken for letters of one byte each is
made of such sequences alone, and read once more it has its letters where letters stand.
"""

from __future__ import annotations

import re

from rag.reading.encodings import is_likelier_placed, is_usual, likeliest_text

_TAKEN_FOR = ("latin-1", "mac_roman", "cp850", "cp437")  # Windows and the web, the first Macintoshes, its consoles
_OTHER = re.compile(r"[^\x00-\x7f]")
_C1 = re.compile("[\x80-\x84\x86-\x9f]")  # but for the one that ends a line
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_TO_C1 = {ord(sign): chr(code) for code, sign in _WINDOWS.items()}


def as_it_was_written(text: str) -> str:
    """Return a text without what reading it in the wrong encoding has made of it, line by line; the same if nothing.

    Control characters of Latin-1, which nobody writes, become the signs that Windows has in their place, or where these
    are no usual ones, the letters of the encoding that makes the likeliest words of the same bytes.
    """
    signs = text.translate(_WINDOWS) if _C1.search(text) else text
    if not _OTHER.search(signs):
        return signs
    again = "".join(map(_read_again, signs.splitlines(keepends=True)))
    if signs == text or again != signs or is_usual(signs) or max(text) > "\xff":
        return again
    return likeliest_text(text.encode("latin-1")) or signs


def _read_again(line: str) -> str:
    """Return a line of UTF-8 that was taken for another encoding as it was; any other as it is."""
    if line.isascii():
        return line
    for encoding in _TAKEN_FOR:
        signs = line.translate(_TO_C1) if encoding == "latin-1" else line
        try:
            again = signs.encode(encoding).decode()
        except UnicodeError:
            continue
        if is_usual(again) or is_likelier_placed(again, line):
            return again
    return line
