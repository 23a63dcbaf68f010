"""The characters of bytes that are no Unicode, or do not say so: which encoding makes words of them.

Every encoding that could be meant gives a text. Those whose letters stand where letters stand are weighed by what
py3langid has learned of its languages: how much likelier the likeliest of them makes a text than the least likely. That
tells scripts apart, and the letters of Latin ones, in two words mostly; of scripts that few languages share it knows
little more than that they are those, so there the letters that charset-normalizer counts as frequent come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from math import log
from unicodedata import category, name

_WESTERN = ("cp1252", "iso-8859-15", "mac_roman", "cp850")  # French before UTF-8; Latin-1 is within the first
_ELSEWHERE = (
    *("cp1250", "iso-8859-2", "cp1251", "koi8-u", "cp866", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("iso-8859-5", "iso-8859-6", "cp852"),
)
"""One byte a letter, as Windows and Unix wrote the languages of the world before UTF-8; koi8-r is within koi8-u."""
_UTF_8 = "utf-8"
_OLDER = frozenset({"mac_roman", "cp850", "cp866", "cp852"})  # of DOS and of the first Macintoshes
_UNMARKED = ("utf-16-le", "utf-16-be")
_FEWEST = 4  # characters of East Asia, for UTF-16 to be told by them
_EASTERN = {
    "gb18030": (0xA1, 0xA3, *range(0xB0, 0xD8)),
    "big5": (0xA1, 0xA3, *range(0xA4, 0xC7)),
    "euc_jp": (0xA1, 0xA3, 0xA4, 0xA5, *range(0xB0, 0xD0)),
    "shift_jis": (0x81, 0x82, 0x83, *range(0x88, 0x98)),
    "euc_kr": (0xA1, 0xA3, *range(0xB0, 0xC9)),
}
"""Two bytes a letter → with which bytes the usual letters begin, for the standards put those first, and the signs."""
_FRENCH = frozenset("éèàùçêîôûëïüâœæÉÈÀÇÊÎÔÛŒ«»“”‘’…–\u2014·•°€£©§±×÷²³½¼¾\u00a0")
_USUAL = _FRENCH | frozenset("ñáíóúãõäößÄÖÜøåØÅ¿¡")
_SIGNS = str.maketrans("µªº", "°°°", "\u00ad")  # letters in name alone; and where a word may be divided, nothing stands
_LATIN_9 = frozenset("œŒŸ")  # no word by themselves, as the fractions are in whose place Latin-9 has them
_OTHER = re.compile(r"[^\x00-\x7f]")
_ASCII = re.compile(r"[\x00-\x7f]+")
_MARKUP = re.compile(r"<(?:(?:script|style)\b[^<>]{0,2000}>[^<]*|[a-z/!?][^<>]{0,2000}>)", re.IGNORECASE)
_SURE = 0.9  # of the characters that are not ASCII
_PLACED = 0.99  # of them, for a text to be as well placed as the best
_TWO = 2  # bytes
_FEW_LETTERS = 3  # as in "à côté"
_SAMPLE = 20_000  # characters that are not ASCII; they tell as much as all
_READ, _BEFORE = 4_000, 100  # characters that are weighed, and those of them before the first that is not ASCII
_WITHIN_WORDS = "’·–\u2014"  # "l’été", "étudiant·es", "Alsace–Lorraine"
_EXPECTED, _OLD, _SIGN = 8.0, 4.0, 8.0
"""Nats of likelihood: for French and for UTF-8, which are expected; against an encoding that few used; against a sign
that is none of Western Europe's. Chosen on names and dates of Unicode's CLDR, which
``tests/reading/test_encodings.py`` counts."""
_RANKS, _SELDOM = 3, 0.004  # how fast letters get rarer; the share of a sign, or of a letter not counted as frequent
_CAPITALS = 0.08  # nats that a text in capitals is less common: small letters of one encoding are capitals of another


def likeliest_text(data: bytes, mended: str | None = None) -> str | None:
    """Return the text of bytes in the old encoding that makes the likeliest words of them, or None if none makes any.

    The marks of a page are no words of it, and are not weighed.

    Args:
        data: not all of them ASCII.
        mended: the text as UTF-8 with some bad bytes, if it may be that: one more that may be likeliest.
    """
    bare = _MARKUP.sub(" ", data.decode("latin-1")).encode("latin-1")
    bare = data if bare.isascii() else bare
    texts: dict[str, str] = {}
    for encoding, text in _attempts(bare, _WESTERN + _ELSEWHERE):
        texts.setdefault(text, encoding)
    placed = {text: _placed(text) for text in texts if _is_one_script(text)}
    least = _PLACED * max(placed.values(), default=0.0)
    words = [text for text, part in placed.items() if part >= max(least, _SURE)]
    latin = [text for text in words if all(map(_is_latin, _letters(text)))]
    other = max((text for text in words if text not in latin), key=_commonness, default=None)
    likely = {text: texts[text] for text in (*latin, *([] if other is None else [other]))} | _eastern(bare)
    if mended is not None:
        likely[_MARKUP.sub(" ", mended)] = _UTF_8
    best = max(likely, key=lambda text: _likelihood(text, likely[text]), default=None)
    if best is None or likely[best] == _UTF_8:
        return None if best is None else mended
    return data.decode(likely[best], "replace")


def western_text(data: bytes) -> str | None:
    """Return the text of bytes in the Western encoding that makes usual letters of nearly all, or None if none does."""
    made = [text for _, text in _attempts(data, _WESTERN)]
    best = max(made, key=lambda text: (_placed(text, _FRENCH), _placed(text, _USUAL)), default="")
    return best if _share(best, _USUAL) >= _SURE and _is_one_script(best) else None


def is_usual(text: str) -> bool:
    """Say whether nearly every character of a text that is not ASCII is one that Western Europe writes."""
    return _share(text, _USUAL) >= _SURE


def is_likelier_placed(text: str, other: str) -> bool:
    """Say whether every character of a text that is not ASCII may stand where it stands, and not so in another text."""
    return _placed(text) >= _PLACED > _placed(other)


def _attempts(data: bytes, encodings: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each encoding in which bytes are valid, with their text as it is weighed."""
    for encoding in encodings:
        with suppress(UnicodeError):
            yield encoding, data.decode(encoding).translate(_SIGNS)


