"""A clause of an article becomes a question in the order its words have already, so that nothing is inflected; pure.

A question word takes the place of the subject, or stands before the clause, which French opens with "est-ce que" and
English with its own auxiliary. All that is looked at are words of the grammar: prepositions, determiners, auxiliaries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.card.places import is_country, place_names
from rag.card.verbs import AUXILIARY, FRENCH_AUXILIARY, HAVE, is_participle, is_verb, tells_what_one_is
from rag.check.facts import Facts
from rag.language import fold, stop_words, words
from rag.language.lexicon import OPENERS
from rag.language.names import Name, is_common
from rag.language.quantities import SOFT_LIMIT, Quantity, flatten
from rag.language.units import is_duration, unit_after

Pair = tuple[str, str]  # a question, and the words of the sentence that it asks for
HANGING = frozenset(
    {"qui", "que", "dont", "où", "et", "ou", "mais", "who", "that", "which", "where", "and", "or", "but"}
)
"""Words after which a clause goes on: one that ends with them was cut in two."""
FEWEST_WORDS = 4  # of what is kept of a clause that goes on after a comma
_WHO = {"fr": "Qui", "en": "Who"}
_BEFORE_NUMBER = re.compile(
    r"(?:^(?:[^\d\s,]+\s){0,3}[^\d\s,]+,\s|^|\bque\s|\bqu['’]|\bthat\s)(?:[^\W\d]+\s(?:d['’]|de\s|than\s)|about\s|environ\s)?$",
    re.IGNORECASE,
)
_AND = re.compile(r"\b(?:et|ou|and|or)\s$")
_NO_SUBJECT = re.compile(r"\b(?:and|but|or|that|not|do|does|did|is|are|was|were|has|have|had)\b")
_NOBODY = re.compile(
    r"(?:la plupart|beaucoup|certaine?s|plusieurs|(?:d['’]|les )autres|tou(?:te)?s|aucune?|personne|rien|tout|chacune?"
    r"|most|some|many|others|all|none|nobody|each|everyone|both|few)\s",
    re.IGNORECASE,
)
"""Pronouns and quantities that open a clause without saying of whom or what."""
_SUBJECT = {"fr": re.compile(r"(?:L[ea]\s|L['’])?"), "en": re.compile(r"(?:The\s)?")}
_ENGLISH = re.compile(rf"(?P<subject>[^,]{{3,60}}?)\s(?P<auxiliary>{AUXILIARY})\s(?P<rest>[^,]+)")
_DATED = {
    "fr": re.compile(r"\s(?:(?:(?:le|en|ce|au)\s)(?:mois de\s)?)?$"),
    "en": re.compile(r"\s(?:on|in|last|this)\s$"),
}
_PLACED = {
    "fr": re.compile(r"\s(?:à|en|au|aux|dans)\s(?:la\s|le\s|les\s|l['’])?$"),
    "en": re.compile(r"\s(?:in|at|near)\s(?:the\s)?$"),
}
_DETERMINED = re.compile(
    r"(?:l[ea]s?|une?|[cdls]es|cet?|cette|sa|son|leurs?|plusieurs|chaque|aucune?|tou[ts]e?s?|\d+)\s|l['’]",
    re.IGNORECASE,
)
"""How the subject of a clause begins that is no name."""
_LED_BY_DATE = re.compile(r"(?:(?:le|en|on|in)\s)?", re.IGNORECASE)
_OBJECT = {
    "fr": re.compile(
        rf"(?P<clause>[^,]{{3,70}}?\s{FRENCH_AUXILIARY}\s(?!été\s)[^\W\d_]+(?:é|i|u|is|it|rt|er|ir|re))"
        r"\s(?:une?|des|l[ae]|les|son|sa|ses|leurs?|plusieurs)\s[^\W\d_].+"
    ),
    "en": re.compile(
        r"(?P<clause>[^,]{3,60}?\s(?:will|has|have|had|would)\s[a-z]+)\s(?:an?|the|its|their|his|her)\s\w.+"
    ),
}
_FRENCH = {"When": "Quand", "Where": "Où", "Why": "Pourquoi", "What": "Qu’"}
_REASON = {
    "fr": re.compile(r"\s(?:parce qu[e’']|afin d[e’']|en raison d|à cause d|faute de|grâce (?:à|au))"),
    "en": re.compile(r"\s(?:because|due to|in order to|so as to)\s"),
}
_WHAT_IS = {
    "fr": re.compile(
        r"(?P<the>Le|La)\s(?P<what>[^,]{3,60}?)\s(?P<be>est|était|fut|sera)\s(?P<a>l[ae]\s|l['’]|une?\s|de\s|d['’])"
    ),
    "en": re.compile(r"(?P<the>The)\s(?P<what>[^,]{3,60}?)\s(?P<be>is|was|are|were)\s(?:the|an?)\s"),
}


def questions_of(facts: Facts) -> Iterator[Pair]:
    """Yield the questions that a sentence of French or English answers by its form, each with the words that do."""
    for quantity in facts.quantities:
        yield from _how_many(quantity, facts)
    yield from _who(facts)
    yield from _what_is(facts)
    yield from _reason(facts)
    yield from _object(facts)
    yield from _when_and_where(facts)


def ended(question: str, language: str) -> str:
    """Return a question with its first letter and its mark."""
    return f"{question[:1].upper()}{question[1:]}{' ' if language == 'fr' else ''}?"


# ── The subject is asked for ────────────────────────────────────────────────────────────────────────────────────


def _how_many(quantity: Quantity, facts: Facts) -> Iterator[Pair]:
    """Yield "Combien de pays prendront part…" of "… que plus de 30 pays prendront part…"."""
    before, after = facts.text[: quantity.start], facts.text[quantity.end :]
    counted = re.match(r"[ \u00a0](?P<noun>[^\W\d_][\w’'-]*)\s(?P<rest>.+)", after)
    small = all(0 <= value <= SOFT_LIMIT for value in quantity.values)
    if quantity.unit or small or not counted or not _BEFORE_NUMBER.search(before) or _lists(facts):
        return
    if (
        not counted["noun"].islower()
        or counted["noun"] in stop_words(facts.language)
        or re.match(r"\W|(?:de|d|des|of)\b", counted["rest"])
    ):
        return
    clause = _first_clause(f"{counted['noun']} {counted['rest']}")
    if clause:
        question = f"Combien {_elided(clause)}" if facts.language == "fr" else f"How many {clause}"
        yield ended(question, facts.language), quantity.text


def _who(facts: Facts) -> Iterator[Pair]:
    """Yield "Qui a annoncé la prochaine étape ?" of "… Keir Starmer a annoncé la prochaine étape."."""
    begin = _after_date(facts)
    for name in facts.names:
        led = facts.text[begin : name.start]
        if name.start < begin or not _SUBJECT[facts.language].fullmatch(led[:1].upper() + led[1:]):
            continue
        verb = re.match(r"\s(?P<word>[^\W\d_]+['’]?)", facts.text[name.end :])
        clause = _first_clause(facts.text[name.end :].strip())
        if verb and clause and is_verb(verb["word"], clause, facts.language) and _may_be_who(name, clause, facts):
            yield ended(f"{_WHO[facts.language]} {clause}", facts.language), facts.text[name.start : name.end]
        return


def _may_be_who(name: Name, clause: str, facts: Facts) -> bool:
    """Return whether one asks "who" after a name: whatever acts, but only a person is something."""
    if not tells_what_one_is(clause, facts.language):
        return True
    common = any(
        is_common(part.stem, facts.language) for part in words(facts.text[name.start : name.end], facts.language)
    )
    return len(name.parts) > 1 and not common and not is_country(name)


# ── What something is, what was done, and why ───────────────────────────────────────────────────────────────────


def _what_is(facts: Facts) -> Iterator[Pair]:
    """Yield "Quel est le but affiché ?" of "Le but affiché est la dissuasion."."""
    found = _WHAT_IS[facts.language].match(facts.text)
    if not found:
        return
    if facts.language == "fr" and found["a"].startswith("un"):
        question = f"Qu’est-ce que {found['the'].lower()} {found['what']}" if found["be"] == "est" else ""
    else:
        word = "What" if facts.language == "en" else "Quel" if found["the"] == "Le" else "Quelle"
        question = f"{word} {found['be']} {found['the'].lower()} {found['what']}"
    if not question:
        return
    yield ended(question, facts.language), facts.text[found.end("be") :]


def _reason(facts: Facts) -> Iterator[Pair]:
    """Yield "Pourquoi est-ce que Londres a ouvert des négociations ?" of a sentence that goes on with "afin de"."""
    found = _REASON[facts.language].search(facts.text)
    clause = facts.text[: found.start()] if found else ""
    if found and "," not in clause and len(clause.split()) >= FEWEST_WORDS:
        for question in _asked_before("Why", clause, facts, 0):
            yield question, facts.text[found.end() :]


def _object(facts: Facts) -> Iterator[Pair]:
    """Yield "Qu'est-ce que la région a payé ?" of "La région a payé la moitié du chantier."."""
    begin = _after_date(facts)
    found = _OBJECT[facts.language].match(facts.text[begin:])
    end = begin + found.end("clause") if found else 0
    if found and not _lasts(facts.text, end):
        for question in _asked_before("What", found["clause"], facts, begin):
            yield question, facts.text[end:]


def _lasts(text: str, end: int) -> bool:
    """Return whether what follows a verb is how long it was: "a duré une semaine"."""
    determiner = re.compile(r"\s\w+").match(text, end)
    unit = unit_after(flatten(text), determiner.end()) if determiner else None
    return unit is not None and is_duration(unit[1])


# ── When and where ──────────────────────────────────────────────────────────────────────────────────────────────


def _when_and_where(facts: Facts) -> Iterator[Pair]:
    """Yield "Quand est-ce que le port a rouvert ?" of a sentence whose date opens it or ends its first clause."""
    begin, language = _after_date(facts), facts.language
    dates = [(one.start, one.end) for one in facts.moments if one.day or one.month or one.year]
    if begin:
        asked = [("When", _first_clause(facts.text[begin:]), span) for span in dates[:1]]
    else:
        asked = [("When", _clause_before(*span, facts, _DATED[language]), span) for span in dates]
        asked += [("Where", _clause_before(*span, facts, _PLACED[language]), span) for span in place_names(facts)]
    for word, clause, (start, end) in asked:
        for question in _asked_before(word, clause, facts, begin):
            yield question, facts.text[start:end]


def _asked_before(word: str, clause: str, facts: Facts, begin: int) -> Iterator[str]:
    """Yield a clause as a question that begins with a question word; ``begin``: where it stands in its sentence."""
    if _NOBODY.match(clause):
        return
    named = _named_at(facts, begin)
    if clause and facts.language == "fr":
        if named or _DETERMINED.match(clause):  # else it may begin with anything: "Outre l'envoi de troupes"
            yield _est_ce_que(_FRENCH[word], clause, named=named)
    elif clause:
        yield from _inverted(word, clause, facts, begin)


def _after_date(facts: Facts) -> int:
    """Return where the clause begins that a date opens: "Le samedi 15 mars, Londres a…"; 0 where none does."""
    first = facts.moments[0] if facts.moments else None
    if first and _LED_BY_DATE.fullmatch(facts.text[: first.start]) and facts.text[first.end : first.end + 2] == ", ":
        return first.end + 2
    return 0


def _clause_before(start: int, end: int, facts: Facts, led: re.Pattern[str]) -> str:
    """Return the clause before an adjunct that ends it, without what leads to it; empty where it does not end one."""
    found = led.search(facts.text[:start])
    clause = facts.text[: found.start()] if found else ""
    ends = re.match(r"[.,]|\s(?:pour|afin|to|in order)\s", facts.text[end:]) and not _lists(facts)
    hangs = "," in clause or clause.rpartition(" ")[2].lower() in stop_words(facts.language) | OPENERS
    return clause if ends and not hangs and len(clause.split()) >= FEWEST_WORDS - 1 else ""


# ── The forms of questions ──────────────────────────────────────────────────────────────────────────────────────


def _est_ce_que(word: str, clause: str, *, named: bool) -> str:
    """Return a French question: the clause as it stands behind "est-ce que"; ``named``: its first word is a name."""
    clause = clause if named else clause[:1].lower() + clause[1:]
    link = "qu’" if _elided(clause).startswith("d'") else "que "
    return ended(f"{word}{'' if word.endswith('’') else ' '}est-ce {link}{clause}", "fr")


def _inverted(word: str, clause: str, facts: Facts, begin: int) -> Iterator[str]:
    """Yield an English question, "When was the dam built?": the auxiliary and the subject change places."""
    found = _ENGLISH.fullmatch(clause)
    if found and found["auxiliary"] in HAVE and not is_participle(found["rest"]):
        return
    if found and not _NO_SUBJECT.search(found["subject"]):
        first = words(found["subject"], "en")[0]
        common = is_common(first.stem, "en") or first.text.lower() in stop_words("en")
        small = common and not _named_at(facts, begin)
        subject = found["subject"][:1].lower() + found["subject"][1:] if small else found["subject"]
        yield ended(f"{word} {found['auxiliary']} {subject} {found['rest']}", "en")


def _elided(clause: str) -> str:
    """Return "de" before a French clause, elided before a vowel."""
    return f"d'{clause}" if fold(clause)[:1] in set("aeiouyh") else f"de {clause}"


def _named_at(facts: Facts, place: int) -> bool:
    """Return whether a name stands at a place: its capital stays. A word of the language has it from its place."""
    return any(
        name.start == place
        and not is_common(words(facts.text[place : name.end], facts.language)[0].stem, facts.language)
        for name in facts.names
    )


def _lists(facts: Facts) -> bool:
    """Return whether a sentence tells a number beside another: "22 navires à Rotterdam et onze au Havre"."""
    return any(_AND.search(facts.text[: one.start]) for one in facts.quantities)


def _first_clause(text: str) -> str:
    """Return a clause up to its first comma, empty where too little of it would be left."""
    clause, comma, _ = text.partition(",")
    clause = clause.rstrip(" .!?")
    hangs = clause.rpartition(" ")[2].lower() in HANGING
    return "" if hangs or (comma and len(clause.split()) < FEWEST_WORDS) else clause
