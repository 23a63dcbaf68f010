"""Conducts an answer from the question to its checked sentences, as a stream of events."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial

from rag.answer.emphasis import answering_words
from rag.answer.notices import (
    ARTICLES_LEFT_OUT,
    EXCERPTS,
    NO_MODEL,
    PASSAGES_LEFT_OUT,
    TURNS_LEFT_OUT,
    UNDATED,
    UNSUPPORTED,
    UNSURE,
    in_language,
    refusal,
)
from rag.answer.speaking import speak
from rag.answer.writing import WRITTEN, Writing
from rag.check import Checker
from rag.errors import ContextTooSmall
from rag.events import Event, Finished, Retrieved, Working
from rag.index import Library
from rag.language.characters import whole_characters
from rag.llm import ChatModel, QuotingModel, compose_evidence, compose_prompt
from rag.llm.evidence import ASKED_FROM
from rag.question import CONTENT, OVERVIEWS, Question, understand
from rag.reader import Reader
from rag.reading import telling_title
from rag.search import Reranker, Search, Searcher, merge_neighbours
from rag.values import Answer, Confidence, Evidence, Hit, Prompt, Quote, Timings, Turn

NEAREST = 2
NEAR = 0.04
"""Least probability of a sentence that is told with a refusal; chosen between the near misses of readers-fr and the
same questions asked of another article."""


class Assistant:
    """Answers questions about the articles of one library.

    Args:
        library: to search.
        reader: tells which sentences answer.
        model: that writes the answers.
        passages: number of passages given to the model when the article does not fit whole.
        answer_tokens: longest answer, in the model's tokens.
        reranker: puts the passages found into a better order; None leaves them as they were found.
        quotes_chosen: whether a person wants quotes for answers; then nobody is told how to install a model.
    """

    def __init__(
        self,
        library: Library,
        reader: Reader,
        model: ChatModel,
        *,
        passages: int = 8,
        answer_tokens: int = 512,
        reranker: Reranker | None = None,
        quotes_chosen: bool = False,
    ) -> None:
        self._library = library
        self._model = model
        self._reader = reader
        self._searcher = Searcher(library, reader, passages=passages, reranker=reranker)
        self._answer_tokens = answer_tokens
        self._quotes_chosen = quotes_chosen

    def search(self, question: str, history: Sequence[Turn] = (), *, article: str = "") -> Search:
        """Return what the library holds for a question, and whether it is enough to answer."""
        return self._searcher.search(understand(question, history), article=article)

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
        answer = self._begun(question, search, retrieved := time.perf_counter() - started)
        if search.intent not in OVERVIEWS | {CONTENT}:
            yield from speak(answer, search)
            return
        if not self._is_worth_asking(search.evidence):
            yield Retrieved(answer.searched, search.hits, search.evidence)
            yield Finished(replace(answer, nearest=_nearest(search.evidence.quotes)))
            return
        model = self._writer(search)
        prompt = self._compose(search, history, model)
        hits, from_evidence = _numbered(search.hits, prompt.shown), bool(prompt.continued)
        answer = replace(answer, hits=hits, model=model.name, from_evidence=from_evidence)
        yield Retrieved(answer.searched, answer.hits, search.evidence, prompt.whole_article)
        checker = Checker(search.articles, self._reader)
        begin = partial(Writing, prompt, search.articles, checker, own_words=model.is_language_model)
        writing = begin()
        first_token, ended = 0.0, WRITTEN
        with closing(model.stream(prompt)) as pieces:
            for piece in pieces:
                if isinstance(piece, Working):
                    if piece.stage == "written":
                        ended = piece
                        continue
                    writing = begin() if piece.stage == "thought" else writing
                    yield piece
                    continue
                first_token = first_token or time.perf_counter() - started
                yield from writing.feed(piece)
                if writing.fault or writing.refused:
                    pieces.stop()  # and go on, for it still tells what it read and wrote
        yield from writing.finish(search.evidence.quotes, ended)
        timings = Timings(retrieved, first_token, time.perf_counter() - started)
        answer = writing.judged(answer, ended, search.evidence.threshold)
        told = (*self._notices(prompt, search, model, answer.confidence), *writing.told(ended))
        answer = replace(answer, notices=told, advice=self._advice(search), timings=timings, tokens=ended.tokens)
        yield Finished(_conclude(answer, writing, search.evidence.quotes))

    def prepare(self, article: str = "") -> Iterator[Working]:
        """Let the model read an article ahead of the first question, if it fits whole; yields how far it is.

        A small model, which reads no article, is loaded.
        """
        if self._model.reads_evidence:
            yield from self._model.prepare(Prompt("", (), (), "?", "?", ""))
            return
        article = article or self._library.only_article()
        if not article:
            return
        prompt = self._prompt(understand("?"), self._whole(article), (), article=article, whole=True)
        if not prompt.left_out[0]:
            yield from self._model.prepare(prompt)

    def _is_worth_asking(self, evidence: Evidence) -> bool:
        """Return whether the evidence may answer; a model that may refuse has a say in that."""
        told = self._model.may_refuse and bool(evidence.quotes) and evidence.probability >= ASKED_FROM
        return told or evidence.sufficient

    def _writer(self, search: Search) -> ChatModel:
        """Return what writes the answer: for an overview, a small model leaves that to the article's own sentences."""
        return QuotingModel() if self._model.reads_evidence and search.intent in OVERVIEWS else self._model

    def _begun(self, typed: str, search: Search, retrieved: float) -> Answer:
        """Return the answer as it is before any model is called: refused."""
        question = search.question
        return Answer(
            whole_characters(typed),
            refusal(question.asked, question.answer_language, several=not search.within),
            refused=True,
            model=self._model.name,
            hits=search.hits,
            searched=question.text,
            language=question.answer_language,
            confidence=search.evidence.confidence,
            probability=search.evidence.probability,
            timings=Timings(retrieved, retrieved, retrieved),
        )

    def _notices(self, prompt: Prompt, search: Search, model: ChatModel, confidence: Confidence) -> tuple[str, ...]:
        """Return what the reader should know of how the answer was made."""
        language = search.question.answer_language
        notices = []
        if confidence == "unsure":
            notices.append(in_language(UNSURE, language))
        if model.is_language_model and search.within and not (prompt.whole_article or model.reads_evidence):
            notices.append(in_language(EXCERPTS, language))
        if search.undated and not model.is_language_model:
            notices.append(in_language(UNDATED, language))
        counted = (PASSAGES_LEFT_OUT, TURNS_LEFT_OUT, ARTICLES_LEFT_OUT)
        for count, sentence in zip((*prompt.left_out, search.left_out), counted, strict=True):
            if count:
                notices.append(in_language(sentence, language).format(count=count))
        return tuple(notices)

    def _advice(self, search: Search) -> tuple[str, ...]:
        """Return what the reader could do to get better answers."""
        if self._model.is_language_model or self._quotes_chosen:
            return ()
        return (in_language(NO_MODEL, search.question.answer_language),)

    def _compose(self, search: Search, history: Sequence[Turn], model: ChatModel) -> Prompt:
        """Return the prompt: with the whole article where it fits the model, else with the best passages.

        A small model gets the sentences that answer.
        """
        question, first = search.question, search.hits[0].passage.article
        if model.reads_evidence:
            quotes = search.evidence.quotes
            return compose_evidence(
                question.asked,
                quotes,
                history,
                title=telling_title(search.articles[quotes[0].article]),
                searched=question.text,
                language=question.answer_language,
                answer_tokens=self._answer_tokens,
                probability=search.evidence.probability,
            )
        if search.within and model.is_language_model:
            whole = self._whole(search.within, search.hits)
            prompt = self._prompt(search.question, whole, history, article=first, whole=True)
            if not prompt.left_out[0]:
                return prompt
        merged = merge_neighbours(search.hits, {name: article.text for name, article in search.articles.items()})
        try:
            prompt = self._prompt(search.question, merged, history, article=first)
        except ContextTooSmall:  # merged neighbours may be too long where the passages themselves are not
            prompt = self._prompt(search.question, search.hits, history, article=first)
        ordered = search.intent in OVERVIEWS
        return replace(prompt, quotes=search.evidence.quotes, quotes_ordered=ordered)

    def _prompt(
        self, question: Question, shown: Sequence[Hit], history: Sequence[Turn], *, article: str, whole: bool = False
    ) -> Prompt:
        return compose_prompt(
            question.asked,
            shown,
            history,
            searched=question.text,
            language=question.answer_language,
            article_language=self._library.article(article).language,
            context_window=self._model.context_window,
            answer_tokens=self._answer_tokens,
            count_tokens=self._model.count_tokens,
            whole_article=whole,
        )

    def _whole(self, article: str, hits: Sequence[Hit] = ()) -> tuple[Hit, ...]:
        """Return every passage of the article as a hit, those that were found with their scores."""
        found = {(hit.passage.article, hit.passage.start): hit for hit in hits}
        title = self._library.article(article).title
        passages = self._library.passages(article)
        return tuple(found.get((article, one.start)) or Hit(one, title, 0.0, 0.0, 0.0) for one in passages)


