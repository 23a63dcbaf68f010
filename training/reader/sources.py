"""Where the examples come from, how often each source is drawn from, and which examples training never sees."""

from __future__ import annotations

import pickle
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from rag.index import Embedder
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
from training.reader.mining import mined_readings, paired_readings

Made = dict[str, list[Group]]

SHARES = {
    "cloze": 7000, "altered": 3500, "removed": 1500, "untold": 1200,
    "qamr": 5000, "written": 3000, "piaf-fr": 3000, "squad2-en": 1600,
    "said": 2500, "changed": 2800, "unsaid": 900, "elsewhere": 600, "translated": 3500,
    "np": 1400, "rte3": 1000, "fsym": 1400, "neg": 2500,
}  # fmt: skip
"""How often each source is drawn from, of one another; those without a number: once an example, 3,000 at most."""

WRITTEN_SHARES = SHARES | {
    "cloze": 3500, "altered": 2500, "removed": 500, "untold": 600,
    "qamr": 2500, "written": 10000, "piaf-fr": 4000, "squad2-en": 3500, "afriqa_en": 1500,
    "said": 1500, "changed": 1800, "unsaid": 600, "elsewhere": 300, "translated": 2000,
    "np": 3500, "rte3": 2500, "fsym": 2500, "neg": 1500,
}  # fmt: skip
"""The same for the second part of the training: what people wrote counts more, what was made counts less."""

MADE_PART = 0.35
"""Part of the training that comes first."""

ROUNDS = 8  # that the numbers above are drawn in
UNNUMBERED = 3000

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
    """

    data: Path
    embedder: Path
    work: Path


def examples(places: Places, embedder: Embedder, seed: int) -> Made:
    """Return the tokens of every example by its source, made once."""
    kept = places.work / "examples.pickle"
    if not kept.is_file():
        chance = random.Random(seed)
        tokenizer = Tokenizer.from_file(str(places.embedder / "tokenizer.json"))
        made: Made = {}
        for example in _all_examples(places, embedder, chance):
            group = group_of(example, tokenizer)
            if group:
                made.setdefault(example.source, []).append(group)
        kept.write_bytes(pickle.dumps(made))
    read: Made = pickle.loads(kept.read_bytes())
    for source, groups in sorted(read.items()):
        print(f"{source:22} {len(groups):6} groups {sum(map(len, groups)):7} pairs", flush=True)
    return read


def drawn(made: Made, chance: random.Random, part: float) -> list[Group]:
    """Return the examples of one round: of each source about as many as it is worth.

    Args:
        made: all examples.
        chance: of what is drawn.
        part: of the training that is done, in [0, 1].
    """
    shares = SHARES if part < MADE_PART else WRITTEN_SHARES
    unnumbered = UNNUMBERED if part < MADE_PART else UNNUMBERED // 2
    found: list[Group] = []
    for source in sorted(made):
        groups = [group for at, group in enumerate(made[source]) if not held_back(at)]
        count = shares.get(source, min(len(groups), unnumbered))
        found += [chance.choice(groups) for _ in range(count // ROUNDS)] if groups else []
    return found


def held_back(at: int) -> bool:
    """Return whether the example with this number of a source is kept to calibrate on: one block of ten in twenty."""
    return at // 10 % 20 == 7


def _all_examples(places: Places, embedder: Embedder, chance: random.Random) -> Iterator[Reading | Claim]:
    train, started = places.data / "train", time.perf_counter()

    def told(name: str) -> None:
        print(f"{time.perf_counter() - started:7.0f} s  {name}", flush=True)

    yield from written_readings(train / "answers.jsonl", chance)
    yield from written_claims(train / "nli.jsonl")
    yield from sentence_readings(train / "qamr_en.jsonl.xz", chance, 16000)
    told("written and annotated")
    for language, questions, claims in (("fr", 26000, 9000), ("en", 7000, 3000)):
        lines = [line.strip() for line in read_text(train / f"text_{language}.txt.xz") if len(line) > 60]
        yield from cloze_readings(lines, language, chance, questions)
        yield from made_claims(lines, language, chance, claims)
        told(f"made of {language}")
    parallel = [line for line in read_lines(train / "parallel_fr_en.jsonl.xz") if line["source"] in NATURAL]
    yield from translated_claims(parallel, chance, 7000)
    for name in ("piaf-fr", "squad2-en"):
        yield from mined_readings(places.data / "dev" / name, embedder, places.work, chance)
        told(name)
    for name, sources in (("pairs_fr.jsonl.xz", FRENCH_PAIRS), ("pairs_en.jsonl.xz", ENGLISH_PAIRS)):
        yield from paired_readings(train / name, sources, embedder, places.work, chance)
        told(name)
