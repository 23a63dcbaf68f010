"""What a model writes becomes events: tokens, citations, checked sentences, and the quotes that stand beneath.

A small model, which was given the sentences that answer and no more, gives the short answer; the sentences follow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from rag.answer.agreeing import agree
from rag.answer.citations import CitationBook
from rag.answer.faults import FaultWatch
from rag.answer.marks import Mark, MarkScanner
from rag.answer.notices import how_written
from rag.answer.sentences import CitedSentence, SentenceScanner
from rag.check import Checker
from rag.events import Checked, Cited, Event, Reason, Replaced, Token, Working
from rag.language import fold
from rag.llm.evidence import AGREED_LIKELIHOOD, LEAST_LIKELIHOOD, SURE_ODDS, as_hit, ranked
from rag.llm.evidence_prompt import REFUSAL_MARK
from rag.llm.quoting import MOST_QUOTES, choose, quoted
from rag.values import Answer, Article, Citation, Confidence, Prompt, Quote, Sentence, Verdict

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
        self._held: list[Event] = []
        self._own_words = own_words
        self._language = prompt.language
        self._refused_above = prompt.refused_above
        self._marks = MarkScanner()
        self._scanner = SentenceScanner(prompt.language)
        self._checker = checker
        languages = frozenset({prompt.language, *(article.language for article in articles.values())})
        self._watch = FaultWatch(prompt, languages) if own_words else None

    def feed(self, text: str) -> Iterator[Event]:
        """Yield the events that the next piece of text makes certain; ``fault`` tells whether to go on.

        A small model's short answer is shown when it stands as a whole: more than half of them would be taken back.
        What still comes of a model that had to be stopped adds nothing.
        """
        if self.fault or self.refused:
            return
        events = self._certain(text)
        if self._from_evidence:
            self._held += events
        else:
            yield from events
        if self._watch and not self.fault:
            self.fault = self._watch.fault(self.text, self._scanner.pending)

    def _certain(self, text: str) -> Iterator[Event]:
        for piece in self._marks.feed(text):
            if not self.refused:
                yield from self._piece(piece)

    def finish(self, quotes: Sequence[Quote], ended: Working = WRITTEN) -> Iterator[Event]:
        """Yield the events of what is left when the model has ended, then of the quotes beneath.

        Args:
            quotes: the sentences of the articles that answer best, best first.
            ended: how the model ended.
        """
        if self.refused:
            return
        self._held += self._last()
        sure = self._is_sure(ended, quotes)
        if sure:
            yield from self._held
        else:
            self.text, self.sentences, self.book = "", [], self._new_book()
        if self._from_evidence:
            yield from self._stand_beneath(tuple(quotes), ended, sure=sure)
        elif self._own_words:
            yield from self._mend(choose(tuple(quotes)))

    def told(self, ended: Working) -> tuple[str, ...]:
        """Return what the reader should know of how the model wrote what is shown."""
        cut = ended.cut and any(not sentence.quoted for sentence in self.sentences)
        return how_written(self.replaced, self._language, cut=cut)

    def judged(self, answer: Answer, ended: Working, threshold: float) -> Answer:
        """Return the answer with how sure the program is that the article answers: reader, and model that may refuse.

        Both read the same sentences, so their log-odds are averaged, in a logarithmic opinion pool (Genest and Zidek,
        Combining Probability Distributions, Statistical Science 1, 1986). Where the two together refuse, the answer is
        as likely as where the reader alone does.

        Args:
            answer: with the reader's probability.
            ended: how the model ended.
            threshold: probability below which the reader alone refuses, in (0, 1).
        """
        if not (self._from_evidence and ended.marks):
            return answer
        told: Confidence = "likely" if answer.confidence == "unsure" else answer.confidence
        odds = (self._refused_above - ended.refusal) / 2 + math.log(threshold / (1 - threshold))
        sure = told if self._both_sure(ended) else "unsure"
        return replace(answer, confidence=sure, probability=1 / (1 + math.exp(-odds)))

    def _both_sure(self, ended: Working) -> bool:
        return self._refused_above - ended.refusal >= SURE_ODDS

    def _last(self) -> Iterator[Event]:
        """Yield the events of what is left when the model has ended."""
        if not self.fault:
            for piece in self._marks.finish():
                yield from self._piece(piece)
        if self.fault == "language":
            for place, one in enumerate(self.sentences):
                self.sentences[place] = replace(one, struck=True)
                yield Checked(place, self.sentences[place])
        for sentence in self._scanner.finish():
            yield self._check(sentence, whole=self.fault is None)

    def _is_sure(self, ended: Working, quotes: Sequence[Quote]) -> bool:
        """Return whether all that was written is shown; only of a small model's short answer it may be that none is."""
        if not self._from_evidence:
            return True
        agreed = bool(quotes) and agree(self.text, quotes[0], self._language)
        said = bool(self.sentences) and all(one.supported == "yes" and not one.struck for one in self.sentences)
        if ended.marks and not self._both_sure(ended):
            return False
        return said and ended.likelihood >= (AGREED_LIKELIHOOD if agreed else LEAST_LIKELIHOOD)

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

    def _stand_beneath(self, quotes: tuple[Quote, ...], ended: Working, *, sure: bool) -> Iterator[Event]:
        """Put quotes beneath a short answer, or in its place; one that it repeats word for word is left out."""
        marks = ended.marks
        shown = ranked(quotes, marks, MOST_QUOTES) if marks else choose(quotes, beneath=sure)
        yield from self._quote(
            [quote for quote in shown if not any(_same(quote.text, one.text) for one in self.sentences)]
        )

    def _mend(self, quotes: Sequence[Quote]) -> Iterator[Event]:
        """Put quotes in the place of what does not stand: all where nothing is fully supported.

        Otherwise the best one, unless what is supported rests on it, and only where something was struck.
        """
        struck = tuple(place for place, sentence in enumerate(self.sentences) if sentence.struck)
        stands = [one for one in self.sentences if one.supported == "yes" and not one.struck]
        if stands and not struck:
            return
        if stands:
            numbers = {n for sentence in stands for n in sentence.citations}
            cited = [citation for citation in self.book.citations if citation.n in numbers]
            quotes = [quote for quote in quotes[:1] if not any(_meet(citation, quote) for citation in cited)]
        self.replaced = self.fault or "unsupported"
        yield Replaced(struck, self.replaced)
        yield from self._quote(quotes)

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
