"""Does the article answer the question at all? Measured before any model is called, in numbers a person can read.

The features go through a small logistic model whose weights were fitted by ``benchmarks/fit_refusal.py`` on questions
with and without an answer; they stand in ``rag/search/data/refusal.json``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.index import CosineScale
from rag.language import content_stems
from rag.language.thesaurus import load_thesaurus
from rag.question import Question
from rag.question.answer_kinds import AnswerKind, asks_in_vain
from rag.search.matching import Matches
from rag.search.quotes import Scored, choose_quotes
from rag.values import Article, Evidence, Hit

WEIGHTS = Path(__file__).parent / "data" / "refusal.json"
QUOTES = 10
HALF = 0.5
CERTAIN: frozenset[AnswerKind] = frozenset({"date", "quantity", "money"})
"""Kinds of answer that a text certainly does not give where no sentence holds a date, a number, a sum of money."""
RARE = 10.0  # nats: rarer than that is a word seen once in twenty thousand passages
MANY_TERMS = 8
MUCH = 20.0  # BM25 of a passage that holds three rare words of the question


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
    question: Question,
    matches: Matches,
    hits: Sequence[Hit],
    sentences: Sequence[Scored],
    articles: Mapping[str, Article],
    scale: CosineScale,
) -> dict[str, float]:
    """Return the features of a question against what was found, each about in [0, 1].

    Args:
        question: taken apart.
        matches: of the question's terms.
        hits: best first.
        sentences: of the hits, best first.
        articles: identifier → article, for those of the hits.
        scale: of the embedder's cosines, so that the weights serve every embedder.
    """
    terms = matches.terms
    read = sentences[:QUOTES]
    found = matches.found(
        stem
        for hit in hits
        for stem in content_stems(f"{hit.title}\n{hit.passage.text}", articles[hit.passage.article].language)
    )
    names = [number for number, term in enumerate(terms) if term.name]
    named = sum(terms[number].rarity for number in names)
    weak = [term.rarity for number, term in enumerate(terms) if found.get(number, 0.0) < HALF * term.rarity]
    languages = {article.language for article in articles.values()}
    translated = any(language != question.language for language in languages)
    wordless = translated and not any(load_thesaurus().knows(question.language, language) for language in languages)
    cosines = sorted((scale.place(hit.dense) for hit in hits), reverse=True) or [0.0]
    features: dict[str, float] = {
        "own": read[0].own if read else 0.0,
        "titled": max((one.titled for one in read), default=0.0),
        "around": max((one.around for one in read), default=0.0),
        "scope": matches.part(found),
        "names_missing": 1 - sum(found.get(number, 0.0) for number in names) / named if names else 0.0,
        "rarest_missing": max(weak, default=0.0) / RARE,
        "passage": hits[0].score if hits else 0.0,
        "lexical": max((hit.lexical for hit in hits), default=0.0) / MUCH,
        "cosine": cosines[0],
        "contrast": cosines[0] - sum(cosines) / len(cosines),
        "terms": min(len(terms), MANY_TERMS) / MANY_TERMS,
        "translated": float(translated),
        "wordless": float(wordless),
    }
    return features | _answer_kinds(question, hits, sentences)


def _answer_kinds(question: Question, hits: Sequence[Hit], sentences: Sequence[Scored]) -> dict[str, float]:
    """Return what lacks of the kinds of answer the question wants: among the best sentences, and in all of them."""
    features = {}
    for kind in ("person", "date", "place", "quantity", "money", "duration", "reason"):
        wanted = kind in question.kinds
        features[f"no_{kind}"] = float(wanted and not any(kind in one.kinds for one in sentences[:3]))
    features["kinds_asked"] = float(bool(question.kinds))
    held = frozenset(kind for one in sentences for kind in one.kinds)
    lacking = (question.kinds & CERTAIN) - held
    in_vain = asks_in_vain(question.text, (hit.passage.text for hit in hits), named=bool(question.names))
    features["impossible"] = float(bool(lacking) or in_vain)
    return features


def judge(features: Mapping[str, float], sentences: Sequence[Scored], articles: Mapping[str, Article]) -> Evidence:
    """Return the decision for the features, with the quotes that would answer."""
    model = load_refusal_model(translated=bool(features.get("translated")), wordless=bool(features.get("wordless")))
    probability = model.probability(features)
    quotes = choose_quotes(sentences, articles, QUOTES)
    return Evidence(quotes, dict(features), probability, bool(quotes) and probability >= model.threshold)


@lru_cache(maxsize=3)
def load_refusal_model(*, translated: bool, wordless: bool = False) -> RefusalModel:
    """Return the fitted weights.

    Args:
        translated: whether question and article are in different languages; words then say less.
        wordless: whether no translations from the one to the other are known either; words then say nothing.
    """
    models = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return RefusalModel(**models["wordless" if wordless else "translated" if translated else "same language"])
