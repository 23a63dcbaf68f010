"""Where an article says of itself what it is called, who wrote it and when, where it comes from, what its photos show.

Pure. Each is a stretch of the text, as its blocks tell it; what only its file or its page states stands in the fields
of :class:`~rag.values.Article`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rag.language.dates import first_date
from rag.question import Intent
from rag.values import Article, Block, Quote

MOST_CAPTIONS = 3
_BYLINE = re.compile(r"(?i:\b(?:par|by|auteure?s?|authors?|von|por)\b(?:\s*:)?)\s+[A-ZÀ-Þ]")
_ORIGIN = re.compile(r"(?i:source|url)\b\s*:?\s+\S|https?://\S")
_SIGNATURE = re.compile(r"[A-ZÀ-Þ][\w.'’-]*(?:\s(?:(?:d[eu]|des|la|le|van|von|bin|al)\s)*[A-ZÀ-Þ][\w.'’-]*){1,3}")
_DATELINE = 40  # characters of a paragraph's beginning
_TOP = 4  # blocks among which a dateline stands

Span = tuple[int, int]


def own_quotes(article: Article, intent: Intent) -> tuple[Quote, ...]:
    """Return the stretches of an article that tell what is asked of itself, in order; empty where none does.

    Args:
        article: that is asked about itself.
        intent: one of its own data.
    """
    find = _FOUND.get(intent)
    return tuple(
        Quote(article.identifier, article.title, start, end, article.text[start:end], 1.0)
        for start, end in (find(article) if find else ())
    )


def own_field(article: Article, intent: Intent) -> str:
    """Return what an article's fields tell of itself; empty where they do not."""
    fields: dict[Intent, str] = {
        "title": article.title,
        "author": article.author,
        "date": article.date,
        "source": article.publisher,
    }
    return fields.get(intent, "")


def _title(article: Article) -> Iterator[Span]:
    titles = [block for block in article.blocks if block.kind == "title"]
    stated = [one for one in article.blocks if one.kind == "metadata" and article.title in _text(article, one)]
    yield from ((block.start, block.end) for block in titles or stated)


def _author(article: Article) -> Iterator[Span]:
    found = list(_metadata(article, _BYLINE))
    last = article.blocks[-1] if len(article.blocks) > 1 else None
    if not found and last and last.kind in {"paragraph", "metadata"} and _SIGNATURE.fullmatch(_text(article, last)):
        found = [(last.start, last.end)]
    yield from found


def _date(article: Article) -> Iterator[Span]:
    """Yield the line of metadata that tells the article's date, else the date that a first line begins with."""
    for block in article.blocks:
        moment = first_date(_text(article, block)) if block.kind == "metadata" else None
        if moment and moment.iso() == article.date:
            yield block.start, block.end
            return
    for block in article.blocks[:_TOP]:
        moment = first_date(_text(article, block)[:_DATELINE]) if block.kind == "paragraph" else None
        if moment and moment.iso() == article.date:
            yield block.start + moment.start, block.start + moment.end
            return


def _source(article: Article) -> Iterator[Span]:
    yield from _metadata(article, _ORIGIN)


def _photo(article: Article) -> Iterator[Span]:
    captions = [(block.start, block.end) for block in article.blocks if block.kind == "caption"]
    yield from captions[:MOST_CAPTIONS]


def _metadata(article: Article, pattern: re.Pattern[str]) -> Iterator[Span]:
    for block in article.blocks:
        if block.kind == "metadata" and pattern.search(_text(article, block)):
            yield block.start, block.end


def _text(article: Article, block: Block) -> str:
    return article.text[block.start : block.end]


_FOUND: dict[Intent, Callable[[Article], Iterator[Span]]] = {
    "title": _title,
    "author": _author,
    "date": _date,
    "source": _source,
    "photo": _photo,
}
