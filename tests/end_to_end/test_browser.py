"""The page in a real Chromium, over a scripted workspace: what a reader does and sees."""

import re
import threading

import pytest
from support.browser import ask, comes_to, expect, finished, highlighted, highlights
from support.fake_door import ACROSS, HARBOUR, QUOTE

pytestmark = pytest.mark.browser


def test_every_citation_leads_to_its_exact_words(visit):
    page = visit()
    ask(page, "Quelle est la longueur de la digue ?")
    turn = finished(page)
    assert QUOTE in turn.inner_text()
    for number, quote in ((1, QUOTE), (2, ACROSS)):
        mark = turn.locator(f'.cite[data-n="{number}"]')
        mark.click()
        start, end = (int(mark.get_attribute(f"data-{name}")) for name in ("start", "end"))
        assert HARBOUR[start:end] == quote
        highlights(page, quote)
    text = page.locator("#reader .article-text").evaluate("element => element.textContent")
    assert text == HARBOUR


def test_the_article_follows_the_answer_and_forgets_it_with_the_next_question(visit, door):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    highlights(page, QUOTE)
    ask(page, "La lune ?")
    finished(page, 1)
    expect(page.locator("#reader :is(mark.active, .used)")).to_have_count(0)
    ask(page, "Le garden ?")
    turn = finished(page, 2)
    highlights(page, "The garden opened in 1894.")
    expect(page.locator("#reader .paper")).to_have_attribute("data-article", list(door.kept)[1])
    page.wait_for_function(
        "() => { const {top, bottom} = document.querySelector('mark.active').getBoundingClientRect();"
        " return top >= 0 && bottom <= innerHeight; }"
    )
    assert turn.locator(".sources li").text_content() == "1 The walled garden"
    page.locator("#turn-0 .source").click()
    highlights(page, QUOTE)


def test_which_article_is_asked_stands_beside_the_question_and_can_be_changed(visit, door):
    page = visit()
    choice = page.get_by_label("Vous interrogez")
    expect(choice.locator("option:checked")).to_have_text("Tous les articles (2)")
    choice.select_option(label="The walled garden")
    page.locator("#reader .paper[lang=en]").wait_for()
    ask(page, "La digue ?")
    finished(page)
    assert door.asked[-1][2] == list(door.kept)[1]
    expect(choice.locator("option:checked")).to_have_text("The walled garden")


def test_a_completed_question_is_asked_as_typed_with_one_click(visit, door):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    ask(page, "Suite de la digue ?")
    turn = finished(page, 1)
    assert "Lue aussi avec la question précédente." in turn.inner_text()
    turn.get_by_role("button", name="Poser telle quelle").click()
    turn.locator(".understood").wait_for(state="detached")
    expect(finished(page, 1).locator(".question")).to_have_text("Suite de la digue ?", use_inner_text=True)
    assert [history for _, history, _ in door.asked[-2:]][1] == ()


def test_quotes_say_how_sure_the_program_is(visit):
    page = visit()
    ask(page, "La digue, citée ?")
    turn = finished(page)
    assert "Confiance moyenne" in turn.locator(".confidence").inner_text()
    assert turn.locator(".steps .on").count() == 2
    assert "chances" in turn.locator(".why").text_content().lower()
    assert "Relisez." in turn.locator(".caution").inner_text()


def test_an_answer_shows_itself_while_it_is_written(visit, door):
    page = visit()
    ask(page, "Lent ?")
    live = page.locator("#live .answer")
    live.get_by_text("Un début").wait_for()
    expect(page.locator("#past .turn")).to_have_count(0)
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#send")).to_be_hidden()
    expect(page.locator('#past [data-act="again"]:visible')).to_have_count(0)
    door.go.set()
    assert "Un début et une fin." in finished(page).inner_text()
    page.locator("#send").wait_for()


def test_what_is_typed_while_an_answer_streams_is_kept(visit, door):
    page = visit()
    ask(page, "Lent ?")
    page.locator("#live").get_by_text("Un début").wait_for()
    box = page.locator("#question-box textarea")
    expect(box).to_have_value("")
    page.keyboard.type("La digue ?")
    page.keyboard.press("Enter")
    door.go.set()
    finished(page)
    expect(box).to_have_value("La digue ?")
    page.keyboard.press("Enter")
    assert QUOTE in finished(page, 1).inner_text()
    expect(box).to_have_value("")


def test_what_is_asked_before_the_last_question_has_arrived_stays_in_the_box(visit, door):
    page = visit()
    held, go = [], threading.Event()
    page.route("**/queue/join*", lambda route: route.continue_() if go.is_set() else held.append(route))
    ask(page, "La digue ?")
    box = page.locator("#question-box textarea")
    expect(box).to_have_value("")
    ask(page, "La lune ?")
    expect(box).to_have_value("La lune ?")
    go.set()
    for route in held:
        route.continue_()
    finished(page)
    box.press("Enter")
    assert finished(page, 1).locator(".question").inner_text() == "La lune ?"
    assert [question for question, _, _ in door.asked] == ["La digue ?", "La lune ?"]


