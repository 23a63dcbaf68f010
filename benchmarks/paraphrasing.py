"""Says a sentence again in other words without changing what it says; a fixed seed gives the same paraphrases.

Light on purpose: clauses in another order, numbers in another form, a near-synonym, another verb of saying, an
adverbial left out. What stands in quotation marks is never touched.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from benchmarks.perturbing import MONTHS, listed

FAMILIES = Path(__file__).parent / "families.txt"
_QUOTED = re.compile(r"[«»“”\"]")

Paraphrase = Callable[[str, str, random.Random], str]


def untouched(sentence: str, language: str, chance: random.Random) -> str:
    """Return the sentence as it is."""
    del language, chance
    return sentence


_ADVERBIALS = {
    "fr": "En|Le|À|Dans|Pendant|Depuis|Après|Selon|Lors|Au|Avec|Pour|Malgré",
    "en": "In|On|At|During|After|Since|Before|According to|By|For|With|Despite|From",
}
_OPENING = {
    language: re.compile(rf"^((?:{openings}) [^,;:()]{{4,60}}), ([^,;]{{20,}})\.$")
    for language, openings in _ADVERBIALS.items()
}


def reordered(sentence: str, language: str, chance: random.Random) -> str:
    """Put the opening adverbial at the end."""
    del chance
    match = _OPENING[language].match(sentence)
    if not match or _QUOTED.search(sentence):
        return ""
    main = match[2]
    return f"{main[0].upper()}{main[1:]}, {match[1][0].lower()}{match[1][1:]}."


_DROPPED = {
    "fr": r"également|notamment|aujourd['’]hui|actuellement|désormais|ensuite|environ|ainsi|toutefois|cependant|"
    r"par ailleurs|en effet|en outre|récemment|principalement|généralement|souvent|enfin|déjà|toujours|très",
    "en": r"also|currently|generally|usually|often|mainly|typically|especially|subsequently|eventually|recently|now|"
    r"later|however|approximately|about|already|very|thus|therefore|finally",
}


def dropped(sentence: str, language: str, chance: random.Random) -> str:
    """Leave an adverbial or a bracket out."""
    del chance
    if _QUOTED.search(sentence):
        return ""
    short = re.sub(r" \([^()]{3,60}\)", "", sentence, count=1)
    if short == sentence:
        short = re.sub(rf",? \b(?:{_DROPPED[language]})\b,?(?= [a-zà-ÿ])", "", sentence, count=1)
    return short if short != sentence and len(short) > 30 else ""


_WORDS = {
    "fr": listed("deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"),
    "en": listed("two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"),
}


_FOLLOWED = "(?= (?:ans|pays|personnes|morts|jours|years|days|people))"
_MULTIPLIED = "cent|mille|million|milliard|hundred|thousand|million|billion|trillion"


def reformatted(sentence: str, language: str, chance: random.Random) -> str:
    """Write one number or date in another form."""
    if _QUOTED.search(sentence):
        return ""
    months, spelled = MONTHS[language], _WORDS[language]
    french = language == "fr"

    def dated(match: re.Match[str]) -> str:
        day, month, year = match.groups()
        return f"{int(day):02}/{months.index(month) + 1:02}/{year}" if french else f"{month} {day}, {year}"

    rules: list[tuple[str, Callable[[re.Match[str]], str]]] = [
        (rf"(?<![\w.,-])([2-9]|1[0-6]){_FOLLOWED}", lambda match: spelled[int(match[1]) - 2]),
        (
            rf"(?<![\w-])({'|'.join(spelled)})(?![\w-]| (?:{_MULTIPLIED}))",
            lambda match: str(spelled.index(match[1]) + 2),
        ),
        (
            r"(?<![\w.,])(\d{1,3})[ \u00a0\u202f,](\d{3})(?![\w.,]|[ \u00a0]\d)",
            lambda match: match[1] + ("\u202f" if french else "") + match[2],
        ),
        (r"(\d) ?%", lambda match: match[1] + (" pour cent" if french else " percent")),
        (rf"(?<!\w)(\d{{1,2}}) ({'|'.join(months)}) (\d{{4}})", dated),
    ]
    made = [new for pattern, write in rules if (new := re.sub(pattern, write, sentence, count=1)) != sentence]
    return chance.choice(made) if made else ""


_SAYING = {
    "fr": ("a annoncé", "a déclaré", "a affirmé", "a indiqué", "a précisé", "a expliqué", "a assuré"),
    "en": ("announced", "stated", "said", "declared", "reported", "claimed"),
}


def resaid(sentence: str, language: str, chance: random.Random) -> str:
    """Put another verb of saying."""
    verbs = _SAYING[language]
    match = re.search(rf"\b(?:{'|'.join(verbs)})\b", sentence)
    if not match:
        return ""
    return (
        sentence[: match.start()]
        + chance.choice([verb for verb in verbs if verb != match[0]])
        + sentence[match.end() :]
    )


@lru_cache(maxsize=2)
def _synonyms(language: str) -> dict[str, list[str]]:
    """Return word → the others of its family, of words that stand in one family only."""
    found: dict[str, list[str]] = {}
    for line in FAMILIES.read_text(encoding="utf-8").splitlines():
        for part in line.split(";") if not line.startswith("#") else ():
            spoken, _, listed = part.strip().partition(":")
            words = [word for word in listed.split() if "_" not in word and len(word) > 4]
            for word in words if spoken == language else ():
                found[word] = [] if word in found else [other for other in words if other != word]
    return found


def reworded(sentence: str, language: str, chance: random.Random) -> str:
    """Put a near-synonym in the place of one or two words."""
    if _QUOTED.search(sentence):
        return ""
    table = _synonyms(language)
    places = [match for match in re.finditer(r"(?<![\w’'-])[a-zà-ÿ]{5,}(?![\w-])", sentence) if table.get(match[0])]
    for match in sorted(chance.sample(places, min(2, len(places))), key=lambda one: -one.start()):
        sentence = sentence[: match.start()] + chance.choice(table[match[0]]) + sentence[match.end() :]
    return sentence if places else ""


PARAPHRASES: dict[str, Paraphrase] = {
    "untouched": untouched,
    "reordered": reordered,
    "dropped": dropped,
    "reformatted": reformatted,
    "resaid": resaid,
    "reworded": reworded,
}
