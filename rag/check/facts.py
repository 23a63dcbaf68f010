"""What of a text can be looked up one by one: its numbers, dates, names and quotations; pure.

:class:`Facts` are those of a piece of an article, or of a sentence of an answer, taken apart once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from rag.language import Word, content_stems, fold, words
from rag.language.dates import Moment, find_moments
from rag.language.names import Name, NamePart, find_names
from rag.language.quantities import Quantity, find_quantities

NOWHERE, ELSEWHERE, CITED = 0, 1, 2
"""Where a fact of a sentence stands: in no article, in one but not where the sentence points, or in what it cites."""

_QUOTATION = re.compile(r"«([^«»]*)»|“([^“”]*)”|\"([^\"]*)\"")
_SHORTEST_QUOTATION = 8  # characters
_GAP = re.compile(r"[\[(][^\])]{0,40}[\])]|\.\.\.|…")


@dataclass(frozen=True)
class Facts:
    """A text taken apart, each kind of fact when it is first asked for."""

    text: str
    language: str

    @cached_property
    def moments(self) -> list[Moment]:
        """Its dates."""
        return find_moments(self.text, self.language)

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Its numbers outside of dates."""
        return find_quantities(self.text, self.language, [(one.start, one.end) for one in self.moments])

    @cached_property
    def names(self) -> list[Name]:
        """Its names."""
        return find_names(self.text, self.language, self.counted)

    @cached_property
    def counted(self) -> list[tuple[int, int]]:
        """Where its dates and numbers stand."""
        return [*((one.start, one.end) for one in self.moments), *((one.start, one.end) for one in self.quantities)]

    @cached_property
    def parts(self) -> list[NamePart]:
        """The words of its names."""
        return [part for name in self.names for part in name.parts]

    @cached_property
    def countries(self) -> frozenset[int]:
        """The countries it names."""
        return frozenset().union(*(part.countries for part in self.parts))

    @cached_property
    def words(self) -> list[Word]:
        """Its words."""
        return words(self.text, self.language)

    @cached_property
    def forms(self) -> frozenset[str]:
        """Every word of it, folded and as a stem."""
        return frozenset(form for word in self.words for form in (fold(word.text).rstrip("'"), word.stem))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words with meaning."""
        return frozenset(content_stems(self.text, self.language))

    @cached_property
    def plain(self) -> str:
        """Its letters and figures, folded, with single spaces between words."""
        return plain(self.text)

    @cached_property
    def stemmed(self) -> str:
        """The stems of its words with meaning, in order, with single spaces between them."""
        return " ".join(content_stems(self.text, self.language))

    @cached_property
    def dated_numbers(self) -> frozenset[Fraction]:
        """The years and days that its dates tell."""
        return frozenset(Fraction(number) for one in self.moments for number in (one.year, one.day) if number)

    @cached_property
    def quotations(self) -> list[str]:
        """What stands in quotation marks, long enough to be somebody's words."""
        quoted = (part.strip() for found in _QUOTATION.findall(self.text) for part in found)
        return [part for part in quoted if len(part) >= _SHORTEST_QUOTATION]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a sentence may rest on.

    Attributes:
        cited: what it cites.
        near: the same and what stands close to it, titles included.
        whole: the articles, those that are cited first.
        date: when the article was published, ISO; empty if unknown.
    """

    cited: Facts
    near: Facts
    whole: tuple[Facts, ...]
    date: str


@lru_cache(maxsize=128)
def take_apart(text: str, language: str) -> Facts:
    """Return a short text taken apart; a sentence is compared with several texts, and they with several."""
    return Facts(text, language)


@lru_cache(maxsize=16)
def take_apart_article(text: str, language: str) -> Facts:
    """Return an article taken apart, once for all the questions about it."""
    return Facts(text, language)


def plain(text: str) -> str:
    """Return the letters and figures of a text, folded, with single spaces between words."""
    return " ".join(re.findall(r"\w+", fold(text)))


def quoted_pieces(quotation: str) -> list[str]:
    """Return what a quotation takes word for word, plain: what lies between its gaps and insertions."""
    return [piece for part in _GAP.split(quotation) if (piece := plain(part))]
