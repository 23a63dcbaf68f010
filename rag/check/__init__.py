"""Is a sentence of an answer said by what it cites?

In come a sentence and its citations; out comes a verdict with what is missing. The trained reader says whether a text
says the sentence; numbers, dates, names and quotations are looked for exactly as well. Its thresholds stand in
``data/thresholds.json``.
"""

from rag.check.checker import Checker

__all__ = ["Checker"]
