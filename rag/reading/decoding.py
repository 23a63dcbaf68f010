"""The characters of a file of unknown encoding."""

from __future__ import annotations

import codecs
import re

_MARKS = (  # the longer first: the mark of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ("cp1252", "mac_roman", "cp850")  # how French was written before UTF-8; Latin-1 is within the first
_FRENCH = frozenset("éèàùçêîôûëïüâœæÉÈÀÇÊÎÔÛŒ«»“”‘’…–\u2014·•°€£©\u00a0")
_USUAL = _FRENCH | frozenset("ñáíóúãõäößÄÖÜøåØÅ¿¡")
_DECLARED = re.compile(rb"""<[^<>]*\b(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_HEAD = 2048  # bytes of a page in which it declares its encoding
_ASCII = re.compile(r"[\x00-\x7f]+")
_CONTROLS = [*map(chr, range(0x09)), *map(chr, range(0x0E, 0x1B)), *map(chr, range(0x1C, 0x20)), "\x7f"]
_MOST_CONTROLS = 0.01  # of the characters of a text
_FEW_BAD = 0.25  # bad bytes for each character of several bytes that is whole
_PYTHONS_OWN = frozenset({"idna", "mbcs", "oem", "palmos", "punycode", "raw-unicode-escape", "undefined",
                          "unicode-escape", "utf-7"})  # fmt: skip
"""What Python can decode and no page is written in; some cost the square of the text, or make half characters."""
_SURE = 0.9  # of the characters that are not ASCII


def decode(data: bytes) -> str | None:
    r"""Return the text of a file with line ends as ``\n`` and without a byte order mark, or None if it holds no text.

    A byte order mark decides, then UTF-8 if the bytes are valid, then what a page declares, then UTF-8 again if only a
    few bytes are bad: each of those becomes U+FFFD. Then the Western encoding under which what is not ASCII is what
    French and its neighbours are written with (a statistical guess mistakes short texts), then charset-normalizer.
    """
    text = _decode(data)
    if text is None or sum(map(text.count, _CONTROLS)) > _MOST_CONTROLS * len(text) or "\x00" in text:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str | None:
    """Return the text of a file as its most likely encoding gives it, or None."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _attempt(data, encoding)
    if b"\x00" in data:
        return _attempt(data, "utf-16-be" if data[:1] == b"\x00" else "utf-16-le")
    text = _attempt(data, "utf-8")
    if text is None and (declared := _DECLARED.search(data[:_HEAD])):
        text = _attempt(data, declared[1].decode())
    return text if text is not None else _damaged(data) or _western(data) or _guess(data)


def _attempt(data: bytes, encoding: str) -> str | None:
    """Return the text, or None if the bytes are not valid in an encoding, or no such encoding is known."""
    if encoding.lower().replace("_", "-") in _PYTHONS_OWN:
        return None
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _damaged(data: bytes) -> str | None:
    """Return the text of UTF-8 in which few bytes are bad; None where it is more likely another encoding.

    No other encoding has sequences that are whole in UTF-8 but by chance.
    """
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    whole = len(_ASCII.sub("", text)) - bad
    return text if bad <= _FEW_BAD * whole else None


def _western(data: bytes) -> str | None:
    """Return the text in the Western encoding that makes usual letters of its bytes, or None if none does."""
    texts = [text for encoding in _WESTERN if (text := _attempt(data, encoding)) is not None]
    best = max(texts, key=lambda text: (_share(text, _FRENCH), _share(text, _USUAL)), default="")
    return best if _share(best, _USUAL) >= _SURE else None


def _share(text: str, letters: frozenset[str]) -> float:
    """Return how many of the characters that are not ASCII are among some letters, in [0, 1]."""
    others = _ASCII.sub("", text)
    return 1 - len(others.translate(dict.fromkeys(map(ord, letters)))) / len(others) if others else 0.0


def _guess(data: bytes) -> str | None:
    """Return the text as charset-normalizer reads it, or None."""
    from charset_normalizer import from_bytes

    match = from_bytes(data).best()
    return None if match is None else str(match)