def _numbered(hits: Sequence[Hit], shown: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits, each with the number of the passage of the prompt that holds it."""
    numbers = {
        hit: number
        for number, one in enumerate(shown, 1)
        for hit in hits
        if one.passage.article == hit.passage.article
        and one.passage.start <= hit.passage.start
        and hit.passage.end <= one.passage.end
    }
    return tuple(replace(hit, number=numbers.get(hit, 0)) for hit in hits)


def _nearest(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return what is told with a refusal: the quotes that are not quite beside the question."""
    return tuple(quote for quote in quotes[:NEAREST] if quote.score >= NEAR)


def _conclude(answer: Answer, writing: Writing, quotes: Sequence[Quote]) -> Answer:
    """Return the answer as it was written, or as refused where the model says so, or nothing answers after all."""
    if writing.refused:
        return replace(answer, nearest=_nearest(quotes), notices=())
    supported = any(sentence.supported in {"yes", "partly"} for sentence in writing.sentences)
    return replace(
        answer,
        words=answering_words(writing.text, writing.book.citations, quotes) if supported else (),
        text=writing.text.rstrip() if supported else in_language(UNSUPPORTED, answer.language),
        refused=not supported,
        sentences=tuple(writing.sentences) if supported else (),
        citations=writing.book.citations if supported else (),
        unknown_marks=writing.book.unknown,
    )
