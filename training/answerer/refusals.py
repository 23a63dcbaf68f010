"""Makes the sentence that says what is missing out of the question itself: an indirect question, in both languages."""

from __future__ import annotations

import random
import re

OPENINGS = {
    "fr": (
        "L'article ne dit pas {}.",
        "L'article n'indique pas {}.",
        "Le texte ne précise pas {}.",
        "Rien ici ne dit {}.",
        "On ne sait pas {}, l'article n'en parle pas.",
    ),
    "en": (
        "The article does not say {}.",
        "The article does not state {}.",
        "The text does not tell {}.",
        "Nothing here says {}.",
    ),
}
_PRONOUNS = "ils|elles|il|elle|on|ce"
_ADVERB = (
    r"(?:quand|où|comment|pourquoi|(?:(?:à|a|en|dans|sur|de|par|pour|depuis|avec|vers|sous) )quel(?:le)?s? [\w'’-]+"
    r"|(?:à|a|de|par|pour|avec|chez) qui|(?:à|a|de|en|par|sur) quoi|d['’]où|depuis quand)"
)
_SUBJECT = r"(?:qui (?!est-ce)|quel(?:le)?s? |combien d)"
_CLITIC = re.compile(rf"([\wà-ÿ]+)-(?:t-)?({_PRONOUNS})\b", re.IGNORECASE)
_AT_ONCE = re.compile(rf"^({_ADVERB}) ((?:[nlsmy]['’]|(?:ne|se|le|la|les|y|en) )*)({_CLITIC.pattern})", re.IGNORECASE)
_AUXILIARY = "do does did is are was were has have had can could will would should may might must"
_ENGLISH = re.compile(
    r"^(?:who|which [\w'-]+|what (?:type|kind|part|group|country|city|year|number|percentage|person|company)"
    rf"|how many [\w'-]+)(?: of [\w'-]+)? (?!(?:{_AUXILIARY.replace(' ', '|')})\b)\w|^what \w+ed ",
    re.IGNORECASE,
)
_INVERTED = {
    "fr": re.compile(rf"\b(?:est|sont|était|étaient|fut|furent|a|ont|avait|peut|doit) (?:{_PRONOUNS})\b"),
    "en": re.compile(r"\b(?:do|doe|does|did|[a-z]+n't)\b"),
}
"""An inverted verb that is left where it stood, or a denial, which few write well."""


def missing(question: str, language: str, chance: random.Random) -> str:
    """Return a sentence that says that the answer to a question is missing; empty where none can be made of it."""
    plain = " ".join(question.split()).rstrip(" ?!.…")
    indirect = _french(plain) if language == "fr" else _english(plain)
    if not indirect or _INVERTED[language].search(indirect):
        return ""
    return chance.choice(OPENINGS[language]).format(indirect)


def _french(question: str) -> str:
    """Return a French question as an indirect one: without inverted pronouns, without "est-ce que"."""
    lowered = re.sub(r"^a (?=quel|qui\b|quoi)", "à ", question[:1].lower() + question[1:])
    for direct, indirect in (("qu'est-ce que ", "ce que "), ("qu'est-ce qui ", "ce qui ")):
        if lowered.replace("’", "'").startswith(direct):
            return indirect + lowered[len(direct) :]
    lowered, said = re.subn(r" est[- ]ce qu(?:e |['’])", " ", lowered, count=1)
    if not said:
        at_once = _AT_ONCE.match(lowered)
        if at_once:  # "quand a-t-il été élu": the pronoun is the subject
            adverb, clitics, _, verb, pronoun = at_once.groups()
            return f"{adverb} {pronoun} {clitics}{verb}{lowered[at_once.end() :]}"
        if re.match(rf"{_ADVERB}\b", lowered):  # "quand le roi a-t-il été élu": it only repeats the subject
            return _CLITIC.sub(r"\1", lowered, count=1)
        if re.match(_SUBJECT, lowered) and not _CLITIC.search(lowered):
            return lowered
        return ""
    return lowered if re.match(rf"{_ADVERB}\b|{_SUBJECT}", lowered) else ""


def _english(question: str) -> str:
    """Return an English question as an indirect one where it has the order of one: it asks for its own subject."""
    lowered = question[:1].lower() + question[1:]
    return lowered if _ENGLISH.match(lowered) else ""
