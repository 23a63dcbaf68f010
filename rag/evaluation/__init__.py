"""Measure the product on a set of questions.

In comes a folder with articles and questions; out comes a report with intervals. To add a measure, compute it in
``measuring.py`` and print it in ``report.py``.
"""

from rag.evaluation.measuring import evaluate
from rag.evaluation.question_sets import read_set
from rag.evaluation.report import Report

__all__ = ["Report", "evaluate", "read_set"]
