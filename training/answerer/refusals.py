"""Makes the sentence that says what is missing out of the question itself, in many wordings, in both languages."""

from __future__ import annotations

import random

from rag.question import indirect

OPENINGS = {
    "fr": (
        "L'article ne dit pas {}.",
        "L'article n'indique pas {}.",
        "Le texte ne précise pas {}.",
        "Rien ici ne dit {}.",
        "On ne sait pas {}, l'article n'en parle pas.",
    ),
    "en": (
        "The article does not say {}.",
        "The article does not state {}.",
        "The text does not tell {}.",
        "Nothing here says {}.",
    ),
}


def missing(question: str, language: str, chance: random.Random) -> str:
    """Return a sentence that says that the answer to a question is missing; empty where none can be made of it."""
    put = indirect(question, language)
    return chance.choice(OPENINGS[language]).format(put) if put else ""
