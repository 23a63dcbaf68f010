"""Answers with the article's own sentences: what is there when no language model is installed.

It is a :class:`~rag.llm.ChatModel` like any other, so that the whole path from question to citation is the same. It
writes the best sentences in quotation marks, each with the number of its passage, and never a word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.events import Working
from rag.llm.stopping import Stream
from rag.values import QUOTES_MODEL, Prompt, Quote

MOST_QUOTES = 3
NEARLY_AS_GOOD = 0.2
"""A further quote is shown when its score is at least this part of the best one's. From 0.4 to 0.2 the answer stands in
one of those shown for three to six more questions in a hundred, with 0.4 quotes more (benchmarks/answers.md)."""

BENEATH = 0.5
"""The same beneath a short answer that stands."""

NOT_A_MARK = re.compile(r"\[(?=[\s\d^])")
"""A footnote of the article itself, "[3]", is no citation of ours: an invisible word joiner tells them apart."""

MARKS = {"fr": ("«\u202f", "\u202f»"), "en": ("“", "”")}


class QuotingModel:
    """Quotes the one to three sentences that answer best."""

    name = QUOTES_MODEL
    is_language_model = False
    reads_evidence = False
    may_refuse = False
    context_window = 1 << 20

    def count_tokens(self, text: str) -> int:
        """Return the number of words: nothing here is bounded by it."""
        return len(text.split())

    def stream(self, prompt: Prompt) -> Stream[str | Working]:
        """Yield one quotation a line, the best first, each followed by its mark."""
        return Stream(lambda _: self._quotations(prompt))

    def _quotations(self, prompt: Prompt) -> Iterator[str]:
        for number, quote in enumerate(prompt.quotes if prompt.quotes_ordered else choose(prompt.quotes)):
            text = NOT_A_MARK.sub("[\u2060", quoted(quote.text, prompt.language))
            yield f"{chr(10) if number else ''}{text} [{_passage_number(prompt, quote)}]"

    def prepare(self, prompt: Prompt) -> Iterator[Working]:
        """Do nothing: there is nothing to read ahead."""
        del prompt
        yield from ()

    def close(self) -> None:
        """Do nothing: nothing is held."""


def quoted(text: str, language: str) -> str:
    """Return a text on one line in the quotation marks of a language."""
    opening, closing = MARKS.get(language, MARKS["en"])
    return f"{opening}{' '.join(text.split())}{closing}"


def choose(quotes: tuple[Quote, ...], *, beneath: bool = False) -> tuple[Quote, ...]:
    """Return the quotes to show: the best, and those nearly as good.

    Args:
        quotes: best first.
        beneath: whether they stand beneath a short answer, which wants fewer.
    """
    if not quotes:
        return ()
    least = quotes[0].score * (BENEATH if beneath else NEARLY_AS_GOOD)
    return tuple(quote for quote in quotes[:MOST_QUOTES] if quote.score >= least)


def _passage_number(prompt: Prompt, quote: Quote) -> int:
    for number, hit in enumerate(prompt.shown, start=1):
        passage = hit.passage
        if passage.article == quote.article and passage.start <= quote.start and quote.end <= passage.end:
            return number
    raise ValueError(f"no passage of the prompt holds the quote at {quote.start}")
