"""Characters that are whole: every text that comes from outside passes here before it is kept or compared; pure."""

from __future__ import annotations

import unicodedata


def whole_characters(text: str) -> str:
    """Return a text without half characters: two halves that follow each other are one, a single one is U+FFFD.

    Half of a surrogate pair comes from a file name or a command line that is no UTF-8, and from JSON; no file, no
    database and no tokenizer takes it.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def composed(name: str) -> str:
    """Return a name with each letter and its accents as one character: macOS writes them apart in names of files."""
    return unicodedata.normalize("NFC", whole_characters(name))
