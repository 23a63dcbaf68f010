"""Where in an article each name of a sentence stands, in whatever form it is written there; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from rag.check.facts import Stretch, plain
from rag.check.negations import CUES
from rag.language import stop_words, words
from rag.language.lexicon import TELLING_WORDS
from rag.language.names import Name, Part, is_common
from rag.language.thesaurus import load_thesaurus, same_root

NOWHERE, ELSEWHERE, CITED = 0, 1, 2
_NAME_VARIANT = 0.3
_LONG_NAME = 7
_LEAST_VARIANT = 0.2
_KNOWN = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a sentence may rest on.

    Attributes:
        cited: what it cites.
        near: the same and what stands close to it, titles included.
        whole: the articles.
        date: when the article was published, ISO; empty if unknown.
    """

    cited: Stretch
    near: Stretch
    whole: tuple[Stretch, ...]
    date: str


def name_levels(said: Stretch, grounds: Grounds) -> Iterator[tuple[str, int]]:
    """Return each word of a name that is not among the names of what is cited, with where it stands."""
    free = list(grounds.cited.parts)
    left: list[tuple[Name, Part]] = []
    for name in said.names:
        for part in name.parts:
            match = next((one for one in free if same_part(part, one, said.language, grounds.cited.language)), None)
            if match is not None:
                free.remove(match)
            else:
                left.append((name, part))
    return ((part.text, _name_level(name, part, said, grounds, replacing=bool(free))) for name, part in left)


def _name_level(name: Name, part: Part, said: Stretch, grounds: Grounds, *, replacing: bool) -> int:
    """Return where a word of a name stands that the cited stretch has no more of among its names.

    Args:
        name: of the sentence.
        part: one word of it.
        said: the sentence.
        grounds: what it may rest on.
        replacing: whether the cited stretch has names the sentence does not repeat, so that this may stand for one.
    """
    cited = grounds.cited
    repeated = any(same_part(part, one, said.language, cited.language) for one in cited.parts)
    if not repeated and _written(part, cited, said.language):
        return CITED
    if repeated or _written(part, grounds.near, said.language):
        return ELSEWHERE if replacing else CITED
    if any(_written(part, whole, said.language) for whole in grounds.whole):
        return CITED if not replacing and _completes(name, part, grounds) else ELSEWHERE
    if part.lands or (not (crossing := said.language != cited.language) and replacing):
        return NOWHERE
    if crossing and part.text.isupper():
        return ELSEWHERE  # an acronym has other letters in the other language
    return CITED if is_common(part.stem, said.language) else NOWHERE


def _completes(name: Name, part: Part, grounds: Grounds) -> bool:
    """Return whether the article writes this word next to another of the same name: the first name to a surname."""
    others = {other.plain for other in name.parts if other is not part}
    return any(
        part.plain in {one.plain for one in held.parts} and others & {one.plain for one in held.parts}
        for whole in grounds.whole
        for held in whole.names
    )


def _written(part: Part, stretch: Stretch, spoken: str) -> bool:
    """Return whether a word of a name stands in a stretch in any form."""
    if part.lands & stretch.lands or part.plain in stretch.forms or part.stem in stretch.forms:
        return True
    if part.lands and " " not in part.plain:
        return False
    if " " in part.plain:
        return part.plain in stretch.plain
    if "-" in part.text and plain(part.text) in stretch.plain:
        return True
    return any(same_part(part, one, spoken, stretch.language) for one in stretch.parts) or (
        spoken != stretch.language and bool(other_forms(part.stem, spoken, stretch.language) & stretch.forms)
    )


def same_part(mine: Part, theirs: Part, spoken: str, written: str) -> bool:
    """Return whether two words of names are one: the same country, the same word, or two spellings of a long name."""
    if mine.lands & theirs.lands or mine.plain == theirs.plain or mine.stem == theirs.stem:
        return True
    if mine.lands or theirs.lands:
        return False
    if spoken != written and mine.text.isupper() and theirs.text.isupper():
        return sorted(mine.plain) == sorted(theirs.plain)  # AI and IA, EU and UE
    if spoken != written and theirs.stem in other_forms(mine.stem, spoken, written):
        return True
    edits = 1 if spoken == written else 2
    if mine.plain[:1] != theirs.plain[:1] or min(len(mine.plain), len(theirs.plain)) < _LONG_NAME:
        return False
    return Levenshtein.distance(mine.plain, theirs.plain, score_cutoff=edits) <= edits


def other_forms(stem: str, spoken: str, written: str) -> set[str]:
    """Return the stems that say a word in the language of the article; within one language, the stem alone."""
    if spoken == written:
        return {stem}
    return {
        form for form, weight in load_thesaurus().variants(stem, spoken, written).items() if weight >= _NAME_VARIANT
    }


def spoken_language(sentence: str, written: str) -> str:
    """Return the language of a sentence by its small words; that of the article where they tell none."""
    told = {language: _telling(sentence, language) for language in (written, *_KNOWN)}
    return max(told, key=lambda language: told[language])


def _telling(sentence: str, language: str) -> int:
    """Return how many words of a sentence carry grammar in a language."""
    listed = stop_words(language) | TELLING_WORDS.get(language, frozenset()) | CUES.get(language, frozenset())
    return sum(word.text.lower().replace("’", "'").rstrip("'") in listed for word in words(sentence, language))


def covers(stem: str, stems: frozenset[str], spoken: str, written: str) -> bool:
    """Return whether a word is among ``stems``, itself, in another form, or as a near-synonym or translation."""
    if stem in stems:
        return True
    variants = load_thesaurus().variants(stem, spoken, written)
    if any(weight >= _LEAST_VARIANT and variant in stems for variant, weight in variants.items()):
        return True
    return any(same_root(stem, other) for other in stems)
