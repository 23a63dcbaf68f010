"""What a reader meets: the whole answer of the product, and whether it holds the evidence.

The answer comes from the assistant, quotes, check and all, so that what is counted is what is shown. The pieces of
evidence of a set are exact, so a quote holds a piece or does not, and a refused question shows none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rag.answer import Assistant
from rag.evaluation.question_sets import Asked
from rag.evaluation.resampling import mean
from rag.evaluation.wording import holds_answer, normal
from rag.evaluation.written import Written, written
from rag.events import Finished, Retrieved
from rag.values import PROGRAM_MODEL, QUOTES_MODEL, Answer, Quote

SHOWN = 3
HELD = ("evidence@3", "evidence@1", "evidence_read_first", "evidence_complete", "pieces_shown")

COMPLETE = HELD.index("evidence_complete")


@dataclass(frozen=True, slots=True)
class Reading:
    """One question, and what the product showed.

    Attributes:
        asked: the question.
        answer: as the page shows it; refused where the evidence or the check decided so.
        probability: that the article answers, as the product sees it.
        quotes: those shown, in the order of the answer; none where it is refused.
        written: what a model wrote; what only quotes is measured the same way.
        held: one value for each of ``HELD``; None where the set names no evidence. A piece of evidence in one of the
            best three quotes shown; in the best one; in the one that stands first; all that is needed in all quotes
            shown, which is every piece where the set says so, else any; and the part of the pieces that all hold.
    """

    asked: Asked
    answer: Answer
    probability: float
    quotes: tuple[str, ...]
    held: tuple[float, ...] | None
    written: Written


def read(assistant: Assistant, asked: Asked, *, article: str = "") -> Reading:
    """Return what the product shows for a question.

    Args:
        assistant: that answers. Where a language model writes, the quotes shown are those its answer cites.
        asked: the question.
        article: identifier to stay within; empty: the whole library.
    """
    events = tuple(assistant.answer(asked.text, article=article))
    evidence = next(event.evidence for event in events if isinstance(event, Retrieved))
    answer = next(event.answer for event in events if isinstance(event, Finished))
    quotes = () if answer.refused else _shown(answer)
    held = _held(asked, quotes, evidence.quotes)
    return Reading(asked, answer, answer.probability, quotes, held, written(asked, events))


def _shown(answer: Answer) -> tuple[str, ...]:
    if answer.model in {QUOTES_MODEL, PROGRAM_MODEL}:
        return tuple(answer.text.splitlines())
    numbers = {n for sentence in answer.sentences if not sentence.struck for n in sentence.citations}
    return tuple(citation.quote for citation in answer.citations if citation.n in numbers)


def _held(asked: Asked, quotes: Sequence[str], ranked: Sequence[Quote]) -> tuple[float, ...] | None:
    pieces = [piece for piece in asked.answers if normal(piece)]
    if not asked.answerable or not pieces:
        return None
    places = {normal(quote.text): place for place, quote in reversed(list(enumerate(ranked)))}
    best = sorted(quotes, key=lambda quote: places.get(normal(quote), len(places)))
    holding = [holds_answer(quote, pieces) for quote in best]
    found = [any(holds_answer(quote, [piece]) for quote in quotes) for piece in pieces]
    return (
        any(holding[:SHOWN]),
        any(holding[:1]),
        any(holds_answer(quote, pieces) for quote in quotes[:1]),
        all(found) if asked.must_all else any(found),
        sum(found) / len(found),
    )


def headline(readings: Sequence[Reading]) -> dict[str, float | None]:
    """Return the figures of all questions that were read, None where they cannot give one."""
    row = _figures(readings)
    several = [one.held[COMPLETE] for one in readings if one.held and one.asked.must_all]
    return {
        **{name: row[name] for name in HELD},
        "all_pieces": mean(several),
        "refused_unanswerable": row["refused_unanswerable"],
        "refused_answerable": row["refused_answerable"],
    }


def groups(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Return the figures of all questions together, by language, where all pieces are needed, and by kind."""
    parts = [
        ("all", "", list(readings)),
        *_parts("language", [(one.asked.language, one) for one in readings]),
        ("must_all", "", [one for one in readings if one.asked.must_all]),
        *_parts("kind", [(one.asked.kind, one) for one in readings]),
    ]
    return [{"by": by, "name": name, **_figures(members)} for by, name, members in parts if members]


def _parts(by: str, named: Sequence[tuple[str, Reading]]) -> list[tuple[str, str, list[Reading]]]:
    """Return the readings of each name, in the order in which the names come; those without a name are in no part."""
    names = dict.fromkeys(name for name, _ in named if name)
    return [(by, name, [one for given, one in named if given == name]) for name in names]


def _figures(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return how many questions have an answer and how many none, and what became of them."""
    held = [one.held for one in readings if one.held is not None]
    answered = [one for one in readings if one.asked.answerable and not one.answer.refused]
    refused = {kind: [one.answer.refused for one in readings if one.asked.answerable is kind] for kind in (True, False)}
    return {
        "answerable": len(refused[True]),
        "refused_answerable": mean(refused[True]),
        "unanswerable": len(refused[False]),
        "refused_unanswerable": mean(refused[False]),
        **{name: mean([values[place] for values in held]) for place, name in enumerate(HELD)},
        "quotes_mean": mean([len(one.quotes) for one in answered]),
        "characters_mean": mean([len(one.answer.text) for one in answered]),
    }
