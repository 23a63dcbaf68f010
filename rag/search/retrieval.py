"""Finds the passages of a library that speak of a question: by words and by meaning, mixed by score.

The mixture is a convex combination of the two, each on a scale that does not depend on what else was found (Bruch et
al. 2023, An Analysis of Fusion Functions for Hybrid Retrieval): BM25 as a part of the most it could be for this
question, and the cosine between what unlike and what like texts usually have. Scaled over the candidates instead, the
least differences of an article of ten passages would count as much as the largest of a library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.index import CosineScale, Library
from rag.question import Question
from rag.search.terms import spellings
from rag.values import Hit, Passage, Vector

CANDIDATES = 100
"""Of each kind of search: what all measurements of ``benchmarks/answers.md`` were made with; no other was tried."""


class Retriever:
    """Searches one library.

    Args:
        library: to search.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def find(
        self, question: Question, *, article: str = "", limit: int = 8, vector: Vector | None = None
    ) -> tuple[Hit, ...]:
        """Return the best passages for a question, the best first, not merged.

        Args:
            question: taken apart.
            article: identifier to stay within; empty: the whole library.
            limit: number of hits at most.
            vector: of the question, shape (dimensions,), where it was made already.

        Raises:
            EmbedderChanged: the library was built with another embedder.
        """
        written = (self._library.language(article),) if article else self._library.languages()
        words = self._library.words()
        spelt = spellings(question, words, written or (question.language,))
        if vector is None:
            vector = self._library.embedder.encode_query(question.text)
        candidates = self._library.search(vector, spelt, CANDIDATES, article=article)
        scale = self._library.embedder.scale
        most = words.bound(spelt) or 1.0
        hits = [
            Hit(one.passage, one.title, mix(one.dense, one.lexical / most, scale), one.dense, one.lexical)
            for one in candidates
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.passage.article, hit.passage.start))
        return tuple(hits[:limit])


def mix(cosine: float, words: float, scale: CosineScale) -> float:
    """Return the score of a passage, about in [0, 1].

    Args:
        cosine: of question and passage.
        words: BM25 as a part of the most it could be.
        scale: of the embedder's cosines.
    """
    return scale.weight * scale.place(cosine) + (1 - scale.weight) * words


def merge_neighbours(hits: Sequence[Hit], texts: Mapping[str, str], longest: int = 1200) -> tuple[Hit, ...]:
    """Return the hits with those that follow each other in an article made into one, best score kept, best first.

    Args:
        hits: in any order.
        texts: article identifier → text.
        longest: characters of a merged passage at most.
    """
    merged: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.passage.article, hit.passage.start)):
        last = merged[-1] if merged else None
        passage = hit.passage
        if (
            last is not None
            and last.passage.article == passage.article
            and not texts[passage.article][last.passage.end : passage.start].strip()
            and passage.end - last.passage.start <= longest
        ):
            start = last.passage.start
            joined = Passage(passage.article, start, passage.end, texts[passage.article][start : passage.end])
            merged[-1] = Hit(
                joined,
                hit.title,
                max(last.score, hit.score),
                max(last.dense, hit.dense),
                max(last.lexical, hit.lexical),
            )
        else:
            merged.append(hit)
    return tuple(sorted(merged, key=lambda hit: (-hit.score, hit.passage.article, hit.passage.start)))
