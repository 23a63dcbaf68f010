"""An embedder and a chat model that are right by construction and cost nothing: the whole path runs in milliseconds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from rag.events import Working
from rag.index import CosineScale
from rag.language.words import content_stems
from rag.llm.stopping import StopFlag, Stream
from rag.values import Matrix, Prompt, Vector


class HashedWords:
    """An embedder: each stem has a place of its own among ``dimensions``, a text is the sum of its stems, length 1.

    Texts that share words have a cosine above 0, the same text has 1, and every process computes the same vectors.
    """

    scale = CosineScale(unlike=0.0, like=0.5, weight=0.3)

    def __init__(self, *, version: int = 1, dimensions: int = 256, max_tokens: int = 200) -> None:
        self.identity = f"hashed-words {version}"
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self.encoded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]", text)) + 2

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        self.encoded.extend(texts)
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(-1, self.dimensions)

    def encode_query(self, text: str) -> Vector:
        return self._vector(text)

    def _vector(self, text: str) -> Vector:
        vector = np.full(self.dimensions, 1e-3, dtype=np.float32)
        for stem in content_stems(text, "fr"):
            digest = hashlib.sha256(f"{self.identity} {stem}".encode()).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimensions] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


class Scripted:
    """A chat model that says what it was told to, piece by piece.

    Attributes:
        prompts: what it was asked, in order.
        yielded: number of pieces that were taken from it.
        closed: whether the last stream was closed or ran to its end.
    """

    name = "scripted"
    is_language_model = True
    reads_evidence = False
    may_refuse = False

    def __init__(self, *pieces: str | Working, context_window: int = 4096) -> None:
        self.pieces = pieces
        self.context_window = context_window
        self.prompts: list[Prompt] = []
        self.yielded = 0
        self.closed = False

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(self, prompt: Prompt) -> Stream[str | Working]:
        return Stream(partial(self._heeding, prompt))

    def write(self, _: Prompt) -> Iterator[str | Working]:
        yield from self.pieces

    def _heeding(self, prompt: Prompt, stop: StopFlag) -> Iterator[str | Working]:
        self.prompts.append(prompt)
        self.closed = False
        try:
            for piece in self.write(prompt):
                if not stop or isinstance(piece, Working):
                    self.yielded += 1
                    yield piece
        finally:
            self.closed = True

    def prepare(self, prompt: Prompt) -> Iterator[Working]:
        self.prompts.append(prompt)
        yield Working("reading", 1.0)

    def close(self) -> None:
        self.closed = True
