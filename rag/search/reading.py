"""The reader goes through the passages found: which of their sentences answer, and with which words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.index.contexts import LONGEST_CONTEXT
from rag.reader import Readable, Reader
from rag.reading import quotable_spans, telling_title
from rag.search.calibration import load_calibration
from rag.values import Article, Hit, Quote

EDGE = 1e-9  # of a probability that is to be odds


@dataclass(frozen=True, slots=True)
class Scored:
    """A piece of an article that can be quoted, as it was read for a question.

    Attributes:
        quote: its score is the probability that it answers, in (0, 1).
        hit: number of the hit it stands in.
    """

    quote: Quote
    hit: int


@dataclass(frozen=True, slots=True)
class Read:
    """What was read for a question.

    Attributes:
        answers: logit that each hit answers, in the order of the hits.
        sentences: of all of them, the likeliest first.
    """

    answers: tuple[float, ...]
    sentences: tuple[Scored, ...]


def read_hits(reader: Reader, question: str, hits: Sequence[Hit], articles: Mapping[str, Article]) -> Read:
    """Return what the reader says of the hits.

    Args:
        reader: that reads them.
        question: as it is to be read.
        hits: passages found.
        articles: identifier → article, for those of the hits.
    """
    spans = [quotable_spans(articles[hit.passage.article], hit.passage.start, hit.passage.end) for hit in hits]
    titles = {name: telling_title(article) for name, article in articles.items()}
    texts = [
        Readable(
            titles[hit.passage.article][:LONGEST_CONTEXT],
            hit.passage.text,
            tuple((a - hit.passage.start, b - hit.passage.start) for a, b in here),
        )
        for hit, here in zip(hits, spans, strict=True)
    ]
    readings = reader.read(question, texts)
    calibration = load_calibration()
    most = max((hit.score for hit in hits), default=0.0)
    near = [value for reading in readings for value in reading.alike if math.isfinite(value)]
    nearest = max(near, default=0.0)  # of what was read: a sentence may lie beyond that
    scored = []
    for number, (hit, here, reading) in enumerate(zip(hits, spans, readings, strict=True)):
        article = articles[hit.passage.article]
        told = zip(here, reading.sentences, reading.alike, reading.words, strict=True)
        for (start, end), evidence, alike, words in told:
            score = calibration.sentence.probability(evidence, reading.answers, hit.score - most, alike - nearest)
            answering = (words[0] + hit.passage.start, words[1] + hit.passage.start)
            text = article.text[start:end]
            scored.append(Scored(Quote(article.identifier, hit.title, start, end, text, score, answering), number))
    return _best_first(tuple(reading.answers for reading in readings), scored)


def blend(one: Read, other: Read) -> Read:
    """Return two readings of the same hits as one: the mean log-odds of each sentence, the mean logit of each hit.

    The words that answer are those of the reading to which the sentence is likelier to answer.
    """
    answers = tuple((a + b) / 2 for a, b in zip(one.answers, other.answers, strict=True))
    again = {(same.hit, same.quote.start): same for same in other.sentences}
    scored = []
    for said in one.sentences:
        pair = (said, again[said.hit, said.quote.start])
        odds = sum(_log_odds(each.quote.score) for each in pair) / 2
        likelier = max(pair, key=lambda each: each.quote.score)
        scored.append(replace(likelier, quote=replace(likelier.quote, score=1 / (1 + math.exp(-odds)))))
    return _best_first(answers, scored)


def _best_first(answers: tuple[float, ...], scored: list[Scored]) -> Read:
    scored.sort(key=lambda one: (-one.quote.score, one.quote.article, one.quote.start))
    return Read(answers, tuple(scored))


def _log_odds(probability: float) -> float:
    inside = min(max(probability, EDGE), 1 - EDGE)
    return math.log(inside / (1 - inside))