def test_a_question_comes_back_where_the_program_no_longer_answers(visit):
    page = visit(forgiven=("ERR_INTERNET_DISCONNECTED", "Failed to fetch"))
    page.context.set_offline(True)
    ask(page, "La digue ?")
    page.locator("#mishap").get_by_text("Le programme ne répond plus.").wait_for()
    expect(page.locator("#question-box textarea")).to_have_value("La digue ?")
    page.context.set_offline(False)
    page.locator("#mishap").wait_for(state="detached")  # the page came back
    page.wait_for_function("document.querySelector('#question-box textarea')?.value === 'La digue ?'")


def test_escape_stops_the_answer(visit, door):
    page = visit()
    ask(page, "Lent ?")
    page.locator("#live").get_by_text("Un début").wait_for()
    page.keyboard.press("Escape")
    assert "Réponse arrêtée." in finished(page).inner_text()


def test_stop_stops_the_model_and_keeps_what_was_written(visit, door):
    page = visit()
    ask(page, "Lent ?")
    page.locator("#live").get_by_text("Un début").wait_for()
    page.locator("#stop").click()
    assert "Réponse arrêtée." in finished(page).inner_text()
    assert door.closed.is_set()
    ask(page, "La digue ?")
    assert QUOTE in finished(page, 1).inner_text()


def test_a_citation_of_another_article_opens_it(visit, door):
    page = visit()
    ask(page, "Le garden ?")
    finished(page).locator(".cite").click()
    highlights(page, "The garden opened in 1894.")
    expect(page.locator("#reader .paper")).to_have_attribute("data-article", list(door.kept)[1])


def test_an_example_is_asked_with_a_click_and_the_box_keeps_the_focus(visit):
    page = visit()
    page.locator("#past .chip").first.click()
    finished(page)
    box = page.locator("#question-box textarea")
    expect(box).to_be_focused()
    page.keyboard.type("La lune ?")
    page.keyboard.press("Enter")
    assert "L’article n’en dit rien." in finished(page, 1).inner_text()
    expect(box).to_have_value("")
    expect(box).to_be_focused()


def test_a_refusal_offers_places_to_look(visit):
    page = visit()
    ask(page, "La lune ?")
    passage = finished(page).locator(".passage").first
    passage.click()
    assert highlighted(page).startswith("Le port de Bréhal a rouvert lundi")


def test_edit_replaces_the_question(visit, door):
    page = visit()
    ask(page, "La lune ?")
    finished(page).locator('[data-act="edit"]').click()
    box = page.locator("#question-box textarea")
    expect(box).to_have_value("La lune ?")
    expect(box).to_be_focused()
    page.locator("#past .turn.editing").wait_for()  # the server has heard of it
    ask(page, "La digue ?")
    page.locator("#past .turn").get_by_text(QUOTE).first.wait_for()
    expect(page.locator("#past .turn")).to_have_count(1)
    assert door.asked[-1][1] == ()


def test_what_is_edited_is_shown_and_an_edit_can_be_cancelled(visit):
    page = visit()
    ask(page, "La lune ?")
    finished(page).locator('[data-act="edit"]').click()
    page.locator(".turn.editing .edited").get_by_role("button", name="Annuler").click()
    page.locator(".edited").wait_for(state="detached")
    expect(page.locator("#question-box textarea")).to_have_value("")
    ask(page, "La digue ?")
    finished(page, 1)


def test_the_page_speaks_the_browser_s_language_and_can_switch(visit):
    page = visit(locale="en-GB")
    expect(page.locator("h1")).to_have_text("Ask the Article", use_inner_text=True)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Français").click()
    page.locator("h1").get_by_text("Demandez à l’article").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("button", name="Demander").wait_for()
    page.reload()
    page.locator("h1").get_by_text("Demandez à l’article").wait_for()


def test_a_page_that_was_busy_speaks_one_language(visit):
    page = visit(locale="en-GB", busy=True)
    page.get_by_role("button", name="Français").click()
    page.locator("h1").get_by_text("Demandez à l’article").wait_for()
    page.get_by_role("button", name="Demander").wait_for()


def test_on_a_phone_the_article_slides_over_and_back(visit):
    page = visit(width=390)
    fits = "() => document.documentElement.scrollWidth <= 390"
    comes_to(page, fits, True)
    ask(page, "La digue ?")
    finished(page).locator(".cite").first.click()
    highlights(page, QUOTE)
    page.locator("#reader .back").click()
    page.wait_for_function("!document.body.classList.contains('reading')")
    expect(page.locator("#past .cite").first).to_be_focused()
    comes_to(page, fits, True)


def test_the_mark_tells_its_quote_on_hover_and_on_focus(visit):
    page = visit()
    ask(page, "La digue ?")
    mark = finished(page).locator(".cite").first
    page.locator("#further .chip").first.wait_for()  # the conversation moves no more under the pointer
    mark.hover()
    tip = page.locator("#tip.shown")
    tip.get_by_text(QUOTE).wait_for()
    expect(tip.locator(".place")).to_have_text(
        "Le port de Bréhal rouvre ses quais 🚢 · Ce qui change", use_inner_text=True
    )
    expect(tip.locator(".before")).to_have_count(0)  # the section begins there
    expect(tip.locator(".after")).to_have_text(re.compile("^Elle a coûté"), use_inner_text=True)
    page.mouse.move(5, 5)
    tip.wait_for(state="detached")
    mark.focus()
    page.locator("#tip.shown").get_by_text(QUOTE).wait_for()
    assert re.match(r"Citation 1\s?: «\s?La digue", mark.get_attribute("aria-label"))
