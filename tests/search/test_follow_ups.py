"""A follow-up is answered from what it goes on from, and a short question that is complete from what it says."""

from __future__ import annotations

import pytest
from support.bundled import bundled_reader
from support.harbour import put

from rag.answer.assistant import Assistant
from rag.index.library import Library
from rag.llm.quoting import QuotingModel
from rag.values import Turn

ARTICLES = {
    "dam": """A dam breaks above Kelso

The Whitmuir dam broke on Tuesday night after a week of rain, said the county. Engineers had warned of cracks in its
wall since March.

Forty families were led to the school of Kelso, where they spent the night. Three people were hurt.

Repairs will cost nine million pounds, which the water company will pay. They begin in September.
""",
    "museum": """Le musée de la Soie rouvre à Lyon

Le musée de la Soie a rouvert jeudi après quatre ans de travaux. Sa directrice, Hélène Marchand, a présenté
trois métiers à tisser restaurés.

La ville a payé six millions d'euros. La région, elle, n'a rien versé, car elle juge le projet trop cher.

L'entrée coûte huit euros ; elle est gratuite pour les enfants.
""",
    "strike": """Grève des éboueurs à Rennes

Les éboueurs de Rennes sont en grève depuis lundi. Le syndicat Force verte réclame cent euros de plus par mois.

La mairie propose une prime unique de trois cents euros. Elle refuse toute hausse, faute de budget.

Deux camions ont brûlé dans la nuit de mercredi. Personne n'a été blessé.
""",
}


@pytest.fixture(scope="module")
def assistants(tmp_path_factory, bundled):
    made = {}
    for name, text in ARTICLES.items():
        library = Library(tmp_path_factory.mktemp(name), bundled)
        put(library, text)
        made[name] = Assistant(library, bundled_reader(), QuotingModel())
    return made


@pytest.mark.parametrize(
    ("name", "before", "asked", "holds"),
    [
        ("dam", "When did the dam break?", "Why?", "a week of rain"),
        ("dam", "Who will pay for the repairs?", "How much?", "nine million pounds"),
        ("dam", "Where did the families spend the night?", "How many?", "Forty families"),
        ("museum", "Combien la ville a-t-elle payé ?", "Et la région ?", "n'a rien versé"),
        ("museum", "Combien coûte l'entrée ?", "Et pour les enfants ?", "gratuite pour les enfants"),
        ("strike", "Que réclame le syndicat ?", "Et la mairie ?", "une prime unique"),
        ("strike", "Qui est en grève ?", "Depuis quand ?", "depuis lundi"),
    ],
)
def test_a_follow_up_is_answered_from_what_it_goes_on_from(assistants, name, before, asked, holds):
    found = assistants[name].search(asked, [Turn(before, "Oui.")])
    assert found.question.text != found.question.asked
    assert holds in found.evidence.quotes[0].text
    assert found.evidence.sufficient


@pytest.mark.parametrize(
    ("name", "before", "asked", "holds"),
    [
        ("dam", "Who will pay for the repairs?", "Was anybody hurt?", "Three people were hurt"),
        ("museum", "Combien coûte l'entrée ?", "Qui est la directrice ?", "Hélène Marchand"),
        ("strike", "Que propose la mairie ?", "Combien de camions ?", "Deux camions"),
    ],
)
def test_a_short_question_that_is_complete_is_answered_from_what_it_says(assistants, name, before, asked, holds):
    found = assistants[name].search(asked, [Turn(before, "Oui.")])
    assert holds in found.evidence.quotes[0].text
