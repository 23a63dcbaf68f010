"""Chooses the sentences that answer a question, among those of the passages found; pure.

A sentence is scored by the part of the question it covers, alone, with the title and with its neighbours; by holding
the kind of answer the question wants; and by the score of its passage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answer_kinds import AnswerKind, holds_answer_kind
from rag.language import content_stems, fold, split_sentences
from rag.matching import Term, match_terms
from rag.nouns import Article, Hit, Quote
from rag.questions import Question

WEIGHTS = {"own": 0.14, "titled": 0.22, "around": 0.16, "passage": 0.48}
KIND_WEIGHTS: dict[AnswerKind, float] = {
    "person": 0.03,
    "date": 0.19,
    "place": 0.08,
    "quantity": 0.26,
    "reason": 0.09,
    "money": 0.2,
    "duration": 0.2,
}
"""What each measure counts: fitted on the training questions of two sets, rounded; the first four add up to 1."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with what speaks for it.

    Attributes:
        own: part of the question's rarity that the sentence covers, in [0, 1].
        titled: the same, together with the article's title.
        around: the same, together with the sentences before and after it.
        kinds: of the kinds of answer the question wants, those the sentence holds.
    """

    quote: Quote
    own: float
    titled: float
    around: float
    kinds: frozenset[AnswerKind]


_ORDERS = re.compile(
    r"""
    (?:^|[.!:;]\s|\b(?:please|veuillez|must|dois|devez|vous)\s)\W*
        (?:ignore[zr]?|oublie[zr]?|disregard|forget|override)\b.{0,40}
        \b(?:consignes?|instructions?|directives?|prompts?|ci-dessus|ce\ qui\ precede|previous|above|prior)\b
    | ^\W*(?:system|systeme)\s*:
    | \[/?inst\] | <\|?/?\w*(?:im_start|im_end|start_of_turn|end_of_turn|system)\w*\|?>
    | \byou\ are\ (?:now\ )?an?\ (?:ai|assistant|language\ model)\b
    | \btu\ es\ (?:maintenant\ )?une?\ (?:ia|assistant|modele\ de\ langage)\b
    """,
    re.DOTALL | re.VERBOSE,
)


def addresses_machine(sentence: str) -> bool:
    """Return whether a sentence gives orders to a language model: "ignore the instructions above", "[INST]"."""
    return _ORDERS.search(fold(sentence)) is not None


def prose_sentences(article: Article, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of the sentences between two offsets of an article, but for its titles and metadata.

    What stands in a heading answers nothing by itself, and a sentence that gives orders to a machine says nothing to a
    reader. Where there is nothing else, everything counts.
    """
    prose = [block for block in article.blocks if block.kind in {"paragraph", "caption"}]
    spans = [
        (left + s, left + e)
        for block in prose
        if (left := max(block.start, start)) < (right := min(block.end, end))
        for s, e in split_sentences(article.text[left:right], article.language)
        if not addresses_machine(article.text[left + s : left + e])
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
    matches = match_terms(terms)
    scored = []
    for hit in hits:
        article = articles[hit.passage.article]
        title = matches.found(content_stems(hit.title, article.language))
        spans = prose_sentences(article, hit.passage.start, hit.passage.end)
        found = [matches.found(content_stems(article.text[start:end], article.language)) for start, end in spans]
        for index, (start, end) in enumerate(spans):
            text = article.text[start:end]
            own, titled = matches.part(found[index]), matches.part(found[index], title)
            around = matches.part(title, *found[max(index - 1, 0) : index + 2])
            kinds = frozenset(kind for kind in question.kinds if holds_answer_kind(text, kind, question.names))
            measured = {"own": own, "titled": titled, "around": around, "passage": hit.score / best}
            score = sum(WEIGHTS[name] * value for name, value in measured.items())
            score += sum(KIND_WEIGHTS[kind] * (0.5 if kind in kinds else -0.5) for kind in question.kinds)
            quote = Quote(article.identifier, hit.title, start, end, text, score)
            scored.append(Scored(quote, own, titled, around, kinds))
    return tuple(sorted(scored, key=lambda one: (-one.quote.score, one.quote.article, one.quote.start)))
