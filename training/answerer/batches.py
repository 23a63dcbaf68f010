"""Turns examples into the tokens that llama.cpp would make of them, and into batches of about the same length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from rag.llm.evidence_prompt import MOST_EVIDENCE, OPENS
from rag.llm.llama.bindings import bindings
from rag.llm.llama.vocabulary import Vocabulary
from training.answerer.examples import Example

PADDING = 0


class Tokenizer:
    """The vocabulary of a GGUF file, read by llama.cpp itself, so that training and answering see the same tokens.

    Attributes:
        end: number of the token that ends an answer.
        opens: number of the token before a choice.
        numbers: tokens of the numbers that can be chosen, ``numbers[i]`` of ``i``.
    """

    def __init__(self, path: Path) -> None:
        self._api = bindings()
        options = self._api.llama_model_default_params()
        options.vocab_only = True
        self._model = self._api.llama_model_load_from_file(str(path).encode(), options)  # lives as long as we do
        pointer = self._api.llama_model_get_vocab(self._model)
        self._vocabulary = Vocabulary(self._api, pointer)
        self.end = int(self._api.llama_vocab_eos(pointer))
        self.opens = self._single(OPENS)
        self.numbers = [self._single(str(number)) for number in range(MOST_EVIDENCE + 1)]

    def _single(self, text: str) -> int:
        (token,) = self._vocabulary.tokenize(text, trusted=False)
        return token

    def prompt(self, text: str) -> list[int]:
        """Return the tokens of the text before an answer, with the one that begins every text."""
        return self._vocabulary.first + self._vocabulary.tokenize(text, trusted=False)

    def answer(self, text: str) -> list[int]:
        """Return the tokens of an answer, with the one that ends it."""
        return [*self._vocabulary.tokenize(text, trusted=False), self.end]

    def text(self, tokens: Sequence[int]) -> str:
        """Return what tokens spell."""
        return b"".join(map(self._vocabulary.piece, tokens)).decode("utf-8", "replace")


@dataclass(frozen=True)
class Lesson:
    """An example in tokens: either what is to be written, or which evidence is to be chosen.

    Attributes:
        prompt: the text before, with the token that opens the choice where there is one.
        answer: what is to be written; empty for a choice.
        right: the numbers of which each is right; empty where an answer is to be written.
    """

    prompt: list[int]
    answer: list[int]
    right: tuple[int, ...] = ()

    @classmethod
    def of(cls, example: Example, tokenizer: Tokenizer, *, choice: bool) -> Lesson:
        """Return the tokens of an example; without words to be written it is a choice in any case."""
        prompt, target = tokenizer.prompt(example.prompt()), example.target()
        if choice or not target:
            return cls([*prompt, tokenizer.opens], [], example.choices())
        return cls(prompt, tokenizer.answer(target))

    def __len__(self) -> int:
        return len(self.prompt) + len(self.answer)


@dataclass(frozen=True)
class Batch:
    """Lessons as one.

    Attributes:
        tokens: shape (lessons, tokens), padded on the right.
        told: which of them are to be learned: the answers; same shape.
        asked: the place of the token before a choice, shape (lessons,).
        right: which numbers are right choices, shape (lessons, numbers); none where no choice is to be learned.
    """

    tokens: Tensor
    told: Tensor
    asked: Tensor
    right: Tensor

    def to(self, device: str) -> Batch:
        """Return the batch on another device."""
        return Batch(*(one.to(device) for one in (self.tokens, self.told, self.asked, self.right)))


def batches(lessons: Sequence[Lesson], most: int, chance: random.Random) -> Iterator[Batch]:
    """Yield batches of at most so many tokens, padding included, in random order, each of lessons about as long."""
    order = sorted(lessons, key=lambda lesson: len(lesson) * chance.uniform(0.9, 1.1))
    made: list[list[Lesson]] = [[]]
    for lesson in order:
        longest = max(len(one) for one in [*made[-1], lesson])
        if made[-1] and longest * (len(made[-1]) + 1) > most:
            made.append([])
        made[-1].append(lesson)
    chance.shuffle(made)
    yield from map(padded, filter(None, made))


def padded(lessons: Sequence[Lesson]) -> Batch:
    """Return lessons as one batch."""
    tokens = torch.full((len(lessons), max(map(len, lessons))), PADDING)
    told = torch.zeros_like(tokens, dtype=torch.bool)
    asked = torch.tensor([len(lesson.prompt) - 1 for lesson in lessons])
    right = torch.zeros((len(lessons), MOST_EVIDENCE + 1), dtype=torch.bool)
    for row, lesson in enumerate(lessons):
        tokens[row, : len(lesson)] = torch.tensor(lesson.prompt + lesson.answer)
        told[row, len(lesson.prompt) : len(lesson)] = True
        right[row, list(lesson.right)] = True
    return Batch(tokens, told, asked, right)
