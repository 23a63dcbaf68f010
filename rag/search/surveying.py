"""Overviews and chronologies of one article or of a library: chosen, in order, with the passages they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.index import Library
from rag.language import words
from rag.question import Intent, Size
from rag.search.chronology import dated
from rag.search.coverage import choose_covering, spread
from rag.search.overview import CANDIDATES, Candidate, as_quotes, choose_sentences, find_candidates
from rag.values import Article, Hit, Quote

MOST_ARTICLES = 10
FEW_ARTICLES = 4  # of so many two sentences each are told, of more one
FEWEST_DATES = 2
FEWEST_POINTS, MOST_POINTS, DATES = 3, 5, 8
CHARACTERS_A_POINT = 1000
"""Without a number asked for, a longer text gets more sentences, from ``FEWEST_POINTS`` to ``MOST_POINTS``."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What tells of articles as a whole.

    Attributes:
        quotes: in the order to be shown.
        hits: the passages they stand in, and further ones that cover the text, in the order of the text.
        articles: identifier → article, for those of the hits.
        undated: whether a chronology was asked for and too few dates were found; then the text's order is kept.
        left_out: number of articles of the library that it does not tell of.
    """

    quotes: tuple[Quote, ...]
    hits: tuple[Hit, ...]
    articles: dict[str, Article]
    undated: bool = False
    left_out: int = 0


class Surveyor:
    """Makes overviews out of one library.

    Args:
        library: to tell about.
        passages: number of hits that cover one article, at least as far as there are.
    """

    def __init__(self, library: Library, passages: int) -> None:
        self._library = library
        self._passages = passages

    def survey(self, intent: Intent, size: Size, article: str = "") -> Survey:
        """Return what tells of one article, or of as many of the library as fit, the latest ones.

        Args:
            intent: an overview or a chronology.
            size: that was asked for.
            article: identifier; empty: the whole library.

        Raises:
            EmbedderChanged: the library was built with another embedder.
        """
        held = [article] if article else [entry.identifier for entry in self._library.entries()]
        told = held[-min(size.points or MOST_ARTICLES, MOST_ARTICLES) :]
        each = [_Read(self._library, identifier, CANDIDATES // len(told)) for identifier in told]
        if intent == "chronology":
            dates = [
                (when, quote)
                for one in each
                for when, candidate in dated(one.article, one.candidates)
                for quote in as_quotes(one.article, [candidate])
            ]
            if len(dates) >= FEWEST_DATES:
                events = [quote for _, quote in sorted(dates, key=lambda pair: pair[0])]
                chosen = [events[number] for number in spread(len(events), size.points or DATES)]
                return self._survey(each, chosen, left_out=len(held) - len(told))
        quotes = [quote for one in each for quote in one.quotes(_share(one.article, size, len(told)), size.words)]
        return self._survey(each, quotes, undated=intent == "chronology", left_out=len(held) - len(told))

    def _survey(
        self, each: Sequence[_Read], quotes: Sequence[Quote], *, undated: bool = False, left_out: int = 0
    ) -> Survey:
        hits = [hit for one in each for hit in one.hits(quotes, max(self._passages // len(each), 1))]
        articles = {one.article.identifier: one.article for one in each}
        return Survey(tuple(quotes), tuple(hits), articles, undated and bool(quotes), left_out)


class _Read:
    """One article with its passages, their vectors and the sentences that may tell of it."""

    def __init__(self, library: Library, identifier: str, embedded: int) -> None:
        self.article = library.article(identifier)
        self.passages, self.vectors = library.passages_with_vectors(identifier)
        self.candidates = find_candidates(self.article, self.passages)
        self._encode = library.embedder.encode_documents
        self._embedded = max(embedded, 1)

    def quotes(self, most: int, longest: int = 0) -> tuple[Quote, ...]:
        """Return the sentences that tell of the article, in its order, together no longer than so many words."""
        chosen = choose_sentences(
            self.article, self.candidates, self.vectors, self.passages, self._encode, most, embedded=self._embedded
        )
        if longest:
            chosen = self._within(chosen, longest)
        return as_quotes(self.article, sorted(chosen, key=lambda one: one.start))

    def _within(self, chosen: Sequence[Candidate], longest: int) -> list[Candidate]:
        """Return those of the chosen that fit into so many words, the best first; at least one."""
        kept: list[Candidate] = []
        for one in chosen:
            longest -= len(words(self.article.text[one.start : one.end], self.article.language))
            if longest >= 0 or not kept:
                kept.append(one)
        return kept

    def hits(self, quotes: Sequence[Quote], least: int) -> list[Hit]:
        """Return the passages that hold the quotes, and further ones that cover the article best, in its order."""
        holding = {
            number
            for number, passage in enumerate(self.passages)
            for quote in quotes
            if quote.article == passage.article and passage.start <= quote.start and quote.end <= passage.end
        }
        lengths = np.array([len(passage.text) for passage in self.passages], dtype=np.float32)
        first = np.array([1 / (1 + number) for number in range(len(self.passages))], dtype=np.float32)
        for number in choose_covering(self.vectors, self.vectors, lengths, first, least):
            if len(holding) < least:
                holding.add(number)
        return [Hit(self.passages[number], self.article.title, 0.0, 0.0, 0.0) for number in sorted(holding)]


def _share(article: Article, size: Size, articles: int) -> int:
    """Return how many sentences are told of one of so many articles."""
    if articles > 1:
        return max((size.points or (2 if articles <= FEW_ARTICLES else 1) * articles) // articles, 1)
    if size.points:
        return size.points
    return CANDIDATES if size.words else max(FEWEST_POINTS, min(MOST_POINTS, len(article.text) // CHARACTERS_A_POINT))
