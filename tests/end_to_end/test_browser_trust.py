"""What a reader believes at a glance: which words answer, how sure that is, and which article they come from."""

import re

import pytest
from support.browser import FONTS, ask, comes_to, expect, finished, panel
from support.fake_door import HARBOUR, make_article

pytestmark = pytest.mark.browser

COLOUR = """
(name) => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(${name})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
"""
"""The colour that a name of theme.css stands for now."""

OFF_THE_COLUMN = """
() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const sides = [['#question-box textarea', 'left'], ['#send', 'right'], ['.asked', 'left']];
  return sides.filter(([name, side]) => Math.abs(box(name)[side] - box('#past .turn')[side]) > 1);
}
"""
"""What does not stand where the answers begin and end."""


def style(found, name):
    return found.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def test_a_short_answer_outranks_the_quote_beneath_it(visit):
    page = visit()
    ask(page, "Qui est maire ?")
    turn = finished(page)
    said, quoted = turn.locator(".answer > p").all()
    assert (said.inner_text().split(".")[0], quoted.locator("strong").inner_text()) == ("Jeanne Le Goff",) * 2
    assert float(style(said, "fontSize")[:-2]) > 1.2 * float(style(quoted, "fontSize")[:-2])
    assert style(said, "fontWeight") == "600"
    assert turn.locator(".confidence").inner_text().endswith("Confiance élevée")
    assert style(turn.locator(".summary"), "color") == page.evaluate(COLOUR, "--yes")


def test_where_the_article_may_not_answer_nothing_is_green_and_nothing_stands_out(visit):
    page = visit()
    ask(page, "Qui est maire, sans doute ?")
    turn = finished(page)
    assert turn.locator(".confidence").inner_text().endswith("Confiance faible")
    assert style(turn.locator(".summary"), "color") != page.evaluate(COLOUR, "--yes")
    assert turn.locator(".quoted strong").count() == 0


def test_what_the_article_does_not_say_is_struck_out_and_its_verdict_is_one_box(visit):
    page = visit(width=1280)
    ask(page, "Qu’est-ce qui est rayé ?")
    turn = finished(page)
    assert style(turn.locator("s.sentence"), "textDecorationLine") == "line-through"
    assert turn.locator(".verdict").evaluate("(element) => element.getClientRects().length") == 1
    assert "absent de l’article" in turn.locator(".verdict").inner_text()


def test_nothing_stays_marked_of_a_conversation_that_was_left(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    page.locator("mark.active").first.wait_for()
    panel(page, "conversations").get_by_role("button", name="Supprimer").click()
    expect(page.locator("mark.active")).to_have_count(0)
    page.locator("#panel").get_by_role("button", name="Annuler la suppression").click()
    page.locator("#past #turn-0").wait_for()  # it is shown again


def test_on_a_phone_the_article_that_answers_is_named_and_waits_at_its_words(visit):
    page = visit(width=390)
    expect(page.locator("#header .subject")).to_have_text("Le port de Bréhal rouvre ses quais 🚢", use_inner_text=True)
    ask(page, "The garden ?")
    finished(page)
    page.locator("#header .subject").get_by_text("The walled garden").wait_for()
    page.locator("mark.active").first.wait_for(state="attached")
    expect(page.locator("#send")).to_be_visible()  # nothing slid over the answer
    page.locator('#header [data-act="read"]').click()
    expect(page.locator("mark.active").first).to_be_visible()
    comes_to(page, "() => [document.querySelector('#panes').scrollLeft, scrollX]", [0, 0])


def test_a_phone_s_bar_has_two_rows_with_a_model_too(visit, door):
    heights = []
    for door.language_model in (False, True):
        page = visit(width=390)
        page.locator("#header .subject", has_text="Le port de Bréhal").wait_for()
        page.evaluate(FONTS)
        heights.append(page.locator("#header .bar").evaluate("(bar) => bar.getBoundingClientRect().height"))
    assert heights[0] == heights[1]


def test_the_title_of_a_card_is_one_whatever_signs_it_holds(visit, door):
    _, _, body = HARBOUR.partition("\n")
    article = make_article(f"Bréhal : le port rouvre\n{body}", language="fr")
    door.kept = {article.identifier: article}
    page = visit()
    title = page.locator("#card-title")
    assert title.inner_text() == "En bref\nBréhal : le port rouvre"


@pytest.mark.parametrize("width", [390, 768, 1280, 1920])
def test_what_is_asked_stands_in_the_column_of_the_answers(visit, width):
    page = visit(width=width)
    for number in range(3):
        ask(page, "La digue ?")
        finished(page, number)
    page.locator("#further .chip").first.wait_for(state="attached")
    comes_to(page, OFF_THE_COLUMN, [])  # once the room of the scroll bar is left below it, too


def test_the_end_of_an_answer_stays_in_sight_where_what_stands_below_grows(visit):
    page = visit()
    for number in range(4):
        ask(page, "La digue ?")
        finished(page, number)
    page.locator("#question-box textarea").fill("mot " * 600)
    page.get_by_text(re.compile(r"La question est coupée\s: 2\s000 signes")).wait_for()
    page.wait_for_function(
        "(([box]) => box.scrollHeight - box.scrollTop - box.clientHeight < 1)(document.querySelectorAll('#turns'))"
    )
