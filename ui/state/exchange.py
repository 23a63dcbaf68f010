"""One question and its answer, as far as they are known: a fold over the events of ``rag``.

:func:`fold` takes an :class:`Exchange` and an event and returns the next exchange; :func:`kept` and :func:`restored` go
from an exchange to what is written on disk, and back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.conversations import KeptTurn
from rag.events import Checked, Cited, Event, Finished, Replaced, Retrieved, Token, Working
from rag.values import PROGRAM_MODEL, Answer, Citation, Hit, Sentence
from ui.state.problem import Problem


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what the events have told of its answer.

    Attributes:
        marks: positions in ``text`` where a citation mark stands, in order.
        answer: the whole answer once it is finished; from then on it replaces ``text`` and ``marks``.
        rating: what the reader thought of it: ``""``, ``"up"`` or ``"down"``.
    """

    question: str
    searched: str = ""
    hits: tuple[Hit, ...] = ()
    whole_article: bool = False
    working: Working | None = None
    text: str = ""
    marks: tuple[tuple[int, Citation], ...] = ()
    sentences: tuple[Sentence, ...] = ()
    answer: Answer | None = None
    problem: Problem | None = None
    rating: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or self.problem is not None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations known so far, each number once."""
        if self.answer:
            return self.answer.citations
        return tuple({citation.n: citation for _, citation in self.marks}.values())


def fold(exchange: Exchange, event: Event) -> Exchange:
    """Return the exchange after ``event``."""
    match event:
        case Retrieved():
            return replace(exchange, searched=event.searched, hits=event.hits, whole_article=event.whole_article)
        case Working(stage="thought"):
            return replace(exchange, text="", marks=(), sentences=(), working=None)
        case Working():
            return replace(exchange, working=event)
        case Token():
            return replace(exchange, text=exchange.text + event.text, working=None)
        case Cited():
            return replace(exchange, marks=(*exchange.marks, (len(exchange.text), event.citation)), working=None)
        case Checked():
            return replace(exchange, sentences=(*exchange.sentences[: event.index], event.sentence))
        case Replaced():
            return replace(exchange, working=None)
        case Finished():
            return replace(exchange, answer=event.answer, working=None)


def is_small_talk(answer: Answer) -> bool:
    """Return whether the program spoke of itself only: no next question can refer to that."""
    return answer.model == PROGRAM_MODEL and not answer.citations


def stopped(exchange: Exchange) -> Exchange:
    """Return the exchange as finished with a stopped answer, made of what had been written."""
    return replace(
        exchange,
        working=None,
        answer=Answer(
            question=exchange.question,
            text=exchange.text,
            refused=False,
            model="",
            sentences=exchange.sentences,
            citations=exchange.citations,
            hits=exchange.hits,
            searched=exchange.searched,
            stopped=True,
        ),
    )


def kept(exchange: Exchange) -> KeptTurn:
    """Return an exchange as it is written on disk; one under way as the stopped answer it would be now."""
    answer = exchange.answer or (stopped(exchange).answer if exchange.text else None)
    problem = (exchange.problem.message, exchange.problem.remedy) if exchange.problem else ("", "")
    return KeptTurn(exchange.question, answer, exchange.whole_article, problem, exchange.rating)


def restored(turn: KeptTurn, interrupted: str) -> Exchange:
    """Return an exchange from what was written on disk; of one that died before a word, ``interrupted`` is said."""
    problem = Problem(*turn.problem) if turn.problem[0] else None
    if not turn.answer and not problem:
        problem = Problem(interrupted)
    return Exchange(
        turn.question,
        hits=turn.answer.hits if turn.answer else (),
        whole_article=turn.whole_article,
        answer=turn.answer,
        problem=problem,
        rating=turn.rating,
    )
