"""Fit what a question wants: writes ``rag/question/data/intents.json``.

    python -m training.intents.fit ../shared/data

A multinomial logistic regression over the question's vector from e5-small. The intents come from ``utterances``, each
as it stands, as people type it (no capitals, accents or marks) and with a courtesy around it. ``content`` comes from
there too, and above all from questions that were put to texts: those of ``NATIVE`` among ``train/pairs_*.jsonl.xz``,
and the two ``train.jsonl`` under ``dev``. ``FITTED`` of them are fitted on, every other one as it is typed in haste,
``CHOOSING`` choose the threshold, and the rest is what the false alarms are told of. Headings of documentation that
end with a question mark are fitted on too.

The accuracy of each intent is that of five folds: all forms of one utterance, and all its
topics, are in the same fold, so that each is met for the first time.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from rag.index import Embedder
from rag.language import fold
from rag.models.catalogue import STANDARD_EMBEDDER
from rag.opening import open_embedder
from rag.question.intents import CONTENT, WEIGHTS, exact_key
from rag.settings import load_settings

UTTERANCES = Path(__file__).parent / "utterances"
VECTORS = Path("build/intent-vectors.npz")  # kept, since they take minutes
SEED = 1
NATIVE = frozenset({"afriqa_en", "afriqa_fr_dev", "covidqa_en_cc", "openquizzdb", "piaf_fr_dev", "squad2_en_dev"})
FITTED, CHOOSING = 8000, 6000
FALSE_ALARMS = 0.001
"""Share of the choosing questions that may be taken for something else: half of what is promised of others."""
LEAST_SURE = 0.6
"""No threshold is lower: near misses that were written for it would pass."""
STRENGTH = 100.0
"""Of the fit; from 10 to 1000 the folds differ by two points."""
CONTENT_SHARE = 0.5  # of the weight of all that is fitted on
FOLDS = 5
TOPICS = 6  # for each utterance that takes one
COURTESIES = {
    "fr": ("Bonjour, {}", "{} s'il te plaît", "{} svp", "Peux-tu me dire ceci : {}", "alors, {}", "{} merci"),
    "en": ("Hello, {}", "{} please", "{} pls", "Could you tell me this: {}", "so, {}", "{} thanks"),
    "de": ("Hallo, {}", "{} bitte"),
    "es": ("Hola, {}", "{} por favor"),
}
COURTESIES_THEMSELVES = frozenset({"greeting", "thanks"})
Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One text to fit on.

    Attributes:
        text: as it is asked.
        intent: what it wants.
        root: the written utterance it was made from.
        plain: whether it is that itself, its topic aside.
    """

    text: str
    intent: str
    root: str
    plain: bool


