"""An article as a readable page, in which every character of the text stands once, in order.

The element with the class ``article-text`` holds exactly ``Article.text``: its ``textContent`` in the browser equals
it, white space between blocks included. So a citation's two offsets are two positions in that element, and the page's
script can highlight ``article.text[start:end]`` whatever blocks it crosses.
"""

from __future__ import annotations

import itertools

from rag.values import Article, Block
from ui.html.turns import escape, prose
from ui.words.vocabulary import Words

_TAGS = {"title": "h2", "heading": "h3", "paragraph": "p", "caption": "p", "metadata": "p"}


def article_html(article: Article, words: Words) -> str:
    """Return the article as a newspaper page."""
    titled = any(block.kind == "title" for block in article.blocks)
    title = "" if titled or not article.title else f'<h2 class="title">{escape(article.title)}</h2>'
    details = [words.date(article.date), article.source]
    byline = " · ".join(escape(detail) for detail in details if detail)
    return (
        f'<button type="button" class="back" data-act="back">{escape(words.back_to_chat)}</button>'
        f'<div class="paper" data-article="{escape(article.identifier)}" lang="{escape(article.language)}">'
        f'<p class="byline" lang="{words.language}">{byline}</p>{title}'
        f'<div class="article-text">{text_html(article)}</div></div>'
    )


def text_html(article: Article) -> str:
    """Return the text as blocks; the text of the result, tags removed, is ``article.text`` itself."""
    blocks = article.blocks or tuple(_paragraphs(article.text))
    parts, cursor = [], 0
    for block in blocks:
        parts += [_between(article.text[cursor : block.start]), _block_html(article.text, block)]
        cursor = block.end
    return "".join([*parts, _between(article.text[cursor:])])


def _between(text: str) -> str:
    return f"<p>{prose(text)}</p>" if text.strip() else escape(text)


def _block_html(text: str, block: Block) -> str:
    tag = _TAGS[block.kind]
    if block.kind == "heading":
        tag = f"h{min(6, max(3, block.level + 1))}"
    return f'<{tag} class="{block.kind}">{prose(text[block.start : block.end])}</{tag}>'


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
