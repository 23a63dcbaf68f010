"""Which word can be the verb of a clause, by the forms of the grammar of French and English; pure."""

from __future__ import annotations

import re

from rag.language import stop_words
from rag.language.numerals import read_numeral

FRENCH_AUXILIARY = r"(?:a|ont|avait|avaient|aura|auront|va|vont|doit|doivent|peut|peuvent|veut|veulent)"
AUXILIARY = r"(?:is|are|was|were|will|has|have|had|would|can|could|should|must|may|might)"
HAVE = frozenset({"has", "have", "had"})
_PLURAL = frozenset({"are", "were", "have", "do"})
_PARTICIPLE = re.compile(
    r"(?:(?:also|\w+ly)\s)?(?:been|made|held|won|taken|become|given|shown|begun|built|left|lost|said|known|seen|found|gone"
    r"|led|met|paid|sold|told|kept|written|chosen|broken|fallen|risen|spoken|brought|bought|spent|sent|set|cut|\w{2,}ed)\b"
)
_BEFORE_VERB = frozenset({"a", "est", "va", "doit", "peut", "fait", "sera", "avait", "était", "fut"})
_BEFORE_OTHER = frozenset({"se", "s'", "ne", "n'"})
_NO_VERB = ("ment", "ant", "é", "ée", "és", "ées")
_BEING = {
    "fr": re.compile(r"(?:est|était|fut|sera)\s(?:l[ea]s?\s|l['’]|une?\s|des?\s|d['’]|au\s)"),
    "en": re.compile(r"(?:is|was)\s"),
}


def is_verb(word: str, clause: str, language: str) -> bool:
    """Return whether the word after a subject, which opens the clause, can be its verb.

    That is an auxiliary, a pronoun before it, or a full word; in English, where a noun may follow as well, one in the
    past tense or one that goes on with a word of the grammar or a name.
    """
    plain = word.replace("’", "'")
    if not plain.islower():
        return False
    if language == "en" and plain in _PLURAL:
        return False
    if language == "en":
        rest = clause[len(word) :].strip()
        if plain in HAVE:
            return is_participle(rest)
        if re.fullmatch(AUXILIARY, plain):
            return True
        goes_on = rest[:1].isupper() or rest[:1].isdigit() or rest.partition(" ")[0].lower() in stop_words("en")
        return plain not in stop_words("en") and not plain.endswith("ly") and (plain.endswith("ed") or goes_on)
    if plain in _BEFORE_OTHER:  # "ne", "se": a verb of its own follows
        return _can_be_french_verb(clause[len(word) :].lstrip("'’ ").partition(" ")[0].lower())
    return plain in _BEFORE_VERB or _can_be_french_verb(plain)


def _can_be_french_verb(word: str) -> bool:
    """Return whether a word is none of the grammar, no participle, no adverb and no number."""
    numeral = read_numeral([word], "fr")
    return word.rstrip("'") not in stop_words("fr") and not word.endswith(_NO_VERB) and not numeral


def is_participle(rest: str) -> bool:
    """Return whether what follows a form of "have" is a past participle: then it is an auxiliary and no full verb."""
    return bool(_PARTICIPLE.match(rest))


def tells_what_one_is(clause: str, language: str) -> bool:
    """Return whether a clause without its subject tells what that is: "est la capitale", "was a lawyer"."""
    return bool(_BEING[language].match(clause))
