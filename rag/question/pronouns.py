"""Which pronouns of a question nothing in it explains; pure.

« Quand les responsables se réunissent-ils ? » explains its pronoun, « Quand se réunissent-ils ? » does not. The rules
look at what stands between the question word and the pronoun: a subject there binds it. Where they cannot tell, the
pronoun counts as explained.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.question.mentions import find_mentions
from rag.question.openings import content_words, split_opening

Kind = Literal["inverted", "subject", "object", "possessive", "clause", "it", "which"]


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun that its question does not explain: ``text[start:end]``.

    Attributes:
        kind: what it is in its sentence; ``inverted`` comes with its verb ("dit-elle"), ``clause`` stands for what was
            said ("cela", "that"), ``it`` is the "ce" of "c'est", ``which`` asks among things named before.
        word: in lower case, without its verb.
    """

    kind: Kind
    word: str
    start: int
    end: int

    @property
    def family(self) -> str:
        """The same for pronouns that speak of one and the same: "he" and "his", « ils » and « leur »."""
        groups = (
            "it its",
            "he him his",
            "she her",
            "they them their",
            "ils elles eux leur leurs",
            "il elle lui son sa ses",
        )
        return next((group for group in groups if self.word in group.split()), self.word)


_IMPERSONAL = re.compile(
    r"""y[ '-](?:a-t|avait|aurait|eut|aura-t)-il | en\ est-il\b | a-t-il\ (?:été\ donné|fallu|plu|neigé)\b
      | s'est-il\ (?:agi|passé|produit) | \bil\ (?:\w+\ ){0,3}y\ avoir | fait-il\ (?:chaud|froid|beau|nuit|jour|bon)
      | \b(?:faut|faudr\w+|fallait|pleu\w+|neige\w*|suffit|convient|exist\w+|rest\w+|manqu\w+|s'agi\w+|arriv\w+|paraît
          |semble|pass\w+|import\w+|vaut|heure\ est|midi|minuit)-(?:t-)?il\b
      | \b\w+-il\ (?:\w+\ )?(?:\w+[ai]ble|conseillé|recommandé|proposé|préconisé|arrivé)\ (?:au|aux|à|de|d'|que|qu')
      | (?:est|était|serait|sera)-il\ (?:\w+\ )?(?:vrai|faux|possible|impossible|probable|certain|sûr|nécessaire|utile
          |dangereux|légal|illégal|interdit|permis|prévu|question|important|normal|temps|difficile|facile|obligatoire
          |trop\ tard|bon|exact|juste)\b
      | \bil\ (?:me\ |te\ |nous\ |vous\ )?(?:semble|faut|y\ a|pleut|neige|s'agit|est\ (?:midi|minuit|vrai|possible|\d+))
    """,
    re.VERBOSE,
)
_EXPLETIVE = re.compile(
    r"""\bit\ (?:rain|snow|hail)\w*
      | \bit\ (?:so\ |too\ |very\ )?(?:hot|cold|dark|late|early|warm|noon|midnight)\b
      | \b(?:is|was|be)\ it\ (?:\w+\ ){1,3}?(?:that|if|whether|when|to\ (?!(?:the|an?|his|her|its|their)\b)[a-z]+)\b
      | \bit\ (?:\w+\ )?(?:takes?|costs?|matters?|true|false|possible|impossible|likely|unlikely|legal|illegal|important
          |necessary|safe|dangerous|hard|easy|difficult|better|best|worth|normal|common|clear|certain|known|said|believed
          |thought|feared|means?|like)\b.{0,200}?\b(?:to|that|if|whether)\b
      | ^what(?:\ is|'s)\ it(?:\ all)?\ about\b | \btime\ is\ it\b | \bis\ it\ that\b
    """,
    re.VERBOSE,
)
_BEFORE_STRONG = r"(?:avec|pour|de|à|sur|contre|chez|par|sans|selon|vers|en)"
_CLAUSE = re.compile(
    r"[,;:]|\b(?:et|ou|mais|qui|que|quand|lorsque|si|pourquoi|comment|où|parce|dont|and|or|but|who|which|that|when|if|why|how|"
    r"where|because|while|after|before|whether)\b|\bqu'"
)
FRENCH: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("inverted", re.compile(r"(?<!\w)(?P<host>\w+)[-‐‑](?:t[-‐‑])?(?P<word>ils?|elles?)\b")),
    ("object", re.compile(rf"\b(?P<host>{_BEFORE_STRONG})\s(?P<word>lui|elles?|eux)\b(?!-)")),
    ("object", re.compile(r"\b(?P<host>d')(?P<word>elles?|eux)\b(?!-)")),
    ("clause", re.compile(r"\bl'(?=(?:a|ont|avait|aurait|est)\b)|\b(?:lui|leur)(?=\s(?:a|ont|avait|dit|disent)\b)")),
    ("subject", re.compile(r"(?<![-‐‑\w])(?P<host>(?:qu'|s'|lorsqu'|puisqu'))?(?P<word>ils?|elles?)\b(?!-)")),
    ("possessive", re.compile(r"\b(?P<word>son|sa|ses|leurs?)\s+(?=\w)")),
    ("clause", re.compile(r"(?<!comme )\b(?:cela|ça|ceci|cel(?:ui|le|les)-ci|ceux-ci)\b")),
    ("clause", re.compile(r"^(?:et )?qui (?:la|le|les|l')\s?(?![A-ZÀ-Þ])\w+(?=[\s?!.]*$)")),
    ("clause", re.compile(r"^(?:et )?(?:pourquoi|quand|comment|où) (?:cet?|cette|ces) \w+(?=[\s?!.]*$)")),
    ("it", re.compile(r"(?<!')\best-ce\b(?!\s+qu)|\bc'(?:est|était)\b")),
    ("which", re.compile(r"^(?:les?quel(?:le)?s?|laquelle)\b(?!\s+(?:de|des|du|d'|parmi|entre)\b)")),
)  # fmt: skip
_AFTER_OBJECT = r"(?:in|at|on|for|from|to|of|and|or|with|by|as|about|into|than|so|now|then|again|before|after|during)\b"
_ENGLISH: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("possessive", re.compile(rf"\b(?P<word>his|its|their)\b|\b(?P<her>her)\b(?=\s+(?!{_AFTER_OBJECT})\w)")),
    ("subject", re.compile(rf"\b(?P<word>he|she|they|it(?=['’]s|\s+(?!{_AFTER_OBJECT})\w))\b")),
    ("object", re.compile(rf"\b(?P<word>him|them|it|her)\b(?=\s*(?:$|[?!.,]|{_AFTER_OBJECT}))")),
    ("clause", re.compile(r"\b(?:that|this|these|those)(?=\s*[?!.]*$)|^(?:is|was) (?:that|this)(?=\s\w+[\s?!.]*$)")),
    ("clause", re.compile(r"^(?:and )?(?:why|when|how) (?:this|that|these|those) \w+(?=[\s?!.]*$)")),
    ("which", re.compile(r"^(?:which|what)\s+ones?\b(?!\s+of\b)")),
)
_QUESTION_AFTER = re.compile(
    r",\s*(?:\w+\s+)?(?:qu[ei']|qui|quel|comment|pourquoi|combien|où|which|what|who|how|why|where)"
)
_VERB_FIRST = frozenset({"que", "qu'", "où", "quand", "de quoi", "à quoi", "comment"})  # « Où vit son frère ? »
_IS = re.compile(r"est|était|fut|sont|étaient|is|was|are|were")
_MOST_BEFORE_OBJECT = 2  # content words: a subject and a verb, neither of which an object pronoun stands for
_MOST_WITH_CLAUSE = 2  # content words of a question whose "cela" or "that" is about what was said before


