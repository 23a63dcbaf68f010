"""The sentences of an article that a reader reads: without headings and metadata, without orders to machines; pure."""

from __future__ import annotations

import re

from rag.language import fold, split_sentences
from rag.values import Article

_ORDERS = re.compile(
    r"""
    (?:^|[.!:;]\s|\b(?:please|veuillez|must|dois|devez|vous)\s)\W*
        (?:ignore[zr]?|oublie[zr]?|disregard|forget|override)\b.{0,40}
        \b(?:consignes?|instructions?|directives?|prompts?|ci-dessus|ce\ qui\ precede|previous|above|prior)\b
    | ^\W*(?:system|systeme)\s*:
    | \[/?inst\] | <\|?/?\w*(?:im_start|im_end|start_of_turn|end_of_turn|system)\w*\|?>
    | \byou\ are\ (?:now\ )?an?\ (?:ai|assistant|language\ model)\b
    | \btu\ es\ (?:maintenant\ )?une?\ (?:ia|assistant|modele\ de\ langage)\b
    """,
    re.DOTALL | re.VERBOSE,
)


def addresses_machine(sentence: str) -> bool:
    """Return whether a sentence gives orders to a language model: "ignore the instructions above", "[INST]"."""
    return _ORDERS.search(fold(sentence)) is not None


def prose_sentences(article: Article, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of the sentences between two offsets of an article, but for its titles and metadata.

    What stands in a heading answers nothing by itself, and a sentence that gives orders to a machine says nothing to a
    reader. Where there is nothing else, everything counts.
    """
    prose = [block for block in article.blocks if block.kind in {"paragraph", "caption"}]
    spans = [
        (left + s, left + e)
        for block in prose
        if (left := max(block.start, start)) < (right := min(block.end, end))
        for s, e in split_sentences(article.text[left:right], article.language)
        if not addresses_machine(article.text[left + s : left + e])
    ]
    return spans or [(start + s, start + e) for s, e in split_sentences(article.text[start:end], article.language)]
