"""On which page of a document a character stands."""

from __future__ import annotations

from rag.values import Article


def page_at(article: Article, offset: int) -> int:
    """Return the page on which a character of an article stands, counted from 1; 0 where it has no pages."""
    turned = [page for block in article.blocks for at, page in block.pages if at <= offset]
    return turned[-1] if turned else 0
