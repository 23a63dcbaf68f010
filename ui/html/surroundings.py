"""What stands around a quote in its article: the section, the sentence before and the one after."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from rag.reading import prose_sentences
from rag.values import Article, Citation

NEAR = 800  # characters looked at on both sides of a text without paragraphs


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Around a quote: its section's heading, and the sentences before and after it; empty where there are none."""

    section: str = ""
    before: str = ""
    after: str = ""


Around = Callable[[Citation], Surroundings]


def nowhere(_: Citation) -> Surroundings:
    """Return nothing: of an article that is not at hand."""
    return Surroundings()


def surroundings(article: Article, start: int, end: int) -> Surroundings:
    """Return what stands around ``article.text[start:end]``, within its section."""
    headings = [block for block in article.blocks if block.kind == "heading"]
    place = bisect_right(headings, start, key=attrgetter("start"))
    above, below = headings[:place], headings[place:]
    left = above[-1].end if above else 0
    right = below[0].start if below else len(article.text)
    blocks = [block for block in article.blocks if left <= block.start and block.end <= right]
    first = bisect_right(blocks, start, key=attrgetter("end"))
    last = bisect_right(blocks, end, key=attrgetter("start"))
    left = blocks[max(first - 1, 0)].start if blocks else max(left, start - NEAR)
    right = blocks[min(last, len(blocks) - 1)].end if blocks else min(right, end + NEAR)
    spans = prose_sentences(article, left, right)
    before = [span for span in spans if span[1] <= start][-1:]
    after = [span for span in spans if span[0] >= end][:1]
    told = [" ".join(article.text[a:b].split()) for found in (before, after) for a, b in found or [(0, 0)]]
    return Surroundings(" ".join(article.text[above[-1].start : above[-1].end].split()) if above else "", *told)
