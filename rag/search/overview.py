"""Questions about the article as a whole ("what is it about?", "résume l'article"), and what answers them; pure.

No passage speaks of its own article, so such a question finds nothing and would be refused. What answers it without a
model is where a text says what it is about: its first sentences, then the beginnings of the parts that follow.
"""

from __future__ import annotations

from rag.reading import prose_sentences
from rag.reading.prose import addresses_machine
from rag.values import Article, Block, Quote

LEAD_CHARACTERS = 400
"""Of the first paragraph: its sentences are quoted as long as they are no longer together."""


def overview_quotes(article: Article, most: int) -> tuple[Quote, ...]:
    """Return the sentences that tell what an article is about, in its order, all with the same score.

    They are the beginning of its first paragraph, then the first sentence of each part: of each paragraph that follows
    a heading, or of the next paragraphs where there are no headings.

    Args:
        article: to tell about.
        most: number of quotes at most.
    """
    paragraphs = [block for block in article.blocks if block.kind == "paragraph"]
    if not paragraphs:
        return ()
    opened = [
        after
        for before, after in zip(article.blocks, article.blocks[1:], strict=False)
        if before.kind == "heading" and after.kind == "paragraph" and after.start > paragraphs[0].start
    ]
    parts = opened or paragraphs[1:]
    spans = [_beginning(article, paragraphs[0], LEAD_CHARACTERS), *(_beginning(article, part, 0) for part in parts)]
    told = [(start, end) for start, end in spans if not addresses_machine(article.text[start:end])]
    return tuple(
        Quote(article.identifier, article.title, start, end, article.text[start:end], 1.0) for start, end in told[:most]
    )


def _beginning(article: Article, block: Block, longest: int) -> tuple[int, int]:
    """Return the offsets of a paragraph's first sentence, and of those after it within ``longest`` characters."""
    spans = prose_sentences(article, block.start, block.end)
    end = spans[0][1]
    for start, other in spans[1:]:
        if other - spans[0][0] > longest or article.text[end:start].strip():  # an order to a machine lies between
            break
        end = other
    return spans[0][0], end
