"""Finds from which of the reader's probabilities the check takes a sentence to be said, or to be contradicted.

    python -m training.reader.thresholds

On the claims that were kept from training, read by the reader as the program runs it, with their numbers, dates and
names looked up in the premise: writes ``rag/check/data/thresholds.json`` and prints the verdicts on each source.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from rag.check.fact_lookup import unsupported
from rag.check.facts import Facts, Sources
from rag.check.verdicts import THRESHOLDS, Thresholds, decide
from rag.language import detect_language
from rag.opening import open_reader
from rag.reader import Entailment, Reader
from rag.settings import load_settings
from training.reader.batches import VERDICTS
from training.reader.sources import Made, held_back, read_examples

WRITTEN = ("np", "rte3", "fsym", "neg")
MADE = ("said", "changed", "unsaid", "elsewhere", "translated", "less", "more", "swapped")
FALSELY_CONTRADICTED = 0.03
"""Part of the claims that are not contradicted that may be called so: it is a hard word to say of a true sentence."""

KEPT = 0.95
"""Part of the claims that are entailed that may not be called absent."""

STEPS = np.linspace(0.05, 0.95, 91)


@dataclass(frozen=True)
class Judged:
    """A claim kept from training.

    Attributes:
        source: of it.
        verdict: what it is to its premise: "entailment", "contradiction", "neutral", "not_entailment", "compatible".
        facts: of it that the premise does not hold at once, each with where it stands.
        said: what the reader says.
    """

    source: str
    verdict: str
    facts: tuple[tuple[str, int], ...]
    said: Entailment

    def under(self, thresholds: Thresholds) -> str:
        """Return the verdict of the check."""
        said = self.said
        verdict, _ = decide(self.facts, entailed=said.entailed, contradicted=said.contradicted, thresholds=thresholds)
        return verdict


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(prog="python -m training.reader.thresholds", description=__doc__)
    parser.add_argument("--examples", type=Path, default=Path("build/reader/examples"))
    parser.add_argument("--embedder", type=Path, default=Path("models/e5-small"))
    parser.add_argument("--most", type=int, default=200, help="claims of a source")
    options = parser.parse_args()
    made = read_examples(options.examples)
    tokenizer = Tokenizer.from_file(str(options.embedder / "tokenizer.json"))
    judged = list(_judged(made, tokenizer, open_reader(load_settings()), options.most))
    thresholds = fit(judged)
    THRESHOLDS.write_text(json.dumps(asdict(thresholds), indent=2) + "\n", encoding="utf-8")
    print(THRESHOLDS.read_text(encoding="utf-8"))
    for source in (*WRITTEN, *MADE):
        for verdict in VERDICTS:
            found = Counter(one.under(thresholds) for one in judged if (one.source, one.verdict) == (source, verdict))
            if not found:
                continue
            shares = "  ".join(f"{name} {count / found.total():.2f}" for name, count in sorted(found.items()))
            print(f"{source:12} {verdict:15} {found.total():4}: {shares}")


def fit(judged: Sequence[Judged]) -> Thresholds:
    """Return the thresholds: the first by balanced accuracy of "yes", each source and side counting alike.

    The others by the part of claims that may wrongly be called contradicted, or absent.
    """
    others = [one.said.contradicted for one in judged if one.verdict in {"entailment", "neutral", "compatible"}]
    contradicted = max(float(np.quantile(others, 1 - FALSELY_CONTRADICTED)), 0.5)
    entailed = max(STEPS, key=lambda step: _balanced(judged, Thresholds(step, contradicted, 0.0)))
    said = [one.said.entailed for one in judged if one.verdict == "entailment" and one.source in WRITTEN]
    partly = min(float(np.quantile(said, 1 - KEPT)), float(entailed))
    return Thresholds(round(float(entailed), 2), round(contradicted, 2), round(partly, 2))


def _balanced(judged: Sequence[Judged], thresholds: Thresholds) -> float:
    shares = []
    for source in (*WRITTEN, *MADE):
        for said in (True, False):
            found = [
                (one.under(thresholds) == "yes") == said
                for one in judged
                if one.source == source and one.verdict != "compatible" and (one.verdict == "entailment") == said
            ]
            shares += [(said, float(np.mean(found)))] if found else []
    return float(sum(np.mean([share for side, share in shares if side == said]) for said in (True, False)))


def _judged(made: Made, tokenizer: Tokenizer, reader: Reader, most: int) -> Iterator[Judged]:
    names = {number: name for name, number in VERDICTS.items()}
    for source in (*WRITTEN, *MADE):
        kept = [group[0] for at, group in enumerate(made.get(source, [])) if held_back(at)][:most]
        for pair in kept:
            claim, premise = (_text(tokenizer, tokens) for tokens in (pair.first, pair.passage))
            (said,) = reader.entail(claim, [premise])
            written = Facts(premise, detect_language(premise))
            facts = unsupported(Facts(claim, detect_language(claim)), Sources(written, written, (written,), ""))
            yield Judged(source, names[pair.verdict], tuple(facts), said)


def _text(tokenizer: Tokenizer, tokens: Sequence[int]) -> str:
    return str(tokenizer.decode(list(tokens))).removeprefix("passage: ")


if __name__ == "__main__":
    main()
