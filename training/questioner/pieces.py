"""What would be shown for a made question: its sentence and those beside it that share most with the question."""

from __future__ import annotations

import random
from collections.abc import Sequence

from rag.llm.evidence_prompt import EVIDENCE_CHARACTERS, MOST_EVIDENCE
from training.answerer.examples import Example, content_words, sentences
from training.questioner.examples import Question
from training.questioner.texts import Paragraph, beside

SHOWN = range(25, 420)  # characters of a sentence that is shown


def shown_for(question: Question, near: Sequence[str], chance: random.Random) -> tuple[str, ...]:
    """Return the pieces of evidence, the sentence that answers first.

    Two in three of the others are those that share most words with the question, as a search would find them.
    """
    asked, answering = content_words(question.question), question.told.sentence
    others = dict.fromkeys(one for text in (question.told.text, *near) for one in sentences(text) if len(one) in SHOWN)
    others.pop(answering, None)
    ranked = sorted(others, key=lambda one: -len(asked & content_words(one)) / (4 + len(content_words(one)) ** 0.5))
    alike = ranked[: 2 * MOST_EVIDENCE // 3]
    rest = ranked[len(alike) :]
    kept, size = [answering], len(answering)
    for one in alike + chance.sample(rest, min(len(rest), MOST_EVIDENCE)):
        if len(kept) < MOST_EVIDENCE and size + len(one) <= EVIDENCE_CHARACTERS:
            kept.append(one)
            size += len(one)
    return tuple(kept)


def example_of(question: Question, at: int, found: list[Paragraph], chance: random.Random) -> Example:
    """Return a made question as the answerer is asked it, its answer marked with the piece that tells it.

    Args:
        question: the question.
        at: number of the paragraph it is about.
        found: all paragraphs of the language.
        chance: of what is shown beside.
    """
    words = question.answer.rstrip(" .")
    end = words[-1:] if words[-1:] in "!?»”" else "."
    answer = f"{words[:1].upper()}{words[1:]} [1]{'.' if end == '.' else ''}"
    shown = shown_for(question, beside(found, at), chance)
    return Example("asked", question.told.title, shown, question.question, question.language, answer, True, found=True)
