"""Finds what the reader's logits mean, on the examples that were kept from its training.

    python -m training.reader.calibrating [CHECKPOINT]

Writes ``rag/search/data/calibration.json`` (Platt's scaling, see ``rag/search/calibration.py``) and prints what is
refused of each kept source, and how the verdicts on kept claims come out at each threshold.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from rag.search.calibration import WEIGHTS, Scale
from training.reader.batches import Group, batches
from training.reader.network import Reader, Scores, Shape
from training.reader.sources import Made, held_back, read_examples

QUESTIONS = ("written", "piaf-fr", "squad2-en", "afriqa_en", "altered", "lacking", "removed", "untold", "crossed")
FITTED = QUESTIONS[:5]
"""Sources the probability of an answer is fitted on; the others are only printed."""

TYPED = "written"
"""The source of questions as readers type them, which the threshold is set on."""

CLAIMS = ("np", "rte3", "fsym", "neg", "said", "changed", "unsaid", "elsewhere", "translated")
ANSWERABLE_REFUSED = 0.06
"""Part of the answerable questions that may be refused, so that near misses are."""

FOUND, ALIKE = 10.0, 2.0
"""What the score of a passage, as it was found, and the nearness of a sentence count beside the logit of the sentence:
chosen by looking at the development sets, where half as much was about as good and 0 was worse; examples kept from
training were never searched for."""

TRANSLATED = 1.2
"""What is added to the logit of a passage for a question in another language: few examples cross languages, and the
logits of those of the development sets are lower by as much."""

NEAREST = 3.0
"""What is added to the logit for how much nearer than usual the nearest passage is: chosen by looking at three of the
development sets, on which it tells more questions without an answer; 5 and more were as good or worse. Examples kept
from training were never searched for."""

ANSWERABLE_DOUBTED = 0.12
"""Part of them that is answered with a warning, or refused."""


@dataclass(frozen=True)
class Asked:
    """One question kept from training.

    Attributes:
        answered: whether one of its passages answers.
        passages: logit of each passage.
        sentences: of each passage, the logit of each sentence and 1, 0 or -1: whether it answers, where that is known.
    """

    answered: bool
    passages: tuple[float, ...]
    sentences: tuple[tuple[tuple[float, int], ...], ...]

    @property
    def best(self) -> float:
        """The largest logit of a passage."""
        return max(self.passages)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(prog="python -m training.reader.calibrating", description=__doc__)
    parser.add_argument("checkpoint", type=Path, nargs="?", default=Path("build/reader/average.pt"))
    parser.add_argument("--examples", type=Path, default=Path("build/reader/examples"))
    parser.add_argument("--embedder", type=Path, default=Path("models/e5-small"))
    options = parser.parse_args()
    reader = Reader(options.embedder, Shape()).eval()
    reader.load_state_dict(torch.load(options.checkpoint, weights_only=True)["reader"], strict=False)
    made = read_examples(options.examples)
    kept = {source: [group for at, group in enumerate(made.get(source, [])) if held_back(at)] for source in made}
    asked = {source: list(_asked(reader, kept[source])) for source in QUESTIONS}
    rows = [
        (value, passage, label)
        for one in (one for source in QUESTIONS for one in asked[source])
        for passage, found in zip(one.passages, one.sentences, strict=True)
        for value, label in found
        if label >= 0
    ]
    sentence = _fitted([row[:2] for row in rows], [row[2] for row in rows])
    fitted = [one for source in FITTED for one in asked[source]]
    article = _fitted([(one.best,) for one in fitted], [int(one.answered) for one in fitted])
    chances = {
        source: [(article.probability(one.best), one.answered) for one in found] for source, found in asked.items()
    }
    answered = sorted(value for value, yes in chances[TYPED] if yes)
    refused, unsure = (
        round(answered[int(part * len(answered))], 4) for part in (ANSWERABLE_REFUSED, ANSWERABLE_DOUBTED)
    )
    _print_refused(chances, refused)
    _write(sentence, article, refused, unsure)
    _print_claims(reader, kept)


def _asked(reader: Reader, groups: Sequence[Group]) -> Iterator[Asked]:
    for group, rows, scores in _read(reader, groups):
        sentences = [
            tuple((float(scores.tokens[row, start : end + 1, 2].mean()), label) for start, end, label in pair.sentences)
            for row, pair in zip(rows, group, strict=True)
        ]
        passages = tuple(float(scores.answers[row]) for row in rows)
        yield Asked(any(pair.answers == 1 for pair in group), passages, tuple(sentences))


def _read(reader: Reader, groups: Sequence[Group]) -> Iterator[tuple[Group, list[int], Scores]]:
    """Yield each group with the rows of its pairs in the scores."""
    for batch in batches(groups, 32, random.Random(0)):
        with torch.no_grad():
            scores = reader(batch.question, batch.kind, batch.passage)
        row = 0
        for group in batch.groups:
            yield group, list(range(row, row + len(group))), scores
            row += len(group)


def _fitted(features: Sequence[tuple[float, ...]], labels: Sequence[int]) -> Scale:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0, max_iter=1000).fit(np.array(features), np.array(labels))
    weights = tuple(round(float(value), 4) for value in model.coef_[0])
    return Scale(weights, round(float(model.intercept_[0]), 4))


def _print_refused(chances: dict[str, list[tuple[float, bool]]], threshold: float) -> None:
    for source, found in chances.items():
        yes = [value < threshold for value, answered in found if answered]
        no = [value < threshold for value, answered in found if not answered]
        told = [f"{np.mean(one):.3f} of {len(one)}" if one else "none" for one in (yes, no)]
        print(f"{source:12} refused: answerable {told[0]}, others {told[1]}")


def _write(sentence: Scale, article: Scale, refused: float, unsure: float) -> None:
    nearness = [round(weight * sentence.weights[0], 4) for weight in (FOUND, ALIKE)]
    weight = article.weights[0]
    told = [round(part * weight, 4) for part in (1.0, TRANSLATED, NEAREST)]
    fitted = {
        "sentence": {"weights": [*sentence.weights, *nearness], "bias": sentence.bias},
        "article": {"weights": told, "bias": article.bias},
        "refused_below": refused,
        "unsure_below": unsure,
    }
    WEIGHTS.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    print(WEIGHTS.read_text(encoding="utf-8"))


def _print_claims(reader: Reader, kept: Made) -> None:
    """Print how many claims of each verdict are accepted at each threshold, and how many called contradicted."""
    for source in CLAIMS:
        found: dict[int, list[list[float]]] = {}
        for group, rows, scores in _read(reader, kept[source]):
            for row, pair in zip(rows, group, strict=True):
                found.setdefault(pair.verdict, []).append(torch.softmax(scores.verdicts[row], dim=0).tolist())
        for verdict, shares in sorted(found.items()):
            said = np.array(shares)
            yes, no = ("  ".join(f"{np.mean(said[:, at] >= least):.2f}" for least in (0.3, 0.5, 0.7)) for at in (0, 1))
            print(f"{source:12} verdict {verdict} of {len(said):4}: entailed >= .3 .5 .7: {yes}; contradicted: {no}")


if __name__ == "__main__":
    main()
