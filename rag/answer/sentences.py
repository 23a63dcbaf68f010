"""Streamed text and citation numbers are gathered into sentences; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.language import split_sentences

_CLOSING_QUOTES = {"«": "»", "“": "”"}


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of the answer as the model wrote it, without marks, and the citations that stand in it.

    Attributes:
        text: of the sentence.
        start: offset of its first character in all that was written.
        end: offset after its last character.
        citations: the numbers cited, in order.
    """

    text: str
    start: int
    end: int
    citations: tuple[int, ...]


class SentenceScanner:
    """Gathers streamed text and citation numbers into sentences.

    A sentence is given once the word after it is complete, so that a mark after the full stop still belongs to it.

    Args:
        language: of the answer.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._given = 0  # characters before the text that is kept
        self._text = ""
        self._marks: list[tuple[int, int]] = []  # position in the text, citation number

    @property
    def pending(self) -> str:
        """The text of the sentence that is being written, back to the last boundary."""
        spans = self._spans(self._text)
        return self._text[spans[-1][0] : spans[-1][1]] if spans else ""

    def cite(self, number: int) -> None:
        """Attach a citation to the sentence that is being written."""
        self._marks.append((len(self._text.rstrip()), number))

    def feed(self, text: str) -> Iterator[CitedSentence]:
        """Yield the sentences that are complete by now."""
        for character in text:
            ends_word = character.isspace() and self._text[-1:].strip() != ""
            self._text += character
            if character == "\n":
                yield from self._give(keep=0)
            elif ends_word and re.search(r"[.!?…»”\"]", self._text):
                yield from self._give(keep=1)

    def finish(self) -> Iterator[CitedSentence]:
        """Yield what is left."""
        yield from self._give(keep=0)

    def _give(self, *, keep: int) -> Iterator[CitedSentence]:
        spans = self._spans(self._text)
        given = spans[: len(spans) - keep]
        for index, (start, end) in enumerate(given):
            until = spans[index + 1][0] if index + 1 < len(spans) else len(self._text) + 1
            numbers = tuple(dict.fromkeys(number for at, number in self._marks if at <= until))
            self._marks = [(at, number) for at, number in self._marks if at > until]
            yield CitedSentence(self._text[start:end], self._given + start, self._given + end, numbers)
        if given or not keep:
            cut = spans[len(given)][0] if keep else len(self._text)
            self._text = self._text[cut:]
            self._given += cut
            self._marks = [(max(at - cut, 0), number) for at, number in self._marks]

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return the sentences of ``text``; one that leaves a quotation open goes on into the next."""
        joined: list[tuple[int, int]] = []
        for start, end in split_sentences(text, self._language):
            if joined and _leaves_open(text[joined[-1][0] : joined[-1][1]]):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined


def _leaves_open(text: str) -> bool:
    return any(text.count(opening) > text.count(closing) for opening, closing in _CLOSING_QUOTES.items())
