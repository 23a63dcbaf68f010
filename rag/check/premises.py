"""The texts that a sentence is read against: what it cites, what stands around that, what is closest to it; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rag.language import content_stems, split_sentences
from rag.reading import prose_sentences
from rag.values import Article, Citation

AROUND = 300
"""Characters before and after a citation that count as close to it."""

CLOSEST = 3
"""Sentences of an article that are read where a sentence cites nothing, or what it cites does not say it."""

Spans = Sequence[tuple[int, int]]
Articles = Mapping[str, Article]


def cited_text(citations: Sequence[Citation], articles: Articles) -> str:
    """Return what is cited, in the order of each article, after its title."""
    return _text({(one.article, one.start, one.end) for one in citations}, articles)


def text_around(citations: Sequence[Citation], articles: Articles) -> str:
    """Return the sentences that touch the stretches around what is cited, after the title."""
    spans = {
        (one.article, start, end)
        for one in citations
        for start, end in _prose(articles[one.article])
        if start < one.end + AROUND and end > one.start - AROUND
    }
    return _text(spans, articles)


def closest_text(sentence: str, language: str, articles: Sequence[Article]) -> str:
    """Return the sentences that share most words with this one, after the title; empty where none shares any.

    Args:
        sentence: of an answer.
        language: it is in; names and numbers meet across languages.
        articles: to look in; the one that holds the closest sentence is taken.
    """
    wanted = frozenset(content_stems(sentence, language))
    best: tuple[int, Article, Spans] | None = None
    for article in articles:
        shared = [(len(wanted & stems), span) for span, stems in _stems(article)]
        shared = sorted((one for one in shared if one[0]), key=lambda one: (-one[0], one[1]))[:CLOSEST]
        if shared and (best is None or shared[0][0] > best[0]):
            best = shared[0][0], article, [span for _, span in shared]
    if best is None:
        return ""
    _, article, spans = best
    return _text({(article.identifier, *span) for span in spans}, {article.identifier: article})


def repeats(sentence: str, quote: str, language: str) -> bool:
    """Return whether a sentence is a run of whole sentences of a quote, word for word."""
    said = _bare(sentence)
    parts = [_bare(quote[start:end]) for start, end in split_sentences(quote, language)]
    runs = (" ".join(parts[first:last]) for first in range(len(parts)) for last in range(first + 1, len(parts) + 1))
    return bool(said) and said in {_bare(quote), *runs}


def _bare(text: str) -> str:
    """Return a text without what may differ when it is quoted: outer marks, white space, the form of apostrophes."""
    flat = " ".join(text.replace("\u2060", "").replace("’", "'").split())
    return flat.strip(' «»“”"').rstrip(".")


def _text(stretches: set[tuple[str, int, int]], articles: Articles) -> str:
    """Return stretches of articles in their order, those of an article after its title."""
    parts: dict[str, list[str]] = {}
    for name, start, end in sorted(stretches):
        parts.setdefault(name, []).append(" ".join(articles[name].text[start:end].split()))
    return "\n".join(
        f"{articles[name].title}\n{' '.join(texts)}" if articles[name].title else " ".join(texts)
        for name, texts in parts.items()
    )


def _prose(article: Article) -> tuple[tuple[int, int], ...]:
    return tuple(span for span, _ in _stems(article))


@lru_cache(maxsize=16)
def _stems(article: Article) -> tuple[tuple[tuple[int, int], frozenset[str]], ...]:
    """Return the sentences of an article, each with the stems of its words with meaning."""
    spans = prose_sentences(article, 0, len(article.text))
    return tuple((span, frozenset(content_stems(article.text[span[0] : span[1]], article.language))) for span in spans)
