"""Which language a text or a question is written in."""

from __future__ import annotations

import re

from rag.language.lexicon import TELLING_WORDS

_SAMPLE_CHARACTERS = 4000  # as much as tells the language of any article
_SHORT_CHARACTERS = 60  # below this py3langid takes plain French and English for other languages
_TELLING_SHARE = 0.2  # of the words of a text; Spanish, Italian, German and Dutch questions stay below
_TELLING_ELISIONS = frozenset({"qu", "j", "n", "s", "t", "c", "lorsqu", "puisqu", "jusqu", "quelqu"})


def detect_language(text: str, *, likely: tuple[str, ...] = ("fr", "en")) -> str:
    """Return the ISO 639-1 code of the language a text is written in; of a question of one word too.

    Function words decide between French and English where enough of them stand there; py3langid decides otherwise,
    among the ``likely`` languages when the text is too short to trust it with all of its 97.

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
    share = (votes[leader] - votes[follower]) / len(tokens)
    if share >= _TELLING_SHARE and leader in likely:
        return leader
    from py3langid import rank

    ranked = [str(language) for language, _ in rank(sample)]
    if ranked[0] not in likely and len(sample) < _SHORT_CHARACTERS and any(token.isascii() for token in tokens):
        if votes[leader] > votes[follower]:
            return leader
        return next((language for language in ranked if language in likely), likely[0])
    return ranked[0]


def _tells(token: str, language: str) -> bool:
    """Say whether a word, or the elided word before an apostrophe, tells that a text is in a language."""
    if token.endswith("'"):
        return language == "fr" and token[:-1] in _TELLING_ELISIONS
    return token in TELLING_WORDS[language]
