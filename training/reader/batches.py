"""Turns examples into numbered tokens once, and into batches of about the same length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.reader.examples import Claim, Labelled, Reading, plain_sentences
from training.reader.network import CLAIM, PAD, QUESTION

LONGEST_QUESTION, LONGEST_CLAIM, LONGEST_PASSAGE = 40, 72, 216
VERDICTS = {"entailment": 0, "contradiction": 1, "neutral": 2, "not_entailment": 3, "compatible": 4}


@dataclass
class Pair:
    """One passage read for one question or claim; -1 stands for "not known".

    Attributes:
        kind: ``QUESTION`` or ``CLAIM``.
        first: tokens of the question or claim.
        passage: tokens of the passage.
        answers: 1, 0 or -1.
        spans: token ranges of the words that answer, last one included.
        sentences: token ranges of the sentences, last one included, each with 1, 0 or -1: whether it answers.
        verdict: number of the verdict, or -1.
    """

    kind: int
    first: list[int]
    passage: list[int]
    answers: int
    spans: list[tuple[int, int]]
    sentences: list[tuple[int, int, int]]
    verdict: int


Group = list[Pair]  # the pairs of one question, the one that answers first


def group_of(example: Reading | Claim, tokenizer: Tokenizer) -> Group:
    """Return an example as pairs of tokens; empty where what matters was cut."""
    if isinstance(example, Claim):
        first = tokenizer.encode("passage: " + example.text).ids[:LONGEST_CLAIM]
        passage = tokenizer.encode("passage: " + example.premise).ids[:LONGEST_PASSAGE]
        return [Pair(CLAIM, first, passage, -1, [], [], VERDICTS[example.verdict])]
    first = tokenizer.encode("query: " + example.question).ids[:LONGEST_QUESTION]
    pairs = [_reading(first, one, tokenizer) for one in example.passages]
    return [pair for pair in pairs if pair is not None]


def _reading(first: list[int], one: Labelled, tokenizer: Tokenizer) -> Pair | None:
    prompt = "passage: "
    encoded = tokenizer.encode(prompt + one.text)
    offsets = [(start - len(prompt), end - len(prompt)) for start, end in encoded.offsets][:LONGEST_PASSAGE]

    def tokens(start: int, end: int) -> tuple[int, int] | None:
        inside = [
            n for n, (left, right) in enumerate(offsets) if right > left and left < end and right > start and left >= 0
        ]
        return (inside[0], inside[-1]) if inside and offsets[inside[-1]][1] >= end - 1 else None

    spans = [span for span in (tokens(*span) for span in one.spans) if span]
    if one.spans and not spans:
        return None
    sentences = []
    for start, end in plain_sentences(one.text):
        place = tokens(start, end)
        if place:
            known = one.evidence is not None
            here = any(min(end, right) - max(start, left) > 0 for left, right in one.evidence or ())
            sentences.append((*place, int(here) if known else -1 if one.answers else 0))
    return Pair(QUESTION, first, list(encoded.ids[:LONGEST_PASSAGE]), int(one.answers), spans, sentences, -1)


@dataclass(frozen=True)
class Batch:
    """Pairs as one, padded; -1 stands for "not known".

    Attributes:
        groups: what the pairs are of, one after the other.
        question: tokens of the questions or claims, shape (pairs, tokens).
        passage: tokens of the passages, shape (pairs, tokens).
        kind: ``QUESTION`` or ``CLAIM``, shape (pairs,).
        lengths: of the passages, in tokens, shape (pairs,).
        answers: 1 where the passage answers, 0 where not, shape (pairs,).
        verdicts: numbers of the verdicts, shape (pairs,).
        spans: pair, first and last token of words that answer, shape (spans, 3).
        sentences: pair, first and last token, and 1 or 0: whether it answers, shape (sentences, 4); only known ones.
        rivals: the pairs of each question that has several passages, the first of which answers, shape
            (questions, most), with -1 where there are no more.
    """

    groups: list[Group]
    question: Tensor
    passage: Tensor
    kind: Tensor
    lengths: Tensor
    answers: Tensor
    verdicts: Tensor
    spans: Tensor
    sentences: Tensor
    rivals: Tensor

    def to(self, device: str) -> Batch:
        """Return the batch on another device."""
        tensors = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "groups"}
        return replace(self, **{name: tensor.to(device) for name, tensor in tensors.items()})


def batches(groups: Sequence[Group], pairs: int, chance: random.Random) -> Iterator[Batch]:
    """Yield batches of about so many pairs of 200 tokens, in random order, each of groups about as long."""
    order = sorted(
        range(len(groups)), key=lambda at: (groups[at][0].kind, _length(groups[at]) * chance.uniform(0.85, 1.15))
    )
    budget = pairs * 200
    made: list[list[int]] = [[]]
    longest = count = 0
    for at in order:
        longest, count = max(longest, _length(groups[at])), count + len(groups[at])
        if made[-1] and longest * count > budget:
            made.append([])
            longest, count = _length(groups[at]), len(groups[at])
        made[-1].append(at)
    chance.shuffle(made)
    for chosen in made:
        yield _batch([groups[at] for at in chosen])


def _length(group: Group) -> int:
    return max(len(pair.first) + len(pair.passage) for pair in group)


def _batch(groups: list[Group]) -> Batch:
    pairs = [pair for group in groups for pair in group]
    spans = [(row, *span) for row, pair in enumerate(pairs) for span in pair.spans]
    sentences = [(row, *one) for row, pair in enumerate(pairs) for one in pair.sentences if one[2] >= 0]
    rivals, row = [], 0
    for group in groups:
        if len(group) > 1 and group[0].answers == 1:
            rivals.append(list(range(row, row + len(group))))
        row += len(group)
    return Batch(
        groups,
        _padded([pair.first for pair in pairs], PAD),
        _padded([pair.passage for pair in pairs], PAD),
        torch.tensor([pair.kind for pair in pairs]),
        torch.tensor([len(pair.passage) for pair in pairs]),
        torch.tensor([pair.answers for pair in pairs]),
        torch.tensor([pair.verdict for pair in pairs]),
        torch.tensor(spans, dtype=torch.long).view(-1, 3),
        torch.tensor(sentences, dtype=torch.long).view(-1, 4),
        _padded(rivals, -1),
    )


def _padded(rows: list[list[int]], padding: int) -> Tensor:
    made = torch.full((len(rows), max(map(len, rows), default=0)), padding)
    for number, row in enumerate(rows):
        made[number, : len(row)] = torch.tensor(row)
    return made
