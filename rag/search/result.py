"""What a search returns."""

from __future__ import annotations

from dataclasses import dataclass

from rag.question import CONTENT, Intent, Question
from rag.values import Article, Evidence, Hit


@dataclass(frozen=True, slots=True)
class Search:
    """All that was found for a question, before any model is called.

    Attributes:
        question: as it was searched.
        hits: best first; of an overview, in the order of the text.
        evidence: the sentences that answer, and whether they do.
        articles: identifier → article, for those of the hits, and for those whose own data were asked for.
        within: the one article that was asked; empty where several were.
        intent: what the question wants.
        undated: whether a chronology was asked for and the text tells too few dates; then its order is kept.
        left_out: number of articles of the library that an overview does not tell of.
    """

    question: Question
    hits: tuple[Hit, ...]
    evidence: Evidence
    articles: dict[str, Article]
    within: str = ""
    intent: Intent = CONTENT
    undated: bool = False
    left_out: int = 0
