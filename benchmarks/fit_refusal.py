"""Fit the decision to answer or to refuse: writes the bundled embedder's weights into ``rag/data/refusal.json``.

    python -m benchmarks.fit_refusal ../shared/data/dev [--keep FOLDER]

Each question is asked of one article, as readers do. Answerable: the training questions of piaf-fr and squad2-en asked
of their own article, and the answerable half of every other question of nomiracl-fr. Not answerable: the same training
questions asked of another article, the unanswerable ones of squad2-en, and those of that half of nomiracl-fr. What is
measured below was not fitted on: the questions.jsonl of piaf-fr, afriqa-fr and squad2-en, the rest of nomiracl-fr.

The threshold is the one that refuses ``REFUSED_ANSWERABLE`` of the answerable training questions. The table compares
the area under the ROC curve with three baselines on the same questions: top cosine, top BM25, and both (a logistic
model of the two, fitted on the same training questions).
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from rag.answering import Assistant
from rag.embedding import SentenceTransformerEmbedder
from rag.evaluating import Asked, area, build_library, read_set
from rag.quoting import QuotingModel
from rag.thesaurus import DATA

REFUSED_ANSWERABLE = 0.02
NOT_FITTED = {"impossible": -6.0}
"""Too rare in the training questions to be fitted; the fit prints in how many of the answerable ones it holds, which is
what it would cost."""
TRAINING = (("piaf-fr", "train.jsonl"), ("squad2-en", "train.jsonl"), ("nomiracl-fr", "questions.jsonl"))
MEASURED = (
    ("piaf-fr", "questions.jsonl"),
    ("afriqa-fr", "questions.jsonl"),
    ("squad2-en", "questions.jsonl"),
    ("nomiracl-fr", "questions.jsonl"),
)
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


def _case(assistant: Assistant, question: str, article: str, kind: str) -> Case:
    search = assistant.search(question, article=article)
    return Case(kind, search.evidence.features, max((hit.lexical for hit in search.found.hits), default=0.0))


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
    parser.add_argument("sets", type=Path)
    parser.add_argument("--keep", type=Path, help="folder that keeps the libraries between runs")
    parser.add_argument("--limit", type=int, default=1000, help="questions of each file")
    arguments = parser.parse_args()
    embedder = SentenceTransformerEmbedder()
    with tempfile.TemporaryDirectory() as temporary:
        cases = {}
        for name, file in dict.fromkeys((*TRAINING, *MEASURED)):
            articles, questions = read_set(arguments.sets / name, file)
            library = build_library(articles, embedder, arguments.keep or Path(temporary))
            cases[name, file] = list(ask_all(Assistant(library, QuotingModel()), questions, arguments.limit))
            print(name, file, len(cases[name, file]), flush=True)
    pools = cases["nomiracl-fr", "questions.jsonl"]
    training = [case for key in TRAINING[:2] for case in cases[key]] + pools[: len(pools) // 2]
    cases["nomiracl-fr", "questions.jsonl"] = pools[len(pools) // 2 :]
    names = sorted(set(training[0].features) - set(NOT_FITTED))
    model = LogisticRegression(C=1.0, max_iter=2000).fit(_matrix(training, names), _labels(training))
    fitted = model.predict_proba(_matrix(training, names))[:, 1]
    threshold = float(np.quantile(fitted[_labels(training)], REFUSED_ANSWERABLE))
    both = LogisticRegression(max_iter=2000).fit(
        [[case.features["cosine"], case.bm25] for case in training], _labels(training)
    )
    _write(
        embedder.name, dict(zip(names, model.coef_[0], strict=True)) | NOT_FITTED, float(model.intercept_[0]), threshold
    )
    for name, weight in sorted(zip(names, model.coef_[0], strict=True), key=lambda pair: -abs(pair[1])):
        print(f"  {name:16} {weight:+.2f}")
    print(f"threshold {threshold:.3f}")
    own = [case for case in training if case.kind == "own"]
    for name in NOT_FITTED:
        print(
            f"{name}: holds in {sum(case.features[name] for case in own):.0f} of {len(own)} answerable training cases"
        )
    for key in MEASURED:
        for kind in ("near", "other"):
            some = [case for case in cases[key] if case.kind in {"own", kind}]
            if not any(case.kind == kind for case in some):
                continue
            labels = _labels(some)
            fixed = _matrix(some, list(NOT_FITTED)) @ np.array(list(NOT_FITTED.values()))
            ours = 1 / (1 + np.exp(-(model.decision_function(_matrix(some, names)) + fixed)))
            cosine = np.array([case.features["cosine"] for case in some])
            bm25 = np.array([case.bm25 for case in some])
            two = both.predict_proba(np.column_stack([cosine, bm25]))[:, 1]
            print(
                f"{key[0]:12} {kind:6} ours {_interval(labels, ours)}  cosine {_interval(labels, cosine)}"
                f"  BM25 {_interval(labels, bm25)}  both {_interval(labels, two)}"
                f"  refused: {np.mean(ours[~labels] < threshold):.3f} of {kind},"
                f" {np.mean(ours[labels] < threshold):.3f} of own"
            )


def _write(embedder: str, weights: dict[str, float], bias: float, threshold: float) -> None:
    path = DATA / "refusal.json"
    fitted = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    rounded = {name: round(float(weight), 4) for name, weight in weights.items()}
    fitted[embedder] = {"weights": rounded, "bias": round(bias, 4), "threshold": round(threshold, 4)}
    path.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
