"""Where sentences begin and end, as exact offsets: French and English by rules of our own, others by sentencex.

Measured by ``python -m benchmarks.sentence_boundaries``, where the whole table stands: of paragraphs that are hard to
split, syntok gets 50 of 82 right in French, pySBD 49, sentencex 52, and these rules 82; in English 41, 42, 43 and 46 of
46. sentencex was chosen for its speed (a thousand articles in 0.1 s, pySBD 7 s), its 300 languages and its wheels for
every platform. Once the rules for French and English stood on top of it, taking it away changed one of 6,153 French
news paragraphs, so for these two it is no longer asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.language.calendar_names import short_month_names
from rag.language.lexicon import BEFORE_NUMBER, NEVER_LAST, OPENERS, SELDOM_LAST, STOP_WORDS

# A run of terminators, the closing marks that belong to it, then white space or the end.
_TERMINATOR = re.compile(
    r"""(?<![.!?…])(?P<mark>[.!?…]+(?:[^\S\n][!?]+)?)
        (?P<closers>(?: [^\S\n]*»(?!\w) | ["”’'\)\]] | [^\S\n]+["”](?=\s|$|[,;:.]) | \[\d{1,3}\] )*)
        (?=\s|$)""",
    re.VERBOSE,
)
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*|[\u2029\f]\s*|\n(?=[^\S\n]*(?:[-*•–\u2014]|\d{1,3}[.)])[^\S\n])")
_LAST_WORD = re.compile(r"""[^\s«»“”"()\[\]‘’']+$""")
_LONGEST_ABBREVIATION = 24  # characters looked back for the word before a full stop
_OPENING = "«“\"‘'([{–\u2014-•* \t\u00a0\u202f\u2009\n"
_QUOTES = '«“"‘'
_FIRST_WORD = re.compile(r"[^\W\d_]+['’]?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]")
_NUMERAL = re.compile(r"\d|[IVXLC]+\b|[A-Z]\.|[A-Z]\d")
_LIST_NUMBER = re.compile(r"^[^\S\n]*\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})\Z", re.MULTILINE)
_LONGEST_LIST_NUMBER = 10  # characters of white space and number
_SLICE = 4_000  # characters
_SPACELESS = "。！？｡．؟۔।॥՝։።၊။"


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return where the sentences of a text begin and end.

    A paragraph break always ends a sentence, and so does the line break before an item of a list. Closing quotation
    marks and brackets stay with the sentence they close.

    Args:
        text: any text.
        language: ISO 639-1 code; ``fr`` and ``en`` have rules of their own, others those of sentencex.

    Returns:
        ``(start, end)`` in characters, in order and without overlap. No sentence begins or ends with white space, and
        together they hold every other character of the text.
    """
    spans = []
    start = 0
    for end in [*_boundaries(text, language), len(text)]:
        sentence = text[start:end]
        if not sentence or sentence.isspace():
            continue
        left = start + len(sentence) - len(sentence.lstrip())
        spans.append((left, start + len(sentence.rstrip())))
        start = end
    return spans


def _boundaries(text: str, language: str) -> Iterator[int]:
    """Yield the offsets at which a sentence ends, in order."""
    breaks = [match.end() for match in _PARAGRAPH_BREAK.finditer(text)]
    ends = set() if language in NEVER_LAST else set(_library_boundaries(text, language))
    for match in _TERMINATOR.finditer(text):
        following = _skip_space(text, match.end())
        proposed = ends.intersection(range(match.start() + 1, following + 1))
        verdict = _verdict(text, match, language)
        ends -= proposed
        if verdict or (verdict is None and proposed):
            ends.add(match.end())
    last, told = 0, False  # of what stands since the last boundary: how far it was read, whether a word is in it
    paragraph_starts = set(breaks)
    for end in sorted({*ends, *breaks}):
        told = told or any(map(str.isalnum, text[last:end]))
        last = end
        if told or end in paragraph_starts:
            yield end
            told = False


def _library_boundaries(text: str, language: str) -> Iterator[int]:
    """Yield the boundaries sentencex finds, but for those inside a word such as ``O.N.U.``.

    It takes the square of a text's length when quotation marks are left open, so it is given a slice at a time.
    """
    from sentencex import get_sentence_boundaries

    for offset in range(0, len(text), _SLICE):
        part = text[offset : offset + _SLICE]
        for boundary in get_sentence_boundaries(language, part):
            end = boundary["end_index"]
            if end < len(part) and (part[end - 1].isspace() or part[end - 1] in _SPACELESS):
                yield offset + end


def _skip_space(text: str, position: int) -> int:
    """Return the offset of the first character from ``position`` on that is not white space."""
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _verdict(text: str, match: re.Match[str], language: str) -> bool | None:
    """Say whether a sentence ends at a terminator; None where sentencex should decide."""
    following = text[match.end() : match.end() + 40].lstrip()
    if not following:
        return True
    left_out = match["mark"][0] in ".…" and text[match.start() - 1 : match.start()] in ("(", "[")  # "(...)"
    if left_out or following[0] in ",;:)]}»”":
        return False
    opened = following.lstrip(_OPENING)
    quoted = following[0] in _QUOTES
    if opened[:1].islower() and not quoted:
        return False
    if language not in NEVER_LAST:
        return None
    if match["mark"] == "." and not match["closers"]:
        return _full_stop_ends(text, match.start(), opened, language)
    return not opened[:1].islower()


def _full_stop_ends(text: str, stop: int, following: str, language: str) -> bool:
    """Say whether a bare full stop ends a sentence, from the word before it and the word after it."""
    found = _LAST_WORD.search(text, max(0, stop - _LONGEST_ABBREVIATION), stop)
    word = found[0] if found else ""
    bare = word.lower()
    if bare in NEVER_LAST[language] or (language == "fr" and word == "M"):
        return False
    if _NUMERAL.match(following) and (bare in BEFORE_NUMBER or bare in short_month_names()):
        return False
    if _LIST_NUMBER.search(text, max(0, stop - _LONGEST_LIST_NUMBER), stop):
        return False
    initials = _INITIALS.fullmatch(word) and ("." in word or word.isupper())
    if initials or bare in SELDOM_LAST[language]:
        return _opens_sentence(following, language)
    return True


def _opens_sentence(following: str, language: str) -> bool:
    """Say whether a word opens a sentence rather than continues a name."""
    found = _FIRST_WORD.match(following)
    if not found:
        return False
    word = found[0].lower()
    if len(word) == 1:
        return word in "aàiy"  # not the initial of a name, as in "J.-C."
    return word[-1] in "'’" or word in STOP_WORDS[language] or word in OPENERS