def main() -> None:
    """Fit, print the figures, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that holds train and dev")
    data = parser.parse_args().data
    chance = random.Random(SEED)
    written = read_utterances(chance)
    native, headings = real_questions(data, {one.text for one in written})
    chance.shuffle(native)
    native[:FITTED:2] = map(careless, native[:FITTED:2])
    vectors = embed(open_embedder(load_settings()), [*(one.text for one in written), *native, *headings])
    own, rest = vectors[: len(written)], vectors[len(written) :]
    real = np.concatenate([rest[:FITTED], rest[len(native) :]])
    names = (CONTENT, *sorted({one.intent for one in written} - {CONTENT}))
    labels = np.array([names.index(one.intent) for one in written])
    weights, bias = fit(own, labels, real)
    threshold = choose_threshold(shares(rest[FITTED : FITTED + CHOOSING], weights, bias))
    told = native[FITTED + CHOOSING :]
    print_alarms(names, told, shares(rest[FITTED + CHOOSING : len(native)], weights, bias), threshold)
    print_accuracy(names, written, labels, fold_shares(own, labels, written, real), threshold)
    write(names, weights, bias, threshold, written)


def read_utterances(chance: random.Random) -> list[Utterance]:
    """Return what was written, in all its forms."""
    topics: dict[str, list[str]] = defaultdict(list)
    for topic in _rows(UTTERANCES / "topics.jsonl"):
        topics[topic["language"]].append(topic["text"])
    found = []
    for path in sorted(UTTERANCES.glob("*.jsonl")):
        for row in _rows(path) if path.stem != "topics" else ():
            root, language = row["text"], row["language"]
            chosen = chance.sample(topics[language], TOPICS) if "{topic}" in root else [""]
            for text in (root.replace("{topic}", topic) for topic in chosen):
                found.append(Utterance(text, path.stem, root, plain=True))
                found.append(Utterance(careless(text), path.stem, root, plain=False))
                if path.stem not in COURTESIES_THEMSELVES:
                    courtesy = chance.choice(COURTESIES[language])
                    polite = courtesy.format(text[:1].lower() + text[1:])
                    found.append(Utterance(polite, path.stem, root, plain=False))
    return found


def careless(text: str) -> str:
    """Return a text as it is typed in haste: no capitals, accents or marks."""
    return " ".join(re.sub(r"[^\w\s'-]", " ", fold(text)).split())


def real_questions(data: Path, known: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the questions that were put to texts and those that are headings, each once."""
    native: set[str] = set()
    headings: set[str] = set()
    for name in ("pairs_fr.jsonl.xz", "pairs_en.jsonl.xz"):
        with lzma.open(data / "train" / name, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["kind"] == "question":
                    (native if row["source"] in NATIVE else headings).add(row["question"])
    for name in ("piaf-fr", "squad2-en"):
        native.update(row["question"] for row in _rows(data / "dev" / name / "train.jsonl"))
    return sorted(native.difference(known)), sorted(headings.difference(known, native))


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def embed(embedder: Embedder, texts: Sequence[str]) -> Floats:
    """Return the vectors of texts as questions, shape (texts, dimensions)."""
    known: dict[str, Floats] = {}
    if VECTORS.is_file():
        with np.load(VECTORS) as held:
            if str(held["embedder"]) == embedder.identity:
                known = dict(zip(held["texts"].tolist(), held["vectors"], strict=True))
    new = [text for text in dict.fromkeys(texts) if text not in known]
    with ThreadPoolExecutor(2) as pool:
        known.update(zip(new, pool.map(embedder.encode_query, new), strict=True))
    VECTORS.parent.mkdir(exist_ok=True)
    np.savez(VECTORS, embedder=embedder.identity, texts=list(known), vectors=np.stack(list(known.values())))
    return np.stack([known[text] for text in texts])


def fit(own: Floats, labels: Labels, real: Floats) -> tuple[Floats, Floats]:
    """Return weights, shape (intents, dimensions), and biases, shape (intents,); real questions are ``content``.

    The vectors of e5 lie close together, so they are fitted centred and scaled; both are then folded into the weights.
    """
    features = np.concatenate([own, real])
    wanted = np.concatenate([labels, np.zeros(len(real), dtype=np.int64)])
    centre, scale = own.mean(axis=0), own.std()
    counts = np.bincount(wanted)
    share = np.full(len(counts), (1 - CONTENT_SHARE) / (len(counts) - 1))
    share[0] = CONTENT_SHARE
    model = LogisticRegression(C=10 * STRENGTH / len(own), max_iter=1000, tol=1e-3)
    model.fit((features - centre) / scale, wanted, sample_weight=(share / counts)[wanted] * len(own))
    weights = model.coef_ / scale
    return weights, model.intercept_ - weights @ centre


def shares(vectors: Floats, weights: Floats, bias: Floats) -> Floats:
    """Return the probability of each intent, shape (texts, intents)."""
    raised = vectors @ weights.T + bias
    raised = np.exp(raised - raised.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def decide(table: Floats, threshold: float) -> Labels:
    """Return the intent of each row of probabilities, as ``IntentModel`` decides it."""
    return np.where(1 - table[:, 0] >= threshold, table[:, 1:].argmax(axis=1) + 1, 0)


def choose_threshold(table: Floats) -> float:
    """Return how sure one must be that a question is none about the text, for few enough real ones to be taken so."""
    reached = np.sort(1 - table[:, 0])[::-1]
    return max(LEAST_SURE, round(float(reached[int(FALSE_ALARMS * len(reached))]) + 0.0005, 3))


def fold_shares(own: Floats, labels: Labels, written: Sequence[Utterance], real: Floats) -> Floats:
    """Return the probabilities of each utterance by a fit that saw no form of it, shape (utterances, intents)."""
    roots = sorted({(one.intent, one.root) for one in written})
    random.Random(SEED).shuffle(roots)
    place = {root: number % FOLDS for number, root in enumerate(roots)}
    folds = np.array([place[one.intent, one.root] for one in written])
    found = np.zeros((len(written), labels.max() + 1), dtype=np.float32)
    for number in range(FOLDS):
        held = folds == number
        found[held] = shares(own[held], *fit(own[~held], labels[~held], real))
    return found


def print_alarms(names: Sequence[str], told: Sequence[str], table: Floats, threshold: float) -> None:
    """Print which real questions that were not fitted on are taken for something else."""
    false = [(names[label], text) for label, text in zip(decide(table, threshold), told, strict=True) if label]
    print(
        f"threshold {threshold}; false alarms: {len(false)} of {len(told)} real questions, {len(false) / len(told):.4f}"
    )
    for intent, text in false:
        print(f"  {intent}: {text}")


def print_accuracy(
    names: Sequence[str], written: Sequence[Utterance], labels: Labels, table: Floats, threshold: float
) -> None:
    """Print the part of each intent that a fit which did not see it tells right, and what the rest is taken for."""
    decided = decide(table, threshold)
    print(f"{'intent':14}{'plain':>7}{'all':>7}{'utterances':>12}  taken for")
    for number, name in enumerate(names):
        wanted = labels == number
        plain = wanted & np.array([one.plain for one in written])
        taken = Counter(names[label] for label in decided[wanted] if label != number).most_common(4)
        right = [(decided[chosen] == number).mean() for chosen in (plain, wanted)]
        print(f"{name:14}{right[0]:7.3f}{right[1]:7.3f}{wanted.sum():12}  {', '.join(f'{a} {b}' for a, b in taken)}")
    others = labels > 0
    print(
        f"all but content: {(decided == labels)[others].mean():.3f}, as no content {(decided > 0)[others].mean():.3f}"
    )


def write(names: Sequence[str], weights: Floats, bias: Floats, threshold: float, written: Sequence[Utterance]) -> None:
    """Write the weights, and what is known by heart: each utterance that names no topic."""
    exact = {exact_key(one.root): one.intent for one in written if "{topic}" not in one.root and one.intent != CONTENT}
    held = {
        "embedder": STANDARD_EMBEDDER,
        "threshold": threshold,
        "intents": list(names),
        "bias": [round(float(value), 3) for value in bias],
        "weights": [[round(float(value), 2) for value in row] for row in weights],
        "exact": dict(sorted(exact.items())),
    }
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_text(json.dumps(held, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
