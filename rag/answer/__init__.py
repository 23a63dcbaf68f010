"""From a question to checked, cited sentences.

In comes a question; out come the events of one answer, the same for the page and the command line. This is the only
place that knows search, models and check together.
"""

from rag.answer.assistant import Assistant

__all__ = ["Assistant"]
