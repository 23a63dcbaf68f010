"""A question as a reader typed it becomes the one that is searched: its language told, taken apart; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.language import detect_language
from rag.language.characters import whole_characters
from rag.question.analysis import Question, analyse_question
from rag.question.follow_ups import with_the_one_before
from rag.values import Turn


def understand(asked: str, history: Sequence[Turn] = ()) -> Question:
    """Return the question, once and for all that is done with it.

    Args:
        asked: as the reader typed it.
        history: earlier turns, oldest first.
    """
    asked = _without_shouting(whole_characters(asked))
    language = detect_language(asked)
    text = with_the_one_before(asked, history, language)
    taken_apart = analyse_question(text, language)
    return replace(taken_apart, asked=asked, answer_language=language, follows=bool(history))


def _without_shouting(asked: str) -> str:
    """Return a question of several words typed in capitals alone in small letters, as models have read most words."""
    shouted = asked.isupper() and sum(any(map(str.isalpha, word)) for word in asked.split()) > 1
    return asked.capitalize() if shouted else asked
