"""From a question to the passages and the sentences that answer it, and whether they are enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from rag.index import Library
from rag.question import CONTENT, Question, find_intent
from rag.reader import Reader
from rag.search.evidence import judge
from rag.search.reading import Read, blend, read_hits
from rag.search.reranking import Reranker, rerank
from rag.search.result import Search
from rag.search.retrieval import Retriever
from rag.search.whole import WholeSearcher
from rag.values import Article, Evidence, Hit, Quote

READ = 20
"""Passages that are read for a question: what that costs is measured by ``make bench-reader``."""


class Searcher:
    """Searches the articles of one library.

    Args:
        library: to search.
        reader: tells which sentences of the passages found answer, and whether any does.
        passages: number of hits at most.
        reranker: puts the passages found into a better order; None leaves that to search and reader.
    """

    def __init__(
        self, library: Library, reader: Reader, *, passages: int = 8, reranker: Reranker | None = None
    ) -> None:
        self._library = library
        self._reader = reader
        self._passages = passages
        self._reranker = reranker
        self._retriever = Retriever(library)
        self._whole = WholeSearcher(library, self._retriever, passages)

    def search(self, question: Question, *, article: str = "") -> Search:
        """Return what the library holds for a question, and whether it is enough to answer.

        Args:
            question: taken apart.
            article: identifier to stay within; empty: the whole library.

        Raises:
            EmbedderChanged: the library was built with another embedder.
        """
        within = article or self._library.only_article()
        embedder = self._library.embedder
        vector = embedder.encode_query(question.asked)
        intent = find_intent(question, vector, embedder.identity.partition(" ")[0])
        if intent != CONTENT and (whole := self._whole.search(question, intent, within)):
            return whole
        asked = vector if question.text == question.asked else None
        found = self._retriever.find(question, article=article, limit=READ, vector=asked)
        articles = self._articles(found)
        read = reduce(blend, (read_hits(self._reader, text, found, articles) for text in question.readings))
        nearness = embedder.scale.nearness(max((hit.dense for hit in found), default=0.0))
        evidence = judge(read, articles, question.language, nearness)
        hits = rerank(self._reranker, question.text, found) if self._reranker else _as_read(found, read)
        kept = _kept(hits, evidence, self._passages)
        quotes = tuple(quote for quote in evidence.quotes if any(_holds(hit, quote) for hit in kept))
        return Search(question, kept, replace(evidence, quotes=quotes), articles, within)

    def _articles(self, hits: Sequence[Hit]) -> dict[str, Article]:
        return {hit.passage.article: self._library.article(hit.passage.article) for hit in hits}


def _as_read(hits: Sequence[Hit], read: Read) -> tuple[Hit, ...]:
    """Return the hits in the order of their likeliest sentences, as the reader says."""
    order = dict.fromkeys(sentence.hit for sentence in read.sentences) | dict.fromkeys(range(len(hits)))
    return tuple(hits[number] for number in order)


def _kept(hits: Sequence[Hit], evidence: Evidence, most: int) -> tuple[Hit, ...]:
    """Return the first hits; where none of them holds a quote, the one that holds the best comes after them."""
    first = tuple(hits[:most])
    best = next((hit for hit in hits for quote in evidence.quotes[:1] if _holds(hit, quote)), None)
    quoted = any(_holds(hit, quote) for hit in first for quote in evidence.quotes)
    return first if best is None or quoted else (*first, best)


def _holds(hit: Hit, quote: Quote) -> bool:
    passage = hit.passage
    return passage.article == quote.article and passage.start <= quote.start and quote.end <= passage.end
