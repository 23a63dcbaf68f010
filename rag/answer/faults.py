"""What goes wrong with a small model is noticed while it writes; pure.

It repeats itself, changes the language, writes its prompt, or does not end its sentence.
"""

from __future__ import annotations

import re

from rag.events import Reason
from rag.language import detect_language, fold
from rag.values import Prompt

LONGEST_PERIOD = 24  # words of what is said again and again
LEAST_REPEATED = 8  # words that are the same as those before, whatever their number
TIMES = 3  # how often it is said
LEAST_TOLD = 12  # words by which a language is told
ECHO = 6  # words in a row that only the prompt's own instructions hold
LONGEST_SENTENCE = 120  # words

_WORD = re.compile(r"\w+")
_FENCE = re.compile(r"</?(?:passage|article)\b", re.IGNORECASE)
_QUOTED = re.compile(r"«[^»]*»?|“[^”]*”?")


class FaultWatch:
    """Watches one answer as it is written.

    Args:
        prompt: that is answered.
        languages: those the answer may be in: the question's and the articles'.
    """

    def __init__(self, prompt: Prompt, languages: frozenset[str]) -> None:
        self._languages = languages
        self._likely = (prompt.language, *sorted(languages - {prompt.language}))
        self._question = _words(prompt.question)
        shown = frozenset().union(*(_runs(_words(hit.passage.text)) for hit in prompt.shown))
        self._instructions = _runs(_words(prompt.system)) - shown
        self._seen = 0

    def fault(self, text: str, pending: str) -> Reason | None:
        """Return what is wrong with an answer so far; None where nothing is.

        Args:
            text: all that was written.
            pending: its last sentence, which has not ended.
        """
        if len(text.rstrip()) == self._seen:
            return None
        self._seen, words = len(text.rstrip()), _words(text)
        if _repeats(words):
            return "repetition"
        if self._echoes(text, words):
            return "echo"
        if len(_words(pending)) > LONGEST_SENTENCE:
            return "endless"
        own = _QUOTED.sub(" ", text)
        if len(words) % LEAST_TOLD == 0 and len(_words(own)) >= LEAST_TOLD:
            return None if detect_language(own, likely=self._likely) in self._languages else "language"
        return None

    def _echoes(self, text: str, words: list[str]) -> bool:
        if _FENCE.search(text) or tuple(words[-ECHO:]) in self._instructions:
            return True
        asked = self._question
        return len(asked) >= ECHO // 2 and text.rstrip().endswith("?") and words[-len(asked) :] == asked


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _runs(words: list[str]) -> frozenset[tuple[str, ...]]:
    """Return every run of as many words as tell an echo."""
    return frozenset(tuple(words[start : start + ECHO]) for start in range(len(words) - ECHO + 1))


def _repeats(words: list[str]) -> bool:
    """Return whether an answer ends with the same words several times in a row."""
    for period in range(1, min(LONGEST_PERIOD, len(words) // TIMES) + 1):
        length = max(TIMES * period, LEAST_REPEATED)
        end = words[-length:]
        if len(end) == length and end[period:] == end[:-period] and any(map(str.isalpha, end)):
            return True
    return False
