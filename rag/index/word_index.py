"""Search by words: BM25 over the stems of passages. It knows rows and stems, nothing of texts.

BM25 is Robertson and Zaragoza's (2009, The Probabilistic Relevance Framework), with the fields of a passage weighted
into one count as their BM25F does. Postings lie in three flat arrays, term after term, so that a question costs the
length of its terms' postings and not the size of the library; passages are put in and taken out without counting the
others again.
"""

from __future__ import annotations

import copy
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.index.derived_files import read_derived, write_derived

K1 = 0.9
B = 0.4
FIELD_WEIGHTS = np.array([1.0, 0.5, 1.0])  # of title, heading and body

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class WordFields:
    """The stems of a passage and of what stands above it, each separated by blanks."""

    title: str
    heading: str
    body: str


class WordIndex:
    """BM25 over passages.

    Args:
        passages: row → the stems of its fields; rows may come in any order.

    Attributes:
        rows: of the passages, ascending, shape (passages,).
    """

    def __init__(self, passages: Mapping[int, WordFields]) -> None:
        self.rows: Integers = np.zeros(0, dtype=np.int64)
        self._numbers: dict[str, int] = {}  # stem → number of its postings
        self._starts: Integers = np.zeros(1, dtype=np.int64)  # postings n lie from starts[n] to starts[n + 1]
        self._places: Places = np.zeros(0, dtype=np.int32)  # index into rows
        self._counts: Floats = np.zeros(0, dtype=np.float32)  # weighted occurrences there
        self._lengths: Floats = np.zeros(0, dtype=np.float32)  # weighted number of stems of each passage
        self._sorted: list[str] = []  # the first of the stems by number, once somebody asks for them
        self.add(passages)

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.rows)

    def add(self, passages: Mapping[int, WordFields]) -> None:
        """Put passages in.

        Raises:
            ValueError: a row is not larger than all that are here, as those of new passages are.
        """
        if not passages:
            return
        new = sorted(passages)
        if len(self.rows) and new[0] <= self.rows[-1]:
            raise ValueError(f"row {new[0]} does not come after row {self.rows[-1]}")
        numbers, places, counts = self._count([passages[row] for row in new])
        first = len(self.rows)
        self.rows = np.concatenate([self.rows, np.array(new, dtype=np.int64)])
        self._lengths = np.concatenate([self._lengths, np.bincount(places, counts, len(new)).astype(np.float32)])
        terms = len(self._numbers)
        ends = np.concatenate([self._starts[1:], np.full(terms + 1 - len(self._starts), self._starts[-1])])
        self._places = np.insert(self._places, ends[numbers], (places + first).astype(np.int32))
        self._counts = np.insert(self._counts, ends[numbers], counts)
        self._starts = np.concatenate([[0], ends + np.cumsum(np.bincount(numbers, minlength=terms))])

    def remove(self, rows: Iterable[int]) -> None:
        """Take passages out; rows that are not here change nothing."""
        gone = np.isin(self.rows, np.fromiter(rows, dtype=np.int64))
        if not gone.any():
            return
        kept = ~gone[self._places]
        before = np.concatenate([[0], np.cumsum(kept)])
        self._starts = before[self._starts]
        moved = np.cumsum(~gone) - 1
        self._places = moved[self._places[kept]].astype(np.int32)
        self._counts = self._counts[kept]
        self._lengths = self._lengths[~gone]
        self.rows = self.rows[~gone]
        self._forget_unused()

    def copy(self) -> WordIndex:
        """Return an index that changes without this one; what never changes in place is shared."""
        other = copy.copy(self)
        other._numbers = dict(self._numbers)  # noqa: SLF001
        return other

    def holding(self, stem: str) -> int:
        """Return the number of passages that hold a stem."""
        number = self._numbers.get(stem)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])

    def stems(self) -> Iterable[str]:
        """Return every stem, in no particular order."""
        return self._numbers

    def beginning_with(self, letters: str) -> list[str]:
        """Return the stems that begin with some letters, sorted."""
        stems = self._sorted
        if len(stems) != len(self._numbers):  # those put in since; sorting what is nearly sorted costs little
            self._sorted = stems = sorted([*stems, *islice(self._numbers, len(stems), None)])
        return stems[bisect_left(stems, letters) : bisect_right(stems, letters + "\uffff")]

    def bound(self, terms: Sequence[Mapping[str, float]]) -> float:
        """Return what no passage's score can reach: that of one with every word of the question, again and again."""
        rarities = (inverse_document_frequency(len(self.rows), len(self._occurrences(one)[0])) for one in terms)
        return (K1 + 1) * sum(rarities)

    def scores(self, terms: Sequence[Mapping[str, float]]) -> Floats:
        """Return BM25 of every passage for a question, shape (passages,); 0 where none of its words is held.

        Args:
            terms: for each word of the question, the stems that may stand for it with a weight in (0, 1]; the
                occurrences of all of them count together.
        """
        total = np.zeros(len(self.rows), dtype=np.float32)
        if not len(self.rows):
            return total
        norms = K1 * (1 - B + B * self._lengths / max(float(self._lengths.mean()), 1e-9))
        for variants in terms:
            places, counts = self._occurrences(variants)
            if len(places):
                rarity = inverse_document_frequency(len(self.rows), len(places))
                total[places] += rarity * counts * (K1 + 1) / (counts + norms[places])
        return total

    def _count(self, passages: Sequence[WordFields]) -> tuple[Integers, Integers, Floats]:
        """Return what to insert, in order: numbers of stems, places among ``passages``, weighted occurrences."""
        numbers: list[int] = []
        sizes: list[int] = []
        for fields in passages:
            for stems in (fields.title, fields.heading, fields.body):
                found = stems.split()
                numbers += [self._numbers.setdefault(stem, len(self._numbers)) for stem in found]
                sizes.append(len(found))
        weights = np.repeat(np.tile(FIELD_WEIGHTS, len(passages)), sizes)
        places = np.repeat(np.repeat(np.arange(len(passages)), len(FIELD_WEIGHTS)), sizes)
        keys, inverse = np.unique(np.array(numbers, dtype=np.int64) * len(passages) + places, return_inverse=True)
        counts = np.bincount(inverse, weights, len(keys)).astype(np.float32)
        return keys // len(passages), keys % len(passages), counts

    def save(self, path: Path, library: str) -> None:
        """Write the index beside the store, whole or not at all.

        Args:
            path: of the file.
            library: what tells this library's rows from another's.
        """
        stems = "\n".join(self._numbers).encode()
        arrays = (self.rows, self._starts, self._places, self._counts, self._lengths)
        about = {"holds": "words", "library": library}
        write_derived(path, about, [stems, *(array.data.cast("B") for array in arrays)])

    @classmethod
    def load(cls, path: Path, library: str) -> WordIndex | None:
        """Return the index from ``path``, or None where the file is missing, damaged or of another library."""
        read = read_derived(path)
        if read is None or read[0] != {"holds": "words", "library": library}:
            return None
        stems, rows, starts, places, counts, lengths = read[1]
        loaded = cls({})
        found = bytes(stems).decode().split("\n") if len(stems) else []
        loaded._numbers = {stem: number for number, stem in enumerate(found)}
        loaded.rows = np.array(np.frombuffer(rows, dtype=np.int64))  # copied: in the file they stand at odd addresses
        loaded._starts = np.array(np.frombuffer(starts, dtype=np.int64))
        loaded._places = np.array(np.frombuffer(places, dtype=np.int32))
        loaded._counts = np.array(np.frombuffer(counts, dtype=np.float32))
        loaded._lengths = np.array(np.frombuffer(lengths, dtype=np.float32))
        return loaded

    def _occurrences(self, variants: Mapping[str, float]) -> tuple[Places, Floats]:
        """Return the places that hold any of the stems, and their weighted occurrences there."""
        found = [(self._numbers[stem], weight) for stem, weight in variants.items() if stem in self._numbers]
        spans = [(slice(self._starts[number], self._starts[number + 1]), weight) for number, weight in found]
        if len(spans) == 1:
            span, weight = spans[0]
            return self._places[span], self._counts[span] * np.float32(weight)
        together = np.zeros(len(self.rows) if spans else 0, dtype=np.float32)
        for span, weight in spans:
            together[self._places[span]] += self._counts[span] * np.float32(weight)  # no place twice in one span
        places = np.flatnonzero(together).astype(np.int32)
        return places, together[places]

    def _forget_unused(self) -> None:
        """Drop the stems that no passage holds any more."""
        used = np.diff(self._starts) > 0
        if used.all():
            return
        stems = [stem for stem, number in self._numbers.items() if used[number]]
        self._numbers = {stem: number for number, stem in enumerate(stems)}
        self._sorted = [stem for stem in self._sorted if stem in self._numbers]
        self._starts = np.concatenate([self._starts[:-1][used], self._starts[-1:]])


def inverse_document_frequency(passages: float, holding: float) -> float:
    """Return ln(1 + (N - n + 0.5) / (n + 0.5)), never negative: how rare a word is, in nats."""
    return math.log(1 + (max(passages - holding, 0.0) + 0.5) / (holding + 0.5))


def best_rows(
    rows: npt.NDArray[np.int64], scores: npt.NDArray[np.float32], limit: int, among: Sequence[int] | None
) -> list[int]:
    """Return the rows with the largest scores above 0, best first, ties by row.

    Args:
        rows: ascending, shape (passages,).
        scores: one a row.
        limit: number of rows at most.
        among: rows to stay within; None: all.
    """
    if among is not None:
        places = np.searchsorted(rows, among)
        rows, scores = rows[places], scores[places]
    held = np.flatnonzero(scores > 0)
    if len(held) > limit:
        held = held[np.argpartition(-scores[held], limit)[:limit]]
    ordered = held[np.lexsort((rows[held], -scores[held]))]
    return [int(row) for row in rows[ordered]]
