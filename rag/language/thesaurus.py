"""Which words of an article may stand for a word of a question: other forms, near-synonyms, translations, demonyms.

Three sources, each a table under ``rag/language/data/`` that a person can read:

- ``translations.tsv.xz``: French and English stems with the probability of one given the other, learned from
  parallel sentences by ``benchmarks/train_translations.py`` (IBM Model 1, Brown et al. 1993). It gives translations
  directly, and near-synonyms within a language by going to the other one and back.
- ``families.txt``: families of words of one idea, our own.
- ``world.tsv``: countries with the names of their people and of the cities that stand for their governments, our own.
"""

from __future__ import annotations

import lzma
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from rag.language.countries import load_countries
from rag.language.words import Word, content_stems, stop_words, words

DATA = Path(__file__).parent / "data"

FAMILY_WEIGHT = 0.6
DEMONYM_WEIGHT = 0.9
CAPITAL_WEIGHT = 0.5
TRANSLATION_WEIGHT = 0.9
LEAST_WEIGHT = 0.08
MOST_VARIANTS = 16
ROOT_LENGTH = 5
LONGEST_ENDING = 3
_COMPASS = frozenset(
    ("nord", "sud", "est", "ouest", "north", "south", "east", "west", "northern", "southern", "eastern", "western")
)

Table = dict[str, list[tuple[str, float]]]


@dataclass(frozen=True)
class Thesaurus:
    """The tables in memory: (question language, article language) → stem → related stems with weights in (0, 1]."""

    related: dict[tuple[str, str], Table] = field(default_factory=dict)

    def knows(self, asked: str, written: str) -> bool:
        """Return whether words of a question in one language can be found in an article in the other."""
        return asked == written or (asked, written) in self.related

    def variants(self, stem: str, asked: str, written: str) -> dict[str, float]:
        """Return the stems that may stand for ``stem`` in an article, with weights in (0, 1].

        The stem itself comes first with weight 1, in another language too: names are written alike.

        Args:
            stem: of a word of the question.
            asked: language of the question.
            written: language of the article.
        """
        found = {stem: 1.0}
        for other, weight in self.related.get((asked, written), {}).get(stem, ())[:MOST_VARIANTS]:
            found[other] = max(weight, found.get(other, 0.0))
        return found


@lru_cache(maxsize=1)
def load_thesaurus() -> Thesaurus:
    """Return the thesaurus, read once; about a fifth of a second."""
    weights: dict[tuple[str, str], dict[str, dict[str, float]]] = {
        pair: defaultdict(dict) for pair in (("fr", "fr"), ("fr", "en"), ("en", "fr"), ("en", "en"))
    }
    for pair, stem, other, weight in (*_translated(), *_families(), *_world()):
        if stem != other and weight >= LEAST_WEIGHT:
            kept = weights[pair][stem]
            kept[other] = max(weight, kept.get(other, 0.0))
    return Thesaurus(
        {
            pair: {stem: sorted(found.items(), key=lambda item: (-item[1], item[0])) for stem, found in table.items()}
            for pair, table in weights.items()
        }
    )


Related = tuple[tuple[str, str], str, str, float]
"""Languages of the question and of the article, a stem in each, and how surely the second stands for the first."""


