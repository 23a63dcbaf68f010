"""The passages and sentences that answer a question, and whether they are enough.

In come a question and a library; out come hits, quotes and the probability that they answer. What counts how much is
measured: change a weight only together with its figures in ``benchmarks/answers.md``.
"""

from rag.search.evidence import judge, measure
from rag.search.quotes import choose_quotes, rank_sentences
from rag.search.retrieval import Found, Retriever

__all__ = ["Found", "Retriever", "choose_quotes", "judge", "measure", "rank_sentences"]
