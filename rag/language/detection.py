"""Which language a text or a question is written in."""

from __future__ import annotations

import re

from rag.language.lexicon import TELLING_WORDS
from rag.language.words import stop_words, words

_SAMPLE_CHARACTERS = 4000  # as much as tells the language of any article
_TELLING_SHARE = 0.2  # of the words of a text
_TELLING_WORDS = 2  # one alone may be a word of another language too: "was" is German, "entre" is Spanish
_SURELY = 15.0  # nats of likelihood; below this py3langid takes plain French and English for other languages
_TELLING_ELISIONS = frozenset({"qu", "j", "n", "s", "t", "c", "lorsqu", "puisqu", "jusqu", "quelqu"})


def detect_language(text: str, *, likely: tuple[str, ...] = ("fr", "en")) -> str:
    """Return the ISO 639-1 code of the language a text is written in; of a question of one word too.

    Function words decide between French and English where enough of them stand there; py3langid decides otherwise,
    for a language that is not ``likely`` only where that one is much likelier.

    Args:
        text: an article or a question.
        likely: the languages to expect, the likeliest first; it is also the answer where nothing can be told.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    tokens = re.findall(r"[^\W\d_]+['’]?", sample.lower().replace("’", "'"))
    if not tokens:
        return likely[0]
    votes = {language: sum(_tells(token, language) for token in tokens) for language in TELLING_WORDS}
    leader, follower = sorted(votes, key=lambda language: -votes[language])
    ahead = votes[leader] - votes[follower]
    if ahead >= _TELLING_WORDS and ahead / len(tokens) >= _TELLING_SHARE:
        return leader
    if sample.lstrip().startswith("¿"):  # no other language of the press opens its questions so
        return "es"
    from py3langid import rank

    likelihoods = {str(language): likelihood for language, likelihood in rank(sample)}
    best = next(iter(likelihoods))
    near = next((language for language in likelihoods if language in likely), likely[0])
    if likelihoods[best] - likelihoods[near] >= _SURELY:
        return best
    return leader if ahead else near


def spoken_language(sentence: str, written: str) -> str:
    """Return the language of a sentence about an article by its small words; the article's where they tell none.

    Args:
        sentence: of an answer.
        written: ISO 639-1 code of the article's language.
    """
    told = {language: _telling(sentence, language) for language in (written, *TELLING_WORDS)}
    return max(told, key=lambda language: told[language])


def _telling(sentence: str, language: str) -> int:
    """Return how many words of a sentence carry grammar in a language."""
    listed = stop_words(language) | TELLING_WORDS.get(language, frozenset())
    return sum(word.text.lower().replace("’", "'").rstrip("'") in listed for word in words(sentence, language))


def _tells(token: str, language: str) -> bool:
    """Say whether a word, or the elided word before an apostrophe, tells that a text is in a language."""
    if token.endswith("'"):
        return language == "fr" and token[:-1] in _TELLING_ELISIONS
    return token in TELLING_WORDS[language]
