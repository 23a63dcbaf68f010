"""The characters of a file of unknown encoding."""

from __future__ import annotations

import codecs
import re
from itertools import islice
from math import inf, log
from unicodedata import category, name

_MARKS = (  # the longer first: the mark of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ("cp1252", "iso-8859-15", "mac_roman", "cp850")  # French before UTF-8; Latin-1 is within the first
_ELSEWHERE = ("cp1252", "cp1250", "iso-8859-2", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257")
"""One byte a letter, as Windows and Unix wrote the languages of the world before UTF-8."""
_EASTERN = {
    "gb18030": ((0xB0, 0xD7, 3755, 0.9),),
    "big5": ((0xA4, 0xC6, 5401, 0.9),),
    "euc_jp": ((0xA4, 0xA5, 169, 0.6), (0xB0, 0xCF, 2965, 0.3)),
    "shift_jis": ((0x82, 0x83, 169, 0.6), (0x88, 0x97, 2965, 0.3)),
    "euc_kr": ((0xB0, 0xC8, 2350, 0.9),),
}
"""Two bytes a letter → where the usual letters stand, for the standards put those first: their first bytes, from and
to, how many they are, and which part of a text they are."""
_SIGNS = {"shift_jis": 0x81}  # first byte of points and brackets, else 0xA1; full-width figures stand beside them
_OTHERS = 0.1 / 188  # how often a sign stands in a text
_FRENCH = frozenset("éèàùçêîôûëïüâœæÉÈÀÇÊÎÔÛŒ«»“”‘’…–\u2014·•°€£©\u00a0")
_USUAL = _FRENCH | frozenset("ñáíóúãõäößÄÖÜøåØÅ¿¡²³½¼¾")
_DECLARED = re.compile(rb"""<[^<>]*\b(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_HEAD = 2048  # bytes of a page in which it declares its encoding
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ASCII = re.compile(r"[\x00-\x7f]+")
_OTHER = re.compile(r"[^\x00-\x7f]")
_CONTROLS = [*map(chr, range(0x09)), *map(chr, range(0x0E, 0x1B)), *map(chr, range(0x1C, 0x20)), "\x7f"]
_MOST_CONTROLS = 0.01  # of the characters of a text
_FEW_BAD = 0.25  # bad bytes for each character of several bytes that is whole
_AS_MANY_BAD = 1.0  # the same where no other encoding makes usual letters of them, as of a few words
_FEW_NULS = 0.1  # of the bytes of a text in which each character is one
_SURE = 0.9  # of the characters that are not ASCII
_NEARLY_ALL = 0.99
_FEW_LETTERS = 3  # as in "à côté"
_SAMPLE = 20_000  # characters that are not ASCII; they tell as much as all
_WITHIN_WORDS = "’·"  # "l’été", "étudiant·es"
_END_OF_FILE = "\x1a\x00"  # what DOS wrote at the end of a text, and what fills a block of a disk or a field


def decode(data: bytes) -> str | None:
    r"""Return the text of a file with line ends as ``\n`` and without a byte order mark, or None if it holds no text.

    A byte order mark decides, then zero bytes where they tell UTF-16, then UTF-8 if the bytes are valid; UTF-8 again if
    only a few bytes are bad: each of those becomes U+FFFD. Then what a page declares, as browsers read it
    (https://encoding.spec.whatwg.org/#names-and-labels), then the Western encoding under which what is not ASCII is
    what French and its neighbours are written with (a statistical guess mistakes short texts), then the one of East
    Asia that makes only usual letters of them, then UTF-8 in which no more is bad than whole, then charset-normalizer
    among the encodings under which every letter stands where letters stand.
    """
    text = _decode(data)
    if text is None or not _is_text(text := text.rstrip(_END_OF_FILE)):
        return None
    return with_plain_line_ends(text.lstrip("\ufeff"))  # files put together have a mark too many


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
            return _attempt(data, encoding)
    if b"\x00" in data:
        return _with_stray_nuls(data) or _attempt(data, _byte_order(data))
    text = _unicode(data)
    if text is None and (declared := _DECLARED.search(data[:_HEAD])):
        text = _declared(data, declared[1].decode())
    if text is not None:
        return text
    return _western(data) or _eastern(data) or _unicode(data, _AS_MANY_BAD) or _guess(data)


def _with_stray_nuls(data: bytes) -> str | None:
    """Return the text of bytes among which few zeros stand, or only at the end; None where they are a part of it."""
    whole = data.rstrip(b"\x00")
    bare = whole.replace(b"\x00", b"")
    if len(whole) - len(bare) > _FEW_NULS * len(whole):
        return None
    text = _unicode(bare) or _western(bare)
    return text if text is not None and _is_text(text) else None


def _byte_order(data: bytes) -> str:
    """Return the order of the bytes of UTF-16: the half of a character that tells its script varies less."""
    first, second = len(set(data[::2])), len(set(data[1::2]))
    if first == second:
        return "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    return "utf-16-be" if first < second else "utf-16-le"


def _attempt(data: bytes, encoding: str) -> str | None:
    """Return the text, or None if the bytes are not valid in an encoding."""
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _declared(data: bytes, label: str) -> str | None:
    """Return the text in the encoding that browsers take a label for; None where they know none, or it is UTF-16.

    ``iso-8859-1`` is cp1252 to them; what declares UTF-16 in bytes of one a letter is mistaken.
    """
    import webencodings

    encoding = webencodings.lookup(label)
    return None if encoding is None or encoding.name.startswith("utf-16") else _attempt(data, encoding.codec_info.name)


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


def _western(data: bytes) -> str | None:
    """Return the text in the Western encoding that makes usual letters of its bytes, or None if none does."""
    texts = [text for encoding in _WESTERN if (text := _attempt(data, encoding)) is not None]
    best = max(texts, key=lambda text: (_placed(text, _FRENCH), _placed(text, _USUAL)), default="")
    return best if _share(best, _USUAL) >= _SURE and _is_one_script(best) else None


def _eastern(data: bytes) -> str | None:
    """Return the text in the encoding of two bytes a letter that makes only usual letters of it, the likeliest one."""
    made = ((encoding, _attempt(data, encoding)) for encoding in _EASTERN)
    likely = {text: _likelihood(text, encoding) for encoding, text in made if text is not None}
    best = max(likely, key=lambda text: likely[text], default="")
    return best if likely.get(best, -inf) > -inf else None


def _likelihood(text: str, encoding: str) -> float:
    """Return how likely the letters that are not ASCII are, as a logarithm; minus infinity where one is unusual."""
    others = [other[0].encode(encoding) for other in islice(_OTHER.finditer(text), _SAMPLE)]
    shares = {first: share / size for low, high, size, share in _EASTERN[encoding] for first in range(low, high + 1)}
    sign = _SIGNS.get(encoding, 0xA1)
    shares |= dict.fromkeys((sign, sign + 2), _OTHERS) | shares
    return sum(log(shares[one[0]]) if len(one) == 2 and one[0] in shares else -inf for one in others)


def _guess(data: bytes) -> str | None:
    """Return the text as charset-normalizer reads it, or None.

    It mistakes short texts, so it chooses among the encodings of one byte a letter that make words, if there are any.
    """
    from charset_normalizer import from_bytes

    made = ((encoding, _attempt(data, encoding)) for encoding in _ELSEWHERE)
    likely = [
        encoding
        for encoding, text in made
        if text is not None and _placed(text) >= _NEARLY_ALL and _is_one_script(text)
    ]
    match = (from_bytes(data, cp_isolation=likely).best() if likely else None) or from_bytes(data).best()
    return None if match is None else str(match)


def _is_one_script(text: str) -> bool:
    """Say whether words may be of one script: in Latin ones most letters are ASCII, but for a very short text."""
    letters = list(filter(str.isalpha, text[:_SAMPLE]))
    ascii_letters = sum(map(str.isascii, letters))
    latin = sum(_is_latin(letter) for letter in letters) - ascii_letters
    return latin <= max(ascii_letters, _FEW_LETTERS)


def _is_latin(letter: str) -> bool:
    return name(letter, "").startswith("LATIN")


def _share(text: str, letters: frozenset[str]) -> float:
    """Return how many of the characters that are not ASCII are among some letters, in [0, 1]."""
    others = _ASCII.sub("", text)
    return 1 - len(others.translate(dict.fromkeys(map(ord, letters)))) / len(others) if others else 0.0


def _placed(text: str, among: frozenset[str] = frozenset()) -> float:
    """Return how many of the characters that are not ASCII stand where one of their kind may stand, in [0, 1].

    No letter touches a digit, no capital follows a small letter, and no sign stands between two letters.

    Args:
        text: decoded.
        among: only these count; every character if there are none.
    """
    others = islice(_OTHER.finditer(text), _SAMPLE)
    told = [(not among or other[0] in among) and _is_placed(text, other.start()) for other in others]
    return sum(told) / len(told) if told else 0.0


def _is_placed(text: str, at: int) -> bool:
    """Say whether a character stands where one of its kind may stand."""
    kind = category(text[at])
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if kind[0] == "L":
        return not (before.isdigit() or after.isdigit() or (kind == "Lu" and before.islower()))
    between = before.isalpha() and after.isalpha() and text[at] not in _WITHIN_WORDS
    return kind[0] != "C" and (kind[0] in "MZ" or not between)
