"""Which sentences of a passage a sentence of the answer rests on: as few as say it; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.language import content_stems
from rag.language.detection import spoken_language
from rag.reading import prose_sentences
from rag.values import Article, Passage

SHORTEST_QUOTE = 8
LONGEST_RUN = 3
RUN_GAIN = 1.15
"""By how much more a run must match than a shorter one: what is cited is to be short."""

LEAST_LIKENESS = 0.1
"""Below this no sentence is told from the others by what it says."""

Likeness = Callable[[str, Sequence[str]], Sequence[float]]


def narrow(passage: Passage, sentence: str, article: Article, likeness: Likeness) -> tuple[int, int]:
    """Return the offsets in the article of the passage's sentences that best match ``sentence``.

    A verbatim quote is found wherever it stands; otherwise the sentence that shares the largest part of its content
    words (Dice coefficient) is taken; a run of up to three where the words come from several; the whole passage when
    no word is shared. In another language than the article's, where only names and numbers are shared, the sentence
    that says it most probably.

    Args:
        passage: that is cited.
        sentence: that cites it.
        article: of the passage.
        likeness: how probably each of several texts says a sentence, in [0, 1].
    """
    spans = prose_sentences(article, passage.start, passage.end)
    quoted = _verbatim(sentence, passage)
    if quoted is not None:
        touched = [span for span in spans if span[0] < quoted[1] and span[1] > quoted[0]]
        return (touched[0][0], touched[-1][1]) if touched else quoted
    spoken = spoken_language(sentence, article.language)
    if spoken != article.language and len(spans) > 1:
        told = likeness(sentence, [article.text[start:end] for start, end in spans])
        if max(told) >= LEAST_LIKENESS:
            return spans[told.index(max(told))]
    wanted = frozenset(content_stems(sentence, spoken))
    stems = [frozenset(content_stems(article.text[start:end], article.language)) for start, end in spans]
    best, best_score = (passage.start, passage.end), 0.0
    for length in range(1, LONGEST_RUN + 1):
        for first in range(len(spans) - length + 1):
            run = slice(first, first + length)
            held = frozenset().union(*stems[run])
            size = len(held) + len(wanted)
            score = 2 * len(held & wanted) / size if size else 0.0
            if score > best_score * (1.0 if length == 1 else RUN_GAIN):
                best, best_score = (spans[first][0], spans[first + length - 1][1]), score
    return best


def _verbatim(sentence: str, passage: Passage) -> tuple[int, int] | None:
    """Return where the passage says exactly this, white space and outer quotation marks aside; None if nowhere."""
    parts = sentence.strip().strip("«»“” \t\n\u00a0\u202f").split()
    if sum(map(len, parts)) < SHORTEST_QUOTE:
        return None
    pattern = r"\s+".join(map(re.escape, parts))
    found = re.search(rf"(?<!\w){pattern}(?!\w)", passage.text)
    return (passage.start + found.start(), passage.start + found.end()) if found else None
