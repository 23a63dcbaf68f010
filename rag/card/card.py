"""What a card shows: frozen values. Offsets count characters of ``Article.text``, as everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from rag.values import Quote


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Something that an article mentions: ``text`` stands at ``[start, end[`` in it.

    Attributes:
        text: as written; of a date, ISO 8601 as far as it goes.
        before, after: the words around it that tell what it means; empty where it speaks for itself.
    """

    text: str
    start: int
    end: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where the sentence stands that it was made of.

    Attributes:
        answer: the words of the sentence that it asks for; empty where it asks for no certain ones.
        name: that is asked about; what answers stands beside it.
    """

    question: str
    start: int
    end: int
    answer: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An article at a glance, as far as it is made.

    Attributes:
        article: its identifier.
        language: of the article, and so of the questions; ISO 639-1.
        summary: the sentences that tell most of it, in its order.
        figures: numbers that count or measure something.
        names: of persons and organisations.
        places: countries and towns.
        dates: the earliest first.
        questions: that it answers, as the reader says.
    """

    article: str
    language: str
    summary: tuple[Quote, ...] = ()
    figures: tuple[Mentioned, ...] = ()
    names: tuple[Mentioned, ...] = ()
    places: tuple[Mentioned, ...] = ()
    dates: tuple[Mentioned, ...] = ()
    questions: tuple[Asked, ...] = ()
