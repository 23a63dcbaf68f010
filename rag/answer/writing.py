"""What a model writes becomes events: tokens, citations, checked sentences."""

from __future__ import annotations

from collections.abc import Iterator

from rag.answer.citations import CitationBook
from rag.answer.marks import Mark, MarkScanner
from rag.answer.sentences import CitedSentence, SentenceScanner
from rag.check import Checker
from rag.events import Checked, Cited, Event, Token
from rag.values import Article, Prompt, Sentence, Verdict

WORD_JOINER = "\u2060"  # told a quoted "[3]" from a mark; the reader need not copy it


class Writing:
    """Folds the model's text into events: tokens, citations, checked sentences."""

    def __init__(self, prompt: Prompt, articles: dict[str, Article], checker: Checker) -> None:
        self.book = CitationBook(prompt.shown, articles, checker.likeness)
        self.sentences: list[Sentence] = []
        self.text = ""
        self._marks = MarkScanner()
        self._scanner = SentenceScanner(prompt.language)
        self._checker = checker

    def feed(self, text: str) -> Iterator[Event]:
        """Yield the events that the next piece of text makes certain."""
        for piece in self._marks.feed(text):
            yield from self._piece(piece)

    def finish(self) -> Iterator[Event]:
        """Yield the events of what is left when the model has ended."""
        for piece in self._marks.finish():
            yield from self._piece(piece)
        for sentence in self._scanner.finish():
            yield self._check(sentence)

    def _piece(self, piece: str | Mark) -> Iterator[Event]:
        if isinstance(piece, Mark):
            citation = self.book.resolve(piece, self._scanner.pending)
            if citation is not None:
                self._scanner.cite(citation.n)
                yield Cited(citation)
            return
        piece = piece.replace(WORD_JOINER, "")
        if not self.text:
            piece = piece.lstrip()
        self.text += piece
        yield Token(piece)
        for sentence in self._scanner.feed(piece):
            yield self._check(sentence)

    def _check(self, cited: CitedSentence) -> Checked:
        citations = [citation for citation in self.book.citations if citation.n in cited.citations]
        found = None if citations else self.book.attribute(cited.text, self._checker.supports)
        verdict: Verdict = "yes"
        missing: tuple[str, ...] = ()
        if found is None:
            verdict, missing = self._checker.check(cited.text, citations)
        else:
            citations = [found]
        numbers = tuple(citation.n for citation in citations)
        self.sentences.append(Sentence(cited.text, numbers, verdict, missing, cited.start, cited.end))
        return Checked(len(self.sentences) - 1, self.sentences[-1])
