"""Measure the product on a set of questions, or its check on a set of pairs of sentences.

In comes a folder; out comes a report with intervals. To add a measure, compute it in ``measuring.py`` and print it in
``report.py``; what is shown to a reader is measured in ``readers.py``, the check in ``entailment.py``.
"""

from rag.evaluation.entailment import PairReport, evaluate_pairs
from rag.evaluation.measuring import evaluate
from rag.evaluation.question_sets import read_set
from rag.evaluation.report import Report
from rag.evaluation.showing import shown_answers, shown_pairs

__all__ = ["PairReport", "Report", "evaluate", "evaluate_pairs", "read_set", "shown_answers", "shown_pairs"]
