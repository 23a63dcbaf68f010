"""What a sentence denies: the words that stand under a negation, French and English; pure.

A negation is told by what it denies: its head, the first word with meaning after it ("n'a pas été *annoncé*", "did not
*agree*", "sans *accord*", "no *survivors*"). "ne … que" restricts and denies nothing; "pas seulement", "sans doute"
and an expletive "ne" deny nothing either. A head under "refuse" or "denies" is doubtful: it agrees with both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.language import Word, fold, stop_words, words


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_REACH = 7
"""A negation and what it denies, or its two halves, are no farther apart, in words."""

_NE = frozenset({"ne", "n'"})
_SECOND = _listed("pas point jamais plus rien aucun aucune nul nulle personne guere ni nullement aucunement")
_FIRST = _listed("aucun aucune nul nulle personne rien ni jamais")
_NOT_DENYING = _listed("seulement uniquement moins tant only just least doute cesse exception precedent merely")
_ALONE = {
    "fr": frozenset({"sans", "aucun", "aucune", "ni", "non"}),
    "en": _listed("not never no cannot without neither nor none nobody nothing"),
}
CUES = {"fr": _NE | _SECOND | _FIRST | _ALONE["fr"], "en": _ALONE["en"]}
"""Words that deny, folded."""

_CUES = CUES["fr"] | CUES["en"]
_DOUBTFUL = {
    "fr": re.compile(
        r"refus|rejet|dement|(?:nie|niait|nier|niant|peu)$|contest|interdi|empech|oppos|cess|evit|faute|absen|manqu|"
        r"impossib|rare|ancien"
    ),
    "en": re.compile(
        r"refus|reject|den(?:y|ies|ied)|disput|forbid|ban(?:s|ned)?$|prevent|oppos|stop|avoid|lack|fail|absen|impossib|"
        r"few|rare|hardly|unable|former"
    ),
}
_LIGHT = _listed("""
    a an the any some of to be been being have has had do does did will would shall should can could may might must
    le la les l' un une des de du d' a au aux en y se s' me m' te t' nous vous lui leur etre ete avoir eu fait
    encore vraiment toujours yet really ever even also very meme tres pu peut pouvoir doit devoir
    """)


@dataclass(frozen=True, slots=True)
class Denied:
    """A word under a negation: as written with its negation, and its stem."""

    text: str
    stem: str
    start: int


@dataclass(frozen=True, slots=True)
class Polarity:
    """What a sentence denies, what it doubts, and what it affirms, as stems."""

    denied: tuple[Denied, ...] = ()
    doubtful: frozenset[str] = frozenset()
    affirmed: dict[str, str] = field(default_factory=dict)  # stem → as written


def find_polarity(text: str, language: str) -> Polarity:
    """Return what a sentence denies and affirms; of other languages than French and English, nothing."""
    if language not in _ALONE:
        return Polarity()
    tokens = _whole_words(text, language)
    folded = [_cue(word) for word in tokens]
    heads: dict[int, int] = {}  # position of a head → position of its negation
    doubtful: set[int] = set()
    for position, word in enumerate(folded):
        if word in _NE and language == "fr":
            _french(folded, tokens, position, heads, doubtful, text)
        elif word in _ALONE[language] or word.endswith("n't"):
            _single(folded, tokens, position, heads, language)
        elif _DOUBTFUL[language].match(word):
            doubtful.update(range(position, min(position + _REACH, len(tokens))))
    return _gather(tokens, heads, doubtful, text, language)


def _gather(tokens: Sequence[Word], heads: dict[int, int], doubtful: set[int], text: str, language: str) -> Polarity:
    denied = tuple(
        Denied(
            text[min(tokens[cue].start, tokens[head].start) : tokens[head].end], tokens[head].stem, tokens[head].start
        )
        for head, cue in sorted(heads.items())
    )
    affirmed = {
        word.stem: word.text
        for position, word in enumerate(tokens)
        if position not in heads and position not in doubtful and _has_meaning(word, language)
    }
    doubted = (tokens[position] for position in doubtful)
    return Polarity(denied, frozenset(word.stem for word in doubted if _has_meaning(word, language)), affirmed)


def _whole_words(text: str, language: str) -> list[Word]:
    """Return the words without the parts of hyphenated ones."""
    kept: list[Word] = []
    for word in words(text, language):
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return kept


def _cue(word: Word) -> str:
    return fold(word.text)


def _has_meaning(word: Word, language: str) -> bool:
    plain = fold(word.text).rstrip("'")
    return not (plain in _LIGHT or plain in _CUES or {plain, word.text.lower()} & stop_words(language))


def _french(
    folded: Sequence[str], tokens: Sequence[Word], ne: int, heads: dict[int, int], doubtful: set[int], text: str
) -> None:
    """Find what a "ne" denies, if it has a second half that denies."""
    until = min(ne + _REACH, len(tokens))
    for later in range(ne + 1, until):
        if re.search(r"[.;:!?»]", text[tokens[ne].end : tokens[later].start]):
            until = later
            break
    second = next((at for at in range(ne + 1, until) if folded[at] in _SECOND), None)
    only = next((at for at in range(ne + 1, until) if folded[at] in {"que", "qu'"}), None)
    before = any(word in _FIRST for word in folded[max(ne - 5, 0) : ne])
    head = next((at for at in range(ne + 1, len(tokens)) if at != second and _heads(tokens[at], folded[at])), None)
    if head is None or head > ne + _REACH:
        return
    if second is not None and folded[second + 1 : second + 2] and folded[second + 1] in _NOT_DENYING:
        return
    if second is None and not before:
        if only is None:
            doubtful.add(head)
        return
    heads[head] = ne


def _single(folded: Sequence[str], tokens: Sequence[Word], position: int, heads: dict[int, int], language: str) -> None:
    """Find what a negation of one word denies: the first word with meaning after it."""
    if language == "fr" and folded[position] != "sans" and _NE & set(folded[max(position - _REACH, 0) : position + 4]):
        return  # it is half of "ne … aucun", or of "aucun … ne"
    following = folded[position + 1 : position + 2]
    if following and following[0] in _NOT_DENYING:
        return
    for at in range(position + 1, min(position + _REACH, len(tokens))):
        if _heads(tokens[at], folded[at]) and (language == "fr" or _has_meaning(tokens[at], language)):
            heads[at] = position
            return


def _heads(word: Word, plain: str) -> bool:
    return plain not in _SECOND and _has_meaning(word, "fr")
