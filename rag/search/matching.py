"""How well words match a question: terms with their rarity and their variants, and coverage; pure.

A *term* is one content word of the question. It is matched by its own stem or by a variant of it (another form, a
near-synonym, a translation, a corrected typing error), each with a weight in (0, 1].
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


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


@dataclass(frozen=True, slots=True)
class Matches:
    """The stems that match a question's terms, ready to be looked up many times.

    Attributes:
        terms: of the question, in order.
        by_stem: stem → (number of the term, rarity of the term times weight of the match).
        total: rarity of all terms together.
    """

    terms: tuple[Term, ...]
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


def match_terms(terms: Sequence[Term]) -> Matches:
    """Return what :class:`Matches` needs of the terms."""
    by_stem: dict[str, list[tuple[int, float]]] = {}
    for number, term in enumerate(terms):
        for stem, weight in term.variants.items():
            by_stem.setdefault(stem, []).append((number, term.rarity * weight))
    return Matches(
        tuple(terms), {stem: tuple(pairs) for stem, pairs in by_stem.items()}, sum(t.rarity for t in terms) or 1.0
    )
