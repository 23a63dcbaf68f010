"""Does the article answer the question at all? Decided by what the reader said, before any model is called."""

from __future__ import annotations

from collections.abc import Mapping

from rag.search.calibration import load_calibration
from rag.search.quotes import choose_quotes
from rag.search.reading import Read
from rag.values import Article, Evidence

QUOTES = 6
MOST_NEAR = 1.0  # farther than that, where nothing was found, tells no more
NOTHING_READ = -30.0  # a logit that stands for certainly not


def judge(read: Read, articles: Mapping[str, Article], language: str, nearness: float) -> Evidence:
    """Return whether what was read answers the question, with the quotes that would.

    Args:
        read: what the reader said of the passages found.
        articles: identifier → article, for those of the passages.
        language: of the question.
        nearness: how far beyond the usual the nearest passage is, by its cosine; see ``CosineScale``.
    """
    calibration = load_calibration()
    quotes = choose_quotes(read.sentences, articles, QUOTES)
    translated = bool(articles) and all(article.language != language for article in articles.values())
    features = {
        "passage": max(read.answers, default=NOTHING_READ),
        "translated": float(translated),
        "nearness": min(max(nearness, -MOST_NEAR), MOST_NEAR),
    }
    probability = calibration.article.probability(*features.values())
    return Evidence(
        quotes,
        features,
        probability,
        bool(quotes) and probability >= calibration.refused_below,
        calibration.confidence(probability),
        calibration.refused_below,
    )
