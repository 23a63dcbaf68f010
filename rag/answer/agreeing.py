"""Whether a small model and the reader answer with the same words, each by itself."""

from __future__ import annotations

from collections import Counter

from rag.language import content_stems
from rag.values import Quote

AGREEMENT = 0.6
"""How alike two answers must be to be the same; chosen by looking at readers-fr, piaf-fr, afriqa-fr, squad2-en."""

FEW_WORDS = 8
"""The most words with meaning in which it tells anything that both say the same: long answers agree where both took the
wrong sentence. Chosen by reading answers of readers-fr."""


def agree(written: str, quote: Quote, language: str) -> bool:
    """Return whether what was written says in few words what the reader found, and all of them words of the sentence.

    A word that stands nowhere in it is one that the model got wrong where it copied.

    Args:
        written: the short answer.
        quote: the sentence that the reader finds likeliest, with the words of it that answer.
        language: of both, as near as is known.
    """
    start, end = quote.words
    found = Counter(content_stems(quote.text[start - quote.start : end - quote.start], language))
    said = Counter(content_stems(written, language))
    shared, both = 2 * (found & said).total(), found.total() + said.total()
    copied = said.keys() <= set(content_stems(quote.text, language))
    return copied and start < end and said.total() <= FEW_WORDS and shared >= AGREEMENT * both > 0
