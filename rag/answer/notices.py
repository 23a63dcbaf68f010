"""What the program itself says in an answer, in the reader's language: refusals, and notices below the answer."""

from __future__ import annotations

from rag.models.catalogue import STANDARD_LLM

REFUSALS = {
    "fr": "L’article ne répond pas à cette question.",
    "en": "The article does not answer this question.",
}
UNSUPPORTED = {
    "fr": "Le modèle a répondu, mais rien dans l’article ne soutient sa réponse.",
    "en": "The model answered, but nothing in the article supports what it said.",
}
NO_MODEL = {
    "fr": "Aucun modèle de langage n’est installé\u00a0: voici les phrases de l’article. Pour en installer un\u00a0: "
    f"rag models pull {STANDARD_LLM}",
    "en": "No language model is installed: these are the article's own sentences. To install one: "
    f"rag models pull {STANDARD_LLM}",
}
UNSURE = {
    "fr": "L’article ne répond peut-être pas exactement à cette question\u00a0: relisez les phrases citées.",
    "en": "The article may not answer exactly this question: read the sentences cited.",
}
EXCERPTS = {
    "fr": "L’article est trop long pour ce modèle\u00a0: "
    "la réponse vient de ses meilleurs passages, pas du texte entier.",
    "en": "The article is too long for this model: the answer comes from its best passages, not from the whole text.",
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


def in_language(sentences: dict[str, str], language: str) -> str:
    """Return the sentence in the language, in English where there is none."""
    return sentences.get(language, sentences["en"])
