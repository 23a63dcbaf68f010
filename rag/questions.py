"""What a question asks for: its content words, the names and numbers in it, and the kind of answer it wants; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.language import Word, content_stems, fold, words

AnswerKind = Literal["person", "date", "place", "quantity", "money", "duration", "reason"]

_ASKS: dict[AnswerKind, str] = {
    "person": r"qui (?!.*\bqu[ei]\b)|(?:a|par|de|avec|chez|contre) qui\b|quels? (?:est|etait|fut|sont) (?:le|la|l)?\W?(?:nom|auteur|"
    r"president|fondateur|inventeur|createur)|\bwho(?:m|se)?\b|comment s.appel",
    "date": r"\bquand\b|\bdate\b|quelle? (?:annee|jour|mois|epoque|siecle|heure|date|periode)|\bwhen\b|"
    r"what (?:year|day|date|month|century|time)|which (?:year|day|month|century)|en quelle annee|a quelle",
    "place": r"\bou\b(?! (?:bien|non))|d.ou\b|quelle? (?:pays|ville|lieu|endroit|region|continent|capitale|etat|departement|rue)|"
    r"\bwhere\b|(?:what|which) (?:country|city|place|region|state|town|continent)",
    "quantity": r"\bcombien\b|\bnombre\b|quelle? (?:est|etait|fut|sont)?.{0,12}\b(?:population|taille|superficie|hauteur|longueur|distance|"
    r"vitesse|poids|age|pourcentage|proportion|part|altitude|profondeur|largeur)|how (?:many|much|old|tall|long|far|large|big|"
    r"high|deep|fast|heavy)|what (?:percentage|number|population|age|proportion)",
    "money": r"combien (?:ca |cela |l.)?(?:\S+ )?(?:cout|vaut|paye|gagn|depens|rapport)|\b(?:prix|cout|budget|salaire|montant|somme|"
    r"chiffre d.affaires)\b|how much (?:does|do|did|is|was|money|will|would)|\b(?:price|cost|budget|salary)\b|what does .* cost",
    "duration": r"combien de temps|depuis (?:combien|quand)|quelle duree|how long",
    "reason": r"\bpourquoi\b|\bwhy\b|quelles? (?:est|sont|etait|etaient|fut|furent) (?:la|les)? ?(?:raison|cause|motif|but|objectif)|"
    r"pour quelle|what (?:caused|is the reason|was the reason)",
}
_ASKED = {kind: re.compile(pattern) for kind, pattern in _ASKS.items()}

_MONTHS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april|"
    "june|july|august|september|october|november|december"
)
_DAYS = (
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    "hier|demain|aujourd.hui|yesterday|today|tomorrow"
)
_NUMBER_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cent|cents|mille|"
    "millions?|milliards?|dizaines?|centaines?|milliers?|moitie|tiers|quart|two|three|four|five|seven|eight|nine|ten|eleven|"
    "twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|billions?|dozen|half|third|quarter|aucune?|zero|une? seule?"
)
_UNITS = "ans?|annees?|mois|semaines?|jours?|heures?|minutes?|siecles?|secondes?|years?|months?|weeks?|days?|hours?|centur(?:y|ies)"
_HOLDS: dict[AnswerKind, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:{_DAYS})\b|\b(?:\d{{1,2}}(?:er)? )?(?:{_MONTHS})\b|\b(?:1\d|20)\d\d\b|\b[ivx]+e siecle|\b(?:en|in) \d{{3,4}}\b|"
        r"\b\d+(?:st|nd|rd|th) century|\bsiecle\b|\b\d{1,2} ?h(?:\d\d)?\b"
    ),
    "quantity": re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b"),
    "money": re.compile(
        r"[€$£¥]|\b(?:euros?|dollars?|livres?|francs?|roubles?|yuans?|yens?|pounds?|cents?|centimes|gratuite?s?|free)\b"
    ),
    "duration": re.compile(rf"(?:\d|\b(?:{_NUMBER_WORDS})\b)\s*(?:{_UNITS})\b|\bdepuis\b|\bsince\b|\bpendant\b"),
    "reason": re.compile(
        r"\b(?:parce que|parce qu|car|afin|pour|puisque|puisqu|en raison|a cause|grace a|du fait|faute de|visant|objectif|but|"
        r"raison|because|since|so that|in order|due to|owing|therefore|to|reason|aim|cause)\b"
    ),
}
_PLACE = re.compile(r"\b(?:à|au|aux|en|dans|près de|chez|vers|de|du|in|at|near|from|to)\s+(?:la\s+|le\s+|l['’]|les\s+|the\s+)?[A-ZÀ-Ý]")
_NAME = re.compile(r"[A-ZÀ-Ý][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    Attributes:
        text: as it is searched.
        language: ISO 639-1 code.
        words: its content words, in order; a hyphenated word comes whole and by its parts.
        names: folded words with a capital that are not the question's first word.
        kinds: the kinds of answer it wants; empty when it does not tell.
    """

    text: str
    language: str
    words: tuple[Word, ...]
    names: frozenset[str]
    kinds: frozenset[AnswerKind]


def analyse_question(text: str, language: str) -> Question:
    """Return the question taken apart."""
    flat = " ".join(fold(text).split())
    kinds = frozenset(kind for kind, pattern in _ASKED.items() if pattern.search(flat))
    if kinds & {"money", "duration"}:
        kinds -= {"quantity"}
    content = set(content_stems(text, language))
    kept = tuple(word for word in words(text, language) if word.stem in content)
    first = text.lstrip(" \t\n«\"'“¿").split(" ")[0] if text.strip() else ""
    names = frozenset(word.stem for word in words(text, language) if word.text[0].isupper() and word.text != first)
    return Question(text, language, kept, names, kinds)


def holds_answer_kind(sentence: str, kind: AnswerKind, asked: frozenset[str] = frozenset()) -> bool:
    """Return whether the sentence holds something of that kind: a date, a name that was not asked with, a quantity…

    Args:
        sentence: of an article.
        kind: that is looked for.
        asked: folded names that stand in the question; a name among them answers nothing.
    """
    if kind in {"person", "place"}:
        pattern = _NAME if kind == "person" else _PLACE
        found = [match for match in pattern.finditer(sentence) if kind == "place" or match.start() > 0]
        if kind == "person":
            return any(fold(match[0]) not in asked for match in found) or bool(_NAME.match(sentence))
        return bool(found)
    return bool(_HOLDS[kind].search(fold(sentence)))
