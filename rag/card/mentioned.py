"""The figures, names, places and dates of an article, each with its place, as facts are checked; pure.

No list says what is a person: what has a name of several words or is an acronym, and is no place, acts or is spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.card.card import Mentioned
from rag.card.places import LONGEST_BEFORE, dateline, is_acronym, is_country, is_placed, uses_of
from rag.check.facts import Facts
from rag.language import stop_words
from rag.language.names import Name
from rag.language.quantities import Quantity, flatten
from rag.language.units import is_duration, unit_before
from rag.search.chronology import dated
from rag.search.overview import Candidate
from rag.values import Article, BlockKind

MOST_NAMES, MOST_FIGURES, MOST_DATES = 6, 4, 5
LONGEST_NAME = 60  # characters
READ = 60_000  # characters of a long article: names and figures of more are too many to show
WORDS_BEFORE, WORDS_AFTER = 4, 7
NEAR = 200  # characters on each side in which these words are looked for
_PLURAL = re.compile(r"\s([a-z][a-z’'-]*s)\b")
_ORDINAL = re.compile(r"\d(?:er|re|e|ème|st|nd|rd|th)$")


@dataclass(slots=True)
class _Seen:
    """A name at the place where it stands first, how often it stands anywhere, and how often after "in".

    ``known``: whether it is a country's, or a place's that a dateline names.
    """

    mentioned: Mentioned
    parts: tuple[str, ...]
    number: int
    known: bool
    times: int = 0
    placed: int = 0

    @property
    def is_place(self) -> bool:
        return self.known or 2 * self.placed >= max(self.times, 1)


def find_names(article: Article) -> tuple[tuple[Mentioned, ...], tuple[Mentioned, ...]]:
    """Return the names of persons and organisations, and those of places, of an article: the most frequent first."""
    seen: dict[tuple[str, ...], _Seen] = {}
    uses = uses_of(f"{article.title}\n{article.text[:READ]}")
    for start, facts in _blocks(article):
        headed, currencies = dateline(facts, uses), _currencies(facts)
        for name in facts.names:
            found = _key(name, facts, seen)
            if found is None or name.start in currencies:
                continue
            one = seen.setdefault(found, _first(article, start, name, len(seen)))
            if one.mentioned.text.isupper() and not facts.text[name.start : name.end].isupper():
                one.mentioned = _first(article, start, name, one.number).mentioned  # "NANTES", and then "Nantes"
            one.times += 1
            one.placed += is_placed(name, facts)
            one.known |= name is headed
    for start, facts in _blocks(article, "title"):
        for name in facts.names:
            surname = seen.get((name.parts[-1].plain,))
            if len(name.parts) > 1 and surname and not surname.known:
                whole = seen.pop((name.parts[-1].plain,))
                seen[tuple(part.plain for part in name.parts)] = replace(
                    _first(article, start, name, whole.number), times=whole.times, placed=whole.placed
                )
    often = sorted(seen.values(), key=lambda one: (-one.times, one.number))
    kept = [one for one in often if one.is_place or _acts(one)]
    names = tuple(one.mentioned for one in kept if not one.is_place)
    places = tuple(one.mentioned for one in kept if one.is_place)
    return names[:MOST_NAMES], places[:MOST_NAMES]


def _currencies(facts: Facts) -> set[int]:
    """Return where the signs and codes of currencies before numbers begin: "CHF 300" names nobody."""
    flat = flatten(facts.text)
    return {before[0] for one in facts.quantities if one.unit and (before := unit_before(flat, one.start))}


def _key(name: Name, facts: Facts, seen: dict[tuple[str, ...], _Seen]) -> tuple[str, ...] | None:
    """Return under which parts a name is counted, a surname under the whole name; None where it is not shown."""
    text = facts.text[name.start : name.end]
    people = not (is_acronym(name) or is_country(name)) and all(part.countries for part in name.parts)
    if len(text) > LONGEST_NAME or "\n" in text or not text[0].isupper() or people:
        return None
    parts = tuple(part.plain for part in name.parts)
    if len(parts) == 1:
        return next((key for key in seen if len(key) > 1 and key[-1] == parts[0]), parts)
    return parts


def _first(article: Article, start: int, name: Name, number: int) -> _Seen:
    left, right = start + name.start, start + name.end
    parts = tuple(part.text for part in name.parts)
    return _Seen(Mentioned(article.text[left:right], left, right), parts, number, is_country(name))


def _acts(one: _Seen) -> bool:
    """Return whether a name is one of a person or an organisation: of several words, or an acronym."""
    return len(one.parts) > 1 or (one.parts[0].isupper() and len(one.parts[0]) > 1)


def find_figures(article: Article) -> tuple[Mentioned, ...]:
    """Return the numbers that count or measure something, with the words around them.

    Those in figures come before those in words, and both before times and ages.
    """
    found = []
    for start, facts in _blocks(article):
        for quantity in facts.quantities:
            measured = _measured(quantity, facts)
            if measured:
                rank = 2 * is_duration(quantity.unit) + (not quantity.text[:1].isdigit())
                found.append((rank, _around(facts.text, measured, start)))
    found.sort(key=lambda pair: pair[0])
    once = {one.text.lower(): one for _, one in reversed(found)}
    chosen = [one for _, one in found if once[one.text.lower()] is one]
    return tuple(sorted(chosen[:MOST_FIGURES], key=lambda one: one.start))


def _measured(quantity: Quantity, facts: Facts) -> tuple[int, int] | None:
    """Return where a number stands with what it counts, a currency before it included; None where it counts nothing."""
    if quantity.soft or _ORDINAL.search(quantity.text) or any(value < 0 for value in quantity.values):
        return None
    if quantity.unit:
        begin = max(quantity.start - LONGEST_BEFORE, 0)
        before = unit_before(flatten(facts.text[begin : quantity.start]), quantity.start - begin)
        return begin + before[0] if before else quantity.start, quantity.end
    counted = re.compile(r"[ \u00a0](?:de |d['’])?([^\W\d_][\w’'-]*)").match(facts.text, quantity.end)
    if counted and counted[1].lower() not in stop_words(facts.language) and counted[1][0].islower():
        return quantity.start, _plural(facts, counted.end()) or counted.end()
    return None


def _plural(facts: Facts, end: int) -> int:
    """Return where the plural ends that follows a word after a number: "2,400 private donors"; 0 where none does.

    Only in English, where that word is then an adjective, and where adjectives have no plural.
    """
    following = _PLURAL.match(facts.text, end) if facts.language == "en" and facts.text[end - 1] != "s" else None
    return following.end() if following and following[1] not in stop_words("en") else 0


def _around(text: str, span: tuple[int, int], offset: int) -> Mentioned:
    """Return a figure with a few words of its sentence on both sides."""
    start, end = span
    before = re.split(r"[.!?…;:]\s", text[max(start - NEAR, 0) : start])[-1].rsplit(None, WORDS_BEFORE)
    after = re.split(r"[.!?…;:](?:\s|$)", text[end : end + NEAR], maxsplit=1)[0].split(None, WORDS_AFTER)
    left = ("…\u00a0" if len(before) > WORDS_BEFORE else "") + " ".join(before[-WORDS_BEFORE:])
    right = " ".join(after[:WORDS_AFTER]) + ("\u00a0…" if len(after) > WORDS_AFTER else "")
    return Mentioned(
        text[start:end],
        offset + start,
        offset + end,
        left + " " * bool(left and text[start - 1 : start].isspace()),
        " " * text[end : end + 1].isspace() + right,
    )


def find_dates(article: Article, candidates: Sequence[Candidate]) -> tuple[Mentioned, ...]:
    """Return the dates that sentences of an article tell, with their sentences, the earliest first, each once."""
    found: dict[str, Mentioned] = {}
    for (year, month, day), one in dated(article, candidates):
        iso = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if month and day else "")
        sentence = Mentioned(iso, one.start, one.end)
        found.setdefault(iso, replace(sentence, after=" ".join(article.text[one.start : one.end].split())))
    return tuple(list(found.values())[:MOST_DATES])


def _blocks(article: Article, kind: BlockKind = "paragraph") -> Iterator[tuple[int, Facts]]:
    """Yield where each block of a kind begins, and the block taken apart."""
    for block in article.blocks:
        if block.kind == kind and block.start < READ:
            yield block.start, Facts(article.text[block.start : min(block.end, READ)], article.language)
