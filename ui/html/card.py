"""An article at a glance, and what can be asked of it: in an empty conversation, and after each answer."""

from __future__ import annotations

from collections.abc import Sequence

from rag.card import Card
from rag.values import Answer, Citation
from ui.html.answer import Run
from ui.html.environment import render
from ui.html.surroundings import Around, nowhere
from ui.words import Words

ASKED_AT_ONCE = 4
ASKED_NEXT = 2


def card_html(card: Card, title: str, words: Words, *, questions: bool = True, around: Around = nowhere) -> str:
    """Return a card as far as it is made; ``questions``: whether it offers some, where no others are."""
    cited = [
        Citation(n, quote.article, quote.title, quote.start, quote.end, quote.text)
        for n, quote in enumerate(card.summary, start=1)
    ]
    return render(
        "card",
        card=card,
        title=title,
        gist=[Run(" ".join(citation.quote.split()), citation) for citation in cited],
        around=[(citation, around(citation)) for citation in cited],
        asked=[one.question for one in card.questions[:ASKED_AT_ONCE]] if questions else [],
        words=words,
    )


def further_html(questions: Sequence[str], card: Card | None, words: Words) -> str:
    """Return the questions that are offered after an answer; nothing where there are none."""
    return render("further", asked=questions, language=card.language, words=words) if card and questions else ""


def next_questions(card: Card | None, answer: Answer, asked: Sequence[str]) -> tuple[str, ...]:
    """Return questions that an article answers elsewhere than where this answer comes from, the nearest first.

    Args:
        card: of the article; None while nothing is known of it.
        answer: the last one.
        asked: what was asked already.
    """
    if card is None:
        return ()
    known = {_plain(question) for question in asked}
    cited = [one for one in answer.citations if one.article == card.article]
    free = [
        one
        for one in card.questions
        if _plain(one.question) not in known and not any(c.start < one.end and one.start < c.end for c in cited)
    ]
    here = cited[0].start if cited else 0
    near = sorted(free, key=lambda one: abs(one.start - here))
    places: dict[int, str] = {}
    for one in near:
        places.setdefault(one.start, one.question)
    return tuple(places.values())[:ASKED_NEXT]


def _plain(question: str) -> str:
    return "".join(filter(str.isalnum, question.lower()))