def unbound_pronouns(question: str, language: str) -> tuple[Pronoun, ...]:
    """Return the pronouns of a question that nothing before them in it explains, in order.

    Args:
        question: its first letter small, apostrophes straight.
        language: "fr" or "en".
    """
    opening = split_opening(question, language)
    begin = question.find(opening.body) if opening.body else len(question)
    taken = [match.span() for match in (_IMPERSONAL if language == "fr" else _EXPLETIVE).finditer(question)]
    found: list[Pronoun] = []
    for kind, pattern in FRENCH if language == "fr" else _ENGLISH:
        for match in pattern.finditer(question):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            groups = match.groupdict()
            word = groups.get("word") or groups.get("her") or match[0].strip()
            if _is_free(kind, question[begin : match.start()], question, language):
                found.append(Pronoun(kind, word, match.start(), match.end()))
    return tuple(sorted(found, key=lambda pronoun: pronoun.start))


def _is_free(kind: Kind, before: str, question: str, language: str) -> bool:
    """Say whether what stands between the question word and a pronoun leaves it unexplained."""
    content = content_words(before, language)
    opening = split_opening(question, language)
    after = question[question.find(before) + len(before) :]
    if _QUESTION_AFTER.search(after) or (not opening.words and "," in after):
        return False  # « Dans son discours, que dit Macron ? »
    if kind == "object" and content:
        return len(content) <= _MOST_BEFORE_OBJECT and not _CLAUSE.search(before)
    if kind == "inverted" and re.search(r"\b(?:cela|ça)\s*$", before):
        return False
    if kind == "it":
        return not find_mentions(question, language) and len(content_words(question, language)) <= 1
    if kind == "clause":
        return len(content_words(question, language)) <= _MOST_WITH_CLAUSE and not _CLAUSE.search(before)
    if kind == "possessive" and (
        opening.noun or (opening.words in {"qui", "who"} and not _IS.fullmatch(before.strip()))
    ):
        return False
    if kind == "possessive" and opening.words in _VERB_FIRST and len(content) == 1:
        return not re.search(r"(?:er|ir|re)$", content[0]) and not find_mentions(before, language)
    if kind == "subject" and opening.noun and _CLAUSE.search(before):
        return False
    return kind == "which" or not content
