"""An article as a readable page, in which every character of the text stands once, in order.

The element with the class ``article-text`` holds exactly ``Article.text``: its ``textContent`` in the browser equals
it, white space between blocks included. So a citation's two offsets are two positions in that element, and the page's
script can highlight ``article.text[start:end]`` whatever blocks it crosses.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from rag.values import Article, Block
from ui.html.environment import render
from ui.words import Words

_TAGS = {"title": "h2", "heading": "h3", "paragraph": "p", "caption": "p", "metadata": "p"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one element of the text holds; without a tag, white space between two of them."""

    text: str
    tag: str = ""
    kind: str = ""


def article_html(article: Article, words: Words) -> str:
    """Return the article as a newspaper page."""
    titled = any(block.kind == "title" for block in article.blocks)
    details = [detail for detail in (words.date(article.date), article.source) if detail]
    return render(
        "article",
        article=article,
        title="" if titled else article.title,
        byline=" · ".join(details),
        headings=[block for block in article.blocks if block.kind == "heading"],
        stretches=stretches(article),
        words=words,
    )


def empty_html(said: str, *, busy: bool = False) -> str:
    """Return what stands where an article will be."""
    return render("empty", said=said, busy=busy)


def stretches(article: Article) -> Iterator[Stretch]:
    """Yield the text as blocks and what lies between them; together they are ``article.text`` itself."""
    cursor = 0
    for block in article.blocks or tuple(_paragraphs(article.text)):
        yield _between(article.text[cursor : block.start])
        yield Stretch(article.text[block.start : block.end], _tag(block), block.kind)
        cursor = block.end
    yield _between(article.text[cursor:])


def _between(text: str) -> Stretch:
    return Stretch(text, "p" if text.strip() else "")


def _tag(block: Block) -> str:
    return f"h{min(6, max(3, block.level + 1))}" if block.kind == "heading" else _TAGS[block.kind]


def _paragraphs(text: str) -> list[Block]:
    """Return the paragraphs of a text without blocks: stretches between empty lines."""
    blocks, start = [], 0
    lines = text.splitlines(keepends=True)
    for empty, group in itertools.groupby(lines, key=lambda line: not line.strip()):
        stretch = "".join(group)
        if not empty:
            blocks.append(Block("paragraph", start, start + len(stretch.rstrip("\r\n"))))
        start += len(stretch)
    return blocks
