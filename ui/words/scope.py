"""The article or the articles: how what is said of those that were asked names them."""

from __future__ import annotations

from ui.words.vocabulary import Words

_NAMED = {
    "fr": (
        {"the": "l’article", "of_the": "de l’article", "answers": "réponde"},
        {"the": "les articles", "of_the": "des articles", "answers": "répondent"},
    ),
    "en": (
        {"the": "the article", "of_the": "from the article", "answers": "answers"},
        {"the": "the articles", "of_the": "from the articles", "answers": "answer"},
    ),
}
"""What stands for the placeholders where one article is meant, and where several are."""


def said_of_articles(text: str, words: Words, *, several: bool, **values: object) -> str:
    """Return one of the page's words with its placeholders filled, those included that name the article or articles."""
    return text.format(**_NAMED[words.language][several], **values)
