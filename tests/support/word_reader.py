"""A reader that is right by construction and costs nothing: it counts the words that texts share."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rag.language import fold
from rag.reader import Entailment, Readable, Reading

SHORTEST = 4  # letters of a word that counts; a figure always counts


class WordReader:
    """Scores by shared words, small ones left out, case and accents aside; the same in every process.

    A sentence that has half of a question's words has the logit 0, one that has all of them 4. The words that answer
    are the longest run of words in it that the question does not have. A premise that lacks a claim's figure
    contradicts it as far as it has the claim's other words.
    """

    identity = "shared words 1"

    def read(self, question: str, texts: Sequence[Readable]) -> list[Reading]:
        return [self._read(_words(question), text) for text in texts]

    def entail(self, claim: str, premises: Sequence[str]) -> list[Entailment]:
        return [_entailment(_words(claim), _words(premise)) for premise in premises]

    def _read(self, asked: set[str], text: Readable) -> Reading:
        logits = tuple(_logit(asked, text.text[start:end]) for start, end in text.sentences)
        words = tuple(_unasked(asked, text.text, start, end) for start, end in text.sentences)
        spans = tuple(math.log(1 / (1 + math.exp(-logit))) for logit in logits)
        return Reading(max(logits, default=-4.0), logits, (0.0,) * len(logits), words, spans)


def _words(text: str) -> set[str]:
    return {fold(word) for word in re.findall(r"\w+", text) if len(word) >= SHORTEST or word.isdigit()}


def _logit(asked: set[str], sentence: str) -> float:
    return 8 * len(asked & _words(sentence)) / max(1, len(asked)) - 4


def _unasked(asked: set[str], text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of the longest run of words that were not asked for; the first of several."""
    runs: list[list[tuple[int, int]]] = [[]]
    for match in re.finditer(r"\w+", text[start:end]):
        if fold(match[0]) in asked:
            runs.append([])
        else:
            runs[-1].append((start + match.start(), start + match.end()))
    longest = max(runs, key=len)
    return (longest[0][0], longest[-1][1]) if longest else (start, end)


def _entailment(claim: set[str], premise: set[str]) -> Entailment:
    share = len(claim & premise) / max(1, len(claim))
    if any(word.isdigit() for word in claim - premise):
        return Entailment(0.0, share, 1 - share)
    return Entailment(share, 0.0, 1 - share)
