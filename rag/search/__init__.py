"""The passages and sentences that answer a question, and whether they are enough.

In come a question and a library; out come hits, quotes and the probability that they answer. What counts how much is
measured: change a weight only together with its figures in ``benchmarks/answers.md``.
"""

from rag.search.reranking import Reranker
from rag.search.result import Search
from rag.search.retrieval import merge_neighbours
from rag.search.searching import Searcher

__all__ = ["Reranker", "Search", "Searcher", "merge_neighbours"]
