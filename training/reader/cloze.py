"""Makes questions from running text: what is asked for is taken out of a sentence, and a question word put in.

After Lewis and others 2019 (arXiv:1906.04980), who found that a reader learns from such questions to read real ones.
Two in five are near misses: a name, a number or a date of the question is another, the sentence that answers is taken
out of the passage, or something is asked that the sentence does not tell.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.perturbing import CHANGES, MONTHS, Pool
from rag.language import stop_words
from training.reader.examples import Labelled, Reading, Span, plain_sentences

_CAPITAL = r"[A-ZÉÈÀÂÎÔÇ][\w’'-]*[a-zà-ÿ]\w*"
_NAME = rf"{_CAPITAL}(?: (?:de |d'|du |of |von |van |the )?{_CAPITAL}){{0,3}}"
_FIGURE = r"\d+(?:[.,  \u202f]\d+)*(?: (?:millions?|milliards?|billions?|thousand|mille))?"
_MONTH = {language: "|".join(months) for language, months in MONTHS.items()}


@dataclass(frozen=True)
class Kind:
    """A kind of thing that is asked for: a pattern whose group ``answer`` is it, and ways to ask for it.

    In a way to ask, ``{before}`` and ``{after}`` are what stands around the match in its sentence.
    """

    name: str
    pattern: re.Pattern[str]
    ways: tuple[str, ...]


def _kind(name: str, pattern: str, *ways: str) -> Kind:
    return Kind(name, re.compile(pattern), ways)


KINDS = {
    "fr": (
        _kind("number", rf"(?<![\w.,-])(?P<answer>{_FIGURE})(?= (?!{_MONTH['fr']})[a-zà-ÿ]{{3,}})",
              "Combien de{after} {before} ?", "{before} combien de{after} ?", "Combien de{after} ?", "combien de{after}",
              "Quel est le nombre de{after} ?", "{before} combien{after} ?"),
        _kind("date", rf"(?:(?:le|au|du|depuis le|en) )(?P<answer>(?:\d{{1,2}}(?:er)? )?(?:{_MONTH['fr']})(?: \d{{4}})?)(?!\w)",
              "Quand {before}{after} ?", "{before}{after} quand ?", "À quelle date {before}{after} ?", "C'est quand que {before}{after}",
              "Quel jour {before}{after} ?", "Depuis quand {before}{after} ?"),
        _kind("year", r"(?<=[Ee]n )(?P<answer>1[5-9]\d\d|20[0-2]\d)(?!\w)",
              "En quelle année {before}{after} ?", "Quand {before}{after} ?", "{before}{after} en quelle année ?", "quand est-ce que {before}{after}"),
        _kind("subject", rf"^(?P<answer>{_NAME})(?= (?:a|est|était|avait|fut|sera|va|peut|doit|[a-zà-ÿ]+(?:e|it|ait|a|ut)) )",
              "Qui{after} ?", "qui{after}", "C'est qui qui{after} ?", "Qui est-ce qui{after} ?", "Quel est celui qui{after} ?", "Qu'est-ce qui{after} ?"),
        _kind("agent", rf"(?<=\bpar )(?P<answer>{_NAME})(?!\w)",
              "Par qui {before}{after} ?", "{before} par qui{after} ?", "Qui {before}{after} ?"),
        _kind("place", rf"(?:\b(?:à|au|aux|en|dans|vers) (?:l[ae'] ?)?)(?P<answer>{_NAME})(?!\w)",
              "Où {before}{after} ?", "{before}{after} où ?", "Dans quelle ville {before}{after} ?", "où est-ce que {before}{after}",
              "Dans quel pays {before}{after} ?", "C'est où que {before}{after} ?"),
        _kind("reason", r"(?:,? \b(?:parce qu[e']|car(?= )|en raison d[eu'] ?|à cause d[eu'] ?|afin d[e'] ?|grâce (?:à|au) ?|puisqu[e'])) ?(?P<answer>[^.;:«»]{8,90})(?=[.;,]|$)",
              "Pourquoi {before} ?", "{before} pourquoi ?", "Pour quelle raison {before} ?", "pourquoi est-ce que {before}", "À cause de quoi {before} ?"),
        _kind("said", rf"(?P<answer>«[^«»]{{15,200}}»),? (?:a |ont )?(?:dit|déclaré|expliqué|affirmé|ajouté|précisé|indiqué|estimé|dit|explique|affirme|précise|ajoute)e?s? (?P<who>{_NAME})",
              "Que dit {who} ?", "Qu'a déclaré {who} ?", "{who} dit quoi ?", "Quelle est la position de {who} ?", "Comment {who} explique-t-il cela ?"),
        _kind("speaker", rf"(?:selon|d['’]après) (?P<answer>{_NAME})(?!\w)", "Qui dit que {before}{after} ?", "Selon qui {before}{after} ?", "D'après qui {before}{after} ?"),
        _kind("definition", r"^(?:L[ea] |L'|Les |Une? )?(?P<who>[A-ZÉa-zà-ÿ][\w’' -]{3,40}?),? (?:est|sont|était|désigne) (?P<answer>(?:une?|l[ea]s?|des|l') ?[^.;]{10,120})",
              "Qu'est-ce que {who} ?", "C'est quoi {who} ?", "Qui est {who} ?", "{who} c'est quoi", "Comment définir {who} ?", "Que désigne {who} ?"),
        _kind("money", r"(?P<answer>\d+(?:[.,  \u202f]\d+)*(?: (?:millions?|milliards?))? ?(?:d['’])?(?:€|euros?|dollars?|\$|francs?))",
              "Combien {before}{after} ?", "{before} combien{after} ?", "Quel est le montant{after} ?", "Quelle somme {before}{after} ?", "Ça coûte combien{after} ?"),
        _kind("duration", r"(?:pendant|durant|en) (?P<answer>(?:\d+|deux|trois|quatre|cinq|six|dix|quinze|vingt) (?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans|années))",
              "Combien de temps {before}{after} ?", "Pendant combien de temps {before}{after} ?", "{before}{after} combien de temps ?"),
    ),
    "en": (
        _kind("number", rf"(?<![\w.,-])(?P<answer>{_FIGURE})(?= (?!{_MONTH['en']})[a-z]{{3,}})",
              "How many{after} {before}?", "{before} how many{after}?", "How many{after}?", "What is the number of{after}?"),
        _kind("date", rf"(?:[oO]n |[iI]n |[sS]ince )(?P<answer>(?:\d{{1,2}} )?(?:{_MONTH['en']})(?: \d{{1,2}})?(?:,? \d{{4}})?)(?!\w)",
              "When {before}{after}?", "{before}{after} when?", "On what date {before}{after}?", "when did{before}{after}"),
        _kind("year", r"(?<=[iI]n )(?P<answer>1[5-9]\d\d|20[0-2]\d)(?!\w)",
              "In what year {before}{after}?", "When {before}{after}?", "what year did {before}{after}"),
        _kind("subject", rf"^(?P<answer>{_NAME})(?= (?:is|was|has|had|will|can|[a-z]+(?:ed|es)) )", "Who{after}?", "who{after}", "What{after}?"),
        _kind("agent", rf"(?<=\bby )(?P<answer>{_NAME})(?!\w)", "Who {before}{after}?", "{before} by whom{after}?"),
        _kind("place", rf"(?:\b(?:in|at|near|to) (?:the )?)(?P<answer>{_NAME})(?!\w)", "Where {before}{after}?", "In which place {before}{after}?", "{before}{after} where?"),
        _kind("reason", r"(?:,? (?:because(?: of)?|due to|in order to|thanks to)) (?P<answer>[^.;:“”]{8,90})(?=[.;,]|$)", "Why {before}?", "{before} why?", "What is the reason {before}?"),
        _kind("definition", r"^(?:The |An? )?(?P<who>[A-Za-z][\w’' -]{3,40}?),? (?:is|are|was) (?P<answer>(?:an?|the) [^.;]{10,120})", "What is {who}?", "Who is {who}?", "What does {who} mean?"),
    ),
}  # fmt: skip
_COMMON = frozenset(word for language in KINDS for word in stop_words(language))
_TELLING = {
    "fr": re.compile(
        rf"(?<=[a-zà-ÿ,] ){_NAME}.*(?<=[a-zà-ÿ,] ){_CAPITAL}|\b(?:1[5-9]|20)\d\d\b|{_MONTH['fr']}|»,? (?:a|ont) "
    ),
    "en": re.compile(rf"(?<=[a-z,] ){_NAME}.*(?<=[a-z,] ){_CAPITAL}|\b(?:1[5-9]|20)\d\d\b|{_MONTH['en']}"),
}
"""What a paragraph of news or of an encyclopaedia has, and one of a manual seldom."""
_FREE = {"fr": r"\d|{}".format(_MONTH["fr"]), "en": r"\d|{}".format(_MONTH["en"])}
_UNTOLD = {
    "fr": ("Quand {all} ?", "Combien a coûté{all} ?", "En quelle année {all} ?", "Combien de personnes {all} ?", "Combien de temps {all} ?", "À quelle heure {all} ?", "Quel âge a {who} ?"),
    "en": ("When {all}?", "How much {all}?", "In what year {all}?", "How many people {all}?", "How long {all}?", "How old is {who}?"),
}  # fmt: skip


def cloze_readings(lines: list[str], language: str, count: int, chance: random.Random) -> Iterator[Reading]:
    """Yield ``count`` made questions about running text.

    Args:
        lines: paragraphs; those of one text stand together.
        language: of the text, "fr" or "en".
        count: of the questions.
        chance: of every choice.
    """
    pool = Pool.of(chance.sample(lines, min(len(lines), 3000)))
    kinds = KINDS[language]
    made = 0
    while made < count:
        at = chance.randrange(1, len(lines) - 2)
        if not telling(lines[at], language):
            continue
        passage = passage_at(lines, at, chance)
        sentences = [span for span in plain_sentences(passage) if 40 < span[1] - span[0] < 320]
        if not 120 < len(passage) < 900 or not sentences:
            continue
        start, end = chance.choice(sentences)
        sentence = passage[start:end]
        other = Labelled(
            passage_at(lines, (at + chance.choice((-7, -4, 4, 7))) % (len(lines) - 2), chance)[:900], False
        )
        asked = _asked(sentence, kinds, chance)
        if asked is None:
            untold = _untold(sentence, passage, language, chance) if chance.random() < 0.05 else ""
            if untold:
                made += 1
                yield Reading("untold", typed(untold, chance), (Labelled(passage, False), other))
            continue
        question, (left, right) = asked
        made += 1
        found = Labelled(passage, True, ((start + left, start + right),), ((start, end),))
        yield _as_asked_or_missed(question, found, (start, end), other, pool, language, chance)


def _as_asked_or_missed(
    question: str, found: Labelled, sentence: Span, other: Labelled, pool: Pool, language: str, chance: random.Random
) -> Reading:
    """Return the question with its passage, or a near miss of it."""
    passage, (start, end) = found.text, sentence
    luck = chance.random()
    without = Labelled((passage[:start] + passage[end:]).strip() or other.text, False)
    if luck < 0.25:
        for change in chance.sample(["name", "number", "date"], 3):
            altered = CHANGES[change](question, passage, pool, language, chance)
            if altered and altered != question:
                return Reading("altered", typed(altered, chance), (Labelled(passage, False), other))
    if luck < 0.35:
        return Reading("removed", typed(question, chance), (without, other))
    return Reading("cloze", typed(question, chance), (found, without, other) if luck < 0.7 else (found, other))


def passage_at(lines: list[str], at: int, chance: random.Random) -> str:
    """Return some paragraphs from ``at`` on, up to the length of a passage, now and then under a title."""
    text = lines[at]
    while len(text) < 350 and at + 1 < len(lines) and chance.random() < 0.7:
        at += 1
        text += "\n" + lines[at]
    if chance.random() < 0.5:
        title = re.split(r"[.,;:(]", lines[max(at - 1, 0)])[0][:90]
        text = f"{title}\n{text}"
    return text


def _asked(sentence: str, kinds: tuple[Kind, ...], chance: random.Random) -> tuple[str, Span] | None:
    """Return a question that the sentence answers, and where in it the answer stands; None if it answers none."""
    found = [
        (kind, match)
        for kind in kinds
        for match in kind.pattern.finditer(sentence)
        if match["answer"].split()[0].lower() not in _COMMON
        and "_" not in match["answer"]
        and not (kind.name == "subject" and " " not in match["answer"])
    ]
    if not found:
        return None
    names = sorted({kind.name for kind, _ in found})
    name = chance.choice(names)
    kind, match = chance.choice([one for one in found if one[0].name == name])
    before, after = _shortened(sentence[: match.start()], sentence[match.end() :], chance)
    groups = match.groupdict() | {"before": before, "after": after}
    question = chance.choice(kind.ways).format(**groups)
    question = _tidy(question)
    return (question, match.span("answer")) if question.count(" ") > 2 or kind.name in {"definition", "said"} else None


def _shortened(before: str, after: str, chance: random.Random) -> tuple[str, str]:
    """Return what stands around an answer, often without the clauses that are farther from it."""
    before, after = before.strip().rstrip("«“("), after.rstrip(" .!?»”")
    if chance.random() < 0.6:
        before = re.split(r"[,;:()«»] ", before)[-1]
        after = re.split(r"[,;:()«»]", after)[0] or after
    if chance.random() < 0.3:
        after = " ".join(after.split(" ")[: chance.randint(3, 8)])
    return (before[:1].lower() + before[1:] if before[1:2].islower() else before), after


def _untold(sentence: str, passage: str, language: str, chance: random.Random) -> str:
    """Return a question about the sentence that the passage cannot answer: it holds no figure and no date."""
    if re.search(_FREE[language], passage):
        return ""
    what, _ = _shortened(sentence, "", chance)
    name = re.search(_NAME, sentence[1:])
    return _tidy(
        chance.choice(_UNTOLD[language]).format(all=" " + what.rstrip(" .!?"), who=name[0] if name else what[:40])
    )


def cloze_questions(text: str, language: str, chance: random.Random) -> list[tuple[str, str]]:
    """Return questions that sentences of the text answer, each with the words that do, in random order."""
    found = []
    for start, end in plain_sentences(text):
        asked = _asked(text[start:end], KINDS[language], chance) if 40 < end - start < 320 else None
        if asked:
            question, span = asked
            found.append((question, text[start:end][slice(*span)]))
    return chance.sample(found, len(found))


def telling(text: str, language: str) -> bool:
    """Return whether a paragraph is one of news or of an encyclopaedia, and not of a manual, as far as one can see."""
    return bool(_TELLING[language].search(text))


def names_of(sentence: str) -> list[re.Match[str]]:
    """Return where names stand in a sentence, its first word aside."""
    return [
        match for match in re.finditer(rf"(?<=[a-zà-ÿ,’'] ){_NAME}", sentence) if " " in match[0] or len(match[0]) > 3
    ]


def _tidy(question: str) -> str:
    question = re.sub(r"\s+", " ", question).strip()
    question = re.sub(r"\b([dD]e) (?=[aeiouéèêh])", r"\1 ", question)
    return question[:1].upper() + question[1:]


_ACCENTS = str.maketrans("éèêàâîôùûç", "eeeaaiouuc")


def typed(question: str, chance: random.Random) -> str:
    """Return the question as people type: now and then without capitals, accents, marks, or with a word left out."""
    luck = chance.random()
    if luck < 0.15:
        question = question.lower().rstrip(" ?")
    elif luck < 0.22:
        question = question.translate(_ACCENTS)
    if chance.random() < 0.25:
        parts = question.split(" ")
        if len(parts) > 6:
            del parts[chance.randrange(3, len(parts) - 1)]
        question = " ".join(parts)
    if chance.random() < 0.1 and len(question) > 20:
        at = chance.randrange(8, len(question) - 2)
        question = question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    return question
