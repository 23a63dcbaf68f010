"""German and Spanish questions on French articles: their language is told, and the sentences that answer are quoted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.bundled import bundled_reader
from support.harbour import HARBOUR
from support.places import EXAMPLE

from rag.answer.assistant import Assistant
from rag.answer.notices import REFUSALS
from rag.events import Finished
from rag.index.adding import add_files, add_text
from rag.index.library import Library
from rag.llm.quoting import MOST_QUOTES, QuotingModel
from rag.values import Answer

GERMAN = (
    ("coalition", "Wer ist der britische Premierminister?", "Keir Starmer, le Premier ministre britannique"),
    ("coalition", "Wann treffen sich die Militärs in Großbritannien?", "Le jeudi 20 mars"),
    ("coalition", "Welches Ziel verfolgt die Koalition?", "la dissuasion"),
    ("coalition", "Woher kamen die Soldaten, die Russland an die Front brachte?", "Corée du Nord"),
    ("coalition", "Wo haben sich Selenskyj, Starmer und Macron Anfang März getroffen?", "rencontrés à Londres"),
    ("coalition", "Warum hat Trump Verhandlungen mit Russland aufgenommen?", "obtenir au plus vite un cessez-le-feu"),
    ("harbour", "Wie viel haben die Bauarbeiten gekostet?", "4,2 millions d'euros"),
    ("harbour", "Wie lang ist der Deich?", "310 mètres"),
    ("harbour", "Warum ist der Leuchtturm geschlossen?", "faute de gardien"),
    ("harbour", "Was fordern die Fischer?", "une chambre froide"),
)
SPANISH = (
    ("coalition", "¿Cuántos países participarán en la coalición?", "plus de 30"),
    ("coalition", "¿Qué rechaza Rusia?", "troupes européennes en Ukraine"),
    ("coalition", "¿Quién anunció la cifra de más de treinta países?", "porte-parole"),
    ("coalition", "¿Qué países están dispuestos a enviar tropas?", "la France et le Royaume-Uni"),
    ("coalition", "¿De qué país son los soldados que Rusia llevó al frente?", "Corée du Nord"),
    ("coalition", "¿Dónde se reunieron Zelenski, Starmer y Macron el 2 de marzo?", "rencontrés à Londres"),
    ("coalition", "¿Qué ayuda pueden dar los países sin enviar soldados?", "un appui logistique"),
    ("coalition", "¿Se conoce el tamaño de la fuerza?", "la taille de la force"),
    ("harbour", "¿Cuándo reabrió el puerto?", "14 juin 2025"),
    ("harbour", "¿Cuántos pescadores trabajan allí?", "Vingt-deux pêcheurs"),
    ("harbour", "¿De dónde vienen las piedras?", "une carrière de Bretagne"),
    ("harbour", "¿Qué destruyó la tormenta de 1987?", "trois maisons"),
    ("harbour", "¿Quién pagó la mitad de las obras?", "La région en a payé la moitié"),
)
ELSEWHERE = {
    "de": ("Wer hat die Mona Lisa gemalt?", "Wie viele Einwohner hat Lyon?", "Wie behandelt man eine Angina?"),
    "es": ("¿Quién escribió Romeo y Julieta?", "¿Cuál es la capital de Japón?", "¿Quién ganó Wimbledon en 2019?"),
}


@pytest.fixture(scope="module")
def libraries(tmp_path_factory, bundled) -> Iterator[dict[str, Library]]:
    """Give each French article in a library of its own, with the embedder of the fitted weights."""
    folder = tmp_path_factory.mktemp("indexes")
    opened = {name: Library(folder / name, bundled) for name in ("coalition", "harbour")}
    list(add_files(lambda: opened["coalition"], [EXAMPLE]))
    list(add_text(lambda: opened["harbour"], HARBOUR))
    yield opened
    for library in opened.values():
        library.close()


def ask(library: Library, question: str) -> Answer:
    *_, last = Assistant(library, bundled_reader(), QuotingModel()).answer(question)
    assert isinstance(last, Finished)
    return last.answer


ASKED = [("de", *one) for one in GERMAN] + [("es", *one) for one in SPANISH]
MOST_MISSED = 2


def test_questions_in_other_languages_are_answered_nearly_all_with_the_sentence_that_says_it(libraries):
    refused, missed = [], []
    for language, article, question, fact in ASKED:
        answer = ask(libraries[article], question)
        assert answer.language == language
        quotes = Assistant(libraries[article], bundled_reader(), QuotingModel()).search(question).evidence.quotes
        refused += [question] if answer.refused else []
        missed += [] if any(fact in quote.text for quote in quotes[:MOST_QUOTES]) else [question]
    assert refused == []
    assert len(missed) <= MOST_MISSED, missed


@pytest.mark.parametrize("article", ["coalition", "harbour"])
@pytest.mark.parametrize(("language", "question"), [(one, asked) for one in ELSEWHERE for asked in ELSEWHERE[one]])
def test_what_the_article_says_nothing_about_is_refused_in_every_language(libraries, article, language, question):
    answer = ask(libraries[article], question)
    assert (answer.language, answer.refused, answer.text) == (language, True, REFUSALS["en"][0])
