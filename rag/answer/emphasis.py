"""Where in an answer that quotes the article the words stand that answer; pure."""

from __future__ import annotations

from collections.abc import Iterable

from rag.values import Citation, Quote

LEAST_SCORE = 0.2
"""Least probability of a quote in which words stand out. From there on the reader's words are the answer more often
than not, below it seldom (benchmarks/answers.md)."""


def answering_words(text: str, citations: Iterable[Citation], quotes: Iterable[Quote]) -> tuple[tuple[int, int], ...]:
    """Return the ranges of an answer's text that hold the words the reader found to answer, in order, none twice.

    In a quote that hardly answers none are told: whatever would stand out there is seldom the answer.

    Args:
        text: of the answer.
        citations: of the answer, whose quotes it may hold word for word, white space aside.
        quotes: that were found, with the words in them that answer.
    """
    told = {(quote.article, *quote.words) for quote in quotes if _tells(quote)}
    found = set()
    for citation in citations:
        at = text.find(_flat(citation.quote))
        for article, start, end in told:
            if at >= 0 and article == citation.article and citation.start <= start and end <= citation.end:
                before = citation.quote[: start - citation.start]
                left = at + len(_flat(before)) + bool(before[-1:].isspace() and before.strip())
                words = _flat(citation.quote[start - citation.start : end - citation.start])
                found.add((left, left + len(words)))
    return tuple(sorted(found))


def _tells(quote: Quote) -> bool:
    return quote.words[0] < quote.words[1] and quote.score >= LEAST_SCORE


def _flat(text: str) -> str:
    return " ".join(text.split())
