"""Does the article answer the question at all? Measured before any model is called, in numbers a person can read.

The features go through a small logistic model whose weights were fitted by ``benchmarks/fit_refusal.py`` on questions
with and without an answer; they stand in ``rag/data/refusal.json``, one set for each embedder.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.matching import Term, coverage
from rag.nouns import Evidence, Hit
from rag.questions import Question
from rag.selecting import Scored
from rag.thesaurus import DATA

QUOTES = 10


@dataclass(frozen=True, slots=True)
class RefusalModel:
    """A logistic model over named features.

    Attributes:
        weights: feature → weight.
        bias: added to the weighted sum.
        threshold: least probability at which a question is answered.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability that the article answers, in (0, 1)."""
        total = self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))


def measure(
    question: Question, terms: Sequence[Term], hits: Sequence[Hit], sentences: Sequence[Scored], scope: Sequence[str]
) -> dict[str, float]:
    """Return the features of a question against what was found.

    Args:
        question: taken apart.
        terms: of the question, as they were matched.
        hits: best first.
        sentences: best first.
        scope: stems that occur in what was found.
    """
    best = sentences[0] if sentences else None
    names = [term for term in terms if term.name]
    total = sum(term.rarity for term in terms) or 1.0
    have = set(scope)
    missing = [term.rarity for term in terms if term.matched(have) < 0.3]  # noqa: PLR2004
    cosines = sorted((hit.dense for hit in hits), reverse=True) or [0.0]
    return {
        "own": best.own if best else 0.0,
        "around": max((one.around for one in sentences[:QUOTES]), default=0.0),
        "scope": coverage(terms, have),
        "names": coverage(names, have) if names else 1.0,
        "rarest_missing": max(missing, default=0.0) / 10,
        "kind": best.kind if best else 0.0,
        "wants": float(bool(question.kinds)),
        "kind_anywhere": max((one.kind for one in sentences[:QUOTES]), default=0.0),
        "cosine": cosines[0],
        "contrast": cosines[0] - sum(cosines) / len(cosines),
        "lexical": max((hit.lexical for hit in hits), default=0.0) / (2.2 * total),
        "terms": min(len(terms), 8) / 8,
        "foreign": 0.0,
    }


def judge(features: Mapping[str, float], sentences: Sequence[Scored], embedder: str) -> Evidence:
    """Return the decision for the features, with the quotes that would answer."""
    model = load_refusal_model(embedder)
    probability = model.probability(features)
    quotes = tuple(one.quote for one in sentences[:QUOTES])
    return Evidence(quotes, dict(features), probability, bool(quotes) and probability >= model.threshold)


@lru_cache(maxsize=4)
def load_refusal_model(embedder: str) -> RefusalModel:
    """Return the weights fitted for an embedder, or those of the bundled one for an embedder nobody fitted."""
    fitted = json.loads((DATA / "refusal.json").read_text(encoding="utf-8"))
    return RefusalModel(**fitted.get(embedder.split(" ")[0], fitted["all-MiniLM-L6-v2"]))
