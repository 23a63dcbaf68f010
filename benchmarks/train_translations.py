"""Learn which French and English stems translate each other: writes ``rag/language/data/translations.tsv.xz``.

    python -m benchmarks.train_translations ../shared/data/train/parallel_fr_en.jsonl.xz

IBM Model 1 (Brown et al. 1993, The Mathematics of Statistical Machine Translation) in both directions, six rounds of
expectation-maximisation over content stems, with add-one smoothing of each stem's total so that a stem seen twice
promises little. A pair is kept when both directions give it some probability. Takes about two minutes and 6 GiB.

The sentences are not kept: the table holds single stems and two probabilities. Their sources are named in models.md.
"""

from __future__ import annotations

import json
import lzma
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.language import content_stems
from rag.language.thesaurus import DATA

ROUNDS = 6
LONGEST = 40
LEAST_SEEN = 3
LEAST_GIVEN_FRENCH, LEAST_GIVEN_ENGLISH, LEAST_COUNT = 0.03, 0.01, 1.0

Integers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


def read_pairs(path: Path) -> list[tuple[list[str], list[str]]]:
    """Return the distinct sentence pairs as lists of distinct stems, (French, English)."""
    pairs = {}
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            french = tuple(dict.fromkeys(content_stems(row["fr"], "fr")))
            english = tuple(dict.fromkeys(content_stems(row["en"], "en")))
            if 0 < len(french) <= LONGEST and 0 < len(english) <= LONGEST:
                pairs[french, english] = (list(french), list(english))
    return list(pairs.values())


def vocabulary(sentences: list[list[str]]) -> dict[str, int]:
    """Return stem → number for the stems of letters that occur often enough to learn from."""
    seen = Counter(stem for sentence in sentences for stem in sentence)
    kept = sorted(stem for stem, count in seen.items() if count >= LEAST_SEEN and stem.isalpha())
    return {stem: number for number, stem in enumerate(kept)}


class Alignments:
    """All the word pairs of all sentence pairs, as flat arrays; ``pair`` numbers the distinct word pairs."""

    def __init__(
        self, pairs: list[tuple[list[str], list[str]]], french: dict[str, int], english: dict[str, int]
    ) -> None:
        parts: list[tuple[Integers, Integers, Integers, Integers]] = []
        position = [0, 0]
        for one, two in pairs:
            f = np.array([french[stem] for stem in one if stem in french], np.int32)
            e = np.array([english[stem] for stem in two if stem in english], np.int32)
            if not len(f) or not len(e):
                continue
            f_slots = np.arange(position[0], position[0] + len(f), dtype=np.int32)
            e_slots = np.arange(position[1], position[1] + len(e), dtype=np.int32)
            position = [position[0] + len(f), position[1] + len(e)]
            across, down = len(e), len(f)
            parts.append((np.repeat(f, across), np.tile(e, down), np.repeat(f_slots, across), np.tile(e_slots, down)))
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        f_all, e_all, self.french_slot, self.english_slot = columns
        distinct, pair = np.unique(f_all.astype(np.int64) * len(english) + e_all, return_inverse=True)
        self.pair = pair.astype(np.int32)
        self.french = (distinct // len(english)).astype(np.int32)
        self.english = (distinct % len(english)).astype(np.int32)

    def train(self, given: Integers, slot: Integers) -> tuple[Floats, Floats]:
        """Return P(other stem | given stem) and the expected counts, one for each distinct word pair."""
        probability = np.ones(len(given), np.float32)
        counts = probability
        for _ in range(ROUNDS):
            share = probability[self.pair]
            share /= np.bincount(slot, weights=share)[slot].astype(np.float32)
            counts = np.bincount(self.pair, weights=share, minlength=len(given)).astype(np.float32)
            totals = np.bincount(given, weights=counts)
            probability = (counts / (totals[given] + 1.0)).astype(np.float32)
        return probability, counts


def main() -> None:
    """Read the pairs, learn, write the table."""
    pairs = read_pairs(Path(sys.argv[1]))
    french, english = vocabulary([one for one, _ in pairs]), vocabulary([two for _, two in pairs])
    aligned = Alignments(pairs, french, english)
    given_french, count_one = aligned.train(aligned.french, aligned.english_slot)
    given_english, count_two = aligned.train(aligned.english, aligned.french_slot)
    kept = np.flatnonzero(
        (given_french > LEAST_GIVEN_FRENCH)
        & (given_english > LEAST_GIVEN_ENGLISH)
        & (np.minimum(count_one, count_two) > LEAST_COUNT)
    )
    stems_fr, stems_en = list(french), list(english)
    with lzma.open(DATA / "translations.tsv.xz", "wt", encoding="utf-8", preset=9) as out:
        for number in kept:
            one, two = stems_fr[aligned.french[number]], stems_en[aligned.english[number]]
            out.write(f"{one}\t{two}\t{given_french[number]:.3f}\t{given_english[number]:.3f}\n")
    print(f"{len(pairs)} sentence pairs, {len(french)} French and {len(english)} English stems, {len(kept)} pairs kept")


if __name__ == "__main__":
    main()
