"""A file or a pasted text becomes an :class:`~rag.values.Article`: its exact text, and what each stretch of it is.

In comes a path or a text in any usual encoding; out comes an article, or one sentence why there is none. To add a
format, write a parser, a function from the text of a file to a :class:`~rag.reading.parsed_document.ParsedDocument`,
and give it one line in the table of ``articles.py``.
"""

from rag.reading.apart import reading_apart
from rag.reading.articles import SUFFIXES, article_from_text, read_article
from rag.reading.pages import page_at
from rag.reading.prose import prose_sentences
from rag.reading.quotable import quotable_spans
from rag.reading.titles import telling_title

__all__ = [
    "SUFFIXES",
    "article_from_text",
    "page_at",
    "prose_sentences",
    "quotable_spans",
    "read_article",
    "reading_apart",
    "telling_title",
]
