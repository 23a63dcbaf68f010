"""Questions made of an article's own sentences, headings and names; pure. Whether it answers is for the reader to say.

What a question would leave unsaid, a pronoun without its noun, a quotation, a clause cut in two, is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.card.card import Asked, Mentioned
from rag.card.clauses import Pair, ended, questions_of
from rag.check.facts import take_apart
from rag.language import content_stems, words
from rag.language.dates import Moment
from rag.language.names import is_common
from rag.search.overview import Candidate, leans
from rag.values import Article, Block

SHORTEST, LONGEST = 14, 120  # characters of a question
NAMED = 3  # persons and organisations that are asked about
_BROKEN = re.compile(r"[\[\]\n;:*_]|\s[–\u2014-]\s|\.\.\.|…")
_ASIDE = re.compile(r"\s?(?:\([^()]*\)|\[[^\[\]]*\])")
_PAIRS = ("«»", "“”", "()", '""')
_THAT_WHICH = re.compile(r"ce\s(?P<what>qu[ei]\s|qu['’])", re.IGNORECASE)
_DATED = {"fr": re.compile(r"(?:(?:le|en)\s)$", re.IGNORECASE), "en": re.compile(r"(?:(?:on|in)\s)$", re.IGNORECASE)}
_DETERMINED = re.compile(r"\b(?:l[ea]s?\s|l['’]|(?:du|des)\s|aux?\s|une?\s|the\s|an?\s)$", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:(?:à|de|avec|par|pour|depuis|dans|en|sur|vers)\s)?(?:qui|que|quoi|où|quand|comment|pourquoi|combien|quel(?:le)?s?)\b"
    r"|qu['’]|d['’]où\b",
    re.IGNORECASE,
)
"""How a French heading begins that is a question."""
_PRONOUN = {
    "fr": re.compile(
        r"(?<![\w-])(?:ils?|elles?|lui|eux|leurs?|son|sa|ses|cela|ça|ceci|cel(?:ui|le|les)|ceux)\b", re.IGNORECASE
    ),
    "en": re.compile(r"\b(?:he|she|they|it|him|her|them|his|its|their|this|that|these|those)\b", re.IGNORECASE),
}
_HAPPENED = {"fr": "Que s’est-il passé", "en": "What happened"}
_WHO_IS = {"fr": "Qui est {}", "en": "Who is {}"}


def make_questions(article: Article, candidates: Sequence[Candidate], names: Sequence[Mentioned]) -> list[Asked]:
    """Return questions that an article may answer, in its order; none in other languages than French and English.

    Args:
        article: in any language.
        candidates: the sentences of its running text.
        names: of persons and organisations, the most frequent first.
    """
    language = article.language
    if language not in _HAPPENED:
        return []
    found = [asked for block in article.blocks for asked in _of_heading(block, article)]
    for one in candidates:
        sentence = " ".join(article.text[one.start : one.end].split())
        found += [Asked(question, one.start, one.end, answer) for question, answer in _of_sentence(sentence, language)]
    for name in [one for one in names if _is_person(one, article)][:NAMED]:
        question = ended(_WHO_IS[language].format(name.text), language)
        found.append(Asked(question, 0, len(article.text), name=name.text))
    once = {one.question: one for one in reversed(found) if _stands(one.question, language)}
    return sorted(once.values(), key=lambda one: one.start)


def _of_heading(block: Block, article: Article) -> Iterator[Asked]:
    """Yield the question that a heading is: "Pourquoi une coalition", "Ce que Londres a annoncé"."""
    text = " ".join(article.text[block.start : block.end].split())
    plain = text.rstrip(" ?.")
    if block.kind != "heading" or _BROKEN.search(plain) or len(plain.split()) <= 2:
        return
    french = article.language == "fr"
    what = _THAT_WHICH.match(plain) if french else None
    if what:
        plain = f"Qu’est-ce {what['what']}{plain[what.end() :]}"
    if what or text.endswith("?") or (french and _ASKS.match(plain)):
        end = next((one.start for one in article.blocks if one.start >= block.end and one.kind == "heading"), None)
        yield Asked(ended(plain, article.language), block.start, end or len(article.text))


def _of_sentence(sentence: str, language: str) -> Iterator[Pair]:
    sentence = _ASIDE.sub("", sentence)
    if _BROKEN.search(sentence) or leans(sentence) or sentence.endswith("?"):
        return
    facts = take_apart(sentence, language)
    yield from questions_of(facts)
    for moment in facts.moments:
        if question := _happened(moment, sentence, language):
            yield question, f"{sentence[: moment.start]} {sentence[moment.end :]}"


def _happened(moment: Moment, sentence: str, language: str) -> str:
    """Return "Que s'est-il passé le 2 mars ?" where the date stands with the word that leads to it."""
    led = _DATED[language].search(sentence[: moment.start])
    if not led or not (moment.day or moment.year):
        return ""
    return ended(f"{_HAPPENED[language]} {led[0].lower()}{moment.text}", language)


def _is_person(name: Mentioned, article: Article) -> bool:
    """Return whether a name may be a person's: without a determiner, no acronym in it, no word of the language."""
    parts = words(name.text, article.language)
    common = any(is_common(word.stem, article.language) for word in parts)
    determined = _DETERMINED.search(article.text[max(name.start - 8, 0) : name.start])
    return len(parts) > 1 and not common and not determined and not any(word.text.isupper() for word in parts)


def _stands(question: str, language: str) -> bool:
    """Return whether a question can be understood by itself: words of meaning stand before each of its pronouns."""
    fits = SHORTEST <= len(question) <= LONGEST and _is_whole(question)
    return fits and all(
        content_stems(question[: one.start()], language) for one in _PRONOUN[language].finditer(question)
    )


def _is_whole(question: str) -> bool:
    """Return whether each quotation and aside that is opened is closed, in this order."""
    depths = dict.fromkeys(_PAIRS, 0)
    for sign in question:
        for pair in _PAIRS:
            if pair[0] == pair[1] == sign:
                depths[pair] ^= 1
            elif sign in pair:
                depths[pair] += 1 if sign == pair[0] else -1
            if depths[pair] < 0:
                return False
    return not any(depths.values())
