"""A file or a pasted text becomes an :class:`~rag.values.Article`: its exact text, and what each stretch of it is.

In comes a path or a text in any usual encoding; out comes an article, or one sentence why there is none. To add a
format, write a reader that returns a :class:`~rag.reading.drafts.Draft`, and name it in ``articles.py``.
"""

from rag.reading.articles import SUFFIXES, article_from_text, read_article
from rag.reading.prose import prose_sentences

__all__ = ["SUFFIXES", "article_from_text", "prose_sentences", "read_article"]
