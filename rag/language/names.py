"""The names of a text: words with a capital, and countries with their peoples in every form; pure.

"Russie", "russe" and "Russian" are one country; "Keir Starmer" is two words of one name. A word with a capital at the
head of a sentence is a name only if running text writes it with a capital elsewhere too, or a second one follows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.language.capitals import capital_share
from rag.language.countries import load_countries
from rag.language.lexicon import NEVER_LAST, OPENERS, SELDOM_LAST
from rag.language.quantities import flatten
from rag.language.stretches import Stretches
from rag.language.words import Word, fold, stop_words, words

_SHORTEST_DEMONYM = 4
_TOKEN = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}|[^\W_]+")
_JOINT = re.compile(
    r"(?:[ \u00a0](?:of the|of|le|la|les|de la|du|des|de|von|van|der|den|ben|bin|el|al|y))?[ \u00a0](?:d'|l'|de l')?|-"
)
_MOSTLY = 0.5
_ADVERB = {"fr": "ment", "en": "ly"}
_STARTS = re.compile(r"(?:^|[.!?…:;«»“”\"(\n–\u2014-])\s*(?:[«“\"'(–\u2014-]\s*)?$")


@dataclass(frozen=True, slots=True)
class NamePart:
    """One word of a name, or a country's whole name.

    Attributes:
        text: as written.
        plain: folded.
        stem: as search compares words.
        countries: rows of the table of countries it belongs to; names of one row are one country.
    """

    text: str
    start: int
    end: int
    plain: str
    stem: str
    countries: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Name:
    """A run of parts: "Jean-Yves Le Drian"."""

    parts: tuple[NamePart, ...]

    @property
    def start(self) -> int:
        """Offset of its first character."""
        return self.parts[0].start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.parts[-1].end


def find_names(text: str, language: str, taken: Sequence[tuple[int, int]] = ()) -> list[Name]:
    """Return the names of a text in order.

    Args:
        text: any text.
        language: ISO 639-1 code.
        taken: stretches that are no names: dates and numbers.
    """
    flat = flatten(text)
    parts = [*_countries(text, flat, language)]
    busy = Stretches(len(text), [*taken, *((part.start, part.end) for part in parts)])
    shouted = text.isupper()
    for word in words(text, language):
        if not busy.meets(word.start, word.end) and _is_name(word, text, language, shouted=shouted):
            parts.append(NamePart(word.text, word.start, word.end, fold(word.text).rstrip("'"), word.stem))
            busy.take(word.start, word.end)
    return _joined(sorted(parts, key=lambda part: part.start), flat)


def is_common(stem: str, language: str) -> bool:
    """Return whether a stem is a word of the language rather than a name: running text writes it small."""
    capitals = capital_share(stem, language)
    return capitals is not None and capitals < _MOSTLY


def _is_name(word: Word, text: str, language: str, *, shouted: bool) -> bool:
    """Say whether a word is one of a name; ``shouted``: the whole text stands in capitals."""
    if not word.text[0].isupper() or (len(word.text) == 1 and text[word.end : word.end + 1] != "."):
        return False
    plain = word.text.lower().rstrip("'’")
    small = plain in stop_words(language) or plain in OPENERS or _is_title(word, text, language)
    acronym = len(word.text) > 1 and word.text.isupper() and not shouted
    if small and not acronym:
        return False
    if word.end - word.start == 2 and text[word.end - 1] in "'’":
        return False
    if (
        not acronym
        and _STARTS.search(text[max(word.start - 6, 0) : word.start])
        and not _after_title(word, text, language)
    ):
        if re.split(r"[-‐‑]", plain)[0] in stop_words(language) or plain.endswith(_ADVERB.get(language, " ")):
            return False
        following = text[word.end : word.end + 2]
        if len(following) == 2 and following[0] in " -\u00a0" and following[1].isupper():
            return True
        return (capital_share(word.stem, language) or 0.0) >= _MOSTLY
    return True


def _after_title(word: Word, text: str, language: str) -> bool:
    """Return whether a word follows an abbreviated title, whose full stop ends no sentence: "Mr. Smith"."""
    before = re.search(r"(?<![^\W\d_])([^\W\d_]+)\.\s$", text[max(word.start - 8, 0) : word.start])
    return before is not None and before[1].lower() in NEVER_LAST.get(language, frozenset())


def _is_title(word: Word, text: str, language: str) -> bool:
    """Return whether a word is an abbreviated title: "Sen." or "Mme"."""
    plain = word.text.lower()
    if plain in NEVER_LAST.get(language, ()):
        return True
    return text[word.end : word.end + 1] == "." and plain in SELDOM_LAST.get(language, ())


def _joined(parts: Sequence[NamePart], flat: str) -> list[Name]:
    """Return the names, neighbouring parts in one."""
    runs: list[list[NamePart]] = []
    for part in parts:
        if runs and _JOINT.fullmatch(flat[runs[-1][-1].end : part.start]):
            runs[-1].append(part)
        else:
            runs.append([part])
    return [Name(tuple(run)) for run in runs]


def _countries(text: str, flat: str, language: str) -> Iterator[NamePart]:
    """Yield countries, their peoples and their capitals."""
    table = _world()
    tokens = [(match[0].replace(".", ""), match.start(), match.end()) for match in _TOKEN.finditer(flat)]
    index = 0
    while index < len(tokens):
        found = None
        for phrase, rows, kind in table.get(_singular(tokens[index][0], table), ()):
            last = index + len(phrase) - 1
            if last >= len(tokens) or not _matches(tokens[index : last + 1], phrase, flat):
                continue
            start, end = tokens[index][1], tokens[last][2]
            acronym = kind == "acronym"
            people = kind == "people" and language == "fr" and len(phrase[0]) >= _SHORTEST_DEMONYM
            if people or (text[start:end].isupper() if acronym else text[start].isupper()):
                found = NamePart(text[start:end], start, end, " ".join(phrase), " ".join(phrase), rows)
                break
        if found:
            yield found
            index = last
        index += 1


def _matches(tokens: Sequence[tuple[str, int, int]], phrase: Sequence[str], flat: str) -> bool:
    gaps = all(two[1] - one[2] == 1 and flat[one[2]] in " -'\u00a0" for one, two in pairwise(tokens))
    return gaps and all(
        word == wanted or word in {wanted + "s", wanted + "es"}
        for (word, _, _), wanted in zip(tokens, phrase, strict=True)
    )


World = dict[str, list[tuple[tuple[str, ...], frozenset[int], str]]]


def _singular(word: str, table: World) -> str:
    for ending in ("", "s", "es"):
        if word.endswith(ending) and word[: len(word) - len(ending)] in table:
            return word[: len(word) - len(ending)]
    return word


@lru_cache(maxsize=1)
def _world() -> World:
    """Return first word → (words, rows, "people", "acronym" or nothing), the longest first; both languages in one."""
    rows: dict[tuple[str, ...], set[int]] = defaultdict(set)
    kinds: dict[tuple[str, ...], str] = {}
    for row, country in enumerate(load_countries()):
        for kind, called in (("", country.names), ("people", country.peoples), ("", country.capitals)):
            for language, name in ((language, name) for language, names in called.items() for name in names):
                phrase = tuple(_TOKEN.findall(flatten(name)))
                rows[phrase].add(row)
                people = kind if language == "fr" else ""
                if people or name.isupper():
                    kinds[phrase] = people or "acronym"
    table: World = defaultdict(list)
    for phrase, held in sorted(rows.items(), key=lambda item: -len(item[0])):
        table[phrase[0]].append((phrase, frozenset(held), kinds.get(phrase, "")))
    return dict(table)
