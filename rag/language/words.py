"""Words and stems: French and English first, every other language by the same rules without their lists.

A reader asks « Qu'a dit l'état-major ? » of a text that says "L’état‑major a déclaré": elision, both apostrophes,
hyphens, accents, ligatures, soft hyphens and the spaces inside numbers are all undone here, in one place, so that
search, checking and highlighting agree on what a word is. Sentence boundaries are in :mod:`rag.language.sentences`.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from rag.language.lexicon import STOP_WORDS


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    Attributes:
        text: as it stands there, ``text[start:end]``.
        start: offset of its first character.
        end: offset after its last character.
        stem: what is compared: stemmed, then without case, accents or ligatures; a number in digits with a point.
    """

    text: str
    start: int
    end: int
    stem: str


# Combining accents (a decomposed "é"), and the invisible characters that may stand inside a word.
_ACCENTS = "\u0300-\u036f"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_LETTERS = rf"(?:[^\W_][{_ACCENTS}{_INVISIBLE}]*)"
_THIN = "\u00a0\u202f\u2009"  # the spaces of French typography; never between two numbers


def _token_pattern(spaces: str) -> re.Pattern[str]:
    """Return the pattern of a number whose digits may be grouped by ``spaces``, or of a word."""
    return re.compile(
        rf"""(?P<number>(?<!\w)(?:\d{{1,3}}(?:[{spaces}]\d{{3}})+|\d{{1,3}}(?:[.,]\d{{3}})+|\d+)(?:[.,]\d+(?!\d)|(?!\w)))
           | (?P<acronym>(?<!\w)(?:[^\W\d_]\.){{2,20}}(?!\w))
           | (?P<word>{_LETTERS}+(?:(?!['’](?:[^\W\d_]\.){{2}})['’\-‐‑]{_LETTERS}+)*)""",
        re.VERBOSE,
    )


_TOKEN_ENGLISH = _token_pattern(_THIN)
_TOKEN = _token_pattern(_THIN + " ")
_ELISION = re.compile(r"(?:qu|lorsqu|puisqu|jusqu|quoiqu|[ldjnstmc])['’](?=\w)", re.IGNORECASE)
_ELIDED = {"l": "le", "d": "de", "j": "je", "n": "ne", "s": "se", "t": "te", "m": "me", "c": "ce"}
_POSSESSIVE = re.compile(r"(?<=\w)['’]s$", re.IGNORECASE)
_HYPHEN = re.compile(r"[-‐‑]")
_CLITIC = re.compile(
    r"(?:[-‐‑]t)?[-‐‑](?:ils?|elles?|on|je|tu|nous|vous|ce|ci|là|la|les?|lui|leur|moi|toi|y|en)$", re.IGNORECASE
)
_ORDINAL = re.compile(r"(\d+)(?:er|re|ère|e|ème|nde?|st|nd|rd|th)", re.IGNORECASE)
_WHOLE = frozenset({"rendez-vous"})
_REMOVED = dict.fromkeys(map(ord, _INVISIBLE))
_FOLDED = {ord("œ"): "oe", ord("æ"): "ae", ord("ø"): "o", ord("ł"): "l", ord("’"): "'", ord("‐"): "-", ord("‑"): "-"}
_COMBINING = re.compile(rf"[{_ACCENTS}]")

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_SLICE = 1000  # characters that are folded at once
_LONGEST_WORD = 80  # characters; the longest of French, hyphens and all, has half as many
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}  # "ﬁ", as print has it
_stemmers = threading.local()  # a Snowball stemmer may not be shared by threads


def words(text: str, language: str) -> list[Word]:
    """Return the words of a text in order.

    An elided word stands by itself: "l'Ukraine" gives "l'" (stem ``le``) and "Ukraine". A hyphenated word comes whole
    first (its stem without the hyphens, so that "week-end" meets "weekend"), then by its parts, which lie inside it;
    the pronoun of an inverted question is no such part: "réunissent-ils" gives "réunissent" and "ils". The English
    possessive "'s" is left out. "O.N.U." is one word and meets "ONU". A number is one word: "1 234,5" in French and
    "1,234.5" in English both give ``1234.5``.

    Args:
        text: any text.
        language: ISO 639-1 code.
    """
    token = _TOKEN_ENGLISH if language == "en" else _TOKEN
    found = []
    for match in token.finditer(text):
        start = match.start()
        if match.lastgroup == "number":
            found.append(Word(match[0], start, match.end(), _number(match[0], language)))
            continue
        if match.lastgroup == "acronym":
            found.append(Word(match[0], start, match.end(), fold(match[0].replace(".", ""))))
            continue
        if match.end() - start > _LONGEST_WORD:  # no word, but an address or a trap
            found.append(Word(match[0], start, match.end(), fold(match[0][:_LONGEST_WORD])))
            continue
        for left, right, stem in _analyse(match[0], language):
            found.append(Word(text[start + left : start + right], start + left, start + right, stem))
    return found


