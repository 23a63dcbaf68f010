"""The words of a passage as the word index counts them: its stems, those of its heading and of its article's title."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from rag.index.word_index import WordFields
from rag.language import content_stems
from rag.values import Article, Passage


def word_fields(article: Article, passages: Sequence[Passage]) -> list[WordFields]:
    """Return the stems of each passage, of the heading it stands under, and of its article's title."""
    title = _terms(article.title, article.language)
    headings = [block for block in article.blocks if block.kind == "heading"]
    starts = [block.start for block in headings]
    fields = []
    for passage in passages:
        above = bisect_left(starts, passage.start) - 1
        heading = article.text[headings[above].start : headings[above].end] if above >= 0 else ""
        fields.append(WordFields(title, _terms(heading, article.language), _terms(passage.text, article.language)))
    return fields


def _terms(text: str, language: str) -> str:
    return " ".join(content_stems(text, language))
