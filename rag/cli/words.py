"""What the terminal says by itself: in French where the person's system speaks French, else in English."""

from __future__ import annotations

import locale
import os
from dataclasses import dataclass

from rag.translation import filled, in_language


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; ``{…}`` is filled in."""

    opening: str
    indexing: str
    queued: str
    loading: str
    reading: str
    searching: str
    percent: str
    library: str
    sentences: str
    whole: str
    within: str
    forgotten: str
    unknown: str
    stopped: str
    how_to_end: str
    help: str
    empty: str
    too_long: str
    shorter: str
    next_step: str
    colon: str
    unread_ahead: str


ENGLISH = Words(
    opening="opening the models",
    indexing="indexing",
    queued="waiting, {position} ahead",
    loading="loading the model",
    reading="reading",
    searching="searching",
    percent=" {number}%",
    library="Questions about the library {library} ({articles}), answered by {model}. /help tells what else there is.",
    sentences="the article's own sentences",
    whole="The whole library is asked.",
    within="Only “{title}” is asked.",
    forgotten="The next question begins a new conversation.",
    unknown="There is no {command}. /help tells what there is.",
    stopped="Stopped.",
    how_to_end="/quit or Ctrl-D ends.",
    help="""\
A line is a question; it may refer to the ones before it. Ctrl-C stops an answer.
/article NAME   ask one article only, by its title, file name or identifier; without NAME, all of them
/new            forget the questions so far
/help           this
/quit           end, as Ctrl-D does""",
    empty="The question is empty.",
    too_long="The question has {count} characters, and {most} are the most that can be asked.",
    shorter='rag ask "a shorter question"; rag add FILE takes a long text',
    next_step="Next:",
    colon=":",
    unread_ahead="The article was added, but no model read it: ",
)

FRENCH = Words(
    opening="ouverture des modèles",
    indexing="indexation",
    queued="en attente, {position} avant vous",
    loading="chargement du modèle",
    reading="lecture",
    searching="recherche",
    percent=" {number}\u00a0%",
    library="Questions sur la bibliothèque {library} ({articles}), réponses par {model}. /help dit tout le reste.",
    sentences="les phrases mêmes de l'article",
    whole="Toute la bibliothèque est interrogée.",
    within="Seul «\u00a0{title}\u00a0» est interrogé.",
    forgotten="La prochaine question commence une nouvelle conversation.",
    unknown="{command} n'existe pas. /help dit ce qu'on peut faire.",
    stopped="Arrêté.",
    how_to_end="/quit ou Ctrl-D pour finir.",
    help="""\
Une ligne est une question\u00a0; elle peut renvoyer aux précédentes. Ctrl-C arrête une réponse.
/article NOM    n'interroger qu'un article, par son titre, son fichier ou son identifiant\u00a0; sans NOM, tous
/new            oublier les questions posées
/help           ceci
/quit           finir, comme Ctrl-D""",
    empty="La question est vide.",
    too_long="La question a {count} caractères\u00a0; on peut en poser de {most} au plus.",
    shorter='rag ask "une question plus courte"\u00a0; rag add FICHIER prend un long texte',
    next_step="À faire\u00a0:",
    colon="\u00a0:",
    unread_ahead="L'article a été ajouté, mais aucun modèle ne l'a lu\u00a0: ",
)


def told(sentence: str) -> str:
    """Return a sentence of an error in the system's language."""
    return in_language(sentence, system_language())


def line(template: str, **values: object) -> str:
    """Return a line that the terminal says by itself, its values filled in, in the system's language."""
    return filled(template, system_language(), **values)


def percent(part: float) -> str:
    """Return a part of a whole, in [0, 1], as a percentage."""
    return line("{number}%", number=round(100 * part))


def words() -> Words:
    """Return the words of the system's language."""
    return FRENCH if system_language() == "fr" else ENGLISH


def system_language() -> str:
    """Return the ISO 639-1 code of the language to speak, ``RAG_LANGUAGE`` or the system's; empty where it has none."""
    for name in ("RAG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value[:2].lower()
    return (locale.getlocale()[0] or "")[:2].lower()
