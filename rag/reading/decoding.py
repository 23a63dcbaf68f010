"""The characters of a file of unknown encoding."""

from __future__ import annotations

import codecs
import re

from rag.reading.encodings import likeliest_text, western_text
from rag.reading.misread import as_it_was_written

_MARKS = (  # the longer first: the mark of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARING = re.compile(rb"<(?:meta[\s/]|\?xml\s)[^<>]{1,4000}", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"""(?<![\w-])(?P<name>charset|encoding|http-equiv|content)\s{0,9}=\s{0,9}
         (?:"(?P<quoted>[^"]{0,1000})" | '(?P<single>[^']{0,1000})' | (?P<bare>[^\s"'>]{1,200}))""",
    re.IGNORECASE | re.VERBOSE,
)
_WITHIN = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?\s{0,9}(?P<label>[\w:.-]{1,40})""", re.IGNORECASE)
_HEAD = 16_384  # bytes of a page in which it declares its encoding; some begin with a long script
_LINE_END = re.compile("\r{0,9}\n|[\r\x0b\x0c\x85\u2028\u2029]")  # some servers write \r twice
_C1 = re.compile("[\x80-\x84\x86-\x9f]")  # but for the one that ends a line
_ASCII = re.compile(r"[\x00-\x7f]+")
_CONTROLS = [*map(chr, range(0x09)), *map(chr, range(0x0E, 0x1B)), *map(chr, range(0x1C, 0x20)), "\x7f"]
_MOST_CONTROLS = 0.01  # of the characters of a text
_MOST_HALVES = 0.01  # of the characters of UTF-16; a file may be cut within one
_FEW_BAD = 0.25  # bad bytes for each character of several bytes that is whole
_AS_MANY_BAD = 1.0  # the same where no other encoding makes likelier words of them, as of a few words
_TO_JAPANESE = (b"\x1b$@", b"\x1b$B")  # ISO-2022-JP, of which every byte is one of ASCII
_FEW_NULS = 0.1  # of the bytes of a text in which each character is one
_MAINFRAME = "cp1140"  # EBCDIC, with the euro
_MAINFRAME_SPACE, _LETTER = b"@", 0x80  # the byte that is a space there, and the first of its letters
_SPACED = 0.1  # of the characters of a text, at least, are spaces
_MARK = re.compile("^\ufeff+", re.MULTILINE)  # files put together have one within
_END_OF_FILE = "\x1a\x00"  # what DOS wrote at the end of a text, and what fills a block of a disk or a field


def decode(data: bytes) -> str | None:
    r"""Return the text of a file with line ends as ``\n`` and without a byte order mark, or None if it holds no text.

    A byte order mark decides, then zero bytes where they tell UTF-16, then UTF-8 if the bytes are valid, or if those of
    some lines are and all others are Western; UTF-8 again if only a few bytes are bad: each of those becomes U+FFFD.
    Then what a page declares, as browsers read it
    (https://encoding.spec.whatwg.org/#names-and-labels), then the old encoding that makes the likeliest words of the
    bytes, or UTF-8 in which no more is bad than whole; where none makes any, the Western one that makes usual letters
    of nearly all, then charset-normalizer. What another program misread before is read again.
    """
    text = _decode(data)
    if text is None or not _is_text(text := text.rstrip(_END_OF_FILE)):
        return None
    return _MARK.sub("", with_plain_line_ends(as_it_was_written(text)))


def with_plain_line_ends(text: str) -> str:
    r"""Return a text in which every line ends with ``\n``: those of old machines, of Unicode, of a page too."""
    return _LINE_END.sub("\n", text)


def _is_text(text: str) -> bool:
    """Say whether hardly any character is a control character, and none is NUL."""
    return sum(map(text.count, _CONTROLS)) <= _MOST_CONTROLS * len(text) and "\x00" not in text


def _decode(data: bytes) -> str | None:
    """Return the text of a file as its most likely encoding gives it, or None."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _nearly_whole(data, encoding)
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\x00" in data:
        return _with_stray_nuls(data) or _nearly_whole(data, _byte_order(data))
    text = _attempt(data, "iso2022_jp") if any(sign in data for sign in _TO_JAPANESE) and data.isascii() else None
    text = _attempt(data, "utf-8") if text is None else text
    text = _line_by_line(data) if text is None else text
    text = _unicode(data) if text is None else text
    if text is None and _is_of_a_mainframe(data):
        return _attempt(data, _MAINFRAME)
    if text is None and (label := _label(data[:_HEAD])):
        text = _declared(data, label)
    if text is not None:
        return text
    return likeliest_text(data, _unicode(data, _AS_MANY_BAD)) or western_text(data) or _guess(data)


def _with_stray_nuls(data: bytes) -> str | None:
    """Return the text of bytes among which few zeros stand, or only at the end; None where they are a part of it."""
    whole = data.rstrip(b"\x00")
    bare = whole.replace(b"\x00", b"")
    if len(whole) - len(bare) > _FEW_NULS * len(whole):
        return None
    text = _unicode(bare) or western_text(bare)
    return text if text is not None and _is_text(text) else None


def _byte_order(data: bytes) -> str:
    """Return the order of the bytes of UTF-16: the half of a character that tells its script varies less."""
    first, second = len(set(data[::2])), len(set(data[1::2]))
    if first == second:
        return "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    return "utf-16-be" if first < second else "utf-16-le"


def _is_of_a_mainframe(data: bytes) -> bool:
    """Say whether bytes are EBCDIC: its letters lie where all others have but a few, and its space elsewhere."""
    spaces = data.count(_MAINFRAME_SPACE)
    return b" " not in data and spaces > _SPACED * len(data) and 2 * sum(map(_LETTER.__le__, data)) > len(data)


def _attempt(data: bytes, encoding: str) -> str | None:
    """Return the text, or None if the bytes are not valid in an encoding."""
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _nearly_whole(data: bytes, encoding: str) -> str | None:
    """Return the text in UTF-16 or UTF-32, with U+FFFD for the few characters that are not whole; None if many are."""
    text = data.decode(encoding, "replace")
    return text if text.removesuffix("\ufffd").count("\ufffd") <= _MOST_HALVES * len(text) else None


def _line_by_line(data: bytes) -> str | None:
    """Return the text of files put together: some lines are UTF-8, all others Western; None where that is not so."""
    lines = data.splitlines(keepends=True)
    told = [_attempt(line, "utf-8") for line in lines]
    rest = b"".join(line for line, text in zip(lines, told, strict=True) if text is None)
    if all(text is None or text.isascii() for text in told) or _is_cut(data):
        return None
    other = western_text(rest) if _unicode(rest, _AS_MANY_BAD) is None else None
    if other is None:
        return None
    texts, at = [], 0
    for line, text in zip(lines, told, strict=True):
        texts.append(other[at : at + len(line)] if text is None else text)
        at += len(line) if text is None else 0
    return "".join(texts)


def _is_cut(data: bytes) -> bool:
    """Say whether bytes are UTF-8 but for a character that their end cuts."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeError:
        return False
    return True


def _label(head: bytes) -> str:
    """Return what the head of a page calls its encoding; empty where it does not say.

    What a comment says, or another attribute than those made for it, describes something else: a script's file, say.
    """
    begin, *others = head.split(b"<!--")
    shown = begin + b"".join(other.partition(b"-->")[2] for other in others)
    for declaring in _DECLARING.finditer(shown):
        told = {
            one["name"].lower(): one["quoted"] or one["single"] or one["bare"] or b""
            for one in _ATTRIBUTE.finditer(declaring[0])
        }
        label = told.get(b"charset") or told.get(b"encoding", b"")
        if not label and told.get(b"http-equiv", b"").lower() == b"content-type":
            within = _WITHIN.search(told.get(b"content", b""))
            label = within["label"] if within else b""
        if label:
            return label.decode("ascii", "replace").strip()
    return ""


def _declared(data: bytes, label: str) -> str | None:
    """Return the text in the encoding that browsers take a label for; None where they know none, or it is UTF-16.

    ``iso-8859-1`` is cp1252 to them; what declares UTF-16 in bytes of one a letter is mistaken, and so is what
    then holds control characters where other encodings have letters.
    """
    import webencodings

    encoding = webencodings.lookup(label)
    if encoding is None or encoding.name.startswith("utf-16"):
        return None
    text = _attempt(data, encoding.codec_info.name)
    return None if text is None or _C1.search(text) else text


def _unicode(data: bytes, bad_for_each: float = _FEW_BAD) -> str | None:
    """Return the text of UTF-8, or of UTF-8 in which few bytes are bad; None where it is more likely another encoding.

    No other encoding has sequences that are whole in UTF-8 but by chance.

    Args:
        data: the bytes.
        bad_for_each: how many may be bad for each character of several bytes that is whole.
    """
    text = data.decode("utf-8", "replace")
    whole = len(_ASCII.sub("", text)) - text.count("\ufffd")
    bad = text.removesuffix("\ufffd").count("\ufffd") if whole else text.count("\ufffd")  # a text may be cut at its end
    return text if bad <= bad_for_each * whole or _attempt(data, "utf-8") is not None else None


def _guess(data: bytes) -> str | None:
    """Return the text as charset-normalizer reads it, or None; it mistakes short texts."""
    from charset_normalizer import from_bytes

    match = from_bytes(data).best()
    return None if match is None else str(match)
