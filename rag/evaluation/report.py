"""What a measurement found: the figures of one set with their intervals, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from rag.evaluation import written
from rag.evaluation.calibration import Bin, calibration_error, reliability
from rag.evaluation.readers import Reading, groups, headline
from rag.evaluation.resampling import intervals, mean

Mode = Literal["article", "library"]


RANKS = ("R@1", "R@3", "R@5", "R@10", "RR@10", "nDCG@10")


NAMES = ("recall@1", "recall@3", "recall@5", "recall@10", "mrr", "ndcg@10")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question gave.

    Attributes:
        ranking: one figure for each of ``RANKS``, or None where the set does not say where the evidence is.
        hits: whether the first, and any of the first three quotes, holds an accepted answer; None without answers.
        cited: characters of the first quote, which is what hit@1 is measured on.
        probability: that the article answers, as the product sees it.
        refused: whether the product refused.
        answerable: whether the set says there is an answer.
        milliseconds: from the question to the decision.
        reading: the whole answer of the product; None where it was not asked for one.
    """

    ranking: tuple[float, ...] | None
    hits: tuple[bool, bool] | None
    cited: int
    probability: float
    refused: bool
    answerable: bool
    milliseconds: float
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one set in one mode, with what is needed for their intervals.

    ``model`` is what answered, where a person named it; then what it wrote is measured too.
    """

    name: str
    mode: Mode
    passages: int
    outcomes: tuple[Outcome, ...]
    model: str = ""

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The answers of the product, in the order of the questions; none where it was not asked for any."""
        return tuple(one.reading for one in self.outcomes if one.reading is not None)

    def as_contract(self) -> dict[str, Any]:
        """Return the figures in the shape that ``rag eval --json`` promises; null where the set cannot give one."""
        bins = self.reliability()
        return {
            "set": self.name,
            "mode": self.mode,
            "passages": self.passages,
            "questions": len(self.outcomes),
            **self.figures(),
            "calibration": {"error": calibration_error(bins), "bins": [asdict(one) for one in bins]},
            "groups": groups(self.readings),
        }

    def figures(self) -> dict[str, dict[str, float | None]]:
        """Return the figures that have an interval, by their group."""
        ranked = [one.ranking for one in self.outcomes if one.ranking is not None]
        hits = [one.hits for one in self.outcomes if one.hits is not None]
        no, yes = self._refused(answerable=False), self._refused(answerable=True)
        times = [one.milliseconds for one in self.outcomes]
        return {
            "retrieval": {
                name: mean([figures[index] for figures in ranked]) if ranked else None
                for index, name in enumerate(NAMES)
            },
            "answers": {
                "sentence_hit@1": mean([first for first, _ in hits]),
                "sentence_hit@3": mean([any_ for _, any_ in hits]),
                "cited_characters_mean": mean([one.cited for one in self.outcomes if one.hits is not None]),
            },
            "refusal": {
                "auroc": self.auroc(),
                "refused_unanswerable": mean(no),
                "refused_answerable": mean(yes),
            },
            "readers": headline(self.readings),
            **({"written": written.figures([one.written for one in self.readings])} if self.model else {}),
            "latency_ms": {"p50": _percentile(times, 50), "p95": _percentile(times, 95)},
        }

    def reliability(self) -> tuple[Bin, ...]:
        """Return predicted and observed shares of answerable questions, none when all questions are of one kind."""
        return reliability([one.answerable for one in self.outcomes], [one.probability for one in self.outcomes])

    def auroc(self) -> float | None:
        """Return the area under the ROC curve of the probability, or None when all questions are of one kind."""
        return area([one.answerable for one in self.outcomes], [one.probability for one in self.outcomes])

    def _refused(self, *, answerable: bool) -> list[bool]:
        return [one.refused for one in self.outcomes if one.answerable is answerable]

    def intervals(self) -> dict[str, tuple[float, float]]:
        """Return 95 % bootstrap intervals over questions, by the figure's name."""

        def figures(drawn: Sequence[int]) -> dict[str, float]:
            return _flat(Report(self.name, self.mode, 0, tuple(self.outcomes[i] for i in drawn), self.model).figures())

        return intervals(len(self.outcomes), figures)

    def rows(self) -> list[tuple[str, str, str]]:
        """Return (figure, value, interval) for people to read."""
        figures, intervals = _flat(self.figures()), self.intervals()
        return [
            (name, f"{value:.3f}", "{:.3f} to {:.3f}".format(*intervals[name]) if name in intervals else "")
            for name, value in figures.items()
        ]


def area(labels: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Return the area under the ROC curve, or None when all labels are the same.

    It is the Mann-Whitney statistic over the number of pairs, ties counted half (Hanley & McNeil 1982).
    """
    from scipy.stats import rankdata

    positive = np.asarray(labels, dtype=bool)
    yes, no = int(positive.sum()), int((~positive).sum())
    if not yes or not no:
        return None
    return float((rankdata(scores)[positive].sum() - yes * (yes + 1) / 2) / (yes * no))


def _flat(figures: dict[str, dict[str, float | None]]) -> dict[str, float]:
    patterns = {"latency_ms": "latency {} ms", "readers": "shown: {}", "written": "written: {}"}
    return {
        patterns.get(group, "{}").format(name): value
        for group, named in figures.items()
        for name, value in named.items()
        if value is not None
    }


def _percentile(values: Sequence[float], part: int) -> float | None:
    return float(np.percentile(values, part)) if len(values) else None
