"""Who and what a question names, and how another name takes the place of one; pure.

« Et le Japon ? » after « Combien gagne-t-on en Espagne ? » means « Combien gagne-t-on au Japon ? »: so a mention keeps
its preposition and its article apart from its noun, contractions undone. No grammar is learned: a name has a capital
or stands in the list of countries, and a thing has a determiner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rag.language import fold, stop_words
from rag.language.calendar_names import calendar_names
from rag.language.countries import load_countries

_ADJECTIVES = (
    r"(?:(?:derni|premi)(?:ers?|ères?)|nouve(?:aux?|l|lles?)|grande?s?|petite?s?|ancien(?:ne)?s?|jeunes?|future?s?|"
    r"principa(?:le?s?|ux)|last|first|next|new|former|big|great|small|young|old|main|prime|other)\s+"
)
_CAPITAL = r"[A-ZÀ-Þ](?:[\w’'\-‐‑]*\w)?"
_PARTICLE = r"(?:of\s(?:the\s)?|van\s|von\s|der\s|bin\s|ben\s|da\s|di\s|del\s|dos\s)*"
_NAME = rf"{_CAPITAL}(?:\s{_PARTICLE}{_CAPITAL}|\s\d+(?![\d%]))*"
_NAMES = rf"{_NAME}(?:\s(?:and|et|&)\s{_NAME})*"
_COMMON = r"(?!\d)\w[\w‐‑-]*"
_NOUN = rf"(?P<noun>(?(article)(?:{_ADJECTIVES})?(?:{_COMMON}\s+(?={_CAPITAL}))?){_NAMES}|(?:{_ADJECTIVES})?{_COMMON})"
_PREPOSITIONS = {
    "fr": r"d['’]|(?:de|du|des|à|au|aux|en|dans|par|pour|avec|contre|sur|chez|vers|sans|selon|entre)\s+",
    "en": r"(?:of|in|at|on|for|from|to|by|with|against|about|under|over|near|into)\s+",
}
_ARTICLES = {
    "fr": r"l['’]|(?:le|la|les|un|une|des|ce|cet|cette|ces|son|sa|ses|leur|leurs)\s+",
    "en": r"(?:the|a|an|this|these|those|his|her|its|their)\s+",
}
_MENTION = {
    language: re.compile(
        rf"(?<![\w’'‐‑-])(?P<preposition>{_PREPOSITIONS[language]})?(?P<article>{_ARTICLES[language]})?{_NOUN}"
    )
    for language in _PREPOSITIONS
}
_COMPLEMENT = re.compile(r"\s(?:de\s|d['’]|of\s)(?=[^\W\d_])(?![A-ZÀ-Þ])\w+")
_WORD_START = re.compile(r"(?<![\w‐‑-])\w")
_APART = {"du": ("de", "le"), "des": ("de", "les"), "au": ("à", "le"), "aux": ("à", "les"), "d'": ("de", "")}
_TOGETHER = {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"}
_COUNTRY_AT = {"la": "en ", "l'": "en ", "le": "au ", "les": "aux "}
_VOWEL = re.compile(r"[aeiouyh]")
WHERE = frozenset({"en", "à", "dans", "chez", "in", "at", "on", "near", "from"})
"""The prepositions of a place."""

Gender = Literal["", "feminine", "masculine"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or a thing in a text: ``text[start:end]``, preposition and article included.

    Attributes:
        preposition: lower case, contraction undone; empty if there is none.
        article: the same for the determiner.
        noun: as it stands in the text.
        kind: a country or region of the list, another name, or a thing.
    """

    start: int
    end: int
    preposition: str
    article: str
    noun: str
    kind: Literal["place", "name", "thing"]

    @property
    def text(self) -> str:
        """The mention as a subject or an object: its article and its noun."""
        return _spaced(self.article) + self.noun

    @property
    def plural(self) -> bool:
        """Whether it speaks of several: by its determiner, or, of an English thing, by its last letter."""
        if self.kind == "name" and re.search(r"\s(?:and|et|&)\s", self.noun):
            return True
        if self.article in {"the", "his", "her", "its", "their"}:
            return self.noun.endswith("s") and not self.noun.endswith("ss")
        return self.article in {"les", "des", "ces", "ses", "leurs", "these", "those"}

    @property
    def gender(self) -> Gender:
        """As far as the determiner tells."""
        if self.article in {"la", "une", "cette", "sa"}:
            return "feminine"
        return "masculine" if self.article in {"le", "un", "ce", "cet"} else ""


