"""A chronology: sentences that tell a date, in the order of the dates and not of the text."""

from __future__ import annotations

import pytest
from support.harbour import put
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.answer.notices import UNDATED
from rag.llm.quoting import QuotingModel
from rag.search.chronology import dated
from rag.search.overview import find_candidates
from rag.values import Article, Block, Passage

STRIKE = """La grève du port s'achève

Publié le 21 septembre 2024

Les dockers ont repris le travail vendredi matin, sous la pluie.

La grève avait commencé le 2 août, après un an de négociations sans résultat.

Le syndicat avait été fondé en 1968 par trois grutiers du port.

La direction promet des embauches en janvier 2025, puis un nouveau quai en 2030.
"""
MOSS = """Moss survives in orbit

By Helen Okafor, 8 March 2025

The samples came back in January 2024 and grew again within three weeks in a dish.

They had been sent up in November 2021, in a tray of aluminium.

A second tray is to leave Earth in 2027, and nobody claims that moss could live on Mars.
"""
WATCH = """Le rétablissement de l'horloge

L'horloge fut remise en marche le 14 juillet 2009 devant la foule du village.

Une bombe l'avait arrêtée en 1944, un soir de pluie et de brouillard.

Elle avait été construite en 1702 par un moine savant du pays.
"""


def told(library, text: str) -> list[str]:
    put(library, text)
    *_, last = Assistant(library, WordReader(), QuotingModel()).answer("Chronologie")
    return [one.quote for one in last.answer.citations]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (STRIKE, ("1968", "2 août", "vendredi", "janvier 2025")),
        (MOSS, ("November 2021", "January 2024", "2027")),
        (WATCH, ("1702", "1944", "2009")),
    ],
)
def test_the_events_come_in_the_order_of_their_dates(library, text, order):
    quotes = told(library, text)
    assert len(quotes) == len(order)
    assert all(date in quote for date, quote in zip(order, quotes, strict=True))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_as_many_dates_are_told_as_are_asked_for(library, language):
    put(library, STRIKE)
    question = "Chronologie en cinq dates" if language == "fr" else "Give me a timeline in 5 points"
    *_, last = Assistant(library, WordReader(), QuotingModel()).answer(question)
    assert len(last.answer.citations) == 4


def test_where_there_are_no_dates_the_order_of_the_text_is_kept_and_that_is_told(library):
    put(
        library, "Le levain\n\nLe levain demande de la farine et de l'eau.\n\nIl faut le nourrir chaque jour avec soin."
    )
    *_, last = Assistant(library, WordReader(), QuotingModel()).answer("Chronologie")
    assert not last.answer.refused
    assert UNDATED["fr"] in last.answer.notices


@pytest.mark.parametrize(
    "text",
    [
        "Nobody claims that moss could live on Mars without any help.",
        "Le chantier a coûté 1900 euros par mètre de digue construite.",
        "Le maire a parlé longtemps et personne ne l'a écouté.",
    ],
)
def test_what_only_looks_like_a_date_is_none(text):
    article = Article(
        "a", "T", text, "en" if "moss" in text else "fr", "2025-03-08", blocks=(Block("paragraph", 0, len(text)),)
    )
    assert dated(article, find_candidates(article, [Passage("a", 0, len(text), text)])) == []
