"""What a reader asks, with the question before it where it needs that, and taken apart.

In come the question as it was typed, the turns before it, and the vector it is searched by; out come a question that
can be searched by itself, its words, and what it wants at all: something of the text, an overview, the article's own
data, or nothing of an article. Pure: nothing here knows an article.
"""

from rag.question.analysis import Question
from rag.question.indirect import indirect
from rag.question.intents import CONTENT, OVERVIEWS, OWN_DATA, Intent, find_intent, names_article
from rag.question.sizes import Size, asked_size
from rag.question.understanding import understand

__all__ = [
    "CONTENT",
    "OVERVIEWS",
    "OWN_DATA",
    "Intent",
    "Question",
    "Size",
    "asked_size",
    "find_intent",
    "indirect",
    "names_article",
    "understand",
]
