"""Embeds the texts of several articles together, and ahead of whoever takes the vectors.

Texts of like length are embedded side by side, whichever article they come from: a model that takes a batch at a time
computes as much for every text of it as for its longest, and no batch is left half empty where an article ends. They
are embedded in a thread of their own, so that the next articles are split and those before stored meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.index.embedding import Embedder
from rag.values import Matrix

BATCH = 32  # texts embedded at a time
TOGETHER = 256  # texts that are put in the order of their length; twice as many wait, however much is added


@dataclass(frozen=True, slots=True)
class _Group:
    """Articles whose texts are put in one order: the number of the first, the size of each, what comes of the texts."""

    first: int
    sizes: npt.NDArray[np.int64]
    batches: tuple[tuple[npt.NDArray[np.int64], Future[Matrix]], ...]


def embed_together(embedder: Embedder, articles: Iterable[Sequence[str]]) -> Iterator[tuple[int, float, Matrix]]:
    """Embed the texts of each article; yields articles in order, each with how much of it is done, in [0, 1].

    Args:
        embedder: of the texts; used from another thread than this one.
        articles: the texts of each, taken as they are needed.

    Yields:
        Number of the article, the part of its texts that is embedded, first 0, and their vectors, shape (texts,
        dimensions), which are all there once that part is 1.
    """
    encoder = ThreadPoolExecutor(1, thread_name_prefix="embedding-ahead")
    try:
        begun: deque[_Group] = deque()
        for first, texts in _grouped(articles):
            begun.append(_begin(encoder, embedder, first, texts))
            if len(begun) > 1:
                yield from _finish(begun.popleft(), embedder.dimensions)
        while begun:
            yield from _finish(begun.popleft(), embedder.dimensions)
    finally:
        encoder.shutdown(cancel_futures=True)


def _grouped(articles: Iterable[Sequence[str]]) -> Iterator[tuple[int, list[Sequence[str]]]]:
    """Yield articles that are embedded together, each group with the number of its first."""
    group: list[Sequence[str]] = []
    first = texts = 0
    for article in articles:
        group.append(article)
        texts += len(article)
        if texts >= TOGETHER:
            yield first, group
            first, group, texts = first + len(group), [], 0
    if group:
        yield first, group


def _begin(encoder: ThreadPoolExecutor, embedder: Embedder, first: int, articles: Sequence[Sequence[str]]) -> _Group:
    every = [text for texts in articles for text in texts]
    longest_first = np.array(sorted(range(len(every)), key=lambda place: -len(every[place])), dtype=np.int64)
    parts = [longest_first[start : start + BATCH] for start in range(0, len(every), BATCH)]
    batches = tuple(
        (places, encoder.submit(embedder.encode_documents, [every[place] for place in places])) for places in parts
    )
    return _Group(first, np.array([len(texts) for texts in articles], dtype=np.int64), batches)


def _finish(group: _Group, dimensions: int) -> Iterator[tuple[int, float, Matrix]]:
    ends = np.cumsum(group.sizes)
    owners = np.repeat(np.arange(len(group.sizes)), group.sizes)
    matrix = np.zeros((len(owners), dimensions), dtype=np.float32)
    missing = group.sizes.copy()
    batches = iter(group.batches)
    for number, (end, size) in enumerate(zip(ends, group.sizes, strict=True)):
        vectors = matrix[end - size : end]
        yield group.first + number, 0.0, vectors
        while missing[number]:
            places, embedded = next(batches)
            matrix[places] = embedded.result()
            np.subtract.at(missing, owners[places], 1)
            if missing[number]:
                yield group.first + number, 1 - float(missing[number] / size), vectors
        yield group.first + number, 1.0, vectors