def _translated() -> Iterator[Related]:
    """Yield translations, and near-synonyms by way of the other language."""
    english: dict[str, list[tuple[str, float, float]]] = defaultdict(
        list
    )  # French stem → (English, P(en|fr), P(fr|en))
    french: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    with lzma.open(DATA / "translations.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            fr, en, given_fr, given_en = line.rstrip("\n").split("\t")
            english[fr].append((en, float(given_fr), float(given_en)))
            french[en].append((fr, float(given_en), float(given_fr)))
    for asked, written, there, back in (("fr", "en", english, french), ("en", "fr", french, english)):
        for stem, found in there.items():
            # A translation counts when either direction is sure of it: one word often has several translations.
            best = max(max(p, q) for _, p, q in found)
            for other, p, q in found:
                yield (asked, written), stem, other, TRANSLATION_WEIGHT * max(p, q) / best
            near: dict[str, float] = defaultdict(float)
            for other, p, _ in found:
                for again, q, _ in back[other]:
                    near[again] += p * q
            own = near.pop(stem, 0.0)
            for again, weight in near.items():
                yield (asked, asked), stem, again, weight / max(own + weight, 0.25)


def _families() -> Iterator[Related]:
    """Yield every pair within a family, within and across languages."""
    for line in (DATA / "families.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        stems = {"fr": set[str](), "en": set[str]()}
        for part in line.split(";"):
            language, _, listed = part.strip().partition(":")
            for word in listed.split():
                found = content_stems(word.replace("_", " "), language)
                # A hyphenated word comes whole first, then by its parts.
                if found and (len(found) == 1 or ("-" in word and "_" not in word)):
                    stems[language].add(found[0])
        yield from _pairs(stems, FAMILY_WEIGHT)


def _world() -> Iterator[Related]:
    """Yield country, demonym and capital pairs."""
    countries = load_countries()
    halved = {
        language: halved_names([(*one.names[language], *one.peoples[language]) for one in countries], language)
        for language in ("fr", "en")
    }
    for country in countries:
        people = {
            language: _single((*country.names[language], *country.peoples[language]), language, halved[language])
            for language in ("fr", "en")
        }
        seats = {language: _single(names, language) for language, names in country.capitals.items()}
        yield from _pairs(people, DEMONYM_WEIGHT)
        for one, first in people.items():
            for two, second in seats.items():
                for stem in first:
                    for seat in second:
                        yield (one, two), stem, seat, CAPITAL_WEIGHT
                        yield (two, one), seat, stem, CAPITAL_WEIGHT


def _single(names: Iterable[str], language: str, halved: frozenset[str] = frozenset()) -> set[str]:
    """Return the stem of each name that one word tells; "nord-coréen" is told by ``nordcoreen`` and by ``coreen``."""
    found = set()
    for name in names:
        stems = content_stems(name, language)
        if len(stems) == 1 or (stems and "-" in name and " " not in name):
            found.add(stems[0])
        found |= halved.intersection(stems)
    return found


def halved_names(countries: Iterable[Iterable[str]], language: str) -> frozenset[str]:
    """Return the stems that several countries share but for a point of the compass, and that no country has alone.

    A text says "les Coréens" after "la Corée du Nord": the half of the name still tells it. Not so of South Africa,
    since Africa is something else.

    Args:
        countries: the names of each country and of its people.
        language: ISO 639-1 code.
    """
    alone: set[str] = set()
    shared: dict[str, set[int]] = defaultdict(set)
    for number, names in enumerate(countries):
        for name in names:
            stems = [word.stem for word in words(name.replace("-", " "), language) if _tells(word, language)]
            rest = [stem for stem in stems if stem not in _COMPASS]
            if len(stems) == len(rest) == 1:
                alone.add(stems[0])
            elif len(rest) == 1:
                shared[rest[0]].add(number)
    return frozenset(stem for stem, holding in shared.items() if len(holding) > 1 and stem not in alone)


def _tells(word: Word, language: str) -> bool:
    return word.stem in _COMPASS or word.text.lower().rstrip("'’") not in stop_words(language)


def _pairs(stems: dict[str, set[str]], weight: float) -> Iterator[Related]:
    for asked, first in stems.items():
        for written, second in stems.items():
            for stem in first:
                for other in second:
                    yield (asked, written), stem, other, weight


def same_root(first: str, second: str) -> bool:
    """Return whether two folded stems are likely forms of one word: a long common beginning, short endings."""
    common = 0
    for one, two in zip(first, second, strict=False):
        if one != two:
            break
        common += 1
    return common >= ROOT_LENGTH and max(len(first), len(second)) - common <= LONGEST_ENDING
