"""In which other words an article may say a word of an answer, and in which language the answer is; pure."""

from __future__ import annotations

from rag.check.negations import CUES
from rag.language import stop_words, words
from rag.language.lexicon import TELLING_WORDS
from rag.language.thesaurus import load_thesaurus, same_root

_NAME_VARIANT = 0.3
_LEAST_VARIANT = 0.2
_KNOWN = ("fr", "en")


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
