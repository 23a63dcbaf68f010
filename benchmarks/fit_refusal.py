"""Fit the decision to answer or to refuse: writes ``rag/search/data/refusal.json``.

    python -m benchmarks.fit_refusal ../shared/data/dev ../shared/data/train [--keep FOLDER]

Each question is asked of one article, as readers do. Answerable: the training questions of piaf-fr and squad2-en asked
of their own article, and the answerable half of every other question of nomiracl-fr. Not answerable: the same training
questions asked of another article, the unanswerable ones of squad2-en, and those of that half of nomiracl-fr. What is
measured below was not fitted on: the questions.jsonl of piaf-fr, afriqa-fr and squad2-en, the rest of nomiracl-fr.

Questions in another language than the article: the real questions among the pairs of passages that stand in both
languages (``pairs_fr.jsonl.xz``, ``pairs_en.jsonl.xz``), each asked of its own passage in the other language and of
another one; half of them are fitted on and half measured.

The threshold is the one that refuses ``REFUSED_ANSWERABLE`` of the answerable training questions. The table compares
the area under the ROC curve with three baselines on the same questions: top cosine, top BM25, and both (a logistic
model of the two, fitted on the same training questions).
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from rag.answer import Assistant
from rag.evaluation import read_set
from rag.evaluation.measuring import build_library
from rag.evaluation.question_sets import Asked
from rag.evaluation.report import area
from rag.llm import QuotingModel
from rag.opening import open_embedder
from rag.search.evidence import MANY_TERMS, WEIGHTS, RefusalModel
from rag.settings import load_settings
from rag.values import Article, Block

REFUSED_ANSWERABLE = 0.02
REFUSED_TRANSLATED = 0.05
"""Words meet less often across languages: a tenth would refuse 0.93 of other articles' questions, a twentieth 0.73."""
TRANSLATED_FEATURES = ("cosine", "lexical", "scope")
"""Of a question in another language: with all features the area under the curve is 0.933, with these 0.959."""
WORDLESS_FEATURES = ("cosine",)
"""Of a question in a language from which no translations are known. It is fitted on the same questions, since what the
cosine says does not hang on the language; words would speak against every German question.
"""
REFUSED_WORDLESS = 0.01
"""A fiftieth would refuse 7 of 30 German and Spanish questions that a French article answers, a hundredth 2; both
refuse 39 of 40 about something else."""
FEWEST_TERMS = 3 / MANY_TERMS  # "What went wrong?" stands for nothing that a reader would ask of an article
NOT_FITTED = {"impossible": -6.0}
"""Too rare in the training questions to be fitted; the fit prints in how many of the answerable ones it holds, which is
what it would cost. Not for questions in another language: there it refused 15 of 360 answerable ones."""
TRAINING = (("piaf-fr", "train.jsonl"), ("squad2-en", "train.jsonl"), ("nomiracl-fr", "questions.jsonl"))
MEASURED = (
    ("piaf-fr", "questions.jsonl"),
    ("afriqa-fr", "questions.jsonl"),
    ("squad2-en", "questions.jsonl"),
    ("nomiracl-fr", "questions.jsonl"),
)
CROSSED = ("in another language", "")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question asked of one article; ``kind`` is own, near (no answer in its article) or other (article)."""

    kind: str
    features: dict[str, float]
    bm25: float


def ask_all(assistant: Assistant, questions: Sequence[Asked], limit: int) -> Iterator[Case]:
    """Yield the cases of a set: every question of its own article, the answerable ones of another one as well."""
    chosen = questions[:: max(len(questions) // limit, 1)][:limit]
    articles = sorted({one.article for one in chosen})
    generator = random.Random(1)
    for one in chosen:
        yield _case(assistant, one.text, one.article, "own" if one.answerable else "near")
        if one.answerable:
            other = generator.choice([name for name in articles if name != one.article])
            yield _case(assistant, one.text, other, "other")


def read_crossed(folder: Path, asked: str, written: str) -> tuple[list[Article], list[Asked]]:
    """Return the passages in one language as articles, and the questions about them in the other.

    Args:
        folder: that holds ``pairs_fr.jsonl.xz`` and ``pairs_en.jsonl.xz``.
        asked: language of the questions.
        written: language of the passages.
    """
    passages = {row["xid"]: row for row in _pairs(folder, written)}
    articles, questions = [], []
    for row in _pairs(folder, asked):
        other = passages.pop(row["xid"], None)
        if other is None or row["kind"] != "question":
            continue
        text = other["passage"]
        block = Block("paragraph", 0, len(text))
        articles.append(Article(row["xid"], other["source"], text, written, source=row["xid"], blocks=(block,)))
        questions.append(
            Asked(row["xid"], row["question"], answerable=True, article=row["xid"], paragraph=0, answers=())
        )
    return articles, questions


def _pairs(folder: Path, language: str) -> Iterator[dict[str, str]]:
    with lzma.open(folder / f"pairs_{language}.jsonl.xz", "rt", encoding="utf-8") as lines:
        yield from (row for row in map(json.loads, lines) if row.get("xid"))


def _case(assistant: Assistant, question: str, article: str, kind: str) -> Case:
    search = assistant.search(question, article=article)
    return Case(kind, search.evidence.features, max((hit.lexical for hit in search.hits), default=0.0))


def _asks(case: Case) -> bool:
    return case.features["terms"] >= FEWEST_TERMS


def _half(cases: Sequence[Case], which: int) -> list[Case]:
    """Return every other question with both of its cases."""
    return [case for at in range(2 * which, len(cases), 4) for case in cases[at : at + 2]]


def _matrix(cases: Sequence[Case], names: Sequence[str]) -> Floats:
    return np.array([[case.features[name] for name in names] for case in cases])


def _labels(cases: Sequence[Case]) -> npt.NDArray[np.bool_]:
    return np.array([case.kind == "own" for case in cases])


def _interval(labels: npt.NDArray[np.bool_], scores: Floats) -> str:
    generator = np.random.default_rng(1)
    drawn = [generator.integers(0, len(labels), len(labels)) for _ in range(400)]
    found = [value for rows in drawn if (value := area(list(labels[rows]), list(scores[rows]))) is not None]
    return f"{area(list(labels), list(scores)):.3f} [{np.percentile(found, 2.5):.3f}, {np.percentile(found, 97.5):.3f}]"


def main() -> None:
    """Ask, fit, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, help="folder of the sets of questions")
    parser.add_argument("pairs", type=Path, help="folder of the pairs in two languages")
    parser.add_argument("--keep", type=Path, help="folder that keeps the libraries between runs")
    parser.add_argument("--limit", type=int, default=1000, help="questions of each file")
    arguments = parser.parse_args()
    embedder = open_embedder(load_settings())
    with tempfile.TemporaryDirectory() as temporary:
        cases = {}
        for name, file in dict.fromkeys((*TRAINING, *MEASURED)):
            articles, questions = read_set(arguments.sets / name, file)
            library = build_library(articles, embedder, arguments.keep or Path(temporary))
            cases[name, file] = list(ask_all(Assistant(library, QuotingModel()), questions, arguments.limit))
            print(name, file, len(cases[name, file]), flush=True)
        crossed = []
        for asked, written in (("en", "fr"), ("fr", "en")):
            articles, questions = read_crossed(arguments.pairs, asked, written)
            library = build_library(articles, embedder, arguments.keep or Path(temporary))
            crossed += ask_all(Assistant(library, QuotingModel()), questions, arguments.limit)
            print(f"{asked} of {written}", len(crossed), flush=True)
    pools = cases["nomiracl-fr", "questions.jsonl"]
    training = [case for key in TRAINING[:2] for case in cases[key]] + pools[: len(pools) // 2]
    cases["nomiracl-fr", "questions.jsonl"] = pools[len(pools) // 2 :]
    whole = [case for pair in zip(crossed[::2], crossed[1::2], strict=True) if _asks(pair[0]) for case in pair]
    cases[CROSSED] = _half(whole, 1)
    every = sorted(set(training[0].features) - set(NOT_FITTED))
    same = fit(training, every, REFUSED_ANSWERABLE, 1.0, NOT_FITTED)
    translated = fit(_half(whole, 0), TRANSLATED_FEATURES, REFUSED_TRANSLATED, 10.0, {})
    wordless = fit(_half(whole, 0), WORDLESS_FEATURES, REFUSED_WORDLESS, 10.0, {})
    _write({"same language": same, "translated": translated, "wordless": wordless})
    for key in MEASURED:
        _print_areas(key[0], cases[key], same, training)
    _print_areas(CROSSED[0], cases[CROSSED], translated, _half(whole, 0))
    _print_areas("by cosine alone", cases[CROSSED], wordless, _half(whole, 0))


def fit(
    training: Sequence[Case], names: Sequence[str], refused: float, freedom: float, given: Mapping[str, float]
) -> RefusalModel:
    """Return the model fitted on cases, and print it.

    Args:
        training: cases.
        names: of the features to fit.
        refused: part of the answerable ones that its threshold refuses, of those that no rule refuses anyway.
        freedom: inverse of the weight of the ridge.
        given: weights that are not fitted: of rules, which refuse by themselves.
    """
    found = LogisticRegression(C=freedom, max_iter=5000).fit(_matrix(training, names), _labels(training))
    weights = {name: round(float(weight), 4) for name, weight in zip(names, found.coef_[0], strict=True)}
    model = RefusalModel(weights | given, round(float(found.intercept_[0]), 4), 0.0)
    own = [case for case in training if case.kind == "own"]
    free = [case.features for case in own if not any(case.features[name] for name in given)]
    threshold = float(np.quantile([model.probability(features) for features in free], refused))
    for name, weight in sorted(weights.items(), key=lambda pair: -abs(pair[1])):
        print(f"  {name:16} {weight:+.2f}")
    print(f"threshold {threshold:.3f}")
    for name in given:
        print(
            f"{name}: holds in {sum(case.features[name] for case in own):.0f} of {len(own)} answerable training cases"
        )
    return replace(model, threshold=round(threshold, 4))


def _print_areas(name: str, cases: Sequence[Case], model: RefusalModel, training: Sequence[Case]) -> None:
    """Print the areas under the curve beside those of the baselines, and what is refused at the threshold."""
    both = LogisticRegression(max_iter=2000).fit(
        [[case.features["cosine"], case.bm25] for case in training], _labels(training)
    )
    for kind in ("near", "other"):
        some = [case for case in cases if case.kind in {"own", kind}]
        if not any(case.kind == kind for case in some):
            continue
        labels = _labels(some)
        ours = np.array([model.probability(case.features) for case in some])
        cosine = np.array([case.features["cosine"] for case in some])
        bm25 = np.array([case.bm25 for case in some])
        two = both.predict_proba(np.column_stack([cosine, bm25]))[:, 1]
        print(
            f"{name:19} {kind:6} ours {_interval(labels, ours)}  cosine {_interval(labels, cosine)}"
            f"  BM25 {_interval(labels, bm25)}  both {_interval(labels, two)}"
            f"  refused: {np.mean(ours[~labels] < model.threshold):.3f} of {kind},"
            f" {np.mean(ours[labels] < model.threshold):.3f} of own"
        )


def _write(models: dict[str, RefusalModel]) -> None:
    fitted = {kind: asdict(model) for kind, model in models.items()}
    WEIGHTS.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
