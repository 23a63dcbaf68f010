"""Where the examples come from, how often each source is drawn from, and which examples training never sees."""

from __future__ import annotations

import pickle
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tokenizers import Tokenizer

from rag.index import Embedder
from training.questioner.made import made_readings
from training.reader.batches import Group, group_of
from training.reader.claims import made_claims, translated_claims
from training.reader.cloze import cloze_readings
from training.reader.examples import (
    Claim,
    Reading,
    read_lines,
    read_text,
    sentence_readings,
    written_claims,
    written_readings,
)
from training.reader.lacking import (
    crossed_readings,
    lacking_claims,
    lacking_lines,
    lacking_paragraphs,
    lacking_sentences,
)
from training.reader.mining import mined_readings, paired_readings

Made = dict[str, list[Group]]

SHARES = {
    "*": 1500,
    "cloze": 7000, "altered": 3500, "removed": 1500, "untold": 1200,
    "qamr": 5000, "written": 3000, "piaf-fr": 3000, "squad2-en": 1600,
    "said": 2500, "changed": 2800, "unsaid": 900, "elsewhere": 600, "translated": 3500,
    "np": 1400, "rte3": 1000, "fsym": 1400, "neg": 2500,
}  # fmt: skip
"""How often each source is drawn from, of one another; one without a number: once an example, "*" at most."""

LATER_SHARES = SHARES | {
    "cloze": 2500, "altered": 2000, "altered_annotated": 1800, "removed": 300, "untold": 400,
    "lacking": 6000, "kept": 6000, "crossed": 3500, "asked": 12000,
    "qamr": 2500, "written": 8000, "piaf-fr": 4000, "squad2-en": 3500, "afriqa_en": 1500,
    "said": 1000, "changed": 1500, "unsaid": 400, "elsewhere": 300, "translated": 2000,
    "less": 1400, "more": 1200, "swapped": 1200,
    "np": 3500, "rte3": 2500, "fsym": 2500, "neg": 1500,
}  # fmt: skip
"""The same where what people wrote counts more, a text that lacks just what is asked for stands beside the text that
tells it, and questions are asked that ``training.questioner`` made."""

ROUNDS = 8  # that the numbers above are drawn in
LATER = ("lacking", "kept", "crossed", "altered_annotated", "less", "more", "swapped", "asked")
"""Sources that only the last stage draws from."""


@dataclass(frozen=True)
class Stage:
    """A part of the training, whose learning rate rises and falls once.

    Attributes:
        steps: of it.
        rate: highest learning rate.
        shares: how often each source is drawn from.
        weight: of what is learned at its end in the average of all stages.
    """

    steps: int
    rate: float
    shares: dict[str, int]
    weight: float


STAGES = (
    Stage(1500, 1e-3, SHARES | dict.fromkeys(LATER, 0), weight=0.3),
    Stage(2000, 7e-4, LATER_SHARES, weight=0.7),
)

NATURAL = frozenset(
    [
        "ntrex",
        "ud_pud",
        "opensource_guide",
        "cds_canada_site",
        "nosgestesclimat",
        "openquizzdb",
        "react_docs",
        "statcan_daaas",
    ]
)
"""Sources of parallel sentences that are written for readers; laws and manuals of programs are left out."""

FRENCH_PAIRS = {"*": 400, "openquizzdb": 0, "piaf_fr_dev": 0}
ENGLISH_PAIRS = {"*": 60, "openquizzdb": 0, "afriqa_en": 3000, "squad2_en_dev": 0, "covidqa_en_cc": 300}
"""Questions taken of each source of pairs at most. Those of PIAF and SQuAD come with their answers from elsewhere, and
what a quiz tells of an answer is seldom one."""


@dataclass(frozen=True)
class Places:
    """Where the examples are made from, and of what.

    Attributes:
        data: folder of the data sets.
        embedder: folder of the embedder.
        work: folder for what takes long to make.
        questions: file of those that ``training.questioner`` made; there may be none.
    """

    data: Path
    embedder: Path
    work: Path
    questions: Path


