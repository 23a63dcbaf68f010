"""What a reader asks, made complete and taken apart.

In come the question as it was typed and the turns before it; out comes a question that can be searched by itself, with
its words, its names and the kind of answer it wants. Pure: nothing here knows an article.
"""

from rag.question.analysis import Question
from rag.question.understanding import understand

__all__ = ["Question", "understand"]
