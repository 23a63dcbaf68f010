"""Is a sentence of an answer said by what it cites, or at least by the article? No model is asked.

Every number, date, name, quotation and negation of the sentence is looked for in the cited stretch, then close to it,
then in the whole article; the words that remain must be covered as well, and where they differ, the embedder compares
meaning. A fact found only close by counts unless the cited stretch has another one in its place: "30 morts" is not
said by "12 morts" because a neighbouring sentence counts thirty wounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rag.embedding import Embedder
from rag.facts import Stretch
from rag.language import split_sentences, stop_words, words
from rag.nouns import Article, Citation, Verdict
from rag.recognising import CITED, NOWHERE, Grounds
from rag.supporting import contradicted, unsupported
from rag.thesaurus import load_thesaurus, same_root

COVERED = 0.6
"""Part of the remaining words that says a sentence without asking the embedder."""

PARTLY_COVERED = 0.3
AROUND = 300
ALIKE = 0.6
_LEAST_VARIANT = 0.2
_KNOWN = ("fr", "en")


class Checker:
    """Checks the sentences of one answer.

    Args:
        articles: identifier → article, for all that may be cited.
        embedder: compares meaning where words differ.
    """

    def __init__(self, articles: Mapping[str, Article], embedder: Embedder) -> None:
        self._articles = articles
        self._embedder = embedder
        self._whole: dict[str, Stretch] = {}

    def check(self, sentence: str, citations: Sequence[Citation]) -> tuple[Verdict, tuple[str, ...]]:
        """Return the verdict on a sentence, and what of it was not found, as it stands there.

        ``yes``: the cited stretch says it; ``partly``: the article holds its facts but not where it points, or not all
        of its words, or one of the two denies what the other affirms; ``no``: something in it is nowhere in the
        article, or nothing matches.
        """
        grounds = self._grounds(sentence, citations)
        said = Stretch(sentence, self._spoken(sentence, grounds.cited.language))
        if not said.forms:
            return "yes", ()
        found = unsupported(said, grounds)
        missing = tuple(dict.fromkeys(text for text, level in found if level == NOWHERE))
        if missing:
            return "no", missing
        denied = contradicted(said, grounds.cited)
        if denied:
            return "partly", denied
        covered = self._covered(said, grounds)
        if covered >= COVERED and citations and all(level == CITED for _, level in found):
            return "yes", ()
        return ("partly", ()) if covered >= PARTLY_COVERED else ("no", ())

    def _grounds(self, sentence: str, citations: Sequence[Citation]) -> Grounds:
        """Return the cited stretches, what stands close to them, and the articles they are of."""
        if not self._articles:
            nothing = Stretch("", "fr")
            return Grounds(nothing, nothing, (nothing,), "")
        names = list(dict.fromkeys(citation.article for citation in citations)) or list(self._articles)
        first = self._articles[names[0]]
        whole = tuple(self._stretch(name) for name in names)
        if not citations:
            cited = _closest(sentence, first)
            return Grounds(Stretch(cited, first.language), whole[0], whole, first.date)
        quotes = " \n".join(citation.quote for citation in citations)
        near = " \n".join([quotes, *(self._around(citation) for citation in citations)])
        return Grounds(Stretch(quotes, first.language), Stretch(near, first.language), whole, first.date)

    def _stretch(self, name: str) -> Stretch:
        if name not in self._whole:
            article = self._articles[name]
            self._whole[name] = Stretch(f"{article.title}\n{article.text}", article.language)
        return self._whole[name]

    def _around(self, citation: Citation) -> str:
        article = self._articles[citation.article]
        start, end = max(citation.start - AROUND, 0), citation.end + AROUND
        while start > 0 and not article.text[start - 1].isspace():
            start -= 1
        while end < len(article.text) and not article.text[end].isspace():
            end += 1
        return f"{article.title} \n{article.text[start:end]}"

    def _spoken(self, sentence: str, written: str) -> str:
        """Return the language of a sentence by its small words; the article's own where they tell none."""
        told = {language: _telling(sentence, language) for language in (written, *_KNOWN)}
        return max(told, key=lambda language: told[language])

    def _covered(self, said: Stretch, grounds: Grounds) -> float:
        """Return the part of the sentence's other words that is covered, in [0, 1]; meaning counts where it matters."""
        facts = [*said.counted, *((name.start, name.end) for name in said.names)]
        wanted = {
            word.stem
            for word in said.words
            if word.stem in said.stems and not any(start <= word.start < end for start, end in facts)
        }
        if not wanted:
            return 1.0
        spoken, written = said.language, grounds.cited.language
        in_cited = sum(covers(stem, grounds.cited.stems, spoken, written) for stem in wanted)
        share = in_cited / len(wanted)
        if share >= COVERED or share < PARTLY_COVERED / 2:
            return share
        meant = float(self._embedder.encode_query(said.text) @ self._embedder.encode_query(grounds.cited.text))
        return max(share, COVERED) if meant >= ALIKE else share


def _telling(sentence: str, language: str) -> int:
    """Return how many words of a sentence carry grammar in a language."""
    listed = stop_words(language)
    return sum(word.text.lower().replace("’", "'").rstrip("'") in listed for word in words(sentence, language))


def covers(stem: str, stems: frozenset[str], spoken: str, written: str) -> bool:
    """Return whether a word is among ``stems``, itself, in another form, or as a near-synonym or translation."""
    if stem in stems:
        return True
    variants = load_thesaurus().variants(stem, spoken, written)
    if any(weight >= _LEAST_VARIANT and variant in stems for variant, weight in variants.items()):
        return True
    return any(same_root(stem, other) for other in stems)


def _closest(sentence: str, article: Article) -> str:
    """Return the sentence of the article that shares most words with this one."""
    wanted = Stretch(sentence, article.language).stems
    best, most = "", 0
    for start, end in _sentences(article.text, article.language):
        shared = len(wanted & Stretch(article.text[start:end], article.language).stems)
        if shared > most:
            best, most = article.text[start:end], shared
    return best


@lru_cache(maxsize=32)
def _sentences(text: str, language: str) -> tuple[tuple[int, int], ...]:
    return tuple(split_sentences(text, language))
