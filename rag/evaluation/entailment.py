"""Measures the check of answers on pairs of sentences: is what the first does not say told from what it says?

The premise stands as an article, the hypothesis as a sentence of an answer that cites it whole. A sentence is accepted
where the verdict is "yes"; pairs of entailed and of compatible sentences should be, all others should not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from rag.check import Checker
from rag.errors import ArticleError
from rag.evaluation.question_sets import PAIRS, Label, Pair, read_pairs
from rag.evaluation.resampling import intervals, mean
from rag.reader import Reader
from rag.values import Article, Citation, Verdict

SAID: frozenset[Label] = frozenset({"entailment", "compatible"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair, the verdict on its hypothesis, and the words that the check names as wrong."""

    pair: Pair
    verdict: Verdict
    missing: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Whether the check lets the sentence stand."""
        return self.verdict == "yes"


@dataclass(frozen=True, slots=True)
class PairReport:
    """The verdicts on one set of pairs."""

    name: str
    judged: tuple[Judged, ...]

    def sources(self) -> dict[str, tuple[Judged, ...]]:
        """Return the pairs of each source, in the order in which the sources come."""
        names = dict.fromkeys(one.pair.source for one in self.judged)
        return {name: tuple(one for one in self.judged if one.pair.source == name) for name in names}

    def as_contract(self) -> dict[str, Any]:
        """Return the figures in the shape that ``rag eval --json`` promises; null where the set cannot give one."""
        return {
            "set": self.name,
            "pairs": len(self.judged),
            "sources": [_source(name, judged) for name, judged in self.sources().items()],
        }


def evaluate_pairs(
    folder: Path,
    reader: Reader,
    *,
    limit: int = 0,
    progress: Callable[[str, float], None] = lambda _stage, _done: None,
) -> PairReport:
    """Check the hypothesis of every pair against its premise and return the figures.

    Args:
        folder: of the set.
        reader: says whether a text says a sentence.
        limit: number of pairs, spread evenly; 0: all.
        progress: told the stage and the part done.

    Raises:
        ArticleError: the folder holds no pairs.
    """
    pairs = read_pairs(folder)
    if not pairs:
        raise ArticleError(f"{folder} holds no {PAIRS}.", "rag eval DIR with a set that has pairs")
    chosen = pairs[:: max(len(pairs) // limit, 1)][:limit] if limit else pairs
    judged = []
    for number, pair in enumerate(chosen):
        progress("checking", number / len(chosen))
        judged.append(judge_pair(pair, reader))
    return PairReport(folder.name, tuple(judged))


def judge_pair(pair: Pair, reader: Reader) -> Judged:
    """Return the verdict on the hypothesis, as a sentence that cites the premise and nothing else."""
    premise, hypothesis = pair.premise.strip(), pair.hypothesis.strip()
    article = Article(pair.identifier, "", premise, pair.language)
    citation = Citation(1, article.identifier, article.title, 0, len(premise), premise)
    return Judged(pair, *Checker({article.identifier: article}, reader).check(hypothesis, [citation]))


def balanced_accuracy(judged: Sequence[Judged]) -> float | None:
    """Return the mean of two shares: what is said that was accepted, and what is not said that was not.

    None where the pairs are all of one side.
    """
    said = mean([one.accepted for one in judged if one.pair.label in SAID])
    unsaid = mean([not one.accepted for one in judged if one.pair.label not in SAID])
    return None if said is None or unsaid is None else (said + unsaid) / 2


def _source(name: str, judged: Sequence[Judged]) -> dict[str, Any]:
    def figures(drawn: Sequence[int]) -> dict[str, float]:
        value = balanced_accuracy([judged[number] for number in drawn])
        return {} if value is None else {"balanced": value}

    value = balanced_accuracy(judged)
    labels = sorted({one.pair.label for one in judged})
    return {
        "source": name,
        "pairs": len(judged),
        "balanced_accuracy": value,
        "interval": None if value is None else list(intervals(len(judged), figures)["balanced"]),
        "labels": [_label(label, [one for one in judged if one.pair.label == label]) for label in labels],
    }


def _label(label: Label, judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the share of each verdict, and of the sentences of which the check names what is wrong."""
    return {
        "label": label,
        "pairs": len(judged),
        **{verdict: mean([one.verdict == verdict for one in judged]) for verdict in get_args(Verdict)},
        "named": mean([not one.accepted and bool(one.missing) for one in judged]),
    }
