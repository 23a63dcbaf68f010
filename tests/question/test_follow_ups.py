"""A question that hardly says what it asks is searched with the one before it; any other one as it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question import understand
from rag.question.follow_ups import MOST_BEFORE
from rag.values import Turn

BEFORE = Turn("Que dit la Russie de l'envoi de troupes ?", "Moscou y voit une menace. [1]")
HARBOUR = Turn("Who paid for the new breakwater?", "The county did.")


@pytest.mark.parametrize(
    "asked",
    [
        "Pourquoi ?",
        "Et la France ?",
        "Et les États-Unis ?",
        "Et Keir Starmer ?",
        "et elle, elle dit quoi ?",
        "Depuis quand ?",
        "Quoi",
    ],
)
def test_a_question_of_hardly_a_word_is_searched_with_the_one_before_it(asked):
    question = understand(asked, [HARBOUR, BEFORE])
    assert question.text == f"{asked} (Que dit la Russie de l'envoi de troupes)"
    assert question.asked == asked
    assert {"Russie", "troupes"} <= {word.text for word in question.words}


@pytest.mark.parametrize("asked", ["Why?", "and the county?", "how long is it?", "When did they?"])
def test_so_is_an_english_one(asked):
    assert understand(asked, [HARBOUR]).text == f"{asked} (Who paid for the new breakwater)"


@pytest.mark.parametrize("asked", ["Why?", "¿Y Francia?", "Warum?"])
def test_it_keeps_its_own_language(asked):
    assert understand(asked, [BEFORE]).answer_language == understand(asked).answer_language


@pytest.mark.parametrize(
    "asked",
    [
        "Combien de pays ont rejoint la coalition ?",
        "Pourquoi la maire a-t-elle fermé le phare ?",
        "Who is the mayor of Bryher?",
        "Combien de pêcheurs débarquent des homards ?",
    ],
)
def test_a_question_that_says_what_it_asks_is_never_changed(asked):
    for history in ([], [BEFORE], [HARBOUR], [BEFORE, HARBOUR]):
        assert understand(asked, history).text == asked


def test_after_a_short_one_the_last_that_says_what_it_asks_goes_along():
    history = [BEFORE, Turn("Qui est la maire de Bréhal ?", "Nadège Corbin.")]
    for asked in ("Et son mari ?", "Depuis quand ?", "Pourquoi ?"):
        short = "" if history[-1].question.startswith("Qui") else f"{history[-1].question} "
        assert understand(asked, history).text == f"{asked} ({short}Qui est la maire de Bréhal)"
        history.append(Turn(asked, "Oui."))


def test_without_another_question_before_there_is_nothing_to_go_on_from():
    assert understand("Pourquoi ?").text == "Pourquoi ?"
    assert understand("pourquoi", [Turn("Pourquoi ?", "Parce que.")]).text == "pourquoi"
    assert understand("Pourquoi ?", [Turn(" ?! ", "")]).text == "Pourquoi ?"


def test_no_more_of_a_long_question_is_taken_than_can_be_read():
    long = Turn(" ".join(f"mot{number}" for number in range(200)), "Oui.")
    assert len(understand("Pourquoi ?", [long]).text.split()) == MOST_BEFORE + 2


@given(st.text(), st.text(), st.text())
def test_any_text_begins_with_what_was_asked(asked, before, last):
    question = understand(asked, [Turn(before, "Oui."), Turn(last, "Non.")])
    assert question.text.startswith(
        " ".join(question.asked.split()) if question.text != question.asked else question.asked
    )
