"""A citation mark, or a sentence that came without one, is resolved to exact characters of the article; pure.

Two numberings never meet: passages are numbered for the model by the prompt; citations are numbered for the reader by
:class:`CitationBook`, one number for one stretch of the article, in the order they first appear.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.answer.marks import Mark
from rag.answer.narrowing import Likeness, narrow
from rag.language import content_stems
from rag.reading import page_at
from rag.values import Article, Citation, Hit

ATTRIBUTION_TRIES = 4  # each reads a text


@dataclass
class CitationBook:
    """Gives every cited stretch its number, and finds the sentence of a passage that a mark means.

    Args:
        hits: the numbered passages of the prompt: ``hits[i]`` has the number ``i + 1``.
        articles: identifier → article, for those of the hits.
        likeness: how probably each of several texts says a sentence.
        whole: whether a mark means its whole passage, because that is a quote itself.
    """

    hits: Sequence[Hit]
    articles: Mapping[str, Article]
    likeness: Likeness
    whole: bool = False
    unknown: int = 0
    _numbers: dict[tuple[str, int, int], Citation] = field(default_factory=dict)
    _stems: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations given so far, by number."""
        return tuple(self._numbers.values())

    def resolve(self, mark: Mark, sentence: str) -> Citation | None:
        """Return the citation of the sentence in the marked passage that best matches ``sentence``.

        A number that no passage has is counted in ``unknown`` and gives None.
        """
        if not 1 <= mark.number <= len(self.hits):
            self.unknown += 1
            return None
        hit = self.hits[mark.number - 1]
        return self.cite(hit, *self._narrowed(hit, sentence))

    def attribute(self, sentence: str, says: Callable[[str, Citation], bool]) -> Citation | None:
        """Return a citation for a sentence that came without any, or None where no passage says it.

        Small models forget their marks. The passages that share most words with the sentence are tried, those of the
        best rank first among equals, each narrowed to its closest sentence.

        Args:
            sentence: of the answer.
            says: whether a sentence is fully supported by a citation.
        """
        shared = {hit: self._shared(hit, sentence) for hit in self.hits}
        close = [hit for hit in self.hits if 2 * shared[hit] >= max(shared.values())]
        for hit in sorted(close, key=lambda hit: (-shared[hit], -hit.score))[:ATTRIBUTION_TRIES]:
            start, end = self._narrowed(hit, sentence)
            citation = self._cited(0, hit, start, end)
            if says(sentence, citation):
                return self.cite(hit, start, end)
        return None

    def _narrowed(self, hit: Hit, sentence: str) -> tuple[int, int]:
        passage = hit.passage
        if self.whole:
            return passage.start, passage.end
        return narrow(passage, sentence, self.articles[passage.article], self.likeness)

    def _shared(self, hit: Hit, sentence: str) -> int:
        """Return how many words with meaning a passage shares with a sentence of the answer."""
        language = self.articles[hit.passage.article].language
        key = hit.passage.article, hit.passage.start
        if key not in self._stems:
            self._stems[key] = frozenset(content_stems(hit.passage.text, language))
        return len(self._stems[key].intersection(content_stems(sentence, language)))

    def cite(self, hit: Hit, start: int, end: int) -> Citation:
        """Return the citation of these characters of the hit's article, under the number it has or gets."""
        key = (hit.passage.article, start, end)
        if key not in self._numbers:
            self._numbers[key] = self._cited(len(self._numbers) + 1, hit, start, end)
        return self._numbers[key]

    def _cited(self, number: int, hit: Hit, start: int, end: int) -> Citation:
        """Return the citation of these characters of the hit's article under a number."""
        article = hit.passage.article
        quote = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
        return Citation(number, article, hit.title, start, end, quote, page_at(self.articles[article], start))
