"""Composes what a small model is given: the sentences that answer best, numbered, and the question; pure.

A model of a few hundred million parameters does not find what answers in an article, and the reader has found it. One
with a chat template gets it as messages, one without goes on from a text (:mod:`rag.llm.evidence_prompt`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.llm.evidence_prompt import compose_evidence_prompt, fitting
from rag.llm.prompt import neutralise
from rag.values import Hit, Passage, Prompt, Quote, Turn

ANSWER_TOKENS = 160
"""The longest answer of a small model: four short sentences."""

LEAST_LIKELIHOOD = 0.94
"""How likely what a small model wrote must be to itself, else it is not shown: the geometric mean of the probabilities
of its tokens. Chosen by looking at readers-fr and piaf-fr; what it gives stands in models.md."""

AGREED_LIKELIHOOD = 0.8
"""The same where the reader, by itself, answers with the same words; chosen likewise."""

SURE_ODDS = 2.0
"""Log-odds that the article answers, those of reader and model together, from which a short answer is shown; below, its
quotes stand alone, and the reader is warned. Chosen by looking at readers-fr and squad2-en; see models.md."""

MARK_WEIGHT = 0.35
"""How much the model's preference counts beside the reader's; chosen by looking at readers-fr, piaf-fr, afriqa-fr."""

LEAST_PART = 0.015
"""How likely a quote must be beside the best one to be shown too, both as reader and model see them together: chosen by
looking at the same three and squad2-en, where it shows about two."""

ASKED_FROM = 0.28
"""Probability that the article answers from which a model that may refuse is asked: it has a say where the reader alone
would refuse (below 0.31). Chosen by looking at readers-fr and squad2-en."""

INSTRUCTIONS = {
    "fr": """\
Réponds à la question en une ou deux phrases courtes, avec les mots des extraits numérotés et rien d'autre.
Termine chaque phrase par le numéro de l'extrait, entre crochets.""",
    "en": """\
Answer the question in one or two short sentences, with the words of the numbered excerpts and nothing else.
End each sentence with the number of the excerpt, in square brackets.""",
}


def compose_evidence(
    question: str,
    quotes: Sequence[Quote],
    history: Sequence[Turn],
    *,
    title: str,
    searched: str,
    language: str,
    answer_tokens: int,
    probability: float = 0.5,
) -> Prompt:
    """Return the prompt that shows the best of ``quotes``, ``shown[i]`` numbered ``i + 1``.

    Args:
        question: as the reader asked it.
        quotes: the sentences that answer, best first; at least one.
        history: earlier turns, oldest first; the last one is shown where the question refers to it.
        title: of the article that the best is from; may be empty.
        searched: the question with the one before it, where it was searched so; else equal to ``question``.
        language: ISO 639-1 code of the question.
        answer_tokens: the longest answer that is wanted, in the model's tokens.
        probability: that the article answers, in (0, 1), as the reader says.
    """
    kept = quotes[: len(fitting([quote.text for quote in quotes]))]
    lines = [f"[{number}] {neutralise(' '.join(quote.text.split()))}" for number, quote in enumerate(kept, 1)]
    previous = tuple(history[-1:]) if searched != question else ()
    texts = [quote.text for quote in kept]
    earlier = previous[0] if previous else None
    return Prompt(
        system="\n".join([INSTRUCTIONS.get(language, INSTRUCTIONS["en"]), "", *lines]),
        shown=tuple(as_hit(quote) for quote in kept),
        history=previous,
        question=question,
        searched=searched,
        language=language,
        answer_tokens=min(answer_tokens, ANSWER_TOKENS),
        quotes=tuple(quotes),
        continued=compose_evidence_prompt(title, texts, question, language=language, previous=earlier),
        refused_above=math.log(probability / (1 - probability)),  # two readers of the same: their odds are multiplied
    )


def ranked(quotes: Sequence[Quote], marks: Sequence[float], most: int) -> tuple[Quote, ...]:
    """Return the quotes to be shown: those that reader and model together find likeliest, the likeliest first.

    Args:
        quotes: the sentences that answer, best first, as the reader says.
        marks: how likely the model was to mark each of them, from the first on, at least one.
        most: number of quotes at most.
    """
    told = {quote: quote.score * mark**MARK_WEIGHT for quote, mark in zip(quotes, marks, strict=False)}
    best = sorted(told, key=lambda quote: -told[quote])[:most]
    return tuple(quote for quote in best if told[quote] >= LEAST_PART * told[best[0]])


def as_hit(quote: Quote) -> Hit:
    """Return a quote as a passage that was found: as short as it is."""
    return Hit(Passage(quote.article, quote.start, quote.end, quote.text), quote.title, quote.score, 0.0, 0.0)
