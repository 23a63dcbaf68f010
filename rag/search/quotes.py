"""Chooses what is quoted of the sentences that the reader says answer: single ones, and short runs of them; pure.

A neighbour joins a quote where it is nearly as likely to answer: a question in two parts is often answered by two
sentences in a row. The two values below were chosen by hand, and no other was tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.search.reading import Scored
from rag.values import Article, Quote

LONGEST_RUN = 3
ALIKE = 0.6
"""A neighbour joins when its probability is at least this part of the best one's of the run."""

WORTH = 0.3
"""Least probability of a neighbour that joins."""


def choose_quotes(sentences: Sequence[Scored], articles: Mapping[str, Article], most: int) -> tuple[Quote, ...]:
    """Return the quotes that answer best, the best first: single sentences and short runs of them, none twice.

    What several articles say in the same words, as copies of a text do, is quoted from the one that answers best.

    Args:
        sentences: best first, as :func:`rag.search.reading.read_hits` returns them.
        articles: identifier → article.
        most: number of quotes at most.
    """
    sentences = _each_once(sentences)
    in_order = sorted(sentences, key=lambda one: (one.hit, one.quote.start))
    places = {one: place for place, one in enumerate(in_order)}
    free = dict.fromkeys(sentences)
    quotes: list[Quote] = []
    while free and len(quotes) < most:
        best = next(iter(free))
        run = [best]
        while len(run) < LONGEST_RUN:
            beside = [
                one
                for place in (places[run[0]] - 1, places[run[-1]] + 1)
                if 0 <= place < len(in_order)
                and (one := in_order[place]) in free
                and one.quote.score >= max(ALIKE * best.quote.score, WORTH)
                and _same_paragraph(one, best, articles)
            ]
            if not beside:
                break
            run = sorted([*run, max(beside, key=lambda one: one.quote.score)], key=lambda one: one.quote.start)
        for one in run:
            del free[one]
        quotes.append(_join(run, best, articles))
    return tuple(quotes)


def _each_once(sentences: Sequence[Scored]) -> list[Scored]:
    """Return the sentences without those that say the same as one of another article that answers better."""
    rank = {article: place for place, article in enumerate(dict.fromkeys(one.quote.article for one in sentences))}
    said_by: dict[str, str] = {}
    for one in sentences:
        article, wording = one.quote.article, _wording(one)
        if rank[article] <= rank[said_by.setdefault(wording, article)]:
            said_by[wording] = article
    return [one for one in sentences if said_by[_wording(one)] == one.quote.article]


def _wording(one: Scored) -> str:
    return " ".join(one.quote.text.split()).casefold()


def _same_paragraph(one: Scored, other: Scored, articles: Mapping[str, Article]) -> bool:
    first, last = sorted((one.quote, other.quote), key=lambda quote: quote.start)
    return one.hit == other.hit and "\n\n" not in articles[first.article].text[first.start : last.end]


def _join(run: Sequence[Scored], best: Scored, articles: Mapping[str, Article]) -> Quote:
    """Return the run as one quote, with the score and the answering words of its best sentence."""
    first, last = run[0].quote, run[-1].quote
    text = articles[first.article].text[first.start : last.end]
    return replace(best.quote, start=first.start, end=last.end, text=text)
