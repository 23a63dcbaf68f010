"""Finding one's way in an article: its card, what can be asked, its outline, words looked for, ticks, addresses."""

import pytest
from support.browser import FONTS, ask, comes_to, expect, finished, highlights, panel
from support.fake_door import QUOTE

pytestmark = pytest.mark.browser


def test_an_opened_article_has_a_card_whose_parts_lead_to_their_places(visit):
    page = visit()
    card = page.locator("#card .card")
    card.get_by_text("En bref").wait_for()
    card.locator(".gist .cite").click()
    highlights(page, QUOTE)
    card.get_by_role("button", name="Jeanne Le Goff").click()
    highlights(page, "Jeanne Le Goff")
    expect(page.locator("#reader .used[data-n]")).to_have_text(QUOTE, use_inner_text=True)
    expect(card.locator(".chip")).to_have_count(0)  # the examples of the welcome stand there already


def test_the_card_follows_the_article_and_gives_way_to_the_conversation(visit, door):
    page = visit()
    page.locator("#card .card").wait_for()
    page.get_by_label("Vous interrogez").select_option(label="The walled garden")
    other = list(door.kept)[1]
    page.locator(f'#card .card[data-article="{other}"]').wait_for()
    ask(page, "La digue ?")
    finished(page)
    expect(page.locator("#card .card")).to_be_hidden()
    page.locator("#reader").get_by_role("button", name="En bref").click()
    page.locator("#card .card").wait_for()  # for whoever opens an article in the middle of a conversation
    ask(page, "La lune ?")
    finished(page, 1)
    expect(page.locator("#card .card")).to_be_hidden()


def test_what_can_be_asked_next_is_a_click_away(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    expect(page.locator("#further .chip")).to_have_count(2)
    page.locator("#further").get_by_role("button", name="Combien a coûté la digue ?").click()
    turn = finished(page, 1)
    assert turn.locator(".question").inner_text() == "Combien a coûté la digue ?"
    page.wait_for_function(
        "() => { const chips = [...document.querySelectorAll('#further .chip')].map(one => one.textContent);"
        " return chips.length && !chips.includes('Combien a coûté la digue ?'); }"
    )


def test_words_are_found_in_the_article_whatever_their_accents(visit):
    page = visit()
    page.locator("#past .question, .welcome").first.wait_for()
    page.locator("#reader .paper").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    field = page.locator("#reader .finding input")
    page.wait_for_function("document.activeElement.matches('.finding input')")
    page.keyboard.type("BREHAL")
    page.locator(".finding .count").get_by_text("1 sur 2").wait_for()
    page.locator("#ticks .found").nth(1).wait_for()
    page.keyboard.press("Enter")
    page.locator(".finding .count").get_by_text("2 sur 2").wait_for()
    expect(page.locator(".finding")).to_have_attribute("data-now", "Bréhal")
    field.fill("introuvable")
    page.locator(".finding .count").get_by_text("rien").wait_for()
    page.keyboard.press("Escape")
    field.wait_for(state="hidden")
    expect(page.locator("#ticks .found")).to_have_count(0)


def test_marked_places_have_ticks_beside_the_scroll_bar(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    expect(page.locator("#ticks .used")).to_have_count(2)
    top = "parseFloat(document.querySelector('#ticks .used')?.style.top)"
    page.wait_for_function(f"() => 0 < {top} && {top} < 100")


def test_an_article_has_an_outline(visit, door, tmp_path):
    page = visit()
    expect(page.locator("#reader .outline")).to_have_count(0)  # one heading is none
    text = "Deux parties\n\nLa première\n\nLe quai mesure 12 mètres.\n\nLa seconde\n\nLa digue est neuve."
    (tmp_path / "parties.txt").write_text(text, encoding="utf-8")
    panel(page, "articles")
    page.locator("#files input[type=file]").set_input_files(tmp_path / "parties.txt")
    page.locator("#reader .paper").get_by_text("La digue est neuve.").wait_for()
    page.keyboard.press("Escape")
    page.evaluate(FONTS)
    place = "(name) => { const {x, y} = document.querySelector(name).getBoundingClientRect(); return [x, y]; }"
    find = '#reader [data-act="find"]'
    before = page.evaluate(place, find)
    page.locator("#reader .outline summary").click()
    page.locator("#reader .outline[open]").wait_for()
    comes_to(page, place, before, find)  # what stands beside it stays there
    page.locator("#reader .outline").get_by_role("button", name="La seconde").click()
    highlights(page, "La seconde")


def test_an_address_leads_to_an_article_and_a_place_in_it(visit, door):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, "Le garden ?")
    finished(page)
    highlights(page, "The garden opened in 1894.")
    page.locator("#reader").get_by_role("button", name="Copier le lien").click()
    page.locator("#reader").get_by_role("button", name="Copié").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    again = visit(query="#" + address.partition("#")[2])
    highlights(again, "The garden opened in 1894.")
    expect(again.locator("#reader .paper")).to_have_attribute("data-article", list(door.kept)[1])


def test_the_first_question_after_a_cold_start_says_what_it_waits_for(visit, door):
    door.warm.clear()
    page = visit()
    ask(page, "La digue ?")
    page.locator("#live .working").get_by_text("Premier démarrage").wait_for()
    door.warm.set()
    assert QUOTE in finished(page).inner_text()
