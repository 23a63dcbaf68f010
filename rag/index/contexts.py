"""What the embedder is given of a passage: the passage after the title of its article."""

from __future__ import annotations

from collections.abc import Sequence

from rag.values import Article, Passage

LONGEST_CONTEXT = 200  # characters


def context(article: Article) -> str:
    """Return what is put before each passage of an article for the embedder: its title, cut where it is long."""
    return f"{article.title[:LONGEST_CONTEXT]}\n" if article.title.strip() else ""


def texts_in_context(article: Article, passages: Sequence[Passage]) -> list[str]:
    """Return the passages as they are embedded: what an article is about stands in its title, and seldom in each."""
    before = context(article)
    return [passage.text if before.strip() in passage.text else before + passage.text for passage in passages]
