"""What a reader asks, made complete and taken apart.

In come the question as it was typed and the turns before it; out comes a question that can be searched by itself, with
its words, its names and the kind of answer it wants. Pure: nothing here knows an article.
"""

from rag.question.analysis import Question, analyse_question
from rag.question.follow_ups import complete
from rag.question.overview import asks_overview

__all__ = ["Question", "analyse_question", "asks_overview", "complete"]
