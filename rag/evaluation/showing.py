"""Measured cases in full, for a person to read: spread over their kinds, as plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rag.evaluation.entailment import PairReport
from rag.evaluation.readers import COMPLETE, Reading
from rag.evaluation.report import Report
from rag.evaluation.wording import holds_answer
from rag.values import PROGRAM_MODEL, QUOTES_MODEL

Case = TypeVar("Case")


def spread(cases: Sequence[Case], kind: Callable[[Case], str], number: int) -> list[Case]:
    """Return so many cases, as many of each kind as of any other while there are, evenly over those of a kind.

    They come kind by kind, in the order in which the kinds come; the same call gives the same cases.
    """
    kinds: dict[str, list[Case]] = {}
    for case in cases:
        kinds.setdefault(kind(case), []).append(case)
    wanted = dict.fromkeys(kinds, 0)
    for _ in range(min(number, len(cases))):
        fewest = min((name for name in kinds if wanted[name] < len(kinds[name])), key=wanted.__getitem__)
        wanted[fewest] += 1
    return [
        of_kind[place * len(of_kind) // wanted[name]]
        for name, of_kind in kinds.items()
        for place in range(wanted[name])
    ]


def shown_answers(report: Report, number: int) -> str:
    """Return so many answers of the product in full, each with what was expected of it."""
    chosen = spread(report.readings, _kind, number)
    return "\n".join(_reading(place, reading) for place, reading in enumerate(chosen, 1))


def shown_pairs(report: PairReport, number: int) -> str:
    """Return so many pairs in full, each with its verdict."""
    chosen = spread(report.judged, lambda one: f"{one.pair.source}, {one.pair.label}", number)
    return "\n".join(
        _lines(
            f"── {place}. {one.pair.identifier}: {one.pair.label}",
            f"Premise: {_flowing(one.pair.premise)}",
            f"Sentence: {_flowing(one.pair.hypothesis)}",
            f"Verdict: {one.verdict}{_words(one.missing)}",
        )
        for place, one in enumerate(chosen, 1)
    )


def _kind(reading: Reading) -> str:
    asked = reading.asked
    return asked.kind or ("answerable" if asked.answerable else "unanswerable")


def _reading(place: int, reading: Reading) -> str:
    asked, answer = reading.asked, reading.answer
    needed = "Evidence (all of it)" if asked.must_all else "Evidence"
    return _lines(
        f"── {place}. {asked.identifier}: {_kind(reading)}{f', {asked.language}' if asked.language else ''}",
        f"Question: {_flowing(asked.text)}",
        f"Expected: {_expected(reading)}",
        *(f"{needed}: {_flowing(piece)}" for piece in asked.answers),
        f"Probability that the article answers: {reading.probability:.3f}",
        *(_refused(reading) if answer.refused else _answered(reading)),
        *(f"Notice: {notice}" for notice in answer.notices),
        f"Outcome: {_outcome(reading)}",
    )


def _expected(reading: Reading) -> str:
    asked = reading.asked
    return asked.expected or ("an answer" if asked.answerable else "a refusal")


def _refused(reading: Reading) -> list[str]:
    """Return the refusal as it is worded, and what it says is closest."""
    nearest = (f"  closest{_holding(reading, quote.text)}: {_flowing(quote.text)}" for quote in reading.answer.nearest)
    return [f"Shown: {reading.answer.text}", *nearest]


def _answered(reading: Reading) -> list[str]:
    """Return the quotes shown, which of them hold evidence, and the verdicts of the check on their sentences."""
    by_itself = reading.answer.model in {QUOTES_MODEL, PROGRAM_MODEL}
    said = [] if by_itself else [f"Answer: {line}" for line in reading.answer.marked_text().splitlines()]
    quotes = [*said, *(f"Shown{_holding(reading, quote)}: {_flowing(quote)}" for quote in reading.quotes)]
    verdicts = [
        f"{one.supported}{_words(one.missing)}{f' (struck: {_flowing(one.text)})' if one.struck else ''}"
        for one in reading.answer.sentences
    ]
    return [*quotes, f"Verdicts: {', '.join(verdicts)}"]


def _outcome(reading: Reading) -> str:
    asked, refused = reading.asked, reading.answer.refused
    if not asked.answerable:
        return "refused, rightly" if refused else "answered, wrongly"
    if refused:
        return "refused, wrongly"
    if reading.held is None:
        return "answered"
    if reading.held[COMPLETE]:
        return "shown"
    return "shown in part" if any(reading.held) else "not shown"


def _holding(reading: Reading, quote: str) -> str:
    return " (holds evidence)" if holds_answer(quote, reading.asked.answers) else ""


def _words(missing: Sequence[str]) -> str:
    return f" ({', '.join(missing)})" if missing else ""


def _flowing(text: str) -> str:
    """Return a text in one line."""
    return " ".join(text.split())


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"
