"""Conducts an answer from the question to its checked sentences, as a stream of events."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag.answer.notices import (
    EXCERPTS,
    NO_MODEL,
    PASSAGES_LEFT_OUT,
    REFUSALS,
    TURNS_LEFT_OUT,
    UNSUPPORTED,
    UNSURE,
    in_language,
)
from rag.answer.writing import Writing
from rag.check import Checker
from rag.errors import ContextTooSmall
from rag.events import Event, Finished, Retrieved, Working
from rag.index import Library
from rag.language import detect_language
from rag.llm import ChatModel, QuotingModel, compose_prompt
from rag.question import asks_overview
from rag.search import Found, Retriever, judge, measure, rank_sentences
from rag.search.evidence import QUOTES
from rag.search.overview import overview_quotes
from rag.search.reranking import RERANKED, Reranker, rerank
from rag.search.retrieval import merge_neighbours
from rag.values import Answer, Article, Evidence, Hit, Passage, Prompt, Timings, Turn

NEAREST = 2
UNSURE_BELOW = 0.5  # the probability that the article answers, as evidence.py measures it


@dataclass(frozen=True, slots=True)
class Search:
    """All that was found for a question, before any model is called."""

    found: Found
    hits: tuple[Hit, ...]
    evidence: Evidence
    articles: dict[str, Article]


class Assistant:
    """Answers questions about the articles of one library.

    Args:
        library: to search.
        model: that writes the answers.
        passages: number of passages given to the model when the article does not fit whole.
        answer_tokens: longest answer, in the model's tokens.
        reranker: puts the passages found into a better order; None leaves them as they were found.
        quotes_chosen: whether a person wants quotes for answers; then nobody is told how to install a model.
    """

    def __init__(
        self,
        library: Library,
        model: ChatModel,
        *,
        passages: int = 8,
        answer_tokens: int = 512,
        reranker: Reranker | None = None,
        quotes_chosen: bool = False,
    ) -> None:
        self._library = library
        self._model = model
        self._retriever = Retriever(library)
        self._passages = passages
        self._answer_tokens = answer_tokens
        self._reranker = reranker
        self._quotes_chosen = quotes_chosen

    def search(self, question: str, history: Sequence[Turn] = (), *, article: str = "") -> Search:
        """Return what the library holds for a question, and whether it is enough to answer."""
        name = article or self._only_article()
        if name and asks_overview(question, detect_language(question), follows=bool(history)):
            return self._overview(question, name)
        limit = max(self._passages, RERANKED) if self._reranker else self._passages
        wide = self._retriever.find(question, history, article=article, limit=limit)
        found = replace(wide, hits=wide.hits[: self._passages])
        articles = self._articles(found.hits)
        sentences = rank_sentences(found.question, found.terms, found.hits, articles)
        features = measure(found.question, found.terms, found.hits, sentences, articles)
        if self._reranker:
            found = replace(wide, hits=rerank(self._reranker, wide.question.text, wide.hits)[: self._passages])
            articles = self._articles(found.hits)
            sentences = rank_sentences(found.question, found.terms, found.hits, articles)
        hits = merge_neighbours(found.hits, {name: one.text for name, one in articles.items()})
        evidence = judge(features, sentences, articles, self._library.embedder.identity)
        return Search(found, hits, evidence, articles)

    def _overview(self, question: str, article: str) -> Search:
        """Return the article's beginning, and the sentences that tell what it is about."""
        found = self._retriever.find(question, article=article, limit=1)
        known = self._library.article(article)
        hits = self._whole(article, ())[: self._passages]
        last = hits[-1].passage.end if hits else 0
        quotes = tuple(quote for quote in overview_quotes(known, QUOTES) if quote.end <= last)
        evidence = Evidence(quotes, {"overview": 1.0}, 1.0, bool(quotes))
        merged = merge_neighbours(hits, {article: known.text})
        return Search(replace(found, hits=hits), merged, evidence, {article: known})

    def _articles(self, hits: Sequence[Hit]) -> dict[str, Article]:
        return {hit.passage.article: self._library.article(hit.passage.article) for hit in hits}

    def answer(self, question: str, history: Sequence[Turn] = (), *, article: str = "") -> Iterator[Event]:
        """Yield the events of one answer, ``Finished`` last. Closing the iterator stops the model.

        Args:
            question: as the reader asked it.
            history: earlier turns, oldest first.
            article: identifier to stay within; empty: the whole library.

        Raises:
            EmbedderChanged: the library was built with another embedder.
            ModelError: the model cannot be opened or run.
        """
        started = time.perf_counter()
        search = self.search(question, history, article=article)
        language = search.found.language
        retrieved = time.perf_counter() - started
        answer = Answer(
            question,
            in_language(REFUSALS, language),
            refused=True,
            model=self._model.name,
            hits=search.hits,
            searched=search.found.question.text,
            language=language,
            timings=Timings(retrieved, retrieved, retrieved),
        )
        if not search.evidence.sufficient:
            yield Retrieved(answer.searched, search.hits, search.evidence)
            nearest = search.evidence.quotes[:NEAREST] if search.evidence.features.get("around", 0.0) > 0 else ()
            yield Finished(replace(answer, nearest=nearest))
            return
        prompt = self._compose(search, question, history, article)
        yield Retrieved(answer.searched, search.hits, search.evidence, prompt.whole_article)
        writing = Writing(prompt, search.articles, Checker(search.articles, self._library.embedder))
        first_token = 0.0
        with closing(_as_generator(self._model.stream(prompt))) as pieces:
            for piece in pieces:
                if isinstance(piece, Working):
                    if piece.stage == "written":
                        answer = replace(answer, tokens=piece.tokens)
                    else:
                        yield piece
                    continue
                first_token = first_token or time.perf_counter() - started
                yield from writing.feed(piece)
        yield from writing.finish()
        timings = Timings(retrieved, first_token, time.perf_counter() - started)
        answer = replace(answer, notices=self._notices(prompt, search, article), timings=timings)
        yield Finished(_conclude(answer, writing))

    def prepare(self, article: str = "") -> Iterator[Working]:
        """Let the model read an article ahead of the first question, if it fits whole; yields how far it is."""
        article = article or self._only_article()
        if not article:
            return
        language = self._library.article(article).language
        hits = self._whole(article, ())
        prompt = compose_prompt(
            "?",
            hits,
            (),
            searched="?",
            language=language,
            article_language=language,
            context_window=self._model.context_window,
            answer_tokens=self._answer_tokens,
            count_tokens=self._model.count_tokens,
            whole_article=True,
        )
        if not prompt.left_out[0]:
            yield from self._model.prepare(prompt)

    def _notices(self, prompt: Prompt, search: Search, article: str) -> tuple[str, ...]:
        """Return what the reader should know of how the answer was made."""
        language = search.found.language
        notices = []
        if search.evidence.probability < UNSURE_BELOW:
            notices.append(in_language(UNSURE, language))
        if isinstance(self._model, QuotingModel):
            notices += [] if self._quotes_chosen else [in_language(NO_MODEL, language)]
        elif (article or self._only_article()) and not prompt.whole_article:
            notices.append(in_language(EXCERPTS, language))
        for count, sentence in zip(prompt.left_out, (PASSAGES_LEFT_OUT, TURNS_LEFT_OUT), strict=True):
            if count:
                notices.append(in_language(sentence, language).format(count=count))
        return tuple(notices)

    def _compose(self, search: Search, question: str, history: Sequence[Turn], article: str) -> Prompt:
        """Return the prompt: with the whole article where it fits the model, else with the best passages."""
        article = article or self._only_article()
        written = search.articles[search.hits[0].passage.article].language

        def compose(hits: Sequence[Hit], *, whole: bool) -> Prompt:
            return compose_prompt(
                question,
                hits,
                history,
                searched=search.found.question.text,
                language=search.found.language,
                article_language=written,
                context_window=self._model.context_window,
                answer_tokens=self._answer_tokens,
                count_tokens=self._model.count_tokens,
                whole_article=whole,
            )

        if article and not isinstance(self._model, QuotingModel):
            prompt = compose(self._whole(article, search.hits), whole=True)
            if not prompt.left_out[0]:
                return prompt
        try:
            prompt = compose(search.hits, whole=False)
        except ContextTooSmall:  # merged neighbours may be too long where the passages themselves are not
            prompt = compose(search.found.hits, whole=False)
        return replace(prompt, quotes=search.evidence.quotes)

    def _whole(self, article: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return every passage of the article as a hit, those that were found with their scores."""
        title = self._library.article(article).title
        return tuple(_score(passage, title, hits) for passage in self._library.passages(article))

    def _only_article(self) -> str:
        entries = self._library.entries()
        return entries[0].identifier if len(entries) == 1 else ""


def _conclude(answer: Answer, writing: Writing) -> Answer:
    """Return the answer as it was written, or as refused where the article supports no sentence of it."""
    supported = any(sentence.supported in {"yes", "partly"} for sentence in writing.sentences)
    return replace(
        answer,
        text=writing.text.strip() if supported else in_language(UNSUPPORTED, answer.language),
        refused=not supported,
        sentences=tuple(writing.sentences) if supported else (),
        citations=writing.book.citations if supported else (),
        unknown_marks=writing.book.unknown,
    )


def _score(passage: Passage, title: str, hits: Sequence[Hit]) -> Hit:
    for hit in hits:
        if hit.passage.article == passage.article and hit.passage.start <= passage.start < hit.passage.end:
            return replace(hit, passage=passage)
    return Hit(passage, title, 0.0, 0.0, 0.0)


def _as_generator(pieces: Iterator[str | Working]) -> Generator[str | Working, None, None]:
    """Return the stream as something that can be closed, whatever kind of iterator the model gives."""
    yield from pieces  # closing a generator closes what it yields from
