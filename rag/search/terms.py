"""The words of a question as a library may have written them: other forms, translations, corrected typing errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.index import WordIndex
from rag.index.word_index import inverse_document_frequency
from rag.language import Word, words
from rag.language.frequencies import background_share
from rag.language.thesaurus import ROOT_LENGTH, load_thesaurus, same_root
from rag.question import Question
from rag.search.matching import Term

BACKGROUND_PASSAGES = 500.0
TYPING_ERROR_WEIGHT = 0.7
SAME_ROOT_WEIGHT = 0.3
LONG_STEM = 8


def question_terms(question: Question, library: WordIndex, written: Sequence[str]) -> tuple[Term, ...]:
    """Return the terms of a question, matched once for all that is done with them.

    Args:
        question: taken apart.
        library: the words of the library.
        written: ISO 639-1 codes of the languages its articles are written in.
    """
    stemmed = [{(word.start, word.end): word.stem for word in words(question.text, language)} for language in written]
    own = {word: {stems.get((word.start, word.end), word.stem): 1.0 for stems in stemmed} for word in question.words}
    variants = {word: _related(word.stem, question.language, written) | own[word] for word in question.words}
    known = {word: any(library.holding(stem) for stem in variants[word]) for word in question.words}
    terms = {}
    for word in _whole_or_parts(question.words, known):
        spelt = own[word]
        if not any(library.holding(stem) for stem in spelt):
            spelt = spelt | _misspelt(word.stem, library)
        meant = _same_root(word.stem, library) | variants[word]
        share = background_share(word.stem, question.language)
        if not known[word]:
            meant |= spelt
            share = max(share, *(background_share(stem, question.language) for stem in spelt))
        held = max(library.holding(stem) * weight for stem, weight in meant.items())
        rare = inverse_document_frequency(len(library) + BACKGROUND_PASSAGES, held + BACKGROUND_PASSAGES * share)
        name = word.stem in question.names or word.stem[:1].isdigit()
        terms[word.stem] = Term(word.stem, rare, meant, name, spelt)
    return tuple(terms.values())


def _related(stem: str, asked: str, written: Sequence[str]) -> dict[str, float]:
    """Return the stems that may stand for one in the languages of the articles, as the thesaurus has them."""
    thesaurus = load_thesaurus()
    variants: dict[str, float] = {}
    for language in written:
        for other, weight in thesaurus.variants(stem, asked, language).items():
            variants[other] = max(weight, variants.get(other, 0.0))
    return variants


def _same_root(stem: str, library: WordIndex) -> dict[str, float]:
    """Return the library's words that share their root with ``stem``: "bronzer" and "bronzage"."""
    near = library.beginning_with(stem[:ROOT_LENGTH])
    return {other: SAME_ROOT_WEIGHT for other in near if other != stem and same_root(stem, other)}


def _misspelt(stem: str, library: WordIndex) -> dict[str, float]:
    """Return the library's words that ``stem`` may be a typing error for."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(stem) < ROOT_LENGTH or not stem.isalpha():
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
