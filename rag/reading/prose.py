"""The sentences of an article that a reader reads: without headings and metadata, without orders to machines; pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice, takewhile
from operator import attrgetter

from rag.language import fold, split_sentences
from rag.values import Article

_MACHINE = r"""\b(?:ais?|ias?|llms?|(?:chat)?gpt|chatbots?|(?:language|ai)\ models?|modeles?\ de\ langage
    |intelligences?\ artificielles?|(?:ai|virtual)\ (?:assistant|agent)s?
    |(?:assistant|agent)s?\ (?:ia|virtuel|conversationnel)s?)\b"""
_TOLD_BEFORE = r"""\b(?:(?:instruction|consigne|directive|prompt|guideline)s?|ce\ qui\ precede|ci-dessus
    |above|(?:previous|prior|earlier)\ (?:messages?|text|rules?|context))\b"""
_CLAUSE = r"""(?:^|[.!?:;,…]\s
    |\b(?:please|veuillez|must|should|dois|devez|vous|tu|and|et|now|maintenant|puis|then)\s)\W{0,9}"""
_ORDERS = tuple(
    re.compile(pattern, re.DOTALL | re.VERBOSE)
    for pattern in (
        # What the templates of chat models put around messages.
        r"""<\|[^<>|\n]{1,40}\|> | <｜[^<>｜\n]{1,40}｜> | <</?\w{2,20}>> | </?\w{0,20}(?:start|end)_of_\w{1,20}>
            | \[/?(?:inst|system|system_prompt|user|assistant|available_tools|tool_calls)\]""",
        r"^\W*(?:system|systeme|developer)(?:\ (?:prompt|message|note|instructions?))?\s*:",
        # To put aside what the machine was told, or to show it.
        rf"""{_CLAUSE}(?:(?:ignore|oublie|neglige|contourne)[zr]?|disregard|forget|override|bypass|overlook
            |(?:ne\s)?(?:suis|suivez|respecte[zr]?|tiens|tenez)\s(?:pas|plus|aucun)
            |(?:do\ not|don't|stop)\ (?:follow|obey)\w*)
            \b.{{0,40}}{_TOLD_BEFORE}""",
        rf"""{_CLAUSE}(?:print|reveal|repeat|output|show|(?:revele|affiche|repete|montre)[zr]?)
            \b.{{0,20}}\b(?:your|system|tes|ton|vos|votre|systeme)\b.{{0,20}}{_TOLD_BEFORE}""",
        # To be a machine of another kind.
        rf"""\b(?:you\ are|act\ as|pretend\ to\ be|behave\ as|tu\ es|vous\ etes|(?:agis|agissez|comporte-toi)\ comme)\b
            (?:.{{0,25}}{_MACHINE}|\ (?:\w+\ ){{1,3}}assistant\b(?=\W*$|[.,:;!]|\ (?:that|who|qui)\b))""",
        # To listen: "Note to any AI reading this:", "Chers modèles de langage, veuillez".
        rf"""^\W*(?:(?:note|message|instructions?|attention|important)\W{{1,3}})?
            (?:to|for|pour|aux?|a\ l'attention\ des?)\s(?:\w+\s){{0,3}}{_MACHINE}[^.]{{0,60}}[:,]""",
        rf"^\W*(?:dear\s|cher(?:e?s)?\s)?{_MACHINE}[^.:,]{{0,60}}[:,]\s*(?:please|veuillez|you|vous|tu|always|never)\b",
    )
)
"""The kinds of orders to a machine, in folded text."""


def addresses_machine(sentence: str) -> bool:
    """Return whether a sentence gives orders to a language model: "ignore the instructions above", "[INST]"."""
    flat = fold(sentence).replace("’", "'")
    return any(order.search(flat) for order in _ORDERS)


def prose_sentences(article: Article, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of the sentences between two offsets of an article, but for its titles and metadata.

    What stands in a heading answers nothing by itself, and a sentence that gives orders to a machine says nothing to a
    reader. Where there is nothing else, everything counts.
    """
    first = bisect_right(article.blocks, start, key=attrgetter("end"))
    within = takewhile(lambda block: block.start < end, islice(article.blocks, first, None))
    spans = [
        (left + s, left + e)
        for block in within
        if block.kind in {"paragraph", "caption"} and (left := max(block.start, start)) < (right := min(block.end, end))
        for s, e in split_sentences(article.text[left:right], article.language)
        if not addresses_machine(article.text[left + s : left + e])
    ]
    return spans or [(start + s, start + e) for s, e in split_sentences(article.text[start:end], article.language)]
