"""The questions that were made, as answerer and reader are trained on them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.perturbing import CHANGES, Pool
from training.answerer.examples import Example, content_words
from training.questioner.examples import Question, Told
from training.questioner.pieces import example_of
from training.questioner.texts import beside, paragraphs
from training.reader.examples import Labelled, Reading, occurrences

QUESTIONS = Path("build/questioner/questions.jsonl")
"""What ``python -m training.questioner`` makes, unless told otherwise."""

LEAST_ABSENT = 0.3  # likelihood of no answer without the sentence, so that a refusal is learned
ALTERED = 0.35  # of the questions, of which one fact is changed
LONGEST_PASSAGE = 900  # characters
POOL = 3000  # paragraphs that other names and numbers are taken from


@dataclass(frozen=True)
class Made:
    """A question that was made.

    Attributes:
        at: number of the paragraph it is about.
        question: itself.
        found: likelihood that the answerer chooses its sentence.
        absent: likelihood that the answerer finds no answer where the sentence is not shown.
    """

    at: int
    question: Question
    found: float = 0.0
    absent: float = 0.0


def read_made(path: Path) -> Iterator[Made]:
    """Yield the questions of a file."""
    with path.open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            told = Told(**line["question"].pop("told"))
            yield Made(line["at"], Question(told, **line["question"]), line["found"], line["absent"])


def made_examples(path: Path, data: Path, chance: random.Random) -> Iterator[Example]:
    """Yield the questions with what is shown for them: with an answer, without it, and with one fact changed.

    Args:
        path: of the questions; there may be none.
        data: folder of the data sets.
        chance: of what is shown and changed.
    """
    if not path.is_file():
        return
    found = {language: paragraphs(data, language) for language in ("fr", "en")}
    pools = {
        language: Pool.of([one.text for one in chance.sample(ones, min(len(ones), POOL))])
        for language, ones in found.items()
    }
    for one in read_made(path):
        language = one.question.told.language
        example = example_of(one.question, one.at, found[language], chance)
        yield example
        if one.absent >= LEAST_ABSENT and len(example.evidence) > 1:
            yield replace(example, evidence=example.evidence[1:], answer="", answered=False)
        if chance.random() < ALTERED and one.question.language == language:
            changed = _changed(one.question, pools[language], chance)
            if changed:
                yield replace(example, source="asked_altered", question=changed, answer="", answered=False)


def _changed(question: Question, pool: Pool, chance: random.Random) -> str:
    for change in chance.sample(["name", "number", "date"], 3):
        changed = CHANGES[change](question.question, question.told.text, pool, question.told.language, chance)
        if changed and changed != question.question:
            return str(changed)
    return ""


def made_readings(path: Path, data: Path, chance: random.Random) -> Iterator[Reading]:
    """Yield the questions with their passage, one beside it, and the same passage without the sentence.

    Args:
        path: of the questions; there may be none.
        data: folder of the data sets.
        chance: of what is shown.
    """
    if not path.is_file():
        return
    found = {language: paragraphs(data, language) for language in ("fr", "en")}
    for one in read_made(path):
        told = one.question.told
        passages = [_answering(one.question)]
        near = [text for text in beside(found[told.language], one.at) if text not in told.text]
        others = [text[:LONGEST_PASSAGE] for text in near if not _repeats(text, told.sentence)]
        if others and chance.random() < 0.8:
            passages.append(Labelled(_titled(told.title, chance.choice(others[:4])), False))
        left = " ".join(told.text.replace(told.sentence, " ").split())
        if one.absent >= LEAST_ABSENT and len(left) > 60:
            passages.append(Labelled(_titled(told.title, left), False))
        yield Reading("asked", one.question.question, tuple(passages))


def _answering(question: Question) -> Labelled:
    text = _titled(question.told.title, question.told.text)
    start = text.index(question.told.sentence)
    evidence = (start, start + len(question.told.sentence))
    words = () if question.reader else occurrences([question.answer], question.told.sentence)
    return Labelled(text, True, tuple((start + left, start + right) for left, right in words), (evidence,))


def _titled(title: str, text: str) -> str:
    return f"{title}\n{text}" if title else text


def _repeats(text: str, sentence: str) -> bool:
    """Return whether a text holds most words of a sentence, and so may answer as well."""
    words = content_words(sentence)
    return len(words & content_words(text)) > 0.6 * len(words)
