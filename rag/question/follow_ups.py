"""A question that hardly says what it asks is read with the one before it; pure.

« Pourquoi ? », « Et la France ? » and "how old is she?" go on from what was asked before. Nobody can tell that by the
words alone: « Combien de blessés ? » is as short, and complete. So such a question is searched together with the one
before it, and read twice: with it, and as it was typed (``rag.search.reading``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.language import content_stems, fold
from rag.values import Turn

FEW = 1
"""Words of meaning up to which a question is searched with the one before it: chosen by looking at the 171 follow-ups
of answers.jsonl and at the questions of readers-fr, each asked after another one; see benchmarks/answers.md."""

MOST_BEFORE = 24  # words of the questions before

_BRACKETS = re.compile(r"[\s()]+")


def with_the_one_before(asked: str, history: Sequence[Turn], language: str) -> str:
    """Return what to search: the question, and in brackets after it the one before where it may go on from that.

    Where the one before is as short, the last one that says what it asks comes after it.

    Args:
        asked: as the reader typed it.
        history: earlier turns, oldest first.
        language: ISO 639-1 code of the question.
    """
    if not history or not asked.strip() or not _is_short(asked, language):
        return asked
    last = history[-1].question
    whole = next((turn.question for turn in reversed(history) if not _is_short(turn.question, language)), "")
    before = last if last == whole else f"{last} {whole}"
    before = " ".join(_BRACKETS.sub(" ", before).split()[:MOST_BEFORE]).rstrip(" ?!.…")
    said = " ".join(asked.split())
    return f"{said} ({before})" if before and fold(before) != fold(said.rstrip(" ?!.…")) else asked


def _is_short(question: str, language: str) -> bool:
    """Return whether a question has few words of meaning; a name of several words, or one with hyphens, is one."""
    count, named = 0, False
    for word in question.split():
        says, name = bool(content_stems(word, language)), any(map(str.isupper, word))
        count += says and not (name and named)
        named = says and name
    return count <= FEW
