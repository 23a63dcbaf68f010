"""What a model writes becomes events: tokens, citations, checked sentences, and the quotes that stand beneath.

A small model, which was given the sentences that answer and no more, gives the short answer; the sentences follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from rag.answer.citations import CitationBook
from rag.answer.faults import FaultWatch
from rag.answer.marks import Mark, MarkScanner
from rag.answer.sentences import CitedSentence, SentenceScanner
from rag.check import Checker
from rag.events import Checked, Cited, Event, Reason, Replaced, Token, Working
from rag.language import fold
from rag.llm.evidence import LEAST_LIKELIHOOD, as_hit, ranked
from rag.llm.evidence_prompt import REFUSAL_MARK
from rag.llm.quoting import choose, quoted
from rag.values import Article, Citation, Prompt, Quote, Sentence, Verdict

WORD_JOINER = "\u2060"  # told a quoted "[3]" from a mark; the reader need not copy it
WRITTEN = Working("written")
REJECTED: frozenset[Verdict] = frozenset({"no", "contradicted"})


class Writing:
    """Folds the model's text into events: tokens, citations, checked sentences.

    Args:
        prompt: that is answered.
        articles: identifier → article, for those that may be cited.
        checker: of the sentences.
        own_words: whether a language model writes, and may go wrong; quotes do not.

    Attributes:
        text: what was written, without marks.
        sentences: of it, each with its verdict.
        fault: why the model has to be stopped; None while nothing is wrong.
        refused: whether the model began with the mark that says that nothing answers.
        replaced: why quotes stand in the place of sentences; None where none do.
    """

    def __init__(self, prompt: Prompt, articles: dict[str, Article], checker: Checker, *, own_words: bool) -> None:
        self._from_evidence = own_words and bool(prompt.continued)
        whole = self._from_evidence
        self._new_book = partial(CitationBook, prompt.shown, articles, checker.likeness, whole=whole)
        self.book = self._new_book()
        self.sentences: list[Sentence] = []
        self.text = ""
        self.fault: Reason | None = None
        self.refused = False
        self.replaced: Reason | None = None
        self._own_words = own_words
        self._language = prompt.language
        self._marks = MarkScanner()
        self._scanner = SentenceScanner(prompt.language)
        self._checker = checker
        languages = frozenset({prompt.language, *(article.language for article in articles.values())})
        self._watch = FaultWatch(prompt, languages) if own_words else None

    def feed(self, text: str) -> Iterator[Event]:
        """Yield the events that the next piece of text makes certain; ``fault`` tells whether to go on."""
        for piece in self._marks.feed(text):
            if not self.refused:
                yield from self._piece(piece)
        if self._watch and not self.fault:
            self.fault = self._watch.fault(self.text, self._scanner.pending)

    def finish(self, quotes: Sequence[Quote], ended: Working = WRITTEN) -> Iterator[Event]:
        """Yield the events of what is left when the model has ended, then of the quotes beneath.

        Args:
            quotes: the sentences of the articles that answer best, best first.
            ended: how the model ended.
        """
        if self.refused:
            return
        if not self.fault:
            for piece in self._marks.finish():
                yield from self._piece(piece)
        if self.fault == "language":
            for place, one in enumerate(self.sentences):
                self.sentences[place] = replace(one, struck=True)
                yield Checked(place, self.sentences[place])
        for sentence in self._scanner.finish():
            yield self._check(sentence, whole=self.fault is None)
        if self._own_words and not self.refused:
            yield from self._end(tuple(quotes), ended)

    def _piece(self, piece: str | Mark) -> Iterator[Event]:
        if isinstance(piece, Mark):
            if f"[{piece.number}]" == REFUSAL_MARK and not self.text and self._own_words:
                self.refused = True
                return
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

    def _check(self, cited: CitedSentence, *, whole: bool = True) -> Checked:
        citations = [citation for citation in self.book.citations if citation.n in cited.citations]
        found = None if citations else self.book.attribute(cited.text, self._checker.supports)
        verdict: Verdict = "yes"
        missing: tuple[str, ...] = ()
        if found is not None:
            citations = [found]
        else:
            verdict, missing = self._checker.check(cited.text, citations)
        again = self._own_words and any(_same(cited.text, one.text) for one in self.sentences)
        if again:
            self.fault = self.fault or "repetition"
        struck = self._own_words and (verdict in REJECTED or again or not whole)
        numbers = tuple(citation.n for citation in citations)
        own = self._own_words
        return self._add(Sentence(cited.text, numbers, verdict, missing, cited.start, cited.end, struck, not own))

    def _add(self, sentence: Sentence) -> Checked:
        self.sentences.append(sentence)
        return Checked(len(self.sentences) - 1, sentence)

    def _end(self, quotes: tuple[Quote, ...], ended: Working) -> Iterator[Event]:
        """Put quotes beneath what a model wrote, or in its place where nothing of it stands.

        What a small model is not sure of is taken back; else all quotes follow its short answer. Another model's answer
        is followed by the best quote, where something was struck and what stands does not rest on that quote.
        """
        struck = tuple(place for place, sentence in enumerate(self.sentences) if sentence.struck)
        stands = [one for one in self.sentences if one.supported == "yes" and not one.struck]
        if self._from_evidence and (struck or not stands or ended.likelihood < LEAST_LIKELIHOOD):
            self.text, self.sentences, self.book = "", [], self._new_book()
            yield Working("thought")
            struck, stands = (), []
            self.replaced = self.fault or "unsure"
        elif struck or not stands:
            self.replaced = self.fault or "unsupported"
        if self.replaced:
            yield Replaced(struck, self.replaced)
        shown = choose(quotes, beneath=bool(stands) and self._from_evidence)
        if self._from_evidence:
            shown = ranked(quotes, ended.marks, shown)
        elif stands:
            numbers = {n for sentence in stands for n in sentence.citations}
            cited = [citation for citation in self.book.citations if citation.n in numbers]
            shown = tuple(quote for quote in shown[: bool(struck)] if not any(_meet(one, quote) for one in cited))
        yield from self._quote([quote for quote in shown if not any(_same(quote.text, one.text) for one in stands)])

    def _quote(self, quotes: Sequence[Quote]) -> Iterator[Event]:
        """Write quotes, each on a line of its own."""
        for quote in quotes:
            start = len(self.text) + bool(self.text)
            text = quoted(quote.text, self._language)
            line = f"{chr(10) if self.text else ''}{text}"
            self.text += line
            yield Token(line)
            citation = self.book.cite(as_hit(quote), quote.start, quote.end)
            yield Cited(citation)
            yield self._add(Sentence(text, (citation.n,), "yes", (), start, start + len(text), quoted=True))


def _meet(citation: Citation, quote: Quote) -> bool:
    return citation.article == quote.article and citation.start < quote.end and quote.start < citation.end


def _same(one: str, other: str) -> bool:
    """Return whether two sentences are the same, case and white space aside."""
    return fold(" ".join(one.split())) == fold(" ".join(other.split()))
