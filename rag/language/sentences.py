"""Where sentences begin and end, as exact offsets: French and English by rules of our own, others by sentencex.

Measured by ``python -m benchmarks.sentence_boundaries``, where the whole table stands: of paragraphs that are hard to
split, syntok gets 56 of 93 right in French, pySBD 55, sentencex 56, and these rules 93; in English 45, 45, 45 and 50 of
50. sentencex was chosen for its speed (a thousand articles in 0.1 s, pySBD 7 s), its 300 languages and its wheels for
every platform. Once the rules for French and English stood on top of it, taking it away changed one of 6,153 French
news paragraphs, so for these two it is no longer asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.language.calendar_names import month_names, short_month_names, short_weekday_names
from rag.language.lexicon import BEFORE_NUMBER, NEVER_LAST, OPENERS, SELDOM_LAST, STOP_WORDS
from rag.language.stretches import Stretches

# A run of terminators, the closing marks that belong to it, then white space, the end, or a word with a capital.
_TERMINATOR = re.compile(
    r"""(?<![.!?…])(?P<mark>[.!?…]+(?:[^\S\n][!?]+)?)
        (?P<closers>(?: [^\S\n]*»(?!\w) | ["”’'\)\]] | [^\S\n]+["”](?=\s|$|[,;:.]) | \[\d{1,3}\] )*)
        (?=\s|$|[A-ZÀ-Þ][a-zß-ÿ'’])""",
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
_ITEM_NUMBER = re.compile(r"(?:^|[.!?…:;»”)\]]\s)[^\S\n]{0,9}(?P<number>\d{1,2})\.(?=\s)", re.MULTILINE)
_ROW = re.compile(r"^[^\n|]{0,300}[^\S\n]\|[^\S\n][^\n]*$", re.MULTILINE)
_DAY = re.compile(r"\d{1,2}(?:er|st|nd|rd|th)?\b[^\S\n]{0,2}(?P<after>[^\W\d_]{1,20}|[^\w\s]|$|\n)")
_AFTER_DAY = frozenset({"h", "et", "au", "à", "ou", "and", "to", "or"})
_GLUED = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]*(?:['’]\w|[\s,])")
_SHORTEST_GLUED = 2  # letters before a full stop that a space should follow
_BRACKETS = {"(": ")", "[": "]"}
_LONGEST_ROW = 600  # characters
_LONGEST_ASIDE = 200  # characters between brackets
_SLICE = 4_000  # characters
_SPACELESS = "。！？｡．؟۔।॥՝։።၊။"


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return where the sentences of a text begin and end.

    A paragraph break always ends a sentence, and so does the line break before an item of a list. Closing quotation
    marks and brackets stay with the sentence they close, the number of an item with the item, and the row of a table
    is whole.

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
    rows = list(_rows(text))
    breaks = [match.end() for match in _PARAGRAPH_BREAK.finditer(text)] + [edge for row in rows for edge in row]
    whole = Stretches(len(text), rows)
    numbers = _item_numbers(text)
    ends = set() if language in NEVER_LAST else set(_library_boundaries(text, language))
    ends = {end for end in ends if not whole.meets(end - 1, end)}
    for match in _TERMINATOR.finditer(text):
        following = _skip_space(text, match.end())
        proposed = ends.intersection(range(match.start() + 1, following + 1))
        ends -= proposed
        if match.start() in numbers or whole.meets(*match.span()):
            continue
        verdict = _verdict(text, match, language)
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


def _rows(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the rows of tables begin and end: lines in which bars stand between cells."""
    for row in _ROW.finditer(text):
        if row.end() - row.start() <= _LONGEST_ROW:
            yield row.span()


def _item_numbers(text: str) -> set[int]:
    """Return the offsets of the full stops after the numbers of items, one after the other from 1 on."""
    stops: set[int] = set()
    last = 0
    for item in _ITEM_NUMBER.finditer(text):
        number = int(item["number"])
        if number in (1, last + 1):
            stops.add(item.end("number"))
            last = number
    return stops


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
    if not text[match.end() : match.end() + 1].isspace() and match.end() < len(text):
        return _is_glued(text, match, language)
    following = text[match.end() : match.end() + _LONGEST_ASIDE].lstrip()
    if not following:
        return True
    left_out = match["mark"][0] in ".…" and text[match.start() - 1 : match.start()] in ("(", "[")  # "(...)"
    if left_out or following[0] in ",;:)]}»”|" or _goes_on_after_aside(following):
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
    if bare in short_weekday_names() and _names_day(following, language):
        return False
    if _LIST_NUMBER.search(text, max(0, stop - _LONGEST_LIST_NUMBER), stop):
        return False
    initials = _INITIALS.fullmatch(word) and ("." in word or word.isupper())
    if initials or bare in SELDOM_LAST[language]:
        return _opens_sentence(following, language)
    return True


def _is_glued(text: str, match: re.Match[str], language: str) -> bool:
    """Say whether a sentence ends before a word with a capital though no space stands between: "signé.Ensuite"."""
    found = _LAST_WORD.search(text[max(0, match.start() - _LONGEST_ABBREVIATION) : match.start()].rstrip())
    word = found[0] if found else ""
    plain = word.isalpha() and word.islower() and len(word) >= _SHORTEST_GLUED
    return plain and language in NEVER_LAST and bool(_GLUED.match(text, match.end()))


def _goes_on_after_aside(following: str) -> bool:
    """Say whether a bracket that opens holds no sentence, so that it belongs to the words before it: "Inc. (BOPI)"."""
    closing = following.find(_BRACKETS[following[0]]) if following[0] in _BRACKETS else -1
    return closing > 0 and following[:closing].rstrip("»”\"'’ \u00a0\u202f")[-1:] not in ".!?…"


def _names_day(following: str, language: str) -> bool:
    """Say whether what follows a shortened day of the week makes a date or an hour of it: "3 mai", "7 et", "9 h"."""
    if language == "en":
        return following.partition(" ")[0].rstrip(".,").lower() in {**month_names(), **short_month_names()}
    day = _DAY.match(following)
    if not day:
        return False
    after = day["after"].lower()
    return not after[:1].isalpha() or after in _AFTER_DAY or after in month_names() or after in short_month_names()


def _opens_sentence(following: str, language: str) -> bool:
    """Say whether a word opens a sentence rather than continues a name."""
    found = _FIRST_WORD.match(following)
    if not found:
        return False
    word = found[0].lower()
    if len(word) == 1:
        return word in "aàiy"  # not the initial of a name, as in "J.-C."
    return word[-1] in "'’" or word in STOP_WORDS[language] or word in OPENERS
