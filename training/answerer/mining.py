"""Has the product itself find the evidence of a question, so that training shows what the answerer will be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.evaluation.measuring import build_library
from rag.evaluation.question_sets import Asked, read_set
from rag.evaluation.wording import normal
from rag.opening import open_embedder, open_reader
from rag.question import understand
from rag.search.searching import Searcher
from rag.settings import load_settings
from rag.values import Article

_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Searched:
    """A question with its article and the sentences that the program finds there, best first."""

    asked: Asked
    article: Article
    found: tuple[str, ...]


def searched(folder: Path, work: Path) -> Iterator[Searched]:
    """Yield the training questions of a set with what the program finds for them, where it finds anything.

    Args:
        folder: of the set.
        work: folder for the index.
    """
    settings = load_settings()
    articles, questions = read_set(folder, "train.jsonl")
    asked = {one.article for one in questions}
    kept = {article.identifier: article for article in articles if article.identifier in asked}
    library = build_library(list(kept.values()), open_embedder(settings), work)
    searcher = Searcher(library, open_reader(settings))
    for one in questions:
        found = searcher.search(understand(one.text), article=one.article).evidence.quotes
        if found:
            yield Searched(one, kept[one.article], tuple(quote.text for quote in found))


def title_of(article: Article) -> str:
    """Return the title of an article without what marks it up."""
    return _TAG.sub("", article.title)


def says(part: str, answers: tuple[str, ...]) -> bool:
    """Return whether a text holds one of the answers, word for word."""
    here = f" {normal(part)} "
    return any(f" {normal(answer)} " in here for answer in answers)
