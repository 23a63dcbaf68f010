"""Chooses the sentences that answer a question, among those of the passages found; pure.

A sentence is scored by the part of the question it covers, alone, with the title and with its neighbours; by holding
the kind of answer the question wants; and by the score of its passage. To a question in another language, whose words
are few or none of the article's, its meaning counts as well. The scores of all sentences make shares of one (softmax):
how likely each is the one that answers. A quote is a sentence with those beside it that are worth their length. The
weights are fitted and the quotes measured by ``benchmarks/fit_ranking.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.language import content_stems
from rag.question import Question
from rag.question.answer_kinds import AnswerKind, holds_answer_kind
from rag.reading import prose_sentences
from rag.search.matching import Matches
from rag.values import Article, Hit, Quote

WEIGHTS = {"own": 1.5, "titled": 3.3, "around": 2.8, "passage": 6.5}
KIND_WEIGHTS: dict[AnswerKind, float] = {
    "person": 0.2,
    "date": 1.7,
    "place": 0.6,
    "quantity": 1.8,
    "reason": 0.7,
    "money": 1.5,
    "duration": 1.5,
}
"""What each measure adds to the logarithm of a sentence's share. Sums of money and durations are too rare in the
training questions to be fitted; they count nearly as other quantities do."""

MEANING_WEIGHT = 3.0
"""What the cosine of question and sentence, on the embedder's scale, adds for a question in another language."""

READ = 4
"""Of so many passages, the best, the sentences' meaning is taken, which costs some milliseconds each; those of the
others count as the farthest."""

LONGEST_RUN = 3

Closeness = Callable[[Sequence[str]], Sequence[float]]
"""Of texts, how near each is in meaning to a question, about in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Economy:
    """How dear words are when a quote is put together; the values were chosen by what they cost and found.

    Attributes:
        length: share of all sentences that 100 characters must outweigh for one sentence to come before another.
        worth: share that a neighbour must bring for each of its 100 characters.
        alike: share that it must have at least, as a part of the share of the sentence it stands beside.
    """

    length: float
    worth: float
    alike: float


FIRST = Economy(length=0.0, worth=0.15, alike=0.35)
FURTHER = Economy(length=0.02, worth=0.01, alike=0.2)
"""The first quote is the answer, and short; the further ones are there to catch what it missed. What other values gave
stands in ``benchmarks/answers.md``."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with what speaks for it.

    Attributes:
        quote: the sentence; its score is its share of all sentences, in (0, 1].
        hit: number of the hit it stands in.
        passage: score of that hit.
        own: part of the question's rarity that the sentence covers, in [0, 1].
        titled: the same, together with the article's title.
        around: the same, together with the sentences before and after it.
        kinds: of the kinds of answer the question wants, those the sentence holds.
        meant: how near it is in meaning to a question in another language, about in [0, 1]; 0 for every other question.
    """

    quote: Quote
    hit: int
    passage: float
    own: float
    titled: float
    around: float
    kinds: frozenset[AnswerKind]
    meant: float = 0.0


def rank_sentences(
    question: Question,
    matches: Matches,
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
    close: Closeness | None = None,
) -> tuple[Scored, ...]:
    """Return the sentences of the hits, best first.

    Args:
        question: taken apart.
        matches: of the question's terms.
        hits: passages found, best first.
        articles: identifier → article, for those of the hits.
        close: tells how near sentences are to the question in meaning; None: only words count.
    """
    scored = []
    for number, hit in enumerate(hits):
        article = articles[hit.passage.article]
        title = matches.found(content_stems(hit.title, article.language))
        spans = prose_sentences(article, hit.passage.start, hit.passage.end)
        found = [matches.found(content_stems(article.text[start:end], article.language)) for start, end in spans]
        for index, (start, end) in enumerate(spans):
            text = article.text[start:end]
            own, titled = matches.part(found[index]), matches.part(found[index], title)
            around = matches.part(title, *found[max(index - 1, 0) : index + 2])
            kinds = frozenset(kind for kind in question.kinds if holds_answer_kind(text, kind, question.names))
            quote = Quote(article.identifier, hit.title, start, end, text, 0.0)
            scored.append(Scored(quote, number, hit.score, own, titled, around, kinds))
    if close:
        near = list(close([one.quote.text for one in scored if one.hit < READ]))
        near += [min(near, default=0.0)] * (len(scored) - len(near))
        scored = [replace(one, meant=value) for one, value in zip(scored, near, strict=True)]
    raised = [math.exp(weigh(one, question.kinds)) for one in scored]
    total = sum(raised)
    shared = [replace(one, quote=replace(one.quote, score=e / total)) for one, e in zip(scored, raised, strict=True)]
    return tuple(sorted(shared, key=lambda one: (-one.quote.score, one.quote.article, one.quote.start)))


def weigh(sentence: Scored, wanted: frozenset[AnswerKind]) -> float:
    """Return the logarithm of a sentence's share, but for a constant."""
    measured = {
        "own": sentence.own,
        "titled": sentence.titled,
        "around": sentence.around,
        "passage": sentence.passage,
    }
    words = sum(WEIGHTS[name] * value for name, value in measured.items())
    words += MEANING_WEIGHT * sentence.meant
    return words + sum(KIND_WEIGHTS[kind] * (0.5 if kind in sentence.kinds else -0.5) for kind in wanted)


def choose_quotes(sentences: Sequence[Scored], articles: Mapping[str, Article], most: int) -> tuple[Quote, ...]:
    """Return the quotes that answer best, the best first: single sentences and short runs of them, none twice.

    Args:
        sentences: best first, as :func:`rank_sentences` returns them.
        articles: identifier → article.
        most: number of quotes at most.
    """
    in_order = sorted(sentences, key=lambda one: (one.hit, one.quote.start))
    places = {one: place for place, one in enumerate(in_order)}
    free = dict.fromkeys(sentences)
    quotes: list[Quote] = []
    while free and len(quotes) < most:
        economy = FURTHER if quotes else FIRST
        best = max(free, key=lambda one: one.quote.score - economy.length * len(one.quote.text) / 100)
        run = [best]
        while len(run) < LONGEST_RUN:
            beside = [
                one
                for place in (places[run[0]] - 1, places[run[-1]] + 1)
                if 0 <= place < len(in_order)
                and (one := in_order[place]) in free
                and one.quote.score >= economy.alike * best.quote.score
                and one.quote.score >= economy.worth * len(one.quote.text) / 100
                and _same_paragraph(one, best, articles)
            ]
            if not beside:
                break
            more = max(beside, key=lambda one: one.quote.score - economy.worth * len(one.quote.text) / 100)
            run = sorted([*run, more], key=lambda one: one.quote.start)
        for one in run:
            del free[one]
        quotes.append(_join(run, articles))
    return tuple(quotes)


def _same_paragraph(one: Scored, other: Scored, articles: Mapping[str, Article]) -> bool:
    first, last = sorted((one.quote, other.quote), key=lambda quote: quote.start)
    return one.hit == other.hit and "\n\n" not in articles[first.article].text[first.start : last.end]


def _join(run: Sequence[Scored], articles: Mapping[str, Article]) -> Quote:
    first, last = run[0].quote, run[-1].quote
    text = articles[first.article].text[first.start : last.end]
    return replace(first, end=last.end, text=text, score=sum(one.quote.score for one in run))
