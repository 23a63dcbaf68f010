"""Whether a title says something that the text does not say itself; pure."""

from __future__ import annotations

from rag.language import split_sentences
from rag.values import Article

_ENDS = " .!?…"


def telling_title(article: Article) -> str:
    """Return the title to read a part of the text with; empty where it is but a sentence of the text, or its beginning.

    Before each part, such a title would make all of them seem to say what that one sentence says; what that costs where
    it answers stands in benchmarks/answers.md.
    """
    title = article.title.strip()
    words = title.rstrip(_ENDS)
    for block in article.blocks:
        text = article.text[block.start : block.end]
        if block.kind == "paragraph" and words and words in text:
            sentences = [text[slice(*span)] for span in split_sentences(text, article.language)]
            if any(one.startswith(words) and (title[-1:] == "…" or one.rstrip(_ENDS) == words) for one in sentences):
                return ""
    return article.title