def find_mentions(text: str, language: str) -> tuple[Mention, ...]:
    """Return the names and things of a text in order; a complement after "de" or "of" is a mention of its own.

    A first word that only opens the text must come in lower case.
    """
    pattern = _MENTION.get(language, _MENTION["en"])
    found = []
    position = 0
    while start := _WORD_START.search(text, position):
        match = pattern.match(text, start.start())
        mention = _mention(match, language) if match else None
        if mention is not None:
            found.append(mention)
        position = mention.end if mention else start.end()
    return tuple(found)


def extend(mention: Mention, mentions: tuple[Mention, ...], text: str) -> Mention:
    """Return a mention with the complements that follow it: "le chantier" with "du Grand Paris Express"."""
    for other in mentions:
        follows = other.start > mention.start and not text[mention.end : other.start].strip()
        if follows and mention.article and other.preposition in {"de", "of"}:
            noun = mention.noun + text[mention.end : other.end]
            mention = replace(mention, end=other.end, noun=noun)
    complement = _COMPLEMENT.match(text, mention.end) if mention.article else None
    return replace(mention, end=complement.end(), noun=mention.noun + complement[0]) if complement else mention


def fit(new: Mention, slot: Mention) -> str:
    """Return ``new`` as it is written in the place of ``slot``: after its preposition, contracted as in French."""
    if new.preposition or not slot.preposition:
        return joined(new.preposition, new)
    if slot.preposition in {"en", "à"} and slot.kind == "place" and new.kind == "place" and new.article in _COUNTRY_AT:
        return _COUNTRY_AT[new.article] + new.noun
    return joined(slot.preposition, new)


def joined(preposition: str, mention: Mention) -> str:
    """Return a preposition before a mention: "de" and "le Japon" give "du Japon"."""
    if contracted := _TOGETHER.get((preposition, mention.article)):
        return f"{contracted} {mention.noun}"
    if preposition == "de" and _VOWEL.match(fold(mention.text)):
        return f"d'{mention.text}"
    return f"{preposition} {mention.text}".lstrip()


def _mention(match: re.Match[str], language: str) -> Mention | None:
    preposition, article = (_plain(match[part]) for part in ("preposition", "article"))
    noun = re.sub("['’]s$", "", match["noun"])
    place = fold(noun) in _places()
    named = any(word[:1].isupper() for word in re.split(r"[\s‐‑-]", noun)) and noun.lower() not in calendar_names()
    if language == "fr" and not article and preposition in _APART:
        preposition, article = _APART[preposition]
    grammatical = fold(noun) in {fold(word) for word in stop_words(language)} and not (noun.isupper() and named)
    if grammatical or not (article or place or named) or noun.lower() in calendar_names():
        return None
    kind: Literal["place", "name", "thing"] = "place" if place else "name" if named else "thing"
    return Mention(match.start(), match.start("noun") + len(noun), preposition, article, noun, kind)


def _plain(word: str | None) -> str:
    return (word or "").strip().lower().replace("’", "'")


def _spaced(article: str) -> str:
    return article if not article or article.endswith("'") else f"{article} "


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Return the folded names of countries and regions, French and English."""
    spoken = (country.names.values() for country in load_countries())
    return frozenset(fold(name) for languages in spoken for names in languages for name in names)
