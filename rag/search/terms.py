"""The words of a question as the articles of a library may have spelt them: by their stems, typing errors corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.index import WordIndex
from rag.language import Word, words
from rag.question import Question

TYPING_ERROR_WEIGHT = 0.7
SHORTEST_MISSPELT = 5
LONG_STEM = 8


def spellings(question: Question, library: WordIndex, written: Sequence[str]) -> list[Mapping[str, float]]:
    """Return, for each content word of a question, the stems it is looked up by, each with its weight in (0, 1].

    Args:
        question: taken apart.
        library: the words of the library.
        written: ISO 639-1 codes of the languages its articles are written in.
    """
    stemmed = [{(word.start, word.end): word.stem for word in words(question.text, language)} for language in written]
    own = {word: {stems.get((word.start, word.end), word.stem): 1.0 for stems in stemmed} for word in question.words}
    known = {word: any(library.holding(stem) for stem in stems) for word, stems in own.items()}
    found: dict[str, Mapping[str, float]] = {}
    for word in _whole_or_parts(question.words, known):
        found[word.stem] = own[word] if known[word] else own[word] | _misspelt(word.stem, library)
    return list(found.values())


def _misspelt(stem: str, library: WordIndex) -> dict[str, float]:
    """Return the library's words that ``stem`` may be a typing error for."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(stem) < SHORTEST_MISSPELT or not stem.isalpha():
        return {}
    allowed = 1 if len(stem) < LONG_STEM else 2
    likely = library.beginning_with(stem[0])
    near = process.extract(stem, likely, scorer=OSA.distance, score_cutoff=allowed, limit=3)
    return {word: TYPING_ERROR_WEIGHT for word, _, _ in near}


def _whole_or_parts(found: Sequence[Word], known: Mapping[Word, bool]) -> list[Word]:
    """Return the words with each hyphenated one either whole or in parts: in parts as soon as one of them is known."""
    kept = []
    for word in found:
        inside = [part for part in found if part is not word and word.start <= part.start and part.end <= word.end]
        around = [whole for whole in found if whole is not word and whole.start <= word.start and word.end <= whole.end]
        if inside and any(known[part] for part in inside):
            continue
        siblings = [
            part
            for whole in around
            for part in found
            if part is not whole and whole.start <= part.start and part.end <= whole.end
        ]
        if around and not any(known[part] for part in siblings):
            continue
        kept.append(word)
    return kept
