"""What the program itself says in an answer, in the reader's language: refusals, and notices below the answer."""

from __future__ import annotations

from rag.events import Reason
from rag.models.catalogue import STANDARD_LLM
from rag.question import indirect

REFUSALS = {
    "fr": ("L’article ne répond pas à cette question.", "Les articles ne répondent pas à cette question."),
    "en": ("The article does not answer this question.", "The articles do not answer this question."),
}
"""Refusals where the question cannot be put into them: of one article, and of several."""
NOT_SAID = {
    "fr": ("L’article ne dit pas {}.", "Les articles ne disent pas {}."),
    "en": ("The article does not say {}.", "The articles do not say {}."),
}
"""Refusals that name what is missing: of one article, and of several."""
UNSUPPORTED = {
    "fr": "Le modèle a répondu, mais aucun passage ne soutient sa réponse.",
    "en": "The model answered, but no passage supports what it said.",
}
NO_MODEL = {
    "fr": "Aucun modèle de langage n’est installé\u00a0: la réponse est faite de phrases citées. "
    f"Pour en installer un\u00a0: rag models pull {STANDARD_LLM}",
    "en": "No language model is installed: the answer is made of sentences quoted. To install one: "
    f"rag models pull {STANDARD_LLM}",
}
UNSURE = {
    "fr": "Les phrases citées ne répondent peut-être pas exactement à cette question\u00a0: relisez-les.",
    "en": "The sentences cited may not answer exactly this question: read them.",
}
FOLLOWING = {
    "fr": "Lue aussi avec la question précédente.",
    "en": "Read with the question before it, too.",
}
CONFIDENCE = {
    "sure": {"fr": "Confiance élevée", "en": "High confidence"},
    "likely": {"fr": "Confiance moyenne", "en": "Medium confidence"},
    "unsure": {"fr": "Confiance faible", "en": "Low confidence"},
}
EXCERPTS = {
    "fr": "Le texte est trop long pour ce modèle\u00a0: la réponse vient de ses meilleurs passages, pas de l’ensemble.",
    "en": "The text is too long for this model: the answer comes from its best passages, not from all of it.",
}
PASSAGES_LEFT_OUT = {
    "fr": "Passages trouvés que le modèle n’a pas lus, faute de place\u00a0: {count}.",
    "en": "Passages found that the model did not read, for want of room: {count}.",
}
UNDATED = {
    "fr": "Le texte donne trop peu de dates pour une chronologie\u00a0: les phrases suivent son ordre.",
    "en": "The text gives too few dates for a timeline: the sentences follow its order.",
}
ARTICLES_LEFT_OUT = {
    "fr": "Articles de la bibliothèque dont cette réponse ne dit rien, faute de place\u00a0: {count}.",
    "en": "Articles of the library that this answer does not tell of, for want of room: {count}.",
}
TURNS_LEFT_OUT = {
    "fr": "Échanges du début de la conversation que le modèle n’a pas relus, faute de place\u00a0: {count}.",
    "en": "Turns at the beginning of the conversation that the model did not read again, for want of room: {count}.",
}

CUT = {
    "fr": "La réponse est coupée\u00a0: sa dernière phrase peut être incomplète.",
    "en": "The answer was cut: its last sentence may not be whole.",
}
REPLACED: dict[Reason, dict[str, str]] = {
    "unsupported": {
        "fr": "Le modèle a écrit plus que ce qui se lit dans le texte\u00a0: "
        "ce qui ne s’y lit pas est rayé, les phrases citées comptent.",
        "en": "The model wrote more than the text says: "
        "what it does not say is struck out, and the sentences quoted count.",
    },
    "repetition": {
        "fr": "Le modèle se répétait\u00a0: il a été arrêté, les phrases citées comptent.",
        "en": "The model repeated itself: it was stopped, and the sentences quoted count.",
    },
    "language": {
        "fr": "Le modèle répondait dans une autre langue\u00a0: il a été arrêté, les phrases citées comptent.",
        "en": "The model answered in another language: it was stopped, and the sentences quoted count.",
    },
    "echo": {
        "fr": "Le modèle récitait sa consigne\u00a0: il a été arrêté, les phrases citées comptent.",
        "en": "The model recited what it was told: it was stopped, and the sentences quoted count.",
    },
    "endless": {
        "fr": "Le modèle ne finissait pas sa phrase\u00a0: il a été arrêté, les phrases citées comptent.",
        "en": "The model did not end its sentence: it was stopped, and the sentences quoted count.",
    },
}


def refusal(question: str, language: str, *, several: bool) -> str:
    """Return the sentence that refuses a question: it names what is missing where the question can be put so."""
    missing = indirect(question, language)
    return NOT_SAID[language][several].format(missing) if missing else REFUSALS.get(language, REFUSALS["en"])[several]


def how_written(replaced: Reason | None, language: str, *, cut: bool) -> tuple[str, ...]:
    """Return what the reader should know of how a model wrote: what was struck out, and whether its answer was cut."""
    said = (in_language(REPLACED[replaced], language),) if replaced else ()
    return (*said, in_language(CUT, language)) if cut else said


def in_language(sentences: dict[str, str], language: str) -> str:
    """Return the sentence in the language, in English where there is none."""
    return sentences.get(language, sentences["en"])
