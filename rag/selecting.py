"""Chooses the sentences that answer a question, among those of the passages found; pure.

A sentence is scored by the question's rarity it covers, alone and with its neighbours, by holding the kind of answer the
question wants, and by the score of its passage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.language import content_stems, split_sentences
from rag.matching import Term, coverage
from rag.nouns import Article, Hit, Quote
from rag.questions import Question, holds_answer_kind

OWN_WEIGHT = 1.0
AROUND_WEIGHT = 0.35
KIND_WEIGHT = 0.25
PASSAGE_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with what speaks for it, each in [0, 1]."""

    quote: Quote
    own: float
    around: float
    kind: float


def prose_sentences(article: Article, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of the sentences between two offsets of an article, but for its titles and metadata.

    What stands in a heading answers nothing by itself. Where there is nothing else, everything counts.
    """
    prose = [block for block in article.blocks if block.kind in {"paragraph", "caption"}]
    spans = [
        (left + s, left + e)
        for block in prose
        if (left := max(block.start, start)) < (right := min(block.end, end))
        for s, e in split_sentences(article.text[left:right], article.language)
    ]
    return spans or [(start + s, start + e) for s, e in split_sentences(article.text[start:end], article.language)]


def rank_sentences(
    question: Question, terms: Sequence[Term], hits: Sequence[Hit], articles: Mapping[str, Article]
) -> tuple[Scored, ...]:
    """Return the sentences of the hits, best first.

    Args:
        question: taken apart.
        terms: of the question, as they were matched.
        hits: passages found, any order.
        articles: identifier → article, for those of the hits.
    """
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    scored = []
    for hit in hits:
        article = articles[hit.passage.article]
        spans = prose_sentences(article, hit.passage.start, hit.passage.end)
        stems = [set(content_stems(article.text[s:e], article.language)) for s, e in spans]
        for index, (start, end) in enumerate(spans):
            text = article.text[start:end]
            own = coverage(terms, stems[index])
            around = coverage(terms, set().union(*stems[max(index - 1, 0) : index + 2]))
            kind = _kind(question, text)
            score = (
                OWN_WEIGHT * own + AROUND_WEIGHT * around + KIND_WEIGHT * kind + PASSAGE_WEIGHT * hit.score / best
            )
            scored.append(Scored(Quote(article.identifier, hit.title, start, end, text, score), own, around, kind))
    return tuple(sorted(scored, key=lambda one: (-one.quote.score, one.quote.article, one.quote.start)))


def _kind(question: Question, text: str) -> float:
    if not question.kinds:
        return 0.5
    held = sum(holds_answer_kind(text, kind, question.names) for kind in question.kinds)
    return held / len(question.kinds)
