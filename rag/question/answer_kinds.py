"""The kinds of answer a question may want, and whether a sentence holds one: patterns over folded text; pure.

French and English together, since their question words hardly collide once "où" is told from "ou".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from rag.language import fold
from rag.language.calendar_names import calendar_names

AnswerKind = Literal["person", "date", "place", "quantity", "money", "duration", "reason"]

_WHERE = "où"
_WHERE_MARK = "_where_"  # folding would make "ou" of it, which means "or"

_MEASURES = (
    "population|taille|superficie|hauteur|longueur|distance|vitesse|poids|age|pourcentage|proportion|part|altitude"
    "|profondeur|largeur|temperature|nombre|effectif"
)
_ASKS: dict[AnswerKind, tuple[str, ...]] = {
    "person": (
        r"^(?:et |mais )?(?:(?:a|de|par|avec|chez|contre|pour|selon) )?qui\b",
        r"\bpar qui\b|\b(?:c'est|est-ce) qui\b|\ba qui \?|\bqui \?$",
        r"\bquels? (?:est|etait|fut|sont) le nom\b",
        r"^(?:and |but )?(?:(?:by|to|with|for|from) )?who(?:m|se)?\b",
        r"\bby whom\b",
    ),
    "date": (
        r"(?:^|\b(?:et|mais|ou|depuis|des|jusqu'a|de|partir de|est) |, )quand\b|\bquand ?\?$",
        r"\bquel(?:le)?s? (?:est |etait |fut )?(?:la |l'|le )?(?:annee|jour|mois|epoque|siecle|heure|date|periode)\b",
        r"\bdate (?:de|du|d')",
        r"(?:^|\b(?:and|but|since|until) |, )when\b",
        r"\b(?:what|which) (?:is the |was the )?(?:year|day|date|month|century|time)\b",
    ),
    "place": (
        rf"{_WHERE_MARK}",
        r"\bquel(?:le)?s? (?:pays|ville|lieu|endroit|region|continent|capitale|departement|rue|ile)s?\b",
        r"\bquel(?:le)? est (?:le lieu|la capitale|la ville)\b",
        r"(?:^|\b(?:and|but|from) |, )where\b",
        r"\b(?:what|which) (?:country|city|place|region|state|town|continent|island)\b",
    ),
    "quantity": (
        r"\bcombien\b",
        rf"\bquel(?:le)?s? (?:est |etait |fut |sont |etaient )?(?:la |le |l'|les )?(?:{_MEASURES})\b",
        r"\bhow (?:many|much|old|tall|far|large|big|high|deep|fast|heavy)\b",
        r"\bwhat (?:is the |was the )?(?:percentage|number|population|age|proportion|height|size|area|length)\b",
    ),
    "money": (
        r"\bcombien (?!de\b|d')(?:\S+ ){0,3}(?:cout|vaut|valent|valait|paye|paie|gagn|depens|rapport)",
        r"\bquel(?:le)?s? (?:est |etait |fut |sera |sont )?(?:le |la |l'|les )?(?:prix|cout|budget|salaire|montant)\b",
        r"\ba quel prix\b|\bchiffre d'affaires\b|\bquelle somme\b|\bcoute(?:nt)? combien\b",
        r"\bhow much (?:money|does .* cost|did .* cost|do .* cost|will .* cost|would .* cost)",
        r"\bhow much (?:is|was|did|does) .*\b(?:paid|pay|earn|spent|spend|worth)\b",
        r"\bwhat (?:is|was|are|were|will be) the .*\b(?:price|cost|costs|budget|salary)\b",
        r"\bwhat (?:does|do|did) .* cost\b",
    ),
    "duration": (
        r"\bcombien de temps\b",
        r"\b(?:depuis|pendant) combien\b",
        r"\bquelle (?:est |fut |etait )?(?:la )?duree\b",
        r"\bhow long\b",
    ),
    "reason": (
        r"\bpourquoi\b",
        r"\b(?:pour|dans) quel(?:le)?s? (?:raison|motif|but)",
        r"\bquel(?:le)?s? (?:est|sont|etait|etaient|fut|furent) (?:la |les |le |l')?(?:raison|cause|motif|but)s?\b",
        r"\bquel(?:le)?s? (?:est|sont|etait|etaient|fut|furent) (?:les |l')?objectifs?\b",
        r"\bwhy\b",
        r"\bwhat (?:caused|is the (?:reason|aim|goal|purpose)|was the (?:reason|aim|goal|purpose))\b",
    ),
}
_ASKED = {kind: re.compile("|".join(patterns)) for kind, patterns in _ASKS.items()}

_NUMBER_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cents?"
    "|mille|millions?|milliards?|dizaines?|centaines?|milliers?|moitie|tiers|quart|aucune?|zero|two|three|four|five"
    "|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundreds?|thousands?|billions?|dozens?|half"
    "|third|quarter|none"
)
_SPANS = (
    "ans?|annees?|mois|semaines?|jours?|heures?|minutes?|siecles?|secondes?|years?|months?|weeks?|days?|hours?"
    "|century|centuries|decades?"
)
_HOLDS: dict[AnswerKind, re.Pattern[str]] = {
    "date": re.compile(
        r"\b(?:hier|demain|aujourd'hui|yesterday|today|tomorrow)\b"
        r"|\b(?:1\d|20)\d\d\b|\b(?:en|in) \d{3,4}\b|\bsiecle\b|\bcentury\b"
        r"|\b\d{1,2} ?h(?:\d\d)?\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b(?:l'an dernier|last year|week-end|weekend)\b"
    ),
    "quantity": re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b"),
    "money": re.compile(
        r"[€$£¥]|\b(?:euros?|dollars?|livres?|francs?|roubles?|yuans?|yens?|pounds?|centimes|gratuite?s?|free)\b"
    ),
    "duration": re.compile(rf"(?:\d|\b(?:{_NUMBER_WORDS}|un|une|a|an)\b)\s*(?:{_SPANS})\b|\bdepuis\b|\bsince\b"),
    "reason": re.compile(
        r"\b(?:parce que|parce qu'|car|afin|pour|puisque|puisqu'|en raison|a cause|grace a|du fait|faute de|visant|vise"
        r"|objectif|but|raison|because|since|so that|in order|due to|owing|therefore|to|reason|aim|cause)\b"
    ),
}
_COUNT = rf"(?:\d|\b(?:{_NUMBER_WORDS})\b)[\s\d.,]*"
_BORN_MARK = "_born_"  # folding would make "ne" of "né", which denies
_OUT_OF = r"(?! (?:(?:de |du |des |d')|(?:out )?of )[^.!?\d]*(?:[.!?]|$))"  # what something came of tells no birthday
_BORN = rf"(?:{_BORN_MARK}|\bborn\b){_OUT_OF}"
_IS = r"(?:est|etait|fut|sera|sont|etaient|is|was|are|were)"
_OF_WHAT = r"(?:la |le |l'|les |sa |son |leur |the |its |his |her )"
_MEASURES_ASKED: dict[str, tuple[str, str]] = {
    "age": (
        r"\bquel age\b|\bhow old\b|\bwhat age\b",
        (
            rf"{_COUNT}(?:ans?|years?|(?:mois|months?)(?! (?:plus|apres|avant|auparavant|later|ago)))\b"
            rf"|\bage(?:e?s?|d)\b|{_BORN}|\bnaiss|\bbirth|-year-old|\w+ieme annee"
        ),
    ),
    "length": (
        (
            rf"\bquel(?:le)?s? {_IS} {_OF_WHAT}(?:hauteur|longueur|largeur|profondeur|altitude|distance)\b"
            rf"|\bwhat {_IS} {_OF_WHAT}(?:height|length|width|depth|elevation|altitude|distance)\b"
            r"|\bhow (?:tall|high|wide|deep|far)\b"
        ),
        (
            r"\d\s*(?:k|c|m|d)?m\b|\b(?:kilo|centi|milli|deci)?(?:metres?|meters?)\b|\bpieds?\b|\bpouces?\b|\blieues?\b"
            r"|\b(?:feet|foot|ft|miles?|inch(?:es)?|yards?|km)\b|annees?-lumiere|light-year"
        ),
    ),
    "population": (
        (
            rf"\bquelle {_IS} {_OF_WHAT}population\b|\bcombien (?:d'habitants\b|de personnes (?:vivent|habitent)\b)"
            rf"|\bwhat {_IS} {_OF_WHAT}population\b|\bhow many (?:people live|inhabitants|residents)\b"
        ),
        (
            r"habitant|populat|\bames\b|\bpeuple|\bpersonnes\b|inhabitant|\bpeople\b|\bresident|recens|census|demograph|citoyen"
            r"|citizen"
        ),
    ),
    "area": (
        rf"\bquelle {_IS} {_OF_WHAT}superficie\b|\bwhat {_IS} {_OF_WHAT}area\b",
        r"\bkm|hectare|\bha\b|\bmiles?\b|\bacre|\bm2\b|\bcarre|square|superficie|\barea\b",
    ),
    "temperature": (
        rf"\bquelle (?:{_IS} {_OF_WHAT})?temperature\b|\bwhat (?:{_IS} {_OF_WHAT})?temperature\b",
        r"degre|°|celsius|fahrenheit|kelvin|\d ?k\b|temperatur",
    ),
    "speed": (
        rf"\bquelle (?:{_IS} {_OF_WHAT})?vitesse\b|\bwhat (?:{_IS} {_OF_WHAT})?speed\b|\bhow fast\b",
        r"\bkm|kilometre|\bmph\b|noeuds?\b|knots?\b|m/s|vitesse|speed|\bmach\b|miles",
    ),
    "weight": (
        (
            rf"\bquel {_IS} {_OF_WHAT}poids\b|\bcombien pes|\bwhat {_IS} {_OF_WHAT}weight\b|\bhow heavy\b"
            r"|\bhow much .* weigh\b"
        ),
        r"\bkg\b|kilo|gramme|\btonn|livre|pound|\blbs?\b|\btons?\b|\d ?g\b|\bgrams?\b|poids|weigh|pese",
    ),
    "percentage": (
        r"\bquel(?:le)? (?:pourcentage|proportion)\b|\bwhat (?:percentage|proportion|percent)\b",
        rf"%|pour ?cent|percent|moitie|\btiers\b|\bquarts?\b|\bhalf\b|third|quarter|{_COUNT}sur\b|major|minor|\d",
    ),
}
_WHEN = r"\b(?:quand|when|(?:quelle|what) (?:annee|date|year)|quel jour|what day)\b"
_LIVES_ASKED = {
    "birth": (
        (
            rf"{_WHEN}.*(?:{_BORN_MARK}|\b(?:nait|naquit|born)\b|\bne ?\?*$)|\bdate de naissance\b"
            r"|\b(?:date of birth|birthday)\b"
        ),
        rf"{_BORN}|\bnait\b|\bnaquit\b|\bnaiss|\bbirth|voi[tr] le jour|vu le jour|\(.*\d{{3,4}}",
    ),
    "death": (
        rf"{_WHEN}.*\b(?:morte?|mourut|meurt|decedee?|die|died)\b|\bdate (?:de (?:la |sa )?mort|of death)\b",
        (
            r"\bmort|\bmour|\bmeur|\bdeced|\bdeces|\bdie[ds]?\b|\bdeath|\bdead\b|succomb|dispar|\(.*\d{3,4}|assassin"
            r"|\btue|\bkill|execut|decapit|guillotin|suicid|victim|perd la vie|\bnoy|abatt|tomb|inhum|buried"
        ),
    ),
}
"""Asked of somebody by name only: a movement may be born, and die, in other words."""
_MEASURES_HELD = {name: (re.compile(asks), re.compile(holds)) for name, (asks, holds) in _MEASURES_ASKED.items()}
_LIVES_HELD = {name: (re.compile(asks), re.compile(holds)) for name, (asks, holds) in _LIVES_ASKED.items()}
_PLACE = re.compile(
    r"\b(?:à|au|aux|en|dans|près de|chez|vers|de|du|des|in|at|near|from|to|of)\s+"
    r"(?:la\s+|le\s+|l['’]|les\s+|the\s+)?[A-ZÀ-Ý]"
)
_NAME = re.compile(r"[A-ZÀ-Ý][\w’'-]+")


def wanted_kinds(question: str) -> frozenset[AnswerKind]:
    """Return the kinds of answer a question wants; several for "when and where", none for "what does he say"."""
    text = " ".join(fold(question.casefold().replace(_WHERE, _WHERE_MARK)).replace("’", "'").split())
    kinds = frozenset(kind for kind, pattern in _ASKED.items() if pattern.search(text))
    return kinds - {"quantity"} if kinds & {"money", "duration"} else kinds


def holds_answer_kind(sentence: str, kind: AnswerKind, asked: frozenset[str] = frozenset()) -> bool:
    """Return whether the sentence holds something of that kind: a date, a quantity, a name that was not asked with.

    Args:
        sentence: of an article.
        kind: that is looked for.
        asked: folded names that stand in the question; a name among them does not say who.
    """
    if kind == "place":
        return _PLACE.search(sentence) is not None
    if kind == "person":
        return any(fold(name[0]) not in asked for name in _NAME.finditer(sentence))
    flat = fold(sentence).replace("’", "'")
    if kind == "date" and not calendar_names().isdisjoint(re.findall(r"\w+", flat)):
        return True
    return _HOLDS[kind].search(flat) is not None


def asks_in_vain(question: str, texts: Iterable[str], *, named: bool = False) -> bool:
    """Return whether a question asks for an age, a height, a date of birth… and no text holds anything of the kind.

    Args:
        question: as it is searched.
        texts: where the answer would stand.
        named: whether it asks about something by its name.
    """
    asked = _straight(question)
    known = {**_MEASURES_HELD, **_LIVES_HELD} if named else _MEASURES_HELD
    wanted = [holds for asks, holds in known.values() if asks.search(asked)]
    if not wanted:
        return False
    read = [_straight(text) for text in texts]
    return any(not any(holds.search(text) for text in read) for holds in wanted)


def _straight(text: str) -> str:
    return fold(re.sub(r"\bn\u00e9e?s?\b", _BORN_MARK, text, flags=re.IGNORECASE)).replace("’", "'")