def _eastern(data: bytes) -> dict[str, str]:
    """Return the texts of East Asia that bytes may be, each with its encoding."""
    texts = {text: encoding for encoding, text in _attempts(data, _EASTERN) if _is_usual(text, encoding)}
    unmarked = {text: encoding for encoding, text in _attempts(data, _UNMARKED) if len(text) >= _FEWEST}
    usual = {text for text in unmarked if any(_is_usual(text, standard) for standard in _EASTERN)}
    return texts | {text: unmarked[text] for text in usual}


def _likelihood(text: str, encoding: str) -> float:
    """Return how likely a text is one at all, in nats."""
    from py3langid import rank

    first = _OTHER.search(text)
    sample = text[max(0, (first.start() if first else 0) - _BEFORE) :][:_READ]
    likelihoods = [likelihood for _, likelihood in rank(sample)]
    others = _ASCII.sub("", sample)
    signs = sum(map(_is_strange, others))
    expected = encoding == _UTF_8 or _FRENCH.issuperset(others)
    prior = _EXPECTED * expected - _OLD * (encoding in _OLDER) - _SIGN * signs
    return float(likelihoods[0] - likelihoods[-1]) + prior


def _commonness(text: str) -> float:
    """Return how frequent the letters of a text are in the language whose letters they are most likely, on average.

    A sign that Western Europe hardly writes counts as a letter that is not frequent, and capitals are a little rarer.
    """
    written = [one for one in text[:_READ] if one.isalpha() or _is_strange(one)]
    totals = (sum(shares.get(one.lower(), log(_SELDOM)) for one in written) for shares in _shares())
    capitals = sum(map(str.isupper, written))
    return (max(totals, default=0.0) - _CAPITALS * capitals) / max(1, len(written))


@cache
def _shares() -> tuple[dict[str, float], ...]:
    """Return for each language of charset-normalizer the logarithms of its letters' shares, by their ranks (Zipf)."""
    from charset_normalizer.constant import FREQUENCIES

    weights = {
        language: [1 / (rank + _RANKS) for rank in range(len(ranked))] for language, ranked in FREQUENCIES.items()
    }
    return tuple(
        {letter: log(weight / sum(weights[language])) for letter, weight in zip(ranked, weights[language], strict=True)}
        for language, ranked in FREQUENCIES.items()
    )


def _is_usual(text: str, encoding: str) -> bool:
    """Say whether nearly every character of a text that is not ASCII is a usual letter, or a sign, of two bytes."""
    others = [other[0].encode(encoding, "ignore") for other in islice(_OTHER.finditer(text), _SAMPLE)]
    usual = sum(len(one) == _TWO and one[0] in _EASTERN[encoding] for one in others)
    return usual >= _SURE * max(1, len(others))


def _letters(text: str) -> set[str]:
    """Return the letters of a text that are not ASCII."""
    return {letter for letter in _ASCII.sub("", text[:_SAMPLE]) if letter.isalpha()}


def _is_one_script(text: str) -> bool:
    """Say whether words may be of one script: in Latin ones most letters are ASCII, but for a very short text."""
    letters = list(filter(str.isalpha, text[:_SAMPLE]))
    ascii_letters = sum(map(str.isascii, letters))
    latin = sum(_is_latin(letter) for letter in letters) - ascii_letters
    return latin <= max(ascii_letters, _FEW_LETTERS)


def _is_strange(one: str) -> bool:
    """Say whether a character is a sign that Western Europe hardly writes."""
    return not one.isascii() and category(one)[0] not in "LM" and one not in _USUAL


def _is_latin(letter: str) -> bool:
    return name(letter, "").startswith("LATIN")


def _share(text: str, letters: frozenset[str]) -> float:
    """Return how many of the characters that are not ASCII are among some letters, in [0, 1]."""
    others = _ASCII.sub("", text)
    return 1 - len(others.translate(dict.fromkeys(map(ord, letters)))) / len(others) if others else 0.0


def _placed(text: str, among: frozenset[str] = frozenset()) -> float:
    """Return how many of the characters that are not ASCII stand where one of their kind may stand, in [0, 1].

    No letter touches a digit or one of another script, no capital follows a small letter, the shape that a letter has
    at the end of a word stands there, and no sign between two letters.

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
        mixed = any(one.isascii() and one.isalpha() for one in (before, after)) and not _is_latin(text[at])
        alone = text[at] in _LATIN_9 and not (before.isalpha() or after.isalpha())
        unfinished = after.isalpha() and " FINAL " in name(text[at], "")  # as Hebrew and Greek have them
        return not (
            mixed or alone or unfinished or before.isdigit() or after.isdigit() or (kind == "Lu" and before.islower())
        )
    between = before.isalpha() and after.isalpha() and text[at] not in _WITHIN_WORDS
    return kind[0] != "C" and (kind[0] in "MZ" or not between) and not (kind == "No" and after.isalpha())
