"""What the program says for itself where nothing is asked of an article: one sentence, in the reader's language."""

from __future__ import annotations

from rag.answer.notices import in_language
from rag.question import Intent

_CAN = {
    "fr": "je réponds aux questions sur l’article avec ses propres phrases, je le résume en autant de points que vous "
    "voulez et j’en tire une chronologie",
    "en": "I answer questions about the article with its own sentences, sum it up in as many points as you like, and "
    "draw a timeline from it",
    "de": "ich beantworte Fragen zum Artikel mit seinen eigenen Sätzen, fasse ihn in beliebig vielen Punkten zusammen "
    "und erstelle daraus eine Zeitleiste",
    "es": "respondo a preguntas sobre el artículo con sus propias frases, lo resumo en tantos puntos como quiera y "
    "saco de él una cronología",
}
_SAID: dict[Intent, dict[str, str]] = {
    "greeting": {
        "fr": "Bonjour\u00a0! {can}.",
        "en": "Hello! {can}.",
        "de": "Guten Tag! {can}.",
        "es": "¡Hola! {can}.",
    },
    "thanks": {
        "fr": "Avec plaisir\u00a0! S’il reste une question sur l’article, posez-la.",
        "en": "You are welcome! If there is another question about the article, ask it.",
        "de": "Gern geschehen! Wenn es noch eine Frage zum Artikel gibt, stellen Sie sie.",
        "es": "¡De nada! Si queda alguna pregunta sobre el artículo, hágala.",
    },
    "capabilities": {
        "fr": "Je suis un programme qui lit sur cette machine, sans réseau\u00a0: {can}.",
        "en": "I am a program that reads on this machine, without a network: {can}.",
        "de": "Ich bin ein Programm, das auf diesem Rechner liest, ohne Netz: {can}.",
        "es": "Soy un programa que lee en esta máquina, sin red: {can}.",
    },
    "translate": {
        "fr": "Je ne traduis pas, mais {can}\u00a0; vous pouvez demander en français ou en anglais.",
        "en": "I do not translate, but {can}; you may ask in English or in French.",
        "de": "Ich übersetze nicht, aber {can}; fragen Sie auf Französisch oder Englisch.",
        "es": "No traduzco, pero {can}; puede preguntar en francés o en inglés.",
    },
    "compose": {
        "fr": "Cela, je ne sais pas le faire, car je ne dis que ce que l’article dit\u00a0; mais {can}.",
        "en": "That I cannot do, since I only say what the article says; but {can}.",
        "de": "Das kann ich nicht, denn ich sage nur, was der Artikel sagt; aber {can}.",
        "es": "Eso no sé hacerlo, porque solo digo lo que dice el artículo; pero {can}.",
    },
    "opinion": {
        "fr": "Je n’ai pas d’avis et je ne juge pas l’article\u00a0: {can}.",
        "en": "I have no opinion and do not judge the article: {can}.",
        "de": "Ich habe keine Meinung und beurteile den Artikel nicht: {can}.",
        "es": "No tengo opinión y no juzgo el artículo: {can}.",
    },
}


def small_talk(intent: Intent, language: str) -> str:
    """Return the one sentence that answers what is no question about an article.

    Args:
        intent: of the question.
        language: ISO 639-1 code of the question; English where there is no sentence in it.
    """
    said, can = in_language(_SAID[intent], language), in_language(_CAN, language)
    return said.format(can=can[:1].upper() + can[1:] if intent == "greeting" else can)
