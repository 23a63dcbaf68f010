"""What a measurement found: the figures of one set with their intervals, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Mode = Literal["article", "library"]


RANKS = ("R@1", "R@3", "R@5", "R@10", "RR@10", "nDCG@10")


NAMES = ("recall@1", "recall@3", "recall@5", "recall@10", "mrr", "ndcg@10")


RESAMPLES = 1000


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
    """

    ranking: tuple[float, ...] | None
    hits: tuple[bool, bool] | None
    cited: int
    probability: float
    refused: bool
    answerable: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one set in one mode, with what is needed for their intervals."""

    name: str
    mode: Mode
    passages: int
    outcomes: tuple[Outcome, ...]

    def as_contract(self) -> dict[str, Any]:
        """Return the figures in the shape that ``rag eval --json`` promises; null where the set cannot give one."""
        ranked = [one.ranking for one in self.outcomes if one.ranking is not None]
        hits = [one.hits for one in self.outcomes if one.hits is not None]
        no, yes = self._refused(answerable=False), self._refused(answerable=True)
        times = [one.milliseconds for one in self.outcomes]
        return {
            "set": self.name,
            "mode": self.mode,
            "passages": self.passages,
            "questions": len(self.outcomes),
            "retrieval": {
                name: _mean([figures[index] for figures in ranked]) if ranked else None
                for index, name in enumerate(NAMES)
            },
            "answers": {
                "sentence_hit@1": _mean([first for first, _ in hits]),
                "sentence_hit@3": _mean([any_ for _, any_ in hits]),
                "cited_characters_mean": _mean([one.cited for one in self.outcomes if one.hits is not None]),
            },
            "refusal": {
                "auroc": self.auroc(),
                "refused_unanswerable": _mean(no),
                "refused_answerable": _mean(yes),
            },
            "latency_ms": {"p50": _percentile(times, 50), "p95": _percentile(times, 95)},
        }

    def auroc(self) -> float | None:
        """Return the area under the ROC curve of the probability, or None when all questions are of one kind."""
        return area([one.answerable for one in self.outcomes], [one.probability for one in self.outcomes])

    def _refused(self, *, answerable: bool) -> list[bool]:
        return [one.refused for one in self.outcomes if one.answerable is answerable]

    def intervals(self) -> dict[str, tuple[float, float]]:
        """Return 95 % bootstrap intervals over questions, by the figure's name."""
        generator = np.random.default_rng(1)
        samples: dict[str, list[float]] = {}
        for _ in range(RESAMPLES if self.outcomes else 0):
            drawn = generator.integers(0, len(self.outcomes), len(self.outcomes))
            figures = _flat(Report(self.name, self.mode, 0, tuple(self.outcomes[i] for i in drawn)).as_contract())
            for name, figure in figures.items():
                samples.setdefault(name, []).append(figure)
        return {
            name: (float(np.percentile(found, 2.5)), float(np.percentile(found, 97.5)))
            for name, found in samples.items()
        }

    def rows(self) -> list[tuple[str, str, str]]:
        """Return (figure, value, interval) for people to read."""
        figures, intervals = _flat(self.as_contract()), self.intervals()
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


def _flat(contract: dict[str, Any]) -> dict[str, float]:
    groups = ("retrieval", "answers", "refusal", "latency_ms")
    return {
        (f"latency {name} ms" if group == "latency_ms" else name): value
        for group in groups
        for name, value in contract[group].items()
        if value is not None
    }


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _percentile(values: Sequence[float], part: int) -> float | None:
    return float(np.percentile(values, part)) if len(values) else None