def content_stems(text: str, language: str) -> list[str]:
    """Return the stems of the words that are no stop words, in order and with repetitions.

    A word in capitals amid others is no stop word: "US" is not "us".
    """
    written, folded = stop_words(language), _folded_stop_words(language)
    shouted = text.isupper()

    def is_name(word: str) -> bool:
        return word[1:2].isalpha() and word.isupper() and not shouted

    def is_stop(word: str) -> bool:
        plain = word.casefold().replace("’", "'").rstrip("'")
        # "ou" may be a hasty "où", but "né" is never "ne": an accent that is written was meant.
        return plain in written or (plain in folded and plain.isascii())

    return [word.stem for word in words(text, language) if not is_stop(word.text) or is_name(word.text)]


def stop_words(language: str) -> frozenset[str]:
    """Return the words that carry grammar rather than meaning, in lower case; empty where no list is kept."""
    return STOP_WORDS.get(language, frozenset())


def fold(text: str) -> str:
    """Return a text without case, accents, ligatures and invisible characters, and with straight apostrophes."""
    if len(text) <= _LONGEST_WORD:
        return _fold_word(text)
    # Accents are put in order as they are decomposed, at the square of how many follow each other.
    return "".join(_folded(text[start : start + _SLICE]) for start in range(0, len(text), _SLICE))


def _folded(text: str) -> str:
    # Decomposing may bring a capital back: "𝕬" has no small form of its own.
    decomposed = unicodedata.normalize("NFKD", text.translate(_REMOVED).casefold()).casefold()
    return _COMBINING.sub("", decomposed).translate(_FOLDED)


_fold_word = lru_cache(maxsize=65536)(_folded)


@lru_cache(maxsize=131072)
def _analyse(token: str, language: str) -> tuple[tuple[int, int, str], ...]:
    """Return the words inside a token as ``(start, end, stem)``, offsets within the token."""
    found: list[tuple[int, int, str]] = []
    start, end = 0, len(token)
    while elision := _ELISION.match(token, start):
        elided = elision[0][:-1].lower()
        found.append((start, elision.end(), _ELIDED.get(elided, elided + "e")))
        start = elision.end()
    if possessive := _POSSESSIVE.search(token, start):
        end = possessive.start()
    clitics: list[tuple[int, int, str]] = []
    if language == "fr" and token[start:end].lower() not in _WHOLE:
        while clitic := _CLITIC.search(token, start + 1, end):
            left = max(token.rfind(hyphen, start, end) for hyphen in "-‐‑") + 1
            clitics.insert(0, (left, end, _stem(token[left:end], language)))
            end = clitic.start()
    found.append((start, end, _stem(token[start:end], language)))
    if _HYPHEN.search(token, start, end):
        left = start
        for part in _HYPHEN.split(token[start:end]):
            found += [(left + a, left + b, stem) for a, b, stem in _analyse(part, language)]
            left += len(part) + 1
    return (*found, *clitics)


def _stem(word: str, language: str) -> str:
    """Return what a word is compared by: without hyphens, stemmed while its accents stand, then folded."""
    plain = unicodedata.normalize("NFC", word.translate(_REMOVED).translate(_LIGATURES).lower())
    plain = _HYPHEN.sub("", plain).replace("’", "'")
    if ordinal := _ORDINAL.fullmatch(plain):
        return _number(ordinal[1], language)
    if plain.isdecimal():
        return _number(plain, language)
    return fold(_stemmer(language)(plain)).replace("'", "")


def _number(number: str, language: str) -> str:
    """Return a number's digits with a point before its decimals, without grouping and idle zeros."""
    thousands, decimal = (",", ".") if language == "en" else (".", ",")
    digits = re.sub(rf"\s|[{thousands}](?=\d{{3}}(?!\d))", "", number).replace(thousands, decimal)
    if digits.count(decimal) > 1:
        digits = digits.replace(decimal, "")
    whole, _, decimals = digits.partition(decimal)
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + decimals if decimals else "")


def _stemmer(language: str) -> Callable[[str], str]:
    """Return the Snowball stemmer of a language, one per thread; of a language it does not know, the identity."""
    stemmers = cast("dict[str, Callable[[str], str]]", _stemmers.__dict__)
    if language not in stemmers:
        stemmers[language] = _new_stemmer(language)
    return stemmers[language]


def _new_stemmer(language: str) -> Callable[[str], str]:
    """Return a new Snowball stemmer, or the identity."""
    if language not in _SNOWBALL:
        return str
    from Stemmer import Stemmer

    return cast("Callable[[str], str]", Stemmer(_SNOWBALL[language]).stemWord)


@lru_cache(maxsize=64)
def _folded_stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language as :func:`fold` leaves them."""
    return frozenset(fold(word) for word in stop_words(language))
