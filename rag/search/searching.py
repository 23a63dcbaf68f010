"""From a question to the passages and the sentences that answer it, and whether they are enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.index import Library
from rag.question import Question
from rag.search.evidence import QUOTES, judge, measure
from rag.search.overview import overview_quotes
from rag.search.quotes import Closeness, rank_sentences
from rag.search.reranking import RERANKED, Reranker, rerank
from rag.search.retrieval import Retriever
from rag.values import Article, Evidence, Hit, Vector


@dataclass(frozen=True, slots=True)
class Search:
    """All that was found for a question, before any model is called.

    Attributes:
        question: as it was searched.
        hits: best first.
        evidence: the sentences that answer, and whether they do.
        articles: identifier → article, for those of the hits.
        within: the one article that was asked; empty where several were.
    """

    question: Question
    hits: tuple[Hit, ...]
    evidence: Evidence
    articles: dict[str, Article]
    within: str = ""


class Searcher:
    """Searches the articles of one library.

    Args:
        library: to search.
        passages: number of hits at most.
        reranker: puts the passages found into a better order; None leaves them as they were found.
    """

    def __init__(self, library: Library, *, passages: int = 8, reranker: Reranker | None = None) -> None:
        self._library = library
        self._passages = passages
        self._reranker = reranker
        self._retriever = Retriever(library)

    def search(self, question: Question, *, article: str = "") -> Search:
        """Return what the library holds for a question, and whether it is enough to answer.

        Args:
            question: taken apart.
            article: identifier to stay within; empty: the whole library.

        Raises:
            EmbedderChanged: the library was built with another embedder.
        """
        within = article or self._library.only_article()
        if within and question.about_all:
            return self._overview(question, within)
        limit = max(self._passages, RERANKED) if self._reranker else self._passages
        found = self._retriever.find(question, article=article, limit=limit)
        hits = found.hits[: self._passages]
        articles = self._articles(hits)
        close = self._closeness(question, found.vector, articles)
        sentences = rank_sentences(question, found.matches, hits, articles, close)
        features = measure(question, found.matches, hits, sentences, articles, self._library.embedder.scale)
        if self._reranker:  # it orders what is shown; the decision stays with what its weights were fitted on
            hits = rerank(self._reranker, question.text, found.hits)[: self._passages]
            articles = self._articles(hits)
            sentences = rank_sentences(question, found.matches, hits, articles, close)
        evidence = judge(features, sentences, articles)
        return Search(question, hits, evidence, articles, within)

    def _overview(self, question: Question, within: str) -> Search:
        """Return the article's beginning, and the sentences that tell what it is about."""
        article = self._library.article(within)
        passages = self._library.passages(within)[: self._passages]
        hits = tuple(Hit(passage, article.title, 0.0, 0.0, 0.0) for passage in passages)
        last = passages[-1].end if passages else 0
        quotes = tuple(quote for quote in overview_quotes(article, QUOTES) if quote.end <= last)
        evidence = Evidence(quotes, {"overview": 1.0}, 1.0, bool(quotes))
        return Search(question, hits, evidence, {within: article}, within)

    def _closeness(self, question: Question, vector: Vector, articles: Mapping[str, Article]) -> Closeness | None:
        """Return what tells how near sentences are to a question in another language; None for every other question."""
        if all(article.language == question.language for article in articles.values()):
            return None
        embedder = self._library.embedder
        return lambda texts: [
            embedder.scale.place(float(cosine)) for cosine in embedder.encode_documents(texts) @ vector
        ]

    def _articles(self, hits: Sequence[Hit]) -> dict[str, Article]:
        return {hit.passage.article: self._library.article(hit.passage.article) for hit in hits}
