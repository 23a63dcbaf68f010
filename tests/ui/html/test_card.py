"""The card of an article, and the questions after an answer: what a reader sees, and where each click leads."""

import re
from dataclasses import replace

import pytest
from support.fake_door import ACROSS, QUESTIONS, QUOTE, answerable, at_a_glance, cite, harbour, quote
from support.pages import Text, answered
from support.payloads import PAYLOADS

from rag.card import Asked, Card, Mentioned
from ui.html import card_html, further_html, next_questions
from ui.words.english import ENGLISH
from ui.words.french import FRENCH

PORT = harbour()
CARD = Card(
    PORT.identifier, "fr", summary=(quote(PORT, QUOTE),), questions=tuple(answerable(PORT)), **at_a_glance(PORT)
)


def test_all_that_a_card_tells_leads_to_its_place():
    html = card_html(CARD, PORT.title, FRENCH)
    found = re.findall(r'class="spot"[^>]*data-start="(\d+)" data-end="(\d+)"', html)
    told = [*CARD.figures, *CARD.dates, *CARD.names, *CARD.places]
    assert [(int(start), int(end)) for start, end in found] == [(one.start, one.end) for one in told]
    shown = Text(html).text
    for said in ("En bref", QUOTE, "mesure désormais 310 mètres", "17\u00a0mars 2025", "Jeanne Le Goff", "Bréhal"):
        assert said in shown
    assert html.count('class="cite"') == 1
    assert all(f'data-question="{question}"' in html for question in QUESTIONS)


def test_a_card_grows_and_shows_no_empty_part():
    html = card_html(Card(PORT.identifier, "fr"), PORT.title, ENGLISH)
    assert Text(html).text.split() == ["At", "a", "glance", *PORT.title.split()]
    assert 'data-act="ask"' not in card_html(CARD, PORT.title, FRENCH, questions=False)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_card_stays_words(payload):
    spot = (Mentioned(payload, 0, 1, payload, payload),)
    card = Card(payload, payload, (quote(PORT, QUOTE),), spot, spot, spot, spot, (Asked(payload, 0, 1),))
    html = card_html(card, payload, FRENCH) + further_html((payload,), card, FRENCH)
    allowed = {"section", "h2", "h3", "p", "span", "button", "dl", "dt", "dd", "b", "ul", "li", "div", "i"}
    assert set(Text(html).tags) <= allowed


def test_what_is_offered_next_was_neither_asked_nor_just_answered():
    answer = answered("Oui.", citations=(cite(PORT, QUOTE),)).answer
    longest, boats, paid, cost = (
        "Quelle est la longueur de la digue ?", "Combien de bateaux sont revenus ?", "Qui a payé les travaux ?",
        "Combien a coûté la digue ?",
    )  # fmt: skip
    offered = next_questions(CARD, answer, [])
    assert longest not in offered
    assert offered == (boats, cost)
    assert next_questions(CARD, answer, [cost.lower().rstrip(" ?")]) == (boats, paid)
    assert next_questions(CARD, answered("Non.").answer, []) == (boats, longest)
    assert next_questions(None, answer, []) == ()
    across = replace(answer, citations=(cite(PORT, ACROSS), cite(PORT, "4,2 millions d’euros, payés par la région")))
    assert next_questions(CARD, across, []) == (longest, boats)
    assert further_html((), CARD, FRENCH) == ""
