"""The sentences that carry a whole article, or the articles of a library; pure but for the embedder it is handed.

No passage speaks of its own article, so a question about the whole finds nothing and would be refused. What answers it
without a model are sentences that together are near to all of the text. The vectors of passages are in the index
already; only ``CANDIDATES`` sentences are embedded for one question, whatever the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.language import fold, split_sentences
from rag.reading.prose import addresses_machine
from rag.search.coverage import choose_covering
from rag.values import Article, Matrix, Passage, Quote

CANDIDATES = 60
"""Sentences embedded for one overview, at some milliseconds each."""

TITLE_SHARE = 0.5
"""Of what is to be covered, the part that the title is; the passages are the rest, each by its length."""

FEWEST_WORDS = 5
SHORTEST, LONGEST = 40, 350  # characters; what is shorter tells little, what is longer is no point of an overview
_STATEMENT = re.compile(r"""[.!?…]\s*["”»’')\]]*(?:\[\d{1,3}\])*$""")
_DASH = re.compile(r"[\u2013\u2014-]\s+(?=[^\W\d_]|[«“])")
_LEANING = re.compile(
    r"""(?:il|elle|ils|elles|on|ce|c'|cela|ca|ceci|cel(?:ui|le)-ci|ceux-ci|cet|cette|ces|son|sa|ses|leurs?|lui|y
    |en\ effet|mais|et|or|donc|car|puis|ensuite|ainsi|toutefois|cependant|pourtant|neanmoins|en\ revanche|par\ ailleurs
    |de\ plus
    |he|she|it|they|this|that|these|those|his|her|its|their|but|and|so|however|then|also|yet|moreover|instead)
    (?:\b|(?<='))""",
    re.VERBOSE,
)
"""Words at the beginning of a sentence that lean on the one before it."""
_QUOTING = '«“"‘'
_DASHES = "–\u2014- "


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may stand in an overview.

    Attributes:
        start: offset of its first character in the article.
        end: offset after its last character.
        passage: number of the passage it stands in.
        prior: what speaks for it before its meaning is known, about in [-1, 1].
    """

    start: int
    end: int
    passage: int
    prior: float


def find_candidates(article: Article, passages: Sequence[Passage]) -> list[Candidate]:
    """Return the sentences of an article's running text, in order.

    Headings, captions, metadata and orders to a machine are none. Lines that end without a mark, such as the items of a
    menu or of a list, count only where there is nothing else, as in a poem. A dash between two sentences, as after a
    dateline or where the speaker changes, belongs to neither.
    """
    found: list[tuple[bool, Candidate]] = []
    ends = [passage.end for passage in passages]
    for block in article.blocks:
        if block.kind != "paragraph":
            continue
        for number in range(bisect_right(ends, block.start), len(passages)):
            passage = passages[number]
            if passage.start >= block.end:
                break
            left, right = max(block.start, passage.start), min(block.end, passage.end)
            for first, last in split_sentences(article.text[left:right], article.language):
                start, end = left + first, left + last
                if start > block.start and (dash := _DASH.match(article.text, start, end)):
                    start = dash.end()
                text = article.text[start:end]
                if not addresses_machine(text):
                    prior = _prior(text, len(found), first=start == block.start)
                    found.append((_states(text), Candidate(start, end, number, prior)))
    statements = [one for states, one in found if states]
    return statements or [one for _, one in found]


def _states(text: str) -> bool:
    return bool(_STATEMENT.search(text)) and len(text.split()) >= FEWEST_WORDS


def leans(text: str) -> bool:
    """Return whether a sentence begins with a word that leans on the one before it: "Elle", "However"."""
    return bool(_LEANING.match(fold(text).replace("’", "'").lstrip(_QUOTING + " ")))


def _prior(text: str, number: int, *, first: bool) -> float:
    """Return what speaks for a sentence by its place and its form: a text of the press begins with what matters."""
    bare = text.lstrip(_DASHES)
    prior = 1 / (1 + number / 3) + (0.2 if first else 0.0)
    prior -= 0.4 if leans(bare) else 0.0
    prior -= 0.2 if bare[:1] in _QUOTING else 0.0
    prior -= 0.4 if text.rstrip('»”" ').endswith("?") else 0.0
    return prior - (0.4 if len(text) > LONGEST or len(text) < SHORTEST else 0.0)


def choose_sentences(
    article: Article,
    candidates: Sequence[Candidate],
    vectors: Matrix,
    passages: Sequence[Passage],
    encode: Callable[[Sequence[str]], Matrix],
    most: int,
    *,
    embedded: int = CANDIDATES,
) -> list[Candidate]:
    """Return the candidates that cover an article best, the best first.

    Args:
        article: to tell about.
        candidates: of it.
        vectors: of its passages, shape (passages, dimensions).
        passages: of the article, in order.
        encode: gives the vectors of texts, shape (texts, dimensions).
        most: number of sentences at most.
        embedded: number of candidates whose meaning is looked at.
    """
    weights = np.array([len(passage.text) for passage in passages], dtype=np.float32)
    kept = _fewer(candidates, vectors, weights, embedded)
    if not kept:
        return []
    *meant, title = encode([*(article.text[one.start : one.end] for one in kept), article.title])
    priors = np.array([one.prior for one in kept], dtype=np.float32)
    targets = np.concatenate([vectors, [title]])
    weights = np.append(weights / weights.sum() * (1 - TITLE_SHARE), np.float32(TITLE_SHARE))
    return [kept[number] for number in choose_covering(np.stack(meant), targets, weights, priors, most)]


def _fewer(candidates: Sequence[Candidate], vectors: Matrix, weights: Matrix, most: int) -> list[Candidate]:
    """Return as many candidates as may be embedded: of the passages that cover the article, those of the best prior."""
    if len(candidates) <= most:
        return list(candidates)
    held = sorted({one.passage for one in candidates})
    each = 3 if len(held) * 3 >= most else -(-most // len(held))
    places = np.array([1 / (1 + number) for number in range(len(held))], dtype=np.float32)
    chosen = choose_covering(vectors[held], vectors, weights, places, max(most // each, 1))
    kept: list[Candidate] = []
    for number in chosen:
        inside = sorted((one for one in candidates if one.passage == held[number]), key=lambda one: -one.prior)
        kept += inside[:each]
    return sorted(kept[:most], key=lambda one: one.start)


def as_quotes(article: Article, chosen: Sequence[Candidate]) -> tuple[Quote, ...]:
    """Return sentences as quotes, all with the same score."""
    return tuple(
        Quote(article.identifier, article.title, one.start, one.end, article.text[one.start : one.end], 1.0)
        for one in chosen
    )
