"""Fit what each measure of a sentence counts: the weights of ``rag/search/quotes.py``.

    python -m benchmarks.fit_ranking ../shared/data/dev [--keep FOLDER] [--limit N]

The training questions of piaf-fr and squad2-en are asked of all articles of their set at once.

The weights are those under which the sentences that hold an accepted answer get the largest share of a softmax over
all sentences of the passages found (a conditional logit; McFadden 1974), by gradient descent.

Nothing is written: the weights stand in the code, rounded, and this prints what they are rounded from.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from rag.evaluation import read_set
from rag.evaluation.measuring import build_library
from rag.evaluation.question_sets import Asked
from rag.evaluation.wording import holds_answer
from rag.opening import open_embedder
from rag.question import understand
from rag.search.quotes import KIND_WEIGHTS, WEIGHTS, rank_sentences
from rag.search.retrieval import Retriever
from rag.settings import load_settings
from rag.values import Article

SETS = ("piaf-fr", "squad2-en")
RIDGE = 1e-3
SENTENCE_MEASURES = (*WEIGHTS, *KIND_WEIGHTS)
Floats = npt.NDArray[np.float64]


def sentence_groups(
    retriever: Retriever, questions: Sequence[Asked], articles: dict[str, Article]
) -> Iterator[tuple[Floats, npt.NDArray[np.bool_]]]:
    """Yield (sentences, measures) of one question, and which of the sentences hold an accepted answer."""
    for one in questions:
        question = understand(one.text)
        found = retriever.find(question)
        sentences = rank_sentences(question, found.matches, found.hits, articles)
        rows = [
            [getattr(sentence, name) for name in WEIGHTS]
            + [(0.5 if kind in sentence.kinds else -0.5) if kind in question.kinds else 0.0 for kind in KIND_WEIGHTS]
            for sentence in sentences
        ]
        right = np.array(
            [
                sentence.quote.article == one.article and holds_answer(sentence.quote.text, one.answers)
                for sentence in sentences
            ]
        )
        if right.any() and not right.all():
            yield np.array(rows), right


def fit_sentences(groups: Sequence[tuple[Floats, npt.NDArray[np.bool_]]]) -> Floats:
    """Return a weight for each of ``SENTENCE_MEASURES``."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for rows, right in groups:
            scores = rows @ weights
            raised = np.exp(scores - scores.max())
            share, right_share = raised / raised.sum(), raised * right / (raised * right).sum()
            total -= float(np.log(max((share * right).sum(), 1e-12)))
            slope -= rows.T @ (right_share - share)
        return total / len(groups) + RIDGE * float(weights @ weights), slope / len(groups) + 2 * RIDGE * weights

    found = minimize(loss, np.ones(len(SENTENCE_MEASURES)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x, dtype=float)


def main() -> None:
    """Ask, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--keep", type=Path, help="folder that keeps the libraries between runs")
    parser.add_argument("--limit", type=int, default=2000, help="questions of each set")
    arguments = parser.parse_args()
    embedder = open_embedder(load_settings())
    groups: list[tuple[Floats, npt.NDArray[np.bool_]]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for name in SETS:
            articles, questions = read_set(arguments.sets / name, "train.jsonl")
            known = {article.identifier: article for article in articles}
            answerable = [one for one in questions if one.answerable]
            chosen = answerable[:: max(len(answerable) // arguments.limit, 1)][: arguments.limit]
            library = build_library(articles, embedder, arguments.keep or Path(temporary))
            retriever = Retriever(library)
            groups += sentence_groups(retriever, chosen, known)
            library.close()
            print(f"{name}: {len(chosen)} questions", flush=True)
    print("sentences, logarithm of the share:")
    for measure, weight in zip(SENTENCE_MEASURES, fit_sentences(groups), strict=True):
        print(f"  {measure:10} {weight:+.2f}")


if __name__ == "__main__":
    main()