def examples(places: Places, embedder: Embedder, seed: int) -> Made:
    """Return the tokens of every example by its source; each part of them is made once."""
    kept = places.work / "examples"
    kept.mkdir(exist_ok=True)
    tokenizer = Tokenizer.from_file(str(places.embedder / "tokenizer.json"))
    for name, make in _parts(places, embedder).items():
        path, started = kept / f"{name}.pickle", time.perf_counter()
        if not path.is_file():
            made: Made = {}
            for example in make(random.Random(f"{seed} {name}")):
                group = group_of(example, tokenizer)
                if group:
                    made.setdefault(example.source, []).append(group)
            path.write_bytes(pickle.dumps(made))
            print(f"{time.perf_counter() - started:7.0f} s  {name}", flush=True)
    read = read_examples(kept)
    for source, groups in sorted(read.items()):
        print(f"{source:22} {len(groups):6} groups {sum(map(len, groups)):7} pairs", flush=True)
    return read


def read_examples(folder: Path) -> Made:
    """Return the tokens of the examples that were made, by their source."""
    read: Made = {}
    for path in sorted(folder.glob("*.pickle")):
        for source, groups in pickle.loads(path.read_bytes()).items():
            read.setdefault(source, []).extend(groups)
    return read


def drawn(made: Made, chance: random.Random, shares: dict[str, int]) -> list[Group]:
    """Return the examples of one round: of each source about as many as it is worth.

    Args:
        made: all examples.
        chance: of what is drawn.
        shares: how often each source is drawn from; one that is not named, once an example.
    """
    found: list[Group] = []
    for source in sorted(made):
        groups = [group for at, group in enumerate(made[source]) if not held_back(at)]
        count = shares.get(source, min(len(groups), shares["*"]))
        found += [chance.choice(groups) for _ in range(count // ROUNDS)] if groups else []
    return found


def held_back(at: int) -> bool:
    """Return whether the example with this number of a source is kept to calibrate on: one block of ten in twenty."""
    return at // 10 % 20 == 7


Part = Callable[[random.Random], Iterator[Reading | Claim]]


def _parts(places: Places, embedder: Embedder) -> dict[str, Part]:
    """Return what makes each part of the examples, by its name."""
    data, train, dev, work = places.data, places.data / "train", places.data / "dev", places.work
    text = {language: lines_of(train / f"text_{language}.txt.xz") for language in ("fr", "en")}
    parallel = [line for line in read_lines(train / "parallel_fr_en.jsonl.xz") if line["source"] in NATURAL]
    sets = {"piaf-fr": "fr", "squad2-en": "en"}
    pairs = {"pairs_fr": FRENCH_PAIRS, "pairs_en": ENGLISH_PAIRS}
    annotated = train / "qamr_en.jsonl.xz"
    made: dict[str, Part] = {
        "written": partial(written_readings, train / "answers.jsonl"),
        "written_claims": lambda _: written_claims(train / "nli.jsonl"),
        "annotated": partial(sentence_readings, annotated, 16000),
        "annotated_lacking": partial(lacking_sentences, annotated, 9000),
        "translated_claims": partial(translated_claims, parallel, 7000),
        "crossed": partial(crossed_readings, parallel, 9000),
        "asked": partial(made_readings, places.questions, data),
    }
    for language, questions, lacking, claims in (("fr", 26000, 9000, 9000), ("en", 7000, 3000, 3000)):
        lines = text[language]
        made |= {
            f"cloze_{language}": partial(cloze_readings, lines, language, questions),
            f"lacking_{language}": partial(lacking_lines, lines, language, lacking),
            f"claims_{language}": partial(made_claims, lines, language, claims),
            f"lacking_claims_{language}": partial(lacking_claims, lines, language, claims // 2),
        }
    for name, language in sets.items():
        made[name] = partial(mined_readings, dev / name, embedder, work)
        made[f"{name}_lacking"] = partial(lacking_paragraphs, dev / name, language)
    for name, sources in pairs.items():
        made[name] = partial(paired_readings, train / f"{name}.jsonl.xz", sources, embedder, work)
    return made


def lines_of(path: Path) -> list[str]:
    """Return the paragraphs of a running text that are long enough to be asked about."""
    return [line.strip() for line in read_text(path) if len(line) > 60]
