"""Where in an article each name of a sentence stands, in whatever form it is written there; pure."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from rag.check.facts import CITED, ELSEWHERE, NOWHERE, Facts, Sources, plain
from rag.language.names import Name, NamePart, is_common

_LONG_NAME = 7
_ALIKE = 0.6
"""How much of its letters, in order, a name keeps from French to English: "Méditerranée", "Genève", "Alpes"."""


def name_levels(said: Facts, sources: Sources) -> Iterator[tuple[str, int]]:
    """Return each word of a name that is not among the names of what is cited, with where it stands."""
    free = list(sources.cited.parts)
    left: list[tuple[Name, NamePart]] = []
    for name in said.names:
        for part in name.parts:
            match = next((one for one in free if same_part(part, one, said.language, sources.cited.language)), None)
            if match is not None:
                free.remove(match)
            else:
                left.append((name, part))
    return ((part.text, _name_level(name, part, said, sources, replacing=bool(free))) for name, part in left)


def _name_level(name: Name, part: NamePart, said: Facts, sources: Sources, *, replacing: bool) -> int:
    """Return where a word of a name stands that the cited text has no more of among its names.

    Args:
        name: of the sentence.
        part: one word of it.
        said: the sentence.
        sources: what it may rest on.
        replacing: whether the cited text has names the sentence does not repeat, so that this may stand for one.
    """
    cited = sources.cited
    repeated = any(same_part(part, one, said.language, cited.language) for one in cited.parts)
    if not repeated and _written(part, cited, said.language):
        return CITED
    if repeated or _written(part, sources.near, said.language):
        return ELSEWHERE if replacing else CITED
    if any(_written(part, whole, said.language) for whole in sources.whole):
        return CITED if not replacing and _completes(name, part, sources) else ELSEWHERE
    if part.countries or (not (crossing := said.language != cited.language) and replacing):
        return NOWHERE
    if crossing and part.text.isupper():
        return ELSEWHERE  # an acronym has other letters in the other language
    return CITED if is_common(part.stem, said.language) else NOWHERE


def _completes(name: Name, part: NamePart, sources: Sources) -> bool:
    """Return whether the article writes this word next to another of the same name: the first name to a surname."""
    others = {other.plain for other in name.parts if other is not part}
    return any(
        part.plain in {one.plain for one in held.parts} and others & {one.plain for one in held.parts}
        for whole in sources.whole
        for held in whole.names
    )


def _written(part: NamePart, facts: Facts, spoken: str) -> bool:
    """Return whether a word of a name stands in a text in any form."""
    if part.countries & facts.countries or part.plain in facts.forms or part.stem in facts.forms:
        return True
    if part.countries and " " not in part.plain:
        return False
    if " " in part.plain:
        return part.plain in facts.plain
    if "-" in part.text and plain(part.text) in facts.plain:
        return True
    if part.text.isupper() and any(part.plain == _initials(name) for name in facts.names):
        return True
    return any(same_part(part, one, spoken, facts.language) for one in facts.parts)


def _initials(name: Name) -> str:
    return "".join(part.plain[:1] for part in name.parts)


def same_part(mine: NamePart, theirs: NamePart, spoken: str, written: str) -> bool:
    """Return whether two words of names are one: the same country, the same word, or two spellings of a long name."""
    if mine.countries & theirs.countries or mine.plain == theirs.plain or mine.stem == theirs.stem:
        return True
    if mine.countries or theirs.countries:
        return False
    crossing = spoken != written
    if crossing and mine.text.isupper() and theirs.text.isupper():
        return sorted(mine.plain) == sorted(theirs.plain)  # its words come in another order: IA, AI; ADN, DNA
    if mine.plain[:1] != theirs.plain[:1]:
        return False
    if crossing:
        return Levenshtein.normalized_similarity(mine.plain, theirs.plain) >= _ALIKE
    return (
        min(len(mine.plain), len(theirs.plain)) >= _LONG_NAME
        and Levenshtein.distance(mine.plain, theirs.plain, score_cutoff=1) <= 1
    )
