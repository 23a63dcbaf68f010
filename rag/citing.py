"""Citation marks are recognised while the answer streams, and resolved to exact characters; pure.

Two small machines, each fed in any pieces whatsoever with the same result:

- :class:`MarkScanner` turns text into text and marks. ``[2]``, ``[2, 3]``, ``[2][3]``, ``[^2]``, ``[passage 2]`` and
  ``【2】`` are marks; anything else in brackets is text.
- :class:`SentenceScanner` gathers text and citations into sentences.

Two numberings never meet: passages are numbered for the model by the prompt; citations are numbered for the reader by
:class:`CitationBook`, one number for one stretch of the article, in the order they first appear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rag.language import content_stems, split_sentences
from rag.narrowing import narrow
from rag.nouns import Article, Citation, Hit

_INSIDE = re.compile(r"[\d\s,;^]*")
_PREFIX = re.compile(r"\s*([A-Za-z]*)")
_OPENING, _CLOSING = "[［【", "]］】"
_MARK = re.compile(r"(?:passages?\s*)?\^?\d{1,4}(?:\s*[,;]\s*\^?\d{1,4})*", re.IGNORECASE)
_MAX_MARK = 40
ATTRIBUTION_TRIES = 4  # each is a whole check of the sentence
_CLOSING_QUOTES = {"«": "»", "“": "”"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark as the model wrote it: the number of a passage of its prompt."""

    number: int


class MarkScanner:
    """Separates citation marks from text, one character at a time.

    White space just before a mark is dropped, so that the mark sits against its word.
    """

    def __init__(self) -> None:
        self._held = ""  # white space, then perhaps a bracket that may become a mark

    def feed(self, text: str) -> Iterator[str | Mark]:
        """Yield the text and the marks that are certain by now."""
        out: list[str] = []
        for character in text:
            for piece in self._step(character):
                if isinstance(piece, Mark):
                    if out:
                        yield "".join(out)
                        out.clear()
                    yield piece
                else:
                    out.append(piece)
        if out:
            yield "".join(out)

    def finish(self) -> Iterator[str]:
        """Yield what is left; a mark that was cut off in the middle is dropped."""
        held, self._held = self._held, ""
        space, bracket, inside = _split(held)
        if bracket and (inside.strip() or space):
            held = space.rstrip() if _may_be_mark(inside) else held
        if held.strip():
            yield held

    def _step(self, character: str) -> Iterator[str | Mark]:
        if _split(self._held)[1]:
            yield from self._inside(character)
        elif character.isspace() or character in _OPENING:
            self._held += character
        else:
            held, self._held = self._held, ""
            yield held + character

    def _inside(self, character: str) -> Iterator[str | Mark]:
        space, _, inside = _split(self._held)
        if character in _CLOSING and _MARK.fullmatch(inside.strip()):
            self._held = "\n" if "\n" in space else ""
            yield from (Mark(int(number)) for number in re.findall(r"\d+", inside))
        elif len(inside) < _MAX_MARK and _may_be_mark(inside + character):
            self._held += character
        else:
            held, self._held = self._held, ""
            yield held
            yield from self._step(character)


def _split(held: str) -> tuple[str, str, str]:
    """Return the white space before an opening bracket, the bracket, and what stands in it so far."""
    at = next((place for place, character in enumerate(held) if character in _OPENING), len(held))
    return held[:at], held[at : at + 1], held[at + 1 :]


def _may_be_mark(inside: str) -> bool:
    """Return whether what stands after an opening bracket may still become a mark."""
    found = _PREFIX.match(inside)
    word = found[1].lower() if found else ""
    rest = inside[found.end() :] if found else inside
    if not rest:
        return "passages".startswith(word)
    return word in {"", "passage", "passages"} and bool(_INSIDE.fullmatch(rest))


@dataclass
class CitationBook:
    """Gives every cited stretch its number, and finds the sentence of a passage that a mark means.

    Args:
        hits: the numbered passages of the prompt: ``hits[i]`` has the number ``i + 1``.
        articles: identifier → article, for those of the hits.
    """

    hits: Sequence[Hit]
    articles: Mapping[str, Article]
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
        start, end = narrow(hit.passage, sentence, self.articles[hit.passage.article])
        return self.cite(hit, start, end)

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
            start, end = narrow(hit.passage, sentence, self.articles[hit.passage.article])
            citation = Citation(0, hit.passage.article, hit.title, start, end, self._quote(hit, start, end))
            if says(sentence, citation):
                return self.cite(hit, start, end)
        return None

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
            quote = self._quote(hit, start, end)
            self._numbers[key] = Citation(len(self._numbers) + 1, key[0], hit.title, start, end, quote)
        return self._numbers[key]

    @staticmethod
    def _quote(hit: Hit, start: int, end: int) -> str:
        return hit.passage.text[start - hit.passage.start : end - hit.passage.start]


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of the answer as the model wrote it, without marks, and the citations that stand in it."""

    text: str
    citations: tuple[int, ...]


class SentenceScanner:
    """Gathers streamed text and citation numbers into sentences.

    A sentence is given once the word after it is complete, so that a mark after the full stop still belongs to it.

    Args:
        language: of the answer.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._text = ""
        self._marks: list[tuple[int, int]] = []  # position in the text, citation number

    @property
    def pending(self) -> str:
        """The text of the sentence that is being written, back to the last boundary."""
        spans = self._spans(self._text)
        return self._text[spans[-1][0] : spans[-1][1]] if spans else ""

    def cite(self, number: int) -> None:
        """Attach a citation to the sentence that is being written."""
        self._marks.append((len(self._text.rstrip()), number))

    def feed(self, text: str) -> Iterator[CitedSentence]:
        """Yield the sentences that are complete by now."""
        for character in text:
            ends_word = character.isspace() and self._text[-1:].strip() != ""
            self._text += character
            if character == "\n":
                yield from self._give(keep=0)
            elif ends_word and re.search(r"[.!?…»”\"]", self._text):
                yield from self._give(keep=1)

    def finish(self) -> Iterator[CitedSentence]:
        """Yield what is left."""
        yield from self._give(keep=0)

    def _give(self, *, keep: int) -> Iterator[CitedSentence]:
        spans = self._spans(self._text)
        given = spans[: len(spans) - keep]
        for index, (start, end) in enumerate(given):
            until = spans[index + 1][0] if index + 1 < len(spans) else len(self._text) + 1
            numbers = tuple(dict.fromkeys(number for at, number in self._marks if at <= until))
            self._marks = [(at, number) for at, number in self._marks if at > until]
            yield CitedSentence(self._text[start:end], numbers)
        if given or not keep:
            cut = spans[len(given)][0] if keep else len(self._text)
            self._text = self._text[cut:]
            self._marks = [(max(at - cut, 0), number) for at, number in self._marks]

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return the sentences of ``text``; one that leaves a quotation open goes on into the next."""
        joined: list[tuple[int, int]] = []
        for start, end in split_sentences(text, self._language):
            if joined and _leaves_open(text[joined[-1][0] : joined[-1][1]]):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined


def _leaves_open(text: str) -> bool:
    return any(text.count(opening) > text.count(closing) for opening, closing in _CLOSING_QUOTES.items())
