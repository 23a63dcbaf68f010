"""Is a sentence of an answer said by what it cites, or at least by the article? No model is asked.

Numbers, names and quotations of the sentence are looked for in the cited stretch, then in the whole article; the words
that remain must be covered by it as well. What was not found is named, so that a reader knows what to doubt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.embedding import Embedder
from rag.language import content_stems, detect_language, fold, words
from rag.nouns import Article, Citation, Verdict

COVERED = 0.5
PARTLY_COVERED = 0.3
AROUND = 300
_QUOTATION = re.compile(r"«\s*([^«»]{8,}?)\s*»|“([^“”]{8,}?)”|\"([^\"]{8,}?)\"")


class Checker:
    """Checks the sentences of one answer.

    Args:
        articles: identifier → article, for all that may be cited.
        embedder: compares meaning where words differ.
    """

    def __init__(self, articles: Mapping[str, Article], embedder: Embedder) -> None:
        self._articles = articles
        self._embedder = embedder

    def check(self, sentence: str, citations: Sequence[Citation]) -> tuple[Verdict, tuple[str, ...]]:
        """Return the verdict on a sentence, and what of it was not found.

        ``yes``: the cited stretch says it; ``partly``: the article holds its facts but not where it points, or not all
        of its words; ``no``: something in it is nowhere in the article, or nothing is cited and nothing matches.
        """
        cited = " ".join(citation.quote for citation in citations)
        if _said(sentence, cited):
            return "yes", ()
        around = " ".join(self._around(citation) for citation in citations) or cited
        whole = " ".join(article.text for article in self._articles.values())
        facts = _facts(sentence)
        missing = tuple(text for text, stem in facts if not _holds(whole, stem, self._language(citations)))
        if missing:
            return "no", missing
        elsewhere = any(not _holds(around, stem, self._language(citations)) for _, stem in facts)
        covered = self._covered(sentence, cited or whole, citations)
        if citations and covered >= COVERED and not elsewhere:
            return "yes", ()
        return ("partly", ()) if covered >= PARTLY_COVERED else ("no", ())

    def _around(self, citation: Citation) -> str:
        text = self._articles[citation.article].text
        return text[max(citation.start - AROUND, 0) : citation.end + AROUND]

    def _language(self, citations: Sequence[Citation]) -> str:
        names = [citation.article for citation in citations] or list(self._articles)
        return self._articles[names[0]].language

    def _covered(self, sentence: str, cited: str, citations: Sequence[Citation]) -> float:
        language = self._language(citations)
        if detect_language(sentence) != language and cited:
            return float(self._embedder.encode_query(sentence) @ self._embedder.encode_query(cited))
        wanted = set(content_stems(sentence, language))
        return len(wanted & set(content_stems(cited, language))) / len(wanted) if wanted else 0.0


def _said(sentence: str, cited: str) -> bool:
    plain = _plain(sentence)
    return bool(plain) and plain in _plain(cited)


def _plain(text: str) -> str:
    return " ".join(fold(text).split()).strip("«»“”\"'. ")


def _facts(sentence: str) -> list[tuple[str, str]]:
    """Return (as written, stem) of the numbers and names in a sentence."""
    facts = []
    for position, word in enumerate(words(sentence, detect_language(sentence))):
        if word.stem[:1].isdigit() or (position and word.text[:1].isupper()):
            facts.append((word.text, word.stem))
    facts.extend((quote, quote) for found in _QUOTATION.findall(sentence) for quote in found if quote)
    return facts


def _holds(text: str, stem: str, language: str) -> bool:
    if " " in stem:
        return _plain(stem) in _plain(text)
    return any(word.stem == stem or fold(word.text) == stem for word in words(text, language))
