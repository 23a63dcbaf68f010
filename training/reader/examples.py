"""What the reader is trained on: questions with passages that answer or not, sentences that a passage says or not."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Span = tuple[int, int]
Verdict = Literal["entailment", "contradiction", "neutral", "not_entailment", "compatible"]


@dataclass(frozen=True)
class Labelled:
    """A passage with what it holds of the answer to a question.

    Attributes:
        text: of the passage, its title before it.
        answers: whether it answers.
        spans: character ranges of the words that answer, any of which will do; empty where they are not known.
        evidence: character ranges of what answers; None where it is not known which sentences do.
    """

    text: str
    answers: bool
    spans: tuple[Span, ...] = ()
    evidence: tuple[Span, ...] | None = ()


@dataclass(frozen=True)
class Reading:
    """A question with passages, the one that answers first where there is one."""

    source: str
    question: str
    passages: tuple[Labelled, ...]


@dataclass(frozen=True)
class Claim:
    """A sentence with a passage that says it, contradicts it, or does neither."""

    source: str
    text: str
    premise: str
    verdict: Verdict


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file with one a line, packed or not."""
    yield from map(json.loads, read_text(path))


def read_text(path: Path) -> Iterator[str]:
    """Yield the lines of a file, packed or not."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        yield from lines


_END = re.compile(r"(?<=[.!?»”]) +(?=[A-ZÀ-Ý«“0-9])|\n+")


def plain_sentences(text: str) -> list[Span]:
    """Return where the sentences of a text stand, near enough to learn from, in a hundredth of the time."""
    found, start = [], 0
    for match in _END.finditer(text):
        if match.start() - start > 15 or "\n" in match[0]:
            found.append((start, match.start()))
            start = match.end()
    return [*found, (start, len(text))] if start < len(text) else found


def occurrences(answers: list[str], text: str) -> tuple[Span, ...]:
    """Return where the answers stand in a text, word for word."""
    found = []
    for answer in answers:
        pattern = rf"(?<!\w){re.escape(answer.strip())}(?!\w)"
        found += [match.span() for match in re.finditer(pattern, text)]
    return tuple(found)


def answered(text: str, spans: tuple[Span, ...]) -> Labelled:
    """Return a passage that answers with the words at ``spans``, the first of which is the evidence."""
    return Labelled(text, True, spans, spans[:1] if spans else None)


def written_readings(path: Path, chance: random.Random) -> Iterator[Reading]:
    """Yield the questions of ``answers.jsonl``: each of its passages alone, and all of them as one passage."""
    for line in read_lines(path):
        if line["history"] or line["kind"] in {"overview", "smalltalk"}:
            continue
        cited = {int(mark) - 1 for mark in re.findall(r"\[(\d+)\]", line["answer"])} if line["answerable"] else set()
        title = line["title"] + "\n" if line["title"] else ""
        passages = line["passages"]
        alone = [
            answered(title + text, _shared(line["answer"], text, len(title)))
            if number in cited
            else Labelled(title + text, False)
            for number, text in enumerate(passages)
        ]
        alone.sort(key=lambda one: not one.answers)
        yield Reading("written", line["question"], tuple(alone[:4]))
        whole, ranges = title, []
        for number, text in enumerate(passages):
            if len(whole) + len(text) > 900:
                break
            if number in cited:
                ranges.append((len(whole), len(whole) + len(text)))
            whole += text + ("\n" if chance.random() < 0.5 else " ")
        spans = (
            tuple(
                (ranges[0][0] + start, ranges[0][0] + end)
                for start, end in _shared(line["answer"], whole[slice(*ranges[0])], 0)
            )
            if len(ranges) == 1
            else ()
        )
        if not cited or ranges:
            yield Reading("written", line["question"], (Labelled(whole.strip(), bool(cited), spans, tuple(ranges)),))


def _shared(answer: str, text: str, shift: int) -> tuple[Span, ...]:
    """Return the figures that stand both in the written answer and in the passage, if there is just one."""
    figures = set(re.findall(r"\d+(?:[.,  \u202f]\d+)*", re.sub(r"\[\d+\]", "", answer)))
    if len(figures) != 1:
        return ()
    found = occurrences(sorted(figures), text)
    return tuple((start + shift, end + shift) for start, end in found) if len(found) == 1 else ()


def sentence_readings(path: Path, count: int, chance: random.Random) -> Iterator[Reading]:
    """Yield questions of QAMR about one sentence, which stands among others; some about another sentence."""
    lines = list(read_lines(path))
    sentences = sorted({line["sentence"] for line in lines})
    for line in chance.sample(lines, count):
        others = [one for one in chance.sample(sentences, 3) if one != line["sentence"]]
        here = chance.randint(0, 2)
        mixed = [*others[: chance.randint(0, 2)]]
        mixed.insert(min(here, len(mixed)), line["sentence"])
        text = " ".join(mixed)
        start = text.index(line["sentence"])
        spans = tuple(
            (start + left, start + right)
            for answer in line["answers"]
            for left, right in occurrences([answer], line["sentence"])[:1]
        )
        if not spans:
            continue
        found = Labelled(text, True, spans, ((start, start + len(line["sentence"])),))
        without = Labelled(" ".join(others), False)
        yield Reading("qamr", line["question"], (found, without) if chance.random() < 0.5 else (found,))


def written_claims(path: Path) -> Iterator[Claim]:
    """Yield the pairs of ``nli.jsonl``."""
    for line in read_lines(path):
        yield Claim(line["id"].split("-")[0], line["hypothesis"], line["premise"], line["label"])
