"""Citation marks are recognised while the answer streams, and resolved to exact characters; pure.

Two small machines, each fed in any pieces whatsoever with the same result:

- :class:`MarkScanner` turns text into text and marks. ``[2]``, ``[2, 3]`` and ``[2][3]`` are marks; anything else in
  brackets is text.
- :class:`SentenceScanner` gathers text and citations into sentences.

Two numberings never meet: passages are numbered for the model by the prompt; citations are numbered for the reader by
:class:`CitationBook`, one number for one stretch of the article, in the order they first appear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rag.language import content_stems, split_sentences
from rag.nouns import Article, Citation, Hit, Passage
from rag.selecting import prose_sentences

_INSIDE = re.compile(r"[\d\s,;^]*")
_MARK = re.compile(r"\^?\d{1,4}(?:\s*[,;]\s*\^?\d{1,4})*")
_MAX_MARK = 40
SHORTEST_QUOTE = 8
ATTRIBUTION_TRIES = 12
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
        bracket = held.find("[")
        if bracket >= 0 and (held[bracket + 1 :].strip() or bracket > 0):
            held = held[:bracket].rstrip() if _INSIDE.fullmatch(held[bracket + 1 :]) else held
        if held.strip():
            yield held

    def _step(self, character: str) -> Iterator[str | Mark]:
        if "[" in self._held:
            yield from self._inside(character)
        elif character.isspace() or character == "[":
            self._held += character
        else:
            held, self._held = self._held, ""
            yield held + character

    def _inside(self, character: str) -> Iterator[str | Mark]:
        space, _, inside = self._held.partition("[")
        if character == "]" and _MARK.fullmatch(inside.strip()):
            self._held = "\n" if "\n" in space else ""
            yield from (Mark(int(number)) for number in re.findall(r"\d+", inside))
        elif len(inside) < _MAX_MARK and _INSIDE.fullmatch(inside + character):
            self._held += character
        else:
            held, self._held = self._held, ""
            yield held
            yield from self._step(character)


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

        Small models forget their marks. The passages are tried in rank order, each narrowed to its closest sentence.

        Args:
            sentence: of the answer.
            says: whether a sentence is fully supported by a citation.
        """
        for hit in sorted(self.hits, key=lambda hit: -hit.score)[:ATTRIBUTION_TRIES]:
            start, end = narrow(hit.passage, sentence, self.articles[hit.passage.article])
            citation = Citation(0, hit.passage.article, hit.title, start, end, self._quote(hit, start, end))
            if says(sentence, citation):
                return self.cite(hit, start, end)
        return None

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


def narrow(passage: Passage, sentence: str, article: Article) -> tuple[int, int]:
    """Return the offsets in the article of the passage's sentence that best matches ``sentence``.

    A verbatim quote is found wherever it stands; otherwise the sentence that shares the largest part of its content
    words (Dice coefficient) is taken, and the whole passage when none shares any.
    """
    spans = prose_sentences(article, passage.start, passage.end)
    quoted = _verbatim(sentence, passage)
    if quoted is not None:
        touched = [span for span in spans if span[0] < quoted[1] and span[1] > quoted[0]]
        return (touched[0][0], touched[-1][1]) if touched else quoted
    wanted = set(content_stems(sentence, article.language))
    best, best_score = (passage.start, passage.end), 0.0
    for start, end in spans:
        stems = set(content_stems(article.text[start:end], article.language))
        score = 2 * len(stems & wanted) / (len(stems) + len(wanted)) if stems and wanted else 0.0
        if score > best_score:
            best, best_score = (start, end), score
    return best


def _verbatim(sentence: str, passage: Passage) -> tuple[int, int] | None:
    """Return where the passage says exactly this, white space and outer quotation marks aside; None if nowhere."""
    parts = sentence.strip().strip("«»“” \t\n\u00a0\u202f").split()
    if sum(map(len, parts)) < SHORTEST_QUOTE:
        return None
    found = re.search(r"\s+".join(map(re.escape, parts)), passage.text)
    return (passage.start + found.start(), passage.start + found.end()) if found else None


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
