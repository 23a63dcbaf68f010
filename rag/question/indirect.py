"""Puts a direct question as an indirect one, in French and English, so that a refusal can name what is missing.

It only moves the question's own words; where that would be badly put, there is no indirect question.
"""

from __future__ import annotations

import re

_PRONOUNS = "ils|elles|il|elle|on|ce"
_ADVERB = (
    r"(?:quand|où|comment|pourquoi|(?:(?:à|a|en|dans|sur|de|par|pour|depuis|avec|vers|sous) )quel(?:le)?s? [\w'’-]+"
    r"|(?:à|a|de|par|pour|avec|chez) qui|(?:à|a|de|en|par|sur) quoi|d['’]où|depuis quand)"
)
_SUBJECT = r"(?:qui (?!est-ce)|quel(?:le)?s? |combien )"
_LINK = re.compile(rf"(?<=\w)[ -]t[-'’ ](?=(?:{_PRONOUNS})\b)", re.IGNORECASE)
"""The "-t-" before an inverted pronoun, as it is often typed: "va t'elle", "a t-il"."""
_CLITIC = re.compile(rf"(?<![\wà-ÿ])([\wà-ÿ]+)-(?:t-)?({_PRONOUNS})\b", re.IGNORECASE)
_AT_ONCE = re.compile(rf"^({_ADVERB}) ((?:[nlsmy]['’]|(?:ne|se|le|la|les|y|en) )*)({_CLITIC.pattern})", re.IGNORECASE)
_WHETHER = re.compile(rf"^((?:[nlsmy]['’]|(?:ne|se|le|la|les|y|en) )*){_CLITIC.pattern}", re.IGNORECASE)
_DETERMINED = re.compile(
    r"^(?:(?:le|la|les|ce|cet|cette|ces|son|sa|ses|leur|leurs|un|une|des|tous|toutes) |l['’])", re.IGNORECASE
)
_NAMED = re.compile(
    r"^(?!Qu(?:e|i|oi|el\w*)\b)[A-ZÀ-Ý][\wà-ÿ'’-]+(?: (?:de |d['’]|du )?[A-ZÀ-Ý][\wà-ÿ'’-]*)* "
    r"(?:ne |n['’]|s['’]|se )?[a-zà-ÿ]+-(?:t-)?(?:ils?|elles?)\b"
)
"""How a question begins that is answered by yes or no, and whose subject stands before the verb."""
_MANY = r"(?:combien(?: d(?:e |['’])[\wà-ÿ'’-]+)?|quel(?:le)?s? [\wà-ÿ'’-]+)"
_MANY_AT_ONCE = re.compile(rf"^({_MANY}) ((?:[nlsmy]['’]|(?:ne|se|le|la|les|y|en) )*){_CLITIC.pattern}", re.IGNORECASE)
_SUBJECT_WITHIN = re.compile(
    rf"^{_MANY}(?: [\wà-ÿ'’-]+)*? (?:(?:le|la|les|ce|cet|cette|ces|son|sa|ses|leur|leurs|un|une) |l['’]|[A-ZÀ-Ý])"
)
"""What is asked for, and then a subject of its own before the verb."""
_OPENINGS = {
    "qu'est-ce que ": "ce que ",
    "qu'est-ce qui ": "ce qui ",
    "est-ce que ": "si ",
    "est-ce qu'il": "s'il",
    "est-ce qu'": "si ",
}
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


def indirect(question: str, language: str) -> str:
    """Return a question as an indirect one, without a full stop; empty where none can be made of it.

    Args:
        question: as the reader typed it.
        language: ISO 639-1 code; only French and English are known.
    """
    plain = " ".join(question.split()).rstrip(" ?!.…")
    put = {"fr": _french, "en": _english}.get(language, _unknown)(plain)
    return "" if not put or _INVERTED[language].search(put) else put


def _unknown(_: str) -> str:
    return ""


def _french(question: str) -> str:
    """Return a French question as an indirect one: without inverted pronouns, without "est-ce que"."""
    lowered = re.sub(r"^a (?=quel|qui\b|quoi)", "à ", question[:1].lower() + question[1:])
    lowered = _LINK.sub("-t-", lowered)
    for direct, put in _OPENINGS.items():
        if lowered.replace("’", "'").startswith(direct):
            return put + lowered[len(direct) :]
    lowered, said = re.subn(r" est[- ]ce qu(?:e |['’])", " ", lowered, count=1)
    if not said:
        at_once = _AT_ONCE.match(lowered)
        if at_once:  # "quand a-t-il été élu": the pronoun is the subject
            adverb, clitics, _, verb, pronoun = at_once.groups()
            return f"{adverb} {pronoun} {clitics}{verb}{lowered[at_once.end() :]}"
        if re.match(rf"{_ADVERB}\b", lowered):  # "quand le roi a-t-il été élu": it only repeats the subject
            return _CLITIC.sub(r"\1", lowered, count=1)
        if re.match(r"que |qu['’]", lowered) and not _CLITIC.search(lowered):  # "que dit le maire"
            return f"ce {lowered}"
        if re.match(_SUBJECT, lowered):
            return _of_something(lowered)
        return _whether(lowered, question)
    return lowered if re.match(rf"{_ADVERB}\b|{_SUBJECT}", lowered) else ""


def _of_something(lowered: str) -> str:
    """Return a question of how many or which of something as an indirect one; its subject may be what is asked for."""
    inverted = _CLITIC.search(lowered)
    if not inverted:
        return lowered
    at_once = _MANY_AT_ONCE.match(lowered)
    if at_once:  # "combien de bateaux a-t-il perdus": the pronoun is the subject
        asked, clitics, verb, pronoun = at_once.groups()
        return f"{asked} {pronoun} {clitics}{verb}{lowered[at_once.end() :]}"
    before = lowered[: inverted.start()]  # "combien de bateaux le port a-t-il perdus"
    return _CLITIC.sub(r"\1", lowered, count=1) if _SUBJECT_WITHIN.search(before) else ""


def _whether(lowered: str, question: str) -> str:
    """Return a question that is answered by yes or no as one that begins with "si"."""
    at_once = _WHETHER.match(lowered)
    if at_once:  # "faut-il payer": the pronoun is the subject
        clitics, verb, pronoun = at_once.groups()
        si = "s'" if pronoun.lower() in {"il", "ils"} else "si "
        return f"{si}{pronoun} {clitics}{verb}{lowered[at_once.end() :]}"
    if _DETERMINED.match(lowered):  # "le port a-t-il rouvert": it only repeats the subject
        return "si " + _CLITIC.sub(r"\1", lowered, count=1) if _CLITIC.search(lowered) else ""
    named = _LINK.sub("-t-", question)
    return "si " + _CLITIC.sub(r"\1", named, count=1) if _NAMED.match(named) else ""


def _english(question: str) -> str:
    """Return an English question as an indirect one where it has the order of one: it asks for its own subject."""
    lowered = question[:1].lower() + question[1:]
    return lowered if _ENGLISH.match(lowered) else ""
