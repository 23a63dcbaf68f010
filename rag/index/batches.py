"""Embeds the texts of several articles together, those of like length side by side.

In a batch every text costs as much as its longest, so texts are taken in the order of their length, whichever article
they come from, and no batch is left half empty where an article ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rag.index.embedding import Embedder
from rag.values import Matrix

BATCH = 32  # texts embedded at a time


def embed_together(embedder: Embedder, articles: Sequence[Sequence[str]]) -> Iterator[tuple[int, float, Matrix]]:
    """Embed the texts of each article; yields articles in order, each with how much of it is done, in [0, 1].

    Args:
        embedder: of the texts.
        articles: the texts of each.

    Yields:
        Number of the article, the part of its texts that is embedded, and their vectors, shape (texts, dimensions),
        which are all there once that part is 1.
    """
    sizes = np.array([len(texts) for texts in articles], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    owners = np.repeat(np.arange(len(articles)), sizes)
    every = [text for texts in articles for text in texts]
    matrix = np.zeros((len(every), embedder.dimensions), dtype=np.float32)
    longest_first = sorted(range(len(every)), key=lambda place: -len(every[place]))
    missing = sizes.copy()
    embedded = 0
    for number, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        vectors = matrix[start : start + size]
        while missing[number]:
            yield number, 1 - float(missing[number] / size), vectors
            places = longest_first[embedded : embedded + BATCH]
            matrix[places] = embedder.encode_documents([every[place] for place in places])
            np.subtract.at(missing, owners[places], 1)
            embedded += len(places)
        yield number, 1.0, vectors
