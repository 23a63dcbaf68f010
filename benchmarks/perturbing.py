"""Changes one fact of a true sentence into a plausible other one; a fixed seed gives the same changes.

These finders are simple on purpose and share nothing with the checker: what it overlooks must not be overlooked here.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass


def listed(words: str) -> list[str]:
    """Return the words of a list."""
    return words.split()


MONTHS = {
    "fr": listed("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "en": listed("January February March April May June July August September October November December"),
}
_DAYS = {
    "fr": listed("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    "en": listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
}
_NUMBER_WORDS = {
    "fr": listed("deux trois quatre cinq six sept huit dix onze douze quinze vingt trente quarante cinquante soixante"),
    "en": listed("two three four five six seven eight ten eleven twelve fifteen twenty thirty forty fifty sixty"),
}
_DIGITS = re.compile(r"(?<![\w.,’'-])\d{1,3}(?:[  \u202f]\d{3})+(?![\w])|(?<![\w.,’'/:-])\d+(?:[.,]\d+)?(?![\w/:])")
_WORDS = {
    language: re.compile(rf"(?<![\w-])(?:{'|'.join(listed)})(?![\w-])") for language, listed in _NUMBER_WORDS.items()
}
_NAME = re.compile(
    r"(?<=[a-zà-ÿ,] )(?<![.!?:«] )[A-ZÉÈÀÂÎÔÇ][\w’-]*[a-zà-ÿ]"
    r"(?: (?:de |d'|of |von |van )?[A-ZÉÈÀÂÎÔÇ][\w’-]*[a-zà-ÿ]){0,2}"
)
_UNITS = {
    "fr": [
        "kilomètres mètres", "km m", "mètres centimètres", "euros dollars", "dollars euros", "ans mois", "mois ans",
        "jours semaines", "semaines mois", "heures minutes", "minutes heures", "millions milliards",
        "milliards millions", "tonnes kilos", "kg tonnes", "hectares kilomètres", "degrés kilomètres", "siècle an",
    ],
    "en": [
        "kilometres metres", "kilometers meters", "km m", "miles feet", "feet miles", "euros dollars", "dollars euros",
        "years months", "months years", "days weeks", "weeks months", "hours minutes", "minutes hours",
        "million billion", "billion million", "tonnes kilograms", "tons pounds", "pounds dollars", "inches feet",
        "acres miles", "percent degrees",
    ],
}  # fmt: skip
_TITLES = frozenset(listed("M Mme Mr Mrs Dr Saint St Sir Lord Le La Les The Il Elle Ils En Un Une"))


@dataclass(frozen=True)
class Pool:
    """Names of all articles, to take a plausible other one from."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: list[str]) -> Pool:
        """Return the names that stand in the texts."""
        return cls(tuple(sorted({name for text in texts for name in names_in(text)})))


def names_in(text: str) -> list[str]:
    """Return the runs of capitalised words inside sentences, months and weekdays aside."""
    times = {*MONTHS["fr"], *MONTHS["en"], *_DAYS["en"]}
    return [
        match[0]
        for match in _NAME.finditer(text)
        if not times & set(match[0].split()) and match[0] not in _TITLES and "’" not in match[0]
    ]


Change = Callable[[str, str, Pool, str, random.Random], str]


