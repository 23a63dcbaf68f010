"""Conducts an answer from the question to its checked sentences, as a stream of events."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

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
from rag.llm import ChatModel, compose_prompt
from rag.question import Question, understand
from rag.search import Reranker, Search, Searcher, merge_neighbours
from rag.values import Answer, Hit, Prompt, Timings, Turn

NEAREST = 2
UNSURE_BELOW = 0.5  # the probability that the article answers, as the evidence says it


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
        self._searcher = Searcher(library, passages=passages, reranker=reranker)
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
        retrieved = time.perf_counter() - started
        answer = self._begun(search, retrieved)
        if not search.evidence.sufficient:
            yield Retrieved(answer.searched, search.hits, search.evidence)
            nearest = search.evidence.quotes[:NEAREST] if search.evidence.features.get("around", 0.0) > 0 else ()
            yield Finished(replace(answer, nearest=nearest))
            return
        prompt = self._compose(search, history)
        answer = replace(answer, hits=_numbered(search.hits, prompt.shown))
        yield Retrieved(answer.searched, answer.hits, search.evidence, prompt.whole_article)
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
        answer = replace(answer, notices=self._notices(prompt, search), timings=timings)
        yield Finished(_conclude(answer, writing))

    def prepare(self, article: str = "") -> Iterator[Working]:
        """Let the model read an article ahead of the first question, if it fits whole; yields how far it is."""
        article = article or self._library.only_article()
        if not article:
            return
        prompt = self._prompt(understand("?"), self._whole(article), (), article=article, whole=True)
        if not prompt.left_out[0]:
            yield from self._model.prepare(prompt)

    def _begun(self, search: Search, retrieved: float) -> Answer:
        """Return the answer as it is before any model is called: refused."""
        question = search.question
        return Answer(
            question.asked,
            in_language(REFUSALS, question.answer_language),
            refused=True,
            model=self._model.name,
            hits=search.hits,
            searched=question.text,
            language=question.answer_language,
            timings=Timings(retrieved, retrieved, retrieved),
        )

    def _notices(self, prompt: Prompt, search: Search) -> tuple[str, ...]:
        """Return what the reader should know of how the answer was made."""
        language = search.question.answer_language
        notices = []
        if search.evidence.probability < UNSURE_BELOW:
            notices.append(in_language(UNSURE, language))
        if not self._model.is_language_model:
            notices += [] if self._quotes_chosen else [in_language(NO_MODEL, language)]
        elif search.within and not prompt.whole_article:
            notices.append(in_language(EXCERPTS, language))
        for count, sentence in zip(prompt.left_out, (PASSAGES_LEFT_OUT, TURNS_LEFT_OUT), strict=True):
            if count:
                notices.append(in_language(sentence, language).format(count=count))
        return tuple(notices)

    def _compose(self, search: Search, history: Sequence[Turn]) -> Prompt:
        """Return the prompt: with the whole article where it fits the model, else with the best passages."""
        first = search.hits[0].passage.article
        if search.within and self._model.is_language_model:
            whole = self._whole(search.within, search.hits)
            prompt = self._prompt(search.question, whole, history, article=first, whole=True)
            if not prompt.left_out[0]:
                return prompt
        merged = merge_neighbours(search.hits, {name: article.text for name, article in search.articles.items()})
        try:
            prompt = self._prompt(search.question, merged, history, article=first)
        except ContextTooSmall:  # merged neighbours may be too long where the passages themselves are not
            prompt = self._prompt(search.question, search.hits, history, article=first)
        return replace(prompt, quotes=search.evidence.quotes)

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


def _conclude(answer: Answer, writing: Writing) -> Answer:
    """Return the answer as it was written, or as refused where the article supports no sentence of it."""
    supported = any(sentence.supported in {"yes", "partly"} for sentence in writing.sentences)
    return replace(
        answer,
        text=writing.text.rstrip() if supported else in_language(UNSUPPORTED, answer.language),
        refused=not supported,
        sentences=tuple(writing.sentences) if supported else (),
        citations=writing.book.citations if supported else (),
        unknown_marks=writing.book.unknown,
    )


def _as_generator(pieces: Iterator[str | Working]) -> Generator[str | Working, None, None]:
    """Return the stream as something that can be closed, whatever kind of iterator the model gives."""
    yield from pieces  # closing a generator closes what it yields from
