"""What is known of articles themselves: quoted where it stands in the text, else told in one plain sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from rag.answer.notices import in_language
from rag.llm.quoting import quoted
from rag.question import Intent
from rag.search.own_data import own_field
from rag.values import Article, Quote

WORDS_A_MINUTE = 238
"""Silent reading of English non-fiction by adults (Brysbaert 2019, How many words do we read per minute?); the same
survey has 214 for French, so a French article takes a tenth longer at most."""

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_FROM_FIELDS: dict[Intent, dict[str, str]] = {
    "title": {
        "fr": "Le texte ne porte pas de titre\u00a0; il est rangé ici sous «\u202f{value}\u202f».",
        "en": "The text bears no title; it is kept here as “{value}”.",
    },
    "author": {
        "fr": "L’article est de {value}, d’après les données de la page ou du fichier.",
        "en": "The article is by {value}, as its page or file states.",
    },
    "date": {
        "fr": "L’article est daté du {value}, d’après les données de la page ou du fichier.",
        "en": "The article is dated {value}, as its page or file states.",
    },
    "source": {
        "fr": "D’après les données de la page ou du fichier, l’article vient de {value}.",
        "en": "As its page or file states, the article comes from {value}.",
    },
    "length": {
        "fr": "L’article compte {value} mots, soit environ {minutes} min de lecture.",
        "en": "The article has {value} words, about {minutes} min of reading.",
    },
    "language": {"fr": "L’article est écrit en {value}.", "en": "The article is written in {value}."},
}
_FROM_FILE = {
    "fr": "Le texte ne dit pas d’où il vient\u00a0; il a été lu dans le fichier {value}.",
    "en": "The text does not say where it comes from; it was read from the file {value}.",
}
_UNKNOWN: dict[Intent, dict[str, str]] = {
    "author": {
        "fr": "Ni le texte ni les données du fichier ne disent qui a écrit l’article.",
        "en": "Neither the text nor the data of the file tell who wrote the article.",
    },
    "date": {
        "fr": "Ni le texte ni les données du fichier ne disent de quand date l’article.",
        "en": "Neither the text nor the data of the file tell when the article is from.",
    },
    "source": {
        "fr": "L’article a été collé sans que sa source soit dite.",
        "en": "The article was pasted without its source being told.",
    },
    "photo": {
        "fr": "Dans ce qui a été lu de l’article, il n’y a ni photo ni légende.",
        "en": "In what was read of the article there is no photo and no caption.",
    },
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the answer.

    Attributes:
        text: of the line.
        quotes: the stretch of the text that it quotes; empty where the program tells it in its own words.
    """

    text: str
    quotes: tuple[Quote, ...] = ()


def tell_own(articles: Mapping[str, Article], quotes: Sequence[Quote], intent: Intent, language: str) -> Iterator[Told]:
    """Yield what is known of articles, a line for each quotation or sentence.

    Args:
        articles: identifier → article that was asked about.
        quotes: of them, where the text tells it.
        intent: which of their own data was asked for.
        language: ISO 639-1 code of the answer.
    """
    for article in articles.values():
        before = f"{article.title}\u00a0: " if language == "fr" else f"{article.title}: "
        before = before if len(articles) > 1 and intent != "title" else ""
        own = [quote for quote in quotes if quote.article == article.identifier]
        for quote in own:
            yield Told(before + quoted(quote.text, language), (quote,))
        if not own:
            yield Told(before + _plainly(article, intent, language))


def _plainly(article: Article, intent: Intent, language: str) -> str:
    """Return what is known of an article that its text does not say, or that it is not known."""
    if intent == "length":
        count = len(_WORD.findall(article.text))
        minutes = max(round(count / WORDS_A_MINUTE), 1)
        return in_language(_FROM_FIELDS[intent], language).format(value=_number(count, language), minutes=minutes)
    if intent == "language":
        return in_language(_FROM_FIELDS[intent], language).format(value=_language(article.language, language))
    value = own_field(article, intent)
    if not value and intent == "source" and article.source:
        return in_language(_FROM_FILE, language).format(value=article.source)
    if not value:
        return in_language(_UNKNOWN[intent], language)
    value = _date(value, language) if intent == "date" else value
    return in_language(_FROM_FIELDS[intent], language).format(value=value)


def _spoken(language: str) -> str:
    return "fr" if language == "fr" else "en"


def _number(count: int, language: str) -> str:
    return str(format_decimal(count, locale=_spoken(language)))


def _language(code: str, language: str) -> str:
    return str(Locale(_spoken(language)).languages.get(code, code))


def _date(iso: str, language: str) -> str:
    """Return an ISO date in words, as far as it goes; what is none as it stands."""
    try:
        if len(iso) == len("2025-03"):
            return str(format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=_spoken(language)))
        return str(format_date(date.fromisoformat(iso), "long", locale=_spoken(language)))
    except ValueError:
        return iso
