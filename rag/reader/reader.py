"""What a reader is asked, and what it says: does a passage answer, with which words, and does it say a sentence?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Readable:
    """A text to be read for a question.

    Attributes:
        title: what it is about, read before it; empty where there is none.
        text: of the passage.
        sentences: character ranges in ``text``.
    """

    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says of a question.

    Attributes:
        answers: logit that it answers.
        sentences: for each sentence given, the logit that it is what answers, or a part of it; minus infinity where it
            lies beyond what is read.
        alike: for each sentence given, how near the question's words are to their nearest ones in it: the mean of their
            cosines, scaled so that 0 is usual; minus infinity where it lies beyond what is read.
        words: for each sentence given, the character range in the text of the words in it that answer most probably;
            empty, at its start, where it lies beyond what is read.
        spans: for each sentence given, the log-probability of these words' start and end together, among those of all
            tokens of the text; minus infinity where it lies beyond what is read.
    """

    answers: float
    sentences: tuple[float, ...]
    alike: tuple[float, ...]
    words: tuple[tuple[int, int], ...]
    spans: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Entailment:
    """Whether a text says a sentence: three probabilities, whose sum is 1."""

    entailed: float
    contradicted: float
    unsaid: float


class Reader(Protocol):
    """What reads passages closely, once they are found."""

    @property
    def identity(self) -> str:
        """Name and fingerprint: equal identities read equally."""

    def read(self, question: str, texts: Sequence[Readable]) -> list[Reading]:
        """Return what each text says of the question."""

    def entail(self, claim: str, premises: Sequence[str]) -> list[Entailment]:
        """Return whether each premise, read alone, says the claim."""
