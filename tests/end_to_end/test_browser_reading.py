"""Finding one's way in an article: its card, what can be asked, its outline, words looked for, ticks, addresses."""

import pytest
from support.browser import ask, finished, highlighted
from support.fake_door import QUOTE

pytestmark = pytest.mark.browser


def test_an_opened_article_has_a_card_whose_parts_lead_to_their_places(visit):
    page = visit()
    card = page.locator("#card .card")
    card.get_by_text("En bref").wait_for()
    card.locator(".gist .cite").click()
    assert highlighted(page) == QUOTE
    card.get_by_role("button", name="Jeanne Le Goff").click()
    page.wait_for_function("document.querySelector('mark.active')?.textContent === 'Jeanne Le Goff'")
    assert page.locator("#reader .used[data-n]").inner_text() == QUOTE
    assert card.locator(".chip").count() == 0  # the examples of the welcome stand there already


def test_the_card_follows_the_article_and_gives_way_to_the_conversation(visit, door):
    page = visit()
    page.locator("#card .card").wait_for()
    page.get_by_label("Vous interrogez").select_option(label="The walled garden")
    other = list(door.kept)[1]
    page.locator(f'#card .card[data-article="{other}"]').wait_for()
    ask(page, "La digue ?")
    finished(page)
    assert not page.locator("#card .card").is_visible()
    page.locator("#reader").get_by_role("button", name="En bref").click()
    page.locator("#card .card").wait_for()  # for whoever opens an article in the middle of a conversation
    ask(page, "La lune ?")
    finished(page, 1)
    assert not page.locator("#card .card").is_visible()


def test_what_can_be_asked_next_is_a_click_away(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    page.locator("#further .chip").first.wait_for()
    assert page.locator("#further .chip").count() == 2
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
    assert page.locator(".finding").get_attribute("data-now") == "Bréhal"
    field.fill("introuvable")
    page.locator(".finding .count").get_by_text("rien").wait_for()
    page.keyboard.press("Escape")
    field.wait_for(state="hidden")
    assert page.locator("#ticks .found").count() == 0


def test_marked_places_have_ticks_beside_the_scroll_bar(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    page.locator("#ticks .used").nth(1).wait_for()
    assert page.locator("#ticks .used").count() == 2
    top = page.locator("#ticks .used").first.evaluate("tick => parseFloat(tick.style.top)")
    assert 0 < top < 100


def test_an_article_has_an_outline(visit, door, tmp_path):
    page = visit()
    assert page.locator("#reader .outline").count() == 0  # one heading is none
    text = "Deux parties\n\nLa première\n\nLe quai mesure 12 mètres.\n\nLa seconde\n\nLa digue est neuve."
    (tmp_path / "parties.txt").write_text(text, encoding="utf-8")
    page.locator('#header [data-panel="articles"]').click()
    page.locator("#files input[type=file]").set_input_files(tmp_path / "parties.txt")
    page.locator("#reader .paper").get_by_text("La digue est neuve.").wait_for()
    page.keyboard.press("Escape")
    find = page.locator('#reader [data-act="find"]')
    before = find.bounding_box()
    page.locator("#reader .outline summary").click()
    assert find.bounding_box() == before  # what stands beside it stays there
    page.locator("#reader .outline").get_by_role("button", name="La seconde").click()
    assert highlighted(page) == "La seconde"


def test_an_address_leads_to_an_article_and_a_place_in_it(visit, door):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, "Le garden ?")
    finished(page)
    assert highlighted(page) == "The garden opened in 1894."
    page.locator("#reader").get_by_role("button", name="Copier le lien").click()
    page.locator("#reader").get_by_role("button", name="Copié").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    again = visit(query="#" + address.partition("#")[2])
    assert highlighted(again) == "The garden opened in 1894."
    assert again.locator("#reader .paper").get_attribute("data-article") == list(door.kept)[1]


def test_the_first_question_after_a_cold_start_says_what_it_waits_for(visit, door):
    door.warm.clear()
    page = visit()
    ask(page, "La digue ?")
    page.locator("#live .working").get_by_text("Premier démarrage").wait_for()
    door.warm.set()
    assert QUOTE in finished(page).inner_text()
