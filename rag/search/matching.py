"""How well words match a question: terms with their rarity and their variants, coverage, and BM25; pure.

A *term* is one content word of the question. It is matched by its own stem or by a variant of it (another form, a
near-synonym, a translation, a corrected typing error), each with a weight in (0, 1].
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

K1 = 1.2
B = 0.6
"""BM25's saturation and length normalisation (Robertson & Zaragoza 2009), 0.4 and 0.9 gained nothing."""


@dataclass(frozen=True, slots=True)
class Term:
    """One content word of a question.

    Attributes:
        stem: of the word.
        rarity: inverse document frequency, in nats; larger is rarer.
        variants: stem in the article → weight; holds ``stem`` itself.
        name: whether it is a proper name or a number.
        spelt: the stems of the word itself, in the languages of the library, corrected where it was mistyped.
    """

    stem: str
    rarity: float
    variants: Mapping[str, float]
    name: bool = False
    spelt: Mapping[str, float] = field(default_factory=dict)


def rarity(passages: float, holding: float) -> float:
    """Return the inverse document frequency ln(1 + (N - n + 0.5) / (n + 0.5)), never negative."""
    return math.log(1 + (max(passages - holding, 0.0) + 0.5) / (holding + 0.5))


@dataclass(frozen=True, slots=True)
class Matches:
    """The stems that match a question's terms, ready to be looked up many times.

    Attributes:
        by_stem: stem → (number of the term, rarity of the term times weight of the match).
        total: rarity of all terms together.
    """

    by_stem: Mapping[str, tuple[tuple[int, float], ...]]
    total: float

    def found(self, stems: Iterable[str]) -> dict[int, float]:
        """Return term → the best weighted rarity among ``stems``, for the terms that match any."""
        best: dict[int, float] = {}
        for stem in stems:
            for number, value in self.by_stem.get(stem, ()):
                if value > best.get(number, 0.0):
                    best[number] = value
        return best

    def part(self, *found: Mapping[int, float]) -> float:
        """Return the part of the question's rarity that is found in any of ``found``, in [0, 1]."""
        if len(found) == 1:
            return sum(found[0].values()) / self.total
        numbers = {number for one in found for number in one}
        return sum(max(one.get(number, 0.0) for one in found) for number in numbers) / self.total

    def densest(self, stems: Sequence[str], window: int) -> float:
        """Return the largest part found within ``window`` stems that follow each other, in [0, 1]."""
        places = [at for at, stem in enumerate(stems) if stem in self.by_stem]
        return max((self.part(self.found(stems[at : at + window])) for at in places), default=0.0)


def match_terms(terms: Sequence[Term]) -> Matches:
    """Return what :class:`Matches` needs of the terms."""
    by_stem: dict[str, list[tuple[int, float]]] = {}
    for number, term in enumerate(terms):
        for stem, weight in term.variants.items():
            by_stem.setdefault(stem, []).append((number, term.rarity * weight))
    return Matches({stem: tuple(pairs) for stem, pairs in by_stem.items()}, sum(t.rarity for t in terms) or 1.0)


def bm25(terms: Sequence[Term], counts: Mapping[str, float], length: float, average: float) -> float:
    """Return BM25 of a passage whose stems occur ``counts`` times, fields already weighted into the counts.

    Args:
        terms: of the question.
        counts: stem → weighted number of occurrences.
        length: weighted number of stems in the passage.
        average: the same, over the passages it is compared with.
    """
    norm = K1 * (1 - B + B * length / (average or 1.0))
    score = 0.0
    for term in terms:
        frequency = sum(weight * counts.get(stem, 0.0) for stem, weight in term.variants.items())
        score += term.rarity * frequency * (K1 + 1) / (frequency + norm) if frequency else 0.0
    return score


def count_fields(fields: Sequence[tuple[str, float]]) -> tuple[Counter[str], float]:
    """Return the weighted counts and the weighted length of fields, each a (stems separated by blanks, weight)."""
    counts: Counter[str] = Counter()
    length = 0.0
    for stems, weight in fields:
        found = stems.split()
        for stem in found:
            counts[stem] += weight  # type: ignore[assignment]
        length += weight * len(found)
    return counts, length
