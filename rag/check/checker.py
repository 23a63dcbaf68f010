"""Is a sentence of an answer said by what it cites, or at least by the article?

The trained reader says whether a text says the sentence, or the contrary. What can be looked up is looked up exactly
as well, since no probability is needed for it: every number, date, name and quotation of the sentence in the cited
text, then close to it, then in every article at hand. A fact found only close by counts unless the cited text has
another one in its place: "30 morts" is not said by "12 morts" because a neighbouring sentence counts thirty wounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.check.fact_lookup import unsupported
from rag.check.facts import CITED, NOWHERE, Sources, take_apart, take_apart_article
from rag.check.premises import cited_text, closest_text, repeats, text_around
from rag.check.verdicts import decide, load_thresholds
from rag.language.detection import spoken_language
from rag.reader import Entailment, Reader
from rag.values import Article, Citation, Verdict

_MARKS = re.compile(
    r"\*+|__+|`|\d\ufe0f?\u20e3"
    r"|[\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0e\ufe0f\u200d\U000e0020-\U000e007f]*"
)
"""Emphasis, and pictures such as the numbers of a list in boxes: what a model adds and nobody has to support."""
_SILENT = Entailment(0.0, 0.0, 1.0)

Checked = tuple[Verdict, tuple[str, ...]]


class Checker:
    """Checks the sentences of one answer.

    Args:
        articles: identifier → article, for all that may be cited.
        reader: says whether a text says a sentence.
    """

    def __init__(self, articles: Mapping[str, Article], reader: Reader) -> None:
        self._articles = articles
        self._reader = reader

    def check(self, sentence: str, citations: Sequence[Citation]) -> Checked:
        """Return the verdict on a sentence, and what of it was not found or differs, as it stands there.

        ``yes``: what it cites says it, read with its title or with what stands around it, and holds each of its facts;
        of a sentence without citation, what is closest to it in the articles. ``contradicted``: that says the
        contrary. ``partly``: the article holds its facts but not where it points, or says it elsewhere, or nearly.
        ``no``: something in it is in no article, or nothing says it.

        One text is read where that tells, else two more.
        """
        sentence = _bare(sentence)
        if not take_apart(sentence, "fr").forms or self._repeats(sentence, citations):
            return "yes", ()
        cited = cited_text(citations, self._articles) if citations else self._closest(sentence)
        facts = self._facts(sentence, citations, cited)
        (first,) = self._read(sentence, [cited])
        verdict = decide(facts, entailed=first.entailed, contradicted=first.contradicted)
        told = verdict[0] in {"yes", "contradicted"} or first.contradicted > first.unsaid  # else the text is silent
        if told or not citations or any(level == NOWHERE for _, level in facts):
            return verdict
        around, closest = text_around(citations, self._articles), self._closest(sentence, citations)
        further = [text for text in dict.fromkeys((around, closest)) if text != cited]
        said = {cited: first, **dict(zip(further, self._read(sentence, further), strict=True))}
        return decide(
            facts,
            entailed=max(first.entailed, said[around].entailed),
            contradicted=first.contradicted,
            elsewhere=said[closest].entailed,
        )

    def supports(self, sentence: str, citation: Citation) -> bool:
        """Return whether a citation holds each fact of a sentence and says it; reads it only where it holds them."""
        sentence = _bare(sentence)
        if self._repeats(sentence, [citation]):
            return True
        if any(level != CITED for _, level in self._facts(sentence, [citation], "")):
            return False
        return self.likeness(sentence, [cited_text([citation], self._articles)])[0] >= load_thresholds().entailed

    def likeness(self, sentence: str, texts: Sequence[str]) -> list[float]:
        """Return the probability that each text, read alone, says the sentence."""
        return [one.entailed for one in self._read(sentence, texts)]

    def _read(self, sentence: str, texts: Sequence[str]) -> list[Entailment]:
        """Return what the reader says of each text; an empty one says nothing."""
        said = iter(self._reader.entail(sentence, [text for text in texts if text.strip()]))
        return [next(said) if text.strip() else _SILENT for text in texts]

    def _repeats(self, sentence: str, citations: Sequence[Citation]) -> bool:
        return any(repeats(sentence, one.quote, self._articles[one.article].language) for one in citations)

    def _closest(self, sentence: str, citations: Sequence[Citation] = ()) -> str:
        articles = self._at_hand(citations)
        return closest_text(sentence, spoken_language(sentence, articles[0].language), articles) if articles else ""

    def _at_hand(self, citations: Sequence[Citation]) -> list[Article]:
        """Return all articles, those that are cited first."""
        names = dict.fromkeys([*(citation.article for citation in citations), *self._articles])
        return [self._articles[name] for name in names]

    def _facts(self, sentence: str, citations: Sequence[Citation], closest: str) -> list[tuple[str, int]]:
        """Return the facts of a sentence that are not at once found in what it cites, each with where it stands.

        Args:
            sentence: of the answer.
            citations: of it.
            closest: what counts as cited where it cites nothing.
        """
        articles = self._at_hand(citations)
        language, date = (articles[0].language, articles[0].date) if articles else ("fr", "")
        quotes = " \n".join(citation.quote for citation in citations) or closest
        near = " \n".join([quotes, text_around(citations, self._articles)])
        whole = tuple(take_apart_article(f"{one.title}\n{one.text}", one.language) for one in articles)
        sources = Sources(take_apart(quotes, language), take_apart(near, language), whole, date)
        return unsupported(take_apart(sentence, spoken_language(sentence, language)), sources)


def _bare(sentence: str) -> str:
    """Return a sentence without its marks, and without the space that one leaves before its full stop."""
    words = " ".join(_MARKS.sub("", sentence).split())
    return f"{words[:-2]}." if words.endswith(" .") else words
