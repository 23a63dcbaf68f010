"""Is a sentence of an answer said by what it cites, or at least by the article? No model is asked.

Every number, date, name, quotation and negation of the sentence is looked for in the cited text, then close to it,
then in the whole article; the words that remain must be covered as well, and where they differ, the embedder compares
meaning. A fact found only close by counts unless the cited text has another one in its place: "30 morts" is not
said by "12 morts" because a neighbouring sentence counts thirty wounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from rag.check.fact_lookup import contradicted, unsupported
from rag.check.facts import CITED, NOWHERE, Facts, Sources
from rag.check.word_forms import covers, spoken_language
from rag.index import Embedder
from rag.language import content_stems, split_sentences
from rag.values import Article, Citation, Vector, Verdict

AROUND = 300
"""Characters before and after a citation that count as close to it."""

WITHIN = (0.5, 0.3, 0.7)
ACROSS = (0.4, 0.15, 0.25)
"""Part of a sentence's words that says it; part from which the embedder is asked; cosine that then says it.

Within one language, and from one to another, where words meet by translation and the embedder knows French badly. Of
true sentences and of sentences that cite another place of the same article, see ``benchmarks/bench_checking.py``.
"""

Coverage = Literal["enough", "some", "little"]


class Checker:
    """Checks the sentences of one answer.

    Args:
        articles: identifier → article, for all that may be cited.
        embedder: compares meaning where words differ.
    """

    def __init__(self, articles: Mapping[str, Article], embedder: Embedder) -> None:
        self._articles = articles
        self._embedder = embedder
        self._vectors: dict[str, Vector] = {}

    def check(self, sentence: str, citations: Sequence[Citation]) -> tuple[Verdict, tuple[str, ...]]:
        """Return the verdict on a sentence, and what of it was not found, as it stands there.

        ``yes``: the cited text says it; ``partly``: the article holds its facts but not where it points, or not all
        of its words, or one of the two denies what the other affirms; ``no``: something in it is nowhere in the
        article, or nothing matches.
        """
        sources = self._sources(sentence, citations)
        said = take_apart(sentence, spoken_language(sentence, sources.cited.language))
        if not said.forms:
            return "yes", ()
        found = unsupported(said, sources)
        missing = tuple(dict.fromkeys(text for text, level in found if level == NOWHERE))
        if missing:
            return "no", missing
        denied = contradicted(said, sources.cited)
        if denied:
            return "partly", denied
        covered = self._covered(said, sources.cited)
        if covered == "enough" and citations and all(level == CITED for _, level in found):
            return "yes", ()
        return ("no", ()) if covered == "little" else ("partly", ())

    def _sources(self, sentence: str, citations: Sequence[Citation]) -> Sources:
        """Return what is cited, what stands close to it, and the articles it is of."""
        if not self._articles:
            nothing = Facts("", "fr")
            return Sources(nothing, nothing, (nothing,), "")
        names = list(dict.fromkeys(citation.article for citation in citations)) or list(self._articles)
        first = self._articles[names[0]]
        whole = tuple(self._whole(name) for name in names)
        if not citations:
            cited = _closest(sentence, first)
            return Sources(take_apart(cited, first.language), whole[0], whole, first.date)
        quotes = " \n".join(citation.quote for citation in citations)
        near = " \n".join([quotes, *(self._around(citation) for citation in citations)])
        return Sources(take_apart(quotes, first.language), take_apart(near, first.language), whole, first.date)

    def _whole(self, name: str) -> Facts:
        article = self._articles[name]
        return _take_apart_article(f"{article.title}\n{article.text}", article.language)

    def _around(self, citation: Citation) -> str:
        article = self._articles[citation.article]
        start, end = max(citation.start - AROUND, 0), citation.end + AROUND
        while start > 0 and not article.text[start - 1].isspace():
            start -= 1
        while end < len(article.text) and not article.text[end].isspace():
            end += 1
        return f"{article.title} \n{article.text[start:end]}"

    def _covered(self, said: Facts, cited: Facts) -> Coverage:
        """Return how far the cited text covers the words of a sentence; meaning counts where they differ."""
        crossing = said.language != cited.language
        enough, doubtful, alike = ACROSS if crossing else WITHIN
        share = _share(said, cited)
        if share >= enough:
            return "enough"
        if share < doubtful:
            return "little"
        return "enough" if self._likeness(said.text, cited.text) >= alike else "some"

    def _likeness(self, said: str, cited: str) -> float:
        """Return the cosine of two texts; the vector of each is computed once."""
        for text in (said, cited):
            if text not in self._vectors:
                self._vectors[text] = self._embedder.encode_query(text)
        return float(self._vectors[said] @ self._vectors[cited])


@lru_cache(maxsize=128)
def take_apart(text: str, language: str) -> Facts:
    """Return a short text taken apart; a sentence is compared with several texts, and they with several."""
    return Facts(text, language)


@lru_cache(maxsize=4)
def _take_apart_article(text: str, language: str) -> Facts:
    """Return an article taken apart, once for all the questions about it."""
    return Facts(text, language)


def _share(said: Facts, cited: Facts) -> float:
    """Return the part of a sentence's facts and words with meaning that the cited text covers, in [0, 1]."""
    facts = [*said.counted, *((part.start, part.end) for part in said.parts)]
    wanted = {
        word.stem
        for word in said.words
        if word.stem in said.stems and not any(start <= word.start < end for start, end in facts)
    }
    covered = sum(covers(stem, cited.stems, said.language, cited.language) for stem in wanted)
    return (covered + len(facts)) / (len(wanted) + len(facts)) if wanted or facts else 1.0


def _closest(sentence: str, article: Article) -> str:
    """Return the sentence of the article that shares most words with this one."""
    wanted = take_apart(sentence, article.language).stems
    best, most = "", 0
    for (start, end), stems in _sentences(article.text, article.language):
        shared = len(wanted & stems)
        if shared > most:
            best, most = article.text[start:end], shared
    return best


@lru_cache(maxsize=4)
def _sentences(text: str, language: str) -> tuple[tuple[tuple[int, int], frozenset[str]], ...]:
    """Return the sentences of an article, each with the stems of its words with meaning."""
    spans = split_sentences(text, language)
    return tuple((span, frozenset(content_stems(text[span[0] : span[1]], language))) for span in spans)
