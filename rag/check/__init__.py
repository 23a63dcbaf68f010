"""Is a sentence of an answer said by what it cites?

In come a sentence and its citations; out comes a verdict with what is missing. Numbers, dates and names are looked for
exactly, and no model is asked.
"""

from rag.check.checker import Checker

__all__ = ["Checker"]
