"""How long an overview a reader asks for: "en 3 points", "in five bullets", "in 100 words"; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.language import fold
from rag.language.numerals import read_numeral

MOST_POINTS = 20
_COUNTED = re.compile(
    r"""points?|phrases?|lignes?|idees?|infos?|informations?|faits?|puces?|tirets?|dates?|etapes?|evenements?|elements?
    |choses?|moments?|sentences?|bullets?|lines?|ideas?|facts?|takeaways?|events?|steps?|items?|things?
    |punkten?|satze?n?|puntos?|frases?|ideas?""",
    re.VERBOSE,
)
_WORDS = re.compile(r"mots?|words?|worte?n?|palabras?")
_ONE = re.compile(r"une?|one|a|single|einem?|una?")
_ADJECTIVES = 2  # "trois grandes idées principales" has its noun third


@dataclass(frozen=True, slots=True)
class Size:
    """How much is asked for.

    Attributes:
        points: number of sentences, lines or dates; 0 where none is told.
        words: number of words at most; 0 where none is told.
    """

    points: int = 0
    words: int = 0


def asked_size(question: str, language: str) -> Size:
    """Return the size an overview is asked for in.

    Args:
        question: that asks for one; in other questions a number counts something else.
        language: ISO 639-1 code of the question.
    """
    tokens = re.findall(r"\w+", fold(question))
    for index, token in enumerate(tokens):
        number, used = _number(tokens[index:], language)
        if not number:
            continue
        for noun in tokens[index + used : index + used + 1 + _ADJECTIVES]:
            if _WORDS.fullmatch(noun) and number > 1:
                return Size(words=number)
            if _COUNTED.fullmatch(noun):
                return Size(points=min(number, MOST_POINTS))
        if token.isdigit() and index and tokens[index - 1] == "top":
            return Size(points=min(number, MOST_POINTS))
    return Size()


def _number(tokens: list[str], language: str) -> tuple[int, int]:
    """Return the number that words begin with, 0 for none, and how many of them say it."""
    if tokens[0].isdigit():
        return int(tokens[0][:6]), 1
    if _ONE.fullmatch(tokens[0]):
        return 1, 1
    reading = read_numeral(tokens, language)
    return (reading.value, reading.words) if reading else (0, 1)
