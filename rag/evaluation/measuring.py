"""Measures retrieval, cited sentences and refusals on a set of questions: ``rag eval``.

Retrieval is scored on the set's own paragraphs, whatever the passages are: each passage found contributes
the paragraphs it overlaps, in rank order, once. The ranking measures come from the library ir-measures.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from rag.answer import Assistant
from rag.errors import ArticleError
from rag.evaluation.question_sets import Asked, read_set
from rag.evaluation.readers import read
from rag.evaluation.report import RANKS, Mode, Outcome, Report
from rag.evaluation.wording import holds_answer, normal
from rag.index import Embedder, Library
from rag.llm import ChatModel, QuotingModel
from rag.question import understand
from rag.reader import Reader
from rag.search import Reranker, Searcher
from rag.search.reranking import rerank
from rag.search.retrieval import Retriever
from rag.values import Article, Hit

Ranker = Callable[[str, str], Sequence[Hit]]
FOUND = 20  # passages ranked: each gives at least one paragraph, and recall is measured up to 10


def evaluate(
    folder: Path,
    embedder: Embedder,
    reader: Reader,
    indexes: Path,
    *,
    mode: Mode | None = None,
    limit: int = 0,
    answers: bool = False,
    distractors: Path | None = None,
    reranker: Reranker | None = None,
    model: ChatModel | None = None,
    progress: Callable[[str, float], None] = lambda _stage, _done: None,
) -> Report:
    """Ask every question of a set and return the figures.

    Args:
        folder: of the set.
        embedder: of the library that is built of it.
        reader: that reads what is found.
        indexes: where that library is kept, so that a second run need not build it again.
        mode: ask each question of its own article, or of all of them at once; None: of its own where the set tells
            kinds of questions, for those were asked by readers of one article.
        limit: number of questions, spread evenly; 0: all.
        answers: let the product answer each question, too; it does so in any case where the set tells kinds.
        distractors: a further set whose articles stand in the library too.
        reranker: that orders what was found again, as in the product.
        model: that writes the answers, which are then measured too; None for the article's own sentences.
        progress: told the stage and the part done.

    Raises:
        ArticleError: a folder holds no set, or there is nothing to ask.
    """
    articles, questions = read_set(folder)
    if not questions:
        raise ArticleError(f"{folder} holds no questions.jsonl.", "rag eval DIR with a set that has questions")
    told = any(one.kind for one in questions)
    mode = mode or ("article" if told else "library")
    others = read_set(distractors)[0] if distractors else []
    library = build_library([*articles, *others], embedder, indexes, progress)
    known = {article.identifier: article for article in articles}
    chosen = spread([one for one in questions if one.article in known or mode == "library"], limit)
    with closing(library):
        answering, writer = told or answers or model is not None, model or QuotingModel()
        ask = _asking(library, reader, reranker, known, mode, writer, answers=answering)
        embedder.encode_query("warm")
        outcomes = [ask(one) for one in _told(chosen, progress)]
        return Report(folder.name, mode, library.count_passages(), tuple(outcomes), model.name if model else "")


def spread(questions: Sequence[Asked], limit: int) -> Sequence[Asked]:
    """Return so many of the questions, spread evenly; all of them where the limit is 0."""
    return questions[:: max(len(questions) // limit, 1)][:limit] if limit else questions


def _told(questions: Sequence[Asked], progress: Callable[[str, float], None]) -> Iterator[Asked]:
    """Yield the questions, and tell before each which part of them is done."""
    for number, one in enumerate(questions):
        progress("asking", number / len(questions))
        yield one


def _ranker(library: Library, reranker: Reranker | None) -> Ranker:
    """Return what ranks the passages of a question within an article, or all of them where its name is empty."""
    retriever = Retriever(library)

    def rank(question: str, article: str) -> Sequence[Hit]:
        hits = retriever.find(understand(question), article=article, limit=FOUND)
        return rerank(reranker, question, hits) if reranker else hits

    return rank


def _asking(
    library: Library,
    reader: Reader,
    reranker: Reranker | None,
    known: dict[str, Article],
    mode: Mode,
    model: ChatModel,
    *,
    answers: bool,
) -> Callable[[Asked], Outcome]:
    """Return what asks a question: quotes and refusal as in the product, the ranking from more passages."""
    searcher, rank = Searcher(library, reader, reranker=reranker), _ranker(library, reranker)
    assistant = Assistant(library, reader, model, reranker=reranker, quotes_chosen=True)

    def ask(asked: Asked) -> Outcome:
        article = asked.article if mode == "article" else ""
        started = time.perf_counter()
        search = searcher.search(understand(asked.text), article=article)
        milliseconds = 1000 * (time.perf_counter() - started)
        quotes = search.evidence.quotes[:3]
        held = [holds_answer(quote.text, asked.answers) for quote in quotes]
        reading = read(assistant, asked, article=article) if answers else None
        with_answers = asked.answerable and any(normal(answer) for answer in asked.answers)
        return Outcome(
            _ranking(rank, asked, known, article) if asked.answerable else None,
            (held[:1] == [True], any(held)) if with_answers else None,
            len(quotes[0].text) if quotes else 0,
            reading.probability if reading else search.evidence.probability,
            not search.evidence.sufficient,
            asked.answerable,
            milliseconds,
            reading,
        )

    return ask


def _ranking(rank: Ranker, asked: Asked, known: dict[str, Article], within: str) -> tuple[float, ...] | None:
    """Return the measures of ``RANKS`` for one question, or None where the set names no evidence."""
    article = known.get(asked.article)
    if article is None or (asked.paragraph is None and article.identifier.startswith("pool-")):
        return None
    wanted = range(len(article.blocks)) if asked.paragraph is None else (asked.paragraph,)
    passages = [hit.passage for hit in rank(asked.text, within)]
    ranked = rank_paragraphs([(one.article, one.start, one.end) for one in passages], known)
    relevant = {(asked.article, number) for number in wanted}
    return _measures(ranked, relevant, any_counts=asked.paragraph is None)


def rank_paragraphs(places: Iterable[tuple[str, int, int]], known: Mapping[str, Article]) -> list[tuple[str, int]]:
    """Return the paragraphs that passages overlap, each once, as identifier and number, in the order they are found.

    Args:
        places: of the passages, best first: identifier of the article, start and end in its text.
        known: identifier → article; a passage of any other stands for a paragraph that is never wanted.
    """
    found: list[tuple[str, int]] = []
    for name, start, end in places:
        blocks = known[name].blocks if name in known else ()
        shared = {number: min(block.end, end) - max(block.start, start) for number, block in enumerate(blocks)}
        # Of the paragraphs in one passage, the one that makes up most of it comes first.
        inside = sorted((number for number, length in shared.items() if length > 0), key=lambda at: -shared[at])
        found.extend((name, number) for number in inside or [-start - 1])
    return list(dict.fromkeys(found))


def _measures(
    ranked: Sequence[tuple[str, int]], relevant: set[tuple[str, int]], *, any_counts: bool
) -> tuple[float, ...]:
    import ir_measures

    if any_counts:  # any paragraph of the article will do: the first found stands for all
        first = next((pair for pair in ranked if pair in relevant), next(iter(relevant)))
        ranked = [pair for pair in ranked if pair == first or pair not in relevant]
        relevant = {first}
    run = [ir_measures.ScoredDoc("q", str(pair), float(-rank)) for rank, pair in enumerate(ranked)]
    judged = [ir_measures.Qrel("q", str(pair), 1) for pair in relevant]
    measures = [ir_measures.parse_measure(name) for name in RANKS]
    values = ir_measures.calc_aggregate(measures, judged, run or [ir_measures.ScoredDoc("q", "none", 0.0)])
    return tuple(float(values[measure]) for measure in measures)


def build_library(
    articles: Sequence[Article],
    embedder: Embedder,
    indexes: Path,
    progress: Callable[[str, float], None] = lambda _stage, _done: None,
) -> Library:
    """Return a library of the articles: the one kept from an earlier run, or a new one."""
    digest = hashlib.sha256(embedder.identity.encode())
    for article in articles:
        digest.update(f"{article.identifier}\0{article.text}\0".encode())
    library = Library(indexes / ".evaluation" / digest.hexdigest()[:16], embedder)
    held = {entry.identifier for entry in library.entries()}
    new = [(article, article.identifier) for article in articles if article.identifier not in held]
    for number, done in library.add_all(new):
        if done == 1:
            progress("indexing", number / len(new))
    return library
