"""Makes a card, the quick parts first: it is yielded again with each part that is added.

What is exact comes first, then the sentences that tell most, which are embedded, then the questions, each of which is
searched and read as a reader's would be: one that the article does not surely answer is left out, and so is one whose
answer stands elsewhere than where it was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from rag.card.asking import make_questions
from rag.card.card import Asked, Card
from rag.card.mentioned import find_dates, find_figures, find_names
from rag.index import Library
from rag.language import content_stems, fold
from rag.question import CONTENT, Intent, Size
from rag.search import Search
from rag.search.overview import find_candidates
from rag.search.surveying import Surveyor
from rag.values import Quote

SENTENCES = 3
SAFE = {"likely", "sure"}
FEWEST_QUESTIONS, MOST_QUESTIONS = 4, 10
MOST_SENTENCES = 600
"""Sentences of which questions are made, from all over the text: in a longer one, each part of it would wait long."""
MOST_TRIED = 20
"""Questions that are searched for one card, each as costly as a reader's own."""
WHOLE: dict[str, tuple[tuple[str, Intent], ...]] = {
    "fr": (
        ("Quels sont les points clés ?", "overview"),
        ("Dans quel ordre les événements se sont-ils déroulés ?", "chronology"),
    ),
    "en": (("What are the main points?", "overview"), ("In what order did things happen?", "chronology")),
}
"""Asked of the whole of an article that has few questions of its own; the order of things, where it tells dates."""
FEWEST_DATES = 3


class Searching(Protocol):
    """Searches as for a reader's own question: :meth:`rag.answer.Assistant.search`."""

    def __call__(self, question: str, *, article: str) -> Search:
        """Return what an article holds for a question, and whether it is enough to answer."""


def make_card(library: Library, search: Searching, identifier: str) -> Iterator[Card]:
    """Yield the card of an article as it grows. Closing the iterator ends the work after the part under way.

    Args:
        library: that holds it.
        search: tells whether a question is answered.
        identifier: of the article.

    Raises:
        LibraryError: the library does not hold the article.
        EmbedderChanged: the library was built with another embedder.
    """
    article = library.article(identifier)
    candidates = find_candidates(article, library.passages(identifier))
    names, places = find_names(article)
    card = Card(
        identifier,
        article.language,
        figures=find_figures(article),
        names=names,
        places=places,
        dates=find_dates(article, candidates),
    )
    yield card
    survey = Surveyor(library, 1).survey("overview", Size(points=SENTENCES), identifier)
    told = [quote for quote in survey.quotes if not _repeats_title(quote.text, article.title)]
    card = replace(card, summary=tuple(told))
    yield card
    some = candidates[:: 1 + len(candidates) // MOST_SENTENCES]
    for asked in _spread(make_questions(article, some, names)):
        if len(card.questions) == MOST_QUESTIONS:
            return
        if (answered := _answered(search(asked.question, article=identifier), asked)) is not None:
            card = replace(card, questions=(*card.questions, answered))
            yield card
    yield from _filled(card, search)


def _filled(card: Card, search: Searching) -> Iterator[Card]:
    """Yield a card with few questions again with those that are asked of the whole article."""
    for question, intent in WHOLE.get(card.language, ()):
        if len(card.questions) >= FEWEST_QUESTIONS or (intent == "chronology" and len(card.dates) < FEWEST_DATES):
            return
        found = search(question, article=card.article)
        first = next(iter(found.evidence.quotes), None)
        if first and found.intent == intent:
            card = replace(card, questions=(*card.questions, Asked(question, first.start, first.end)))
            yield card


def _repeats_title(sentence: str, title: str) -> bool:
    """Return whether a sentence is the title, which stands above the card; case, white space and marks aside."""
    plain, same = (" ".join(fold(text).split()).strip(" .") for text in (sentence, title))
    return plain == same


def _answered(found: Search, asked: Asked) -> Asked | None:
    """Return a question with the sentence that answers it, the one it was made of; None where none does.

    Where it asks for certain words, the reader must find them; who someone is must stand beside the name; else the
    reader must be sure.
    """
    evidence = found.evidence
    best = next(iter(evidence.quotes), None)
    if best is None or found.intent != CONTENT or not (best.start < asked.end and asked.start < best.end):
        return None
    article = found.articles[best.article]
    if asked.answer:
        read = content_stems(article.text[slice(*best.words)], article.language)
        right = bool(set(read) & set(content_stems(asked.answer, article.language)))
    elif asked.name:
        right = _tells_who(article.text, best, asked.name, sure=evidence.confidence == "sure")
    else:
        right = evidence.confidence == "sure"
    return replace(asked, start=best.start, end=best.end) if right and evidence.confidence in SAFE else None


def _tells_who(text: str, best: Quote, name: str, *, sure: bool) -> bool:
    """Return whether words say who somebody is: they stand beside the name; or surely, with it in one sentence.

    Then they are other words than names.
    """
    start, end = best.words
    sentence = text[best.start : best.end]
    apart = name in sentence and name not in text[start:end] and text[start:end] not in name
    return _is_beside(text, best.words, name) or (sure and apart and any(map(str.islower, text[start:end].split())))


def _is_beside(text: str, words: tuple[int, int], name: str) -> bool:
    """Return whether words touch a name, or are parted from it by a comma: "la maire, Jeanne Le Goff"."""
    before, after = text[: words[0]].rstrip(" ,\u00a0"), text[words[1] :].lstrip(" ,\u00a0")
    return before.endswith(name) or after.startswith(name)


def _spread(questions: list[Asked]) -> list[Asked]:
    """Return as many questions as are tried: one of each place before a second one, from all over the text."""
    told = [one for one in questions if not one.name]
    first: dict[int, Asked] = {}
    for one in told:
        first.setdefault(one.start, one)
    more = [one for one in told if first[one.start] is not one]
    ordered = [*first.values(), *more, *(one for one in questions if one.name)]
    ways = [ordered[begin::3] for begin in range(3)]
    return [one for way in ways for one in way][:MOST_TRIED]
