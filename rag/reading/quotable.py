"""What of an article can be quoted by itself: a sentence, or as many as make sense only together; pure."""

from __future__ import annotations

import re

from rag.reading.prose import prose_sentences
from rag.values import Article

LONGEST = 600
"""Characters of what is put together; what is longer stays in its sentences."""

_OPEN, _CLOSED = "«“", "»”"
_NEEDS_MORE = re.compile(r"(?:\?|:|,|;)\s*$")
"""A question is nothing without its answer, nor what announces something without what it announces."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST_WORDS = 3
_PARAGRAPHS = "\n\n"


def quotable_spans(article: Article, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of what can be quoted between two offsets of an article, in order.

    A speech stays whole, from the mark that opens it to the one that closes it; a question, a label and what ends with
    a colon are quoted with the sentence after them, and never alone unless nothing follows in their paragraph.
    """
    made: list[tuple[int, int]] = []
    for span in prose_sentences(article, start, end):
        if made and _belongs(article.text, made[-1], span):
            made[-1] = (made[-1][0], span[1])
        else:
            made.append(span)
    return made


def _belongs(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Return whether what is quoted cannot end where it does, and the next sentence may join it."""
    if after[1] - before[0] > LONGEST or _PARAGRAPHS in text[before[1] : after[0]]:
        return False
    piece = text[slice(*before)]
    unclosed = any(piece.count(one) > piece.count(other) for one, other in zip(_OPEN, _CLOSED, strict=True))
    return unclosed or bool(_NEEDS_MORE.search(piece)) or len(_WORD.findall(piece)) < _FEWEST_WORDS