def _dates(sentence: str, language: str) -> list[tuple[int, int]]:
    month = "|".join(MONTHS[language])
    day = r"\d{1,2}(?:er|st|nd|rd|th)?"
    pattern = rf"(?:{day} )?(?:{month})(?: {day}(?!\d))?(?:,? \d{{4}})?"
    return [match.span() for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", sentence)]


def change_number(sentence: str, text: str, pool: Pool, language: str, chance: random.Random) -> str:
    """Change one number outside of dates: near it, far from it, or into another of the article."""
    del pool
    dates = _dates(sentence, language)
    found = [
        match
        for pattern in (_DIGITS, _WORDS[language])
        for match in pattern.finditer(sentence)
        if not any(start <= match.start() < end for start, end in dates)
    ]
    if not found:
        return ""
    match = chance.choice(found)
    if match[0][0].isdigit():
        others = [one for one in _DIGITS.findall(text) if one != match[0] and len(one) == len(match[0])]
        new = chance.choice(others) if others and chance.random() < 0.3 else _other_number(match[0], chance)
    else:
        new = chance.choice([word for word in _NUMBER_WORDS[language] if word != match[0]])
    return sentence[: match.start()] + new + sentence[match.end() :]


def _other_number(written: str, chance: random.Random) -> str:
    """Return a number of the same form: one more or less, or other digits."""
    digits = [place for place, character in enumerate(written) if character.isdigit()]
    characters = list(written)
    for _ in range(20):
        if chance.random() < 0.5:
            place = digits[-1]
            characters[place] = str((int(written[place]) + chance.choice((1, 9))) % 10)
        else:
            for place in digits:
                characters[place] = str(chance.randint(1, 9) if place == digits[0] else chance.randint(0, 9))
        new = "".join(characters)
        if re.sub(r"\s", "", new).strip("0,.") and new != written:
            return new
    return "".join(characters[:-1]) + ("3" if characters[-1] != "3" else "4")


def change_date(sentence: str, text: str, pool: Pool, language: str, chance: random.Random) -> str:
    """Change the day, the month, the year or the weekday of one date, or one bare year."""
    del text, pool
    spots: list[tuple[int, int, str]] = []
    for start, end in _dates(sentence, language):
        inside = re.finditer(r"\d{4}|\d{1,2}|[^\W\d_]{3,}", sentence[start:end])
        spots += [(start + match.start(), start + match.end(), match[0]) for match in inside]
    spots += [
        (*match.span(), match[0])
        for match in re.finditer(r"(?<=\b[ei]n )\b1[5-9]\d\d\b|(?<=\b[ei]n )\b20[0-2]\d\b", sentence)
    ]
    spots += [(*match.span(), match[0]) for match in re.finditer(rf"\b(?:{'|'.join(_DAYS[language])})\b", sentence)]
    if not spots:
        return ""
    start, end, old = chance.choice(spots)
    return sentence[:start] + _other_date(old, language, chance) + sentence[end:]


def _other_date(old: str, language: str, chance: random.Random) -> str:
    for listed in (MONTHS[language], _DAYS[language]):
        if old in listed:
            return chance.choice([one for one in listed if one != old])
    if len(old) == 4:
        return str(int(old) + chance.choice((-10, -2, -1, 1, 2, 10)))
    return str(chance.choice([day for day in range(2, 29) if day != int(old)]))


def change_name(sentence: str, text: str, pool: Pool, language: str, chance: random.Random) -> str:
    """Put another name in the place of one: of the same article half of the time, whole or its last word."""
    del language
    found = [match for match in _NAME.finditer(sentence) if match[0] in names_in(sentence)]
    if not found:
        return ""
    match = chance.choice(found)
    here = [name for name in names_in(text) if not _share(name, match[0])]
    others = here if here and chance.random() < 0.5 else [name for name in pool.names if not _share(name, match[0])]
    new = chance.choice(others)
    first, space, _ = match[0].rpartition(" ")
    if space and chance.random() < 0.3:
        new = f"{first} {new.split()[-1]}"
    return sentence[: match.start()] + new + sentence[match.end() :]


def _share(one: str, two: str) -> bool:
    return any(left[:4].lower() == right[:4].lower() for left in one.split() for right in two.split())


def change_unit(sentence: str, text: str, pool: Pool, language: str, chance: random.Random) -> str:
    """Change the unit of one number."""
    del text, pool
    found = []
    for pair in _UNITS[language]:
        old, new = pair.split()
        found += [
            (*match.span(), new)
            for match in re.finditer(rf"(?<=\d )(?<!\d\d\d\d ){old}(?!\w)|(?<=(?:lions|liard) d'){old}(?!\w)", sentence)
        ]
    if language == "fr" and not found:
        found = [(*match.span(), " degrés") for match in re.finditer(r"(?<=\d)\s?%", sentence)]
    if not found:
        return ""
    start, end, new = chance.choice(found)
    return sentence[:start] + new + sentence[end:]


_VERBS = {
    "fr": r"est|était|sont|étaient|a|ont|avait|avaient|sera|seront|peut|peuvent|doit|doivent|fut|serait|aurait|devrait",
    "en": r"is|was|are|were|has|have|had|will|can|could|would|should|must|may",
}
_ENDS = r"(?= (?!pas|plus|jamais|rien|not|never|no |to |\d)[a-zà-ÿ]{4,})"


def change_negation(sentence: str, text: str, pool: Pool, language: str, chance: random.Random) -> str:
    """Take a negation away where there is one, or put one at an auxiliary."""
    del text, pool
    without = _affirm_french(sentence) if language == "fr" else _affirm_english(sentence)
    if without != sentence:
        return without
    return _deny(sentence, language, chance)


_DENIED_FRENCH = re.compile(
    r"\b(?:ne |n['’])((?:(?:l|s|m|y|en|se|les?|la|lui|leur)['’ ])*[\wà-ÿ]+(?:-t-(?:il|elle|on))?) "
    r"(?:pas|jamais|plus) (?!de |d['’]|que |encore)"
)


def _affirm_french(sentence: str) -> str:
    match = _DENIED_FRENCH.search(sentence)
    return sentence[: match.start()] + match[1] + " " + sentence[match.end() :] if match else sentence


def _affirm_english(sentence: str) -> str:
    match = re.search(
        r"\b(is|was|are|were|has|have|had|will|can|could|would|should) ?(?:not|never|n't) (?!only|just|until)", sentence
    )
    if match:
        return sentence[: match.start()] + match[1] + " " + sentence[match.end() :]
    match = re.search(r"\b(?:did|does|do) not (?!only)(\w+)", sentence)
    return sentence[: match.start()] + match[1] + sentence[match.end() :] if match else sentence


def _deny(sentence: str, language: str, chance: random.Random) -> str:
    found = list(re.finditer(rf"(?<=[a-zà-ÿ)] )\b({_VERBS[language]})\b{_ENDS}", sentence))
    found = [
        match
        for match in found
        if not re.search(r"\b(?:[yn]|se|s|l|qu|ne|me|les?|lui|en|leur)['’ ]$", sentence[: match.start()])
    ]
    if not found:
        return ""
    match = chance.choice(found)
    if language == "en":
        return sentence[: match.end()] + " not" + sentence[match.end() :]
    ne = "n'" if match[0][0] in "aéeoui" else "ne "
    return sentence[: match.start()] + ne + match[0] + " pas" + sentence[match.end() :]


CHANGES: dict[str, Change] = {
    "number": change_number,
    "date": change_date,
    "name": change_name,
    "unit": change_unit,
    "negation": change_negation,
}
