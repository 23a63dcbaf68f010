"""Turns examples into the tokens that llama.cpp would make of them, and into batches of about the same length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from rag.llm.llama.bindings import bindings
from rag.llm.llama.vocabulary import Vocabulary
from training.answerer.examples import Example

PADDING = 0


class Tokenizer:
    """The vocabulary of a GGUF file, read by llama.cpp itself, so that training and answering see the same tokens.

    Attributes:
        end: number of the token that ends an answer.
    """

    def __init__(self, path: Path) -> None:
        self._api = bindings()
        options = self._api.llama_model_default_params()
        options.vocab_only = True
        self._model = self._api.llama_model_load_from_file(str(path).encode(), options)  # lives as long as we do
        pointer = self._api.llama_model_get_vocab(self._model)
        self._vocabulary = Vocabulary(self._api, pointer)
        self.end = int(self._api.llama_vocab_eos(pointer))

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
    """An example in tokens."""

    prompt: list[int]
    answer: list[int]

    @classmethod
    def of(cls, example: Example, tokenizer: Tokenizer) -> Lesson:
        """Return the tokens of an example."""
        return cls(tokenizer.prompt(example.prompt()), tokenizer.answer(example.target()))

    def __len__(self) -> int:
        return len(self.prompt) + len(self.answer)


@dataclass(frozen=True)
class Batch:
    """Lessons as one.

    Attributes:
        tokens: shape (lessons, tokens), padded on the right.
        told: which of them are to be learned: the answers; same shape.
    """

    tokens: Tensor
    told: Tensor


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
    for row, lesson in enumerate(lessons):
        tokens[row, : len(lesson)] = torch.tensor(lesson.prompt + lesson.answer)
        told[row, len(lesson.prompt) : len(lesson)] = True
    return Batch(tokens, told)
