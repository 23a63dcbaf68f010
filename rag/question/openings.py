"""What a question opens with: its question word, what that asks for, and the rest; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.language import fold, stop_words, words

_FRENCH_PREPOSITION = r"(?:(?:à|de|avec|par|pour|depuis|dans|en|chez|vers|contre|sur|jusqu'à|sous)\s+|d')?"
_ENGLISH_PREPOSITION = r"(?:(?:in|at|on|by|with|for|from|to|since|until)\s+)?"
_AUXILIARY = r"(?:did|does|do|is|are|was|were|will|has|have|had|would|can|could|should)"
_OPENINGS = {
    "fr": (
        rf"{_FRENCH_PREPOSITION}(?:qu|(?:qui|quoi|où|quand|comment|pourquoi|combien)\s)?'?(?<=['\s])est-ce\s+qu(?:e\s+|'|i\s+)",
        r"est-ce\s+qu(?:e\s+|')",
        rf"{_FRENCH_PREPOSITION}combien\s+de\s+temps",
        rf"(?P<determiner>{_FRENCH_PREPOSITION}combien)\s+(?:de\s+|d')(?P<noun>[\w-]+)",
        r"(?P<definition>quel(?:le)?s?\s+(?:est|sont|était|étaient|fut|furent|sera|seront))\b",
        rf"(?P<determiner>{_FRENCH_PREPOSITION}quel(?:le)?s?)\s+(?P<noun>[\w-]+)",
        rf"{_FRENCH_PREPOSITION}(?:d'où|qui|quoi|où|quand|comment|pourquoi|combien|que|qu')(?![\w-])",
        r"qu'",
    ),
    "en": (
        rf"(?P<determiner>{_ENGLISH_PREPOSITION}how\s+(?:many|much))\s+(?!{_AUXILIARY}\b)(?P<noun>\w+)",
        r"how\s+(?:many|much|long|fast|old|tall|far|big|large|high|deep|heavy|often)\b",
        r"(?P<definition>what\s+(?:is|are|was|were))\s+(?=the\b|an?\b)",
        rf"(?P<determiner>{_ENGLISH_PREPOSITION}what)\s+(?!{_AUXILIARY}\b)(?P<noun>\w+)(?=\s+{_AUXILIARY}\b)",
        rf"(?P<determiner>{_ENGLISH_PREPOSITION}which)\s+(?!{_AUXILIARY}\b)(?P<noun>\w+)",
        rf"{_ENGLISH_PREPOSITION}(?:who|whom|whose|what|which|when|where|why|how)\b",
    ),
}
_INVERTED = re.compile(r"[-‐‑](?:t[-‐‑])?(?:ils?|elles?|on)\b")


@dataclass(frozen=True, slots=True)
class Opening:
    """A question taken apart at its question word.

    Attributes:
        words: the question word with its preposition: "où", "combien de temps", "quel est"; empty of a yes-or-no one.
        noun: what "quel", "combien de", "which" or "how many" asks for.
        body: the rest, without its last mark.
        is_definition: whether it asks what something is: "quel est", "what are the".
    """

    words: str
    noun: str
    body: str
    is_definition: bool = False

    @property
    def is_subject(self) -> bool:
        """Whether "qui" or "who" is the subject of the question."""
        return self.words in {"qui", "who"} and not _INVERTED.search(self.body)

    @property
    def article(self) -> str:
        """The French article that "quel" or "combien de" leaves to its noun."""
        if self.words.endswith("combien"):
            return "des"
        if self.words.endswith("s"):
            return "les"
        return "la" if self.words.endswith("elle") else "le"


def split_opening(question: str, language: str) -> Opening:
    """Return a question taken apart; its first letter becomes small where it only opens the sentence."""
    text = small_first(question, language).rstrip(" ?!.…").replace("’", "'")
    text = re.sub(r"^(?:et|mais|and|but)\s+", "", text)
    for pattern in _OPENINGS[language]:
        if match := re.match(pattern, text):
            groups = match.groupdict()
            opening = groups.get("determiner") or match[0]
            return Opening(
                opening.strip(), groups.get("noun") or "", text[match.end() :].strip(), bool(groups.get("definition"))
            )
    return Opening("", "", text)


def small_first(text: str, language: str) -> str:
    """Return a text with a small first letter, unless it begins with a name."""
    first = words(text, language)[:1]
    named = bool(first) and first[0].text.lower().rstrip("'’") not in stop_words(language)
    return text if named else text[:1].lower() + text[1:]


def content_words(text: str, language: str) -> list[str]:
    """Return the words of a text that carry meaning."""
    stops = stop_words(language)
    return [word.text for word in words(text, language) if word.text.lower().replace("’", "'").rstrip("'") not in stops]


def ask_again(phrase: str, opening: Opening, subject: str, language: str) -> str:
    """Return the question that was taken apart, asked with another question word.

    Args:
        phrase: the new question word: "quand", "avec qui", "how many".
        opening: the question it takes the rest of.
        subject: who did it, where the old question asked that; "…" if nobody knows.
        language: "fr" or "en".
    """
    noun, body = opening.noun, opening.body
    if opening.is_subject:
        return f"{phrase} {subject} {body}" if language == "fr" else f"{phrase} ({subject} {body})"
    if not noun:
        return _count(phrase, body) if _COUNTS.fullmatch(phrase) else f"{phrase} {body}"
    if phrase.endswith(f" {noun}"):
        return f"{phrase} {body}"
    if re.search(r"(?:quel|laquel)(?:le)?s?$", phrase):
        return f"{re.sub('^(?:les|le|la)', '', phrase)} {noun} {body}"
    if phrase == "combien":
        return f"combien {elide('de', noun)} {body}"
    if phrase in {"how many", "which", "which ones", "which one"}:
        return f"{re.sub(' ones?$', '', phrase)} {noun} {body}"
    if language == "fr":
        return f"{phrase} {elide(opening.article, noun)} {body}"
    return f"{phrase} {body} {noun}" if re.match(r"(?:did|do|does)\b", body) else f"{phrase} {noun} {body}"


def elide(word: str, noun: str) -> str:
    """Return "le", "la" or "de" before a noun, elided before a vowel."""
    vowel = word in {"le", "la", "de"} and fold(noun)[:1] in set("aeiouyh")
    return f"{word[0]}'{noun}" if vowel else f"{word} {noun}"


def _count(phrase: str, body: str) -> str:
    """Return "how many workers did it lay off" where the yes-or-no question ends with what can be counted."""
    if match := re.fullmatch(r"(?P<rest>.*\S)\s+des\s+(?P<noun>\w+)", body):
        asked = elide("de", match["noun"]) if phrase == "combien" else match["noun"]
        return f"{re.sub('^(?:les|le|la)', '', phrase)} {asked} {match['rest']}"
    if match := _COUNTABLE_LAST.fullmatch(body):
        return f"{phrase} {match['noun']} {match['rest']}"
    return f"{phrase} {body}"


_COUNTS = re.compile(r"combien|how many|les?quel(?:le)?s?|laquelle")
_COUNTABLE_LAST = re.compile(
    r"(?P<rest>(?:did|does|do|has|have|will)\b.*\b(?!(?:the|its?|his|her|their|in|of|at|to|on)\b)\w+)\s+(?P<noun>[a-z]+s)"
)
