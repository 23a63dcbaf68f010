"""What surrounds the conversation: the list at the side, keys, display, selected words, notes, print."""

import re

import docx
import pytest
from support.browser import FONTS, ask, comes_to, expect, finished, highlights, panel, served, visiting
from support.fake_door import HARBOUR, QUOTE, FakeDoor

pytestmark = pytest.mark.browser

WIDE = 1600
SELECT = """quote => {
  const walker = document.createTreeWalker(document.querySelector('#reader .article-text'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(quote);
    if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + quote.length);
  }
}"""
SMALL = """() => [...document.querySelectorAll('button, select, summary, input, textarea')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest('[inert], #adding, .skip'))
  .map(one => [one.outerHTML.slice(0, 80), Math.round(one.getBoundingClientRect().height), one.matches('.cite, .pin')])
  .filter(([, height, mark]) => height > 0 && height < 44 && !mark)"""


def select(page, quote):
    """Select words of the article; return the bar that offers what can be done with them."""
    page.evaluate(SELECT, quote)
    found = page.locator(".picking:not([hidden])")
    found.wait_for()
    return found


def remark(note, text):
    """Write a remark on a note and leave its field; return once it is kept."""
    field = note.locator(".remark")
    identifier = field.get_attribute("data-note")
    field.fill(text)
    field.press("Tab")
    note.page.locator(f'#outbox [data-kept="{identifier}"]').wait_for(state="attached")


def test_a_wide_page_lists_conversations_takes_them_up_and_begins_new_ones(visit):
    page = visit(width=WIDE)
    side = page.locator("#side")
    side.get_by_text("Rien pour l’instant").wait_for()
    ask(page, "La digue ?")
    finished(page)
    side.locator('.entry[aria-current="true"]', has_text="La digue ?").wait_for()
    expect(side.locator(".facts")).to_contain_text("exemple · ", use_inner_text=True)
    side.get_by_role("button", name="Nouvelle conversation").click()
    page.locator("#past .chip").first.wait_for()
    expect(page.locator("#question-box textarea")).to_be_focused()
    side.get_by_role("button", name="La digue ?").click()
    assert QUOTE in finished(page).inner_text()
    side.get_by_label("Chercher").press_sequentially("lune")
    side.get_by_text("Aucune conversation ne contient").wait_for()
    expect(visit(width=1280).locator("#side")).to_be_hidden()


def test_the_bar_names_the_article_that_is_shown(visit):
    page = visit()
    page.locator("#header .subject", has_text="Le port de Bréhal").wait_for()
    panel(page, "articles").get_by_role("button", name="The walled garden", exact=True).click()
    page.locator("#header .subject", has_text="The walled garden").wait_for()


def test_the_library_is_searched_where_one_may_add(visit):
    listed = panel(visit(), "articles")
    listed.get_by_label("Chercher").press_sequentially("jardin")
    listed.get_by_text("Aucun article ne correspond").wait_for()
    listed.get_by_label("Chercher").fill("garden")
    expect(listed.locator(".entry")).to_have_text(["The walled garden"])
    listed.get_by_role("button", name="Ajouter").click()
    listed.page.wait_for_function("document.activeElement.closest('#adding')")


def test_keys_recall_the_last_question_search_and_help(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    page.locator("#question-box textarea").press("ArrowUp")
    expect(page.locator("#question-box textarea")).to_have_value("La digue ?")
    page.keyboard.press("Control+k")
    page.wait_for_function("document.activeElement.matches('#panel [data-search=conversations]')")
    page.keyboard.press("Escape")
    page.locator("#past .question").click()
    page.keyboard.press("?")
    page.locator('#panel .panel[data-name="display"]').wait_for()
    page.keyboard.press("Escape")
    wide = visit(width=WIDE)
    wide.locator("#side [data-search]").wait_for()
    wide.keyboard.press("Control+k")
    wide.wait_for_function("document.activeElement.matches('#side [data-search]')")


def test_a_search_that_is_left_does_not_come_back_over_another_panel(visit):
    page = visit()
    page.keyboard.press("Control+k")
    page.wait_for_function("document.activeElement.matches('#panel [data-search=conversations]')")
    page.keyboard.type("zzz")
    page.locator("#panel").get_by_text("Aucune conversation").wait_for()
    asked = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    page.keyboard.press("Backspace")  # searched 200 ms later, as what Esc empties may be
    page.keyboard.press("Escape")
    panel(page, "offline")
    page.evaluate("new Promise((then) => setTimeout(then, 250)).then(() => fetch('gradio_api/app_id'))")
    assert any('"offline"' in sent for sent in asked)
    assert not any('"conversations"' in sent for sent in asked)


def test_colours_and_size_are_chosen_and_stay_after_a_reload(visit):
    page = visit()
    look = "() => getComputedStyle(document.body).colorScheme + getComputedStyle(document.documentElement).fontSize"
    comes_to(page, look, "light dark16px")
    shown = panel(page, "display")
    shown.get_by_role("button", name="Sombre").click()
    shown.get_by_role("button", name="Très grande").click()
    shown.locator('[data-value="dark"][aria-pressed="true"]').wait_for()
    page.reload()
    page.locator("#reader .paper").wait_for()
    comes_to(page, look, "dark20px")
    page.wait_for_function(
        "document.fonts.check('1em \"Article Serif\"') && document.fonts.check('1em \"Article Sans\"')"
    )


def test_selected_words_are_asked_about_copied_with_their_source_and_noted(visit):
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    select(page, "42 bateaux").get_by_role("button", name="Demander à ce sujet").click()
    expect(page.locator("#question-box textarea")).to_have_value(re.compile("^À propos de «\u202f42 bateaux\u202f»"))
    asked = page.get_by_label("Vous interrogez").locator("option:checked")  # the article that they stand in
    asked.filter(has_text="Le port de Bréhal rouvre ses quais").wait_for(state="attached")
    select(page, "42 bateaux").get_by_role("button", name="Copier avec la référence").click()
    page.locator("#announcer", has_text="Copié").wait_for(state="attached")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("«\u202f42 bateaux\u202f»\nLe port de Bréhal rouvre ses quais")
    assert "17\u00a0mars 2025 · port.md" in copied

    select(page, QUOTE).get_by_role("button", name="Noter").click()
    page.wait_for_function("document.activeElement.matches('.remark')")
    remark(page.locator("#panel .notes li"), "À vérifier")
    page.reload()
    page.locator("#reader .paper").wait_for()
    notes = panel(page, "notes")
    expect(notes.locator(".remark")).to_have_value("À vérifier")
    with page.expect_download() as download:
        notes.get_by_role("button", name="Markdown").click()
    assert download.value.suggested_filename == "Notes Le port de Bréhal rouvre ses quais.md"
    text = download.value.path().read_text(encoding="utf-8")
    assert QUOTE in text
    assert "À vérifier" in text
    notes.get_by_role("button", name="Supprimer").click()
    notes.get_by_role("button", name="Annuler la suppression").click()
    notes.locator(".remark").wait_for()


def test_a_remark_stays_with_its_own_words_when_another_note_goes(visit):
    page = visit()
    for quote in ("rouvert lundi", "42 bateaux"):
        select(page, quote).get_by_role("button", name="Noter").click()
        page.locator("#panel li", has_text=quote).wait_for()
        page.keyboard.press("Escape")
    notes = panel(page, "notes")
    first, second = notes.locator("li", has_text="rouvert lundi"), notes.locator("li", has_text="42 bateaux")
    remark(second, "Combien avant ?")
    remark(first, "Depuis quand ?")
    first.get_by_role("button", name="Supprimer").click()
    first.wait_for(state="detached")
    expect(page.locator("#panel .remark")).to_have_value("Combien avant ?")
    notes.get_by_role("button", name="Annuler la suppression").click()
    first.wait_for()
    expect(page.locator("#panel .remark").first).to_have_value("Depuis quand ?")


def test_words_stay_selected_when_the_page_marks_the_article_or_draws_its_bar_again(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    highlights(page, QUOTE)
    picking = select(page, QUOTE[10:40])
    article = page.locator("#reader .paper").get_attribute("data-article")
    page.evaluate(f"location.hash = '#article={article}:5-60'")
    highlights(page, HARBOUR[5:60])
    assert page.evaluate("getSelection().toString()") == QUOTE[10:40]
    page.evaluate("document.querySelector('#header').firstElementChild.innerHTML += ''")
    page.evaluate("document.querySelector('.picking').hidden = true")
    picking.wait_for()
    page.evaluate("document.querySelector('#card').append(document.createElement('i'))")
    assert page.evaluate("new Promise(done => setTimeout(() => done(getSelection().toString())))") == QUOTE[10:40]
    expect(picking).to_be_visible()


def test_a_citation_is_pinned_and_its_note_is_a_click_away(visit):
    page = visit()
    ask(page, "La digue ?")
    turn = finished(page)
    turn.locator(".answer").hover()
    pin = turn.get_by_role("button", name="Épingler la citation 1")
    pin.focus()
    page.keyboard.press("Enter")
    kept = turn.get_by_role("button", name="Citation 1 épinglée")
    kept.wait_for()
    expect(page.locator("#announcer")).to_have_text("Citation épinglée aux notes.", use_inner_text=True)
    expect(page.locator("#drawer")).to_be_hidden()
    kept.click()
    note = page.locator('#panel [data-name="notes"] li')
    expect(note.locator(".passage")).to_contain_text(QUOTE, use_inner_text=True)
    page.wait_for_function("document.activeElement.matches('.remark')")
    note.get_by_role("button", name="Supprimer").click()
    page.keyboard.press("Escape")
    turn.get_by_role("button", name="Épingler la citation 1").wait_for()


def test_a_conversation_takes_its_notes_along_in_a_file_with_a_name(visit):
    page = visit()
    select(page, QUOTE).get_by_role("button", name="Noter").click()
    page.locator(".remark").wait_for()
    page.keyboard.press("Escape")
    ask(page, "La digue ?")
    finished(page)
    listed = panel(page, "conversations")
    with page.expect_download() as download:
        listed.get_by_role("button", name="Markdown").click()
    assert download.value.suggested_filename.endswith("La digue.md")
    assert "## Notes" in download.value.path().read_text(encoding="utf-8")
    with page.expect_download() as download:
        listed.get_by_role("button", name="Word").click()
    assert download.value.suggested_filename.endswith("La digue.docx")
    written = [one.text for one in docx.Document(download.value.path()).paragraphs]
    assert written[written.index("Notes") + 1] == QUOTE


def test_quotes_only_is_a_click_away_and_no_model_a_bar_that_goes(chrome, tmp_path):
    door = FakeDoor(tmp_path)
    door.choose_model("petit")
    with served(door) as address, visiting(chrome, address) as visit:
        page = visit()
        page.locator('#header .quoting[aria-pressed="false"]').click()
        page.locator('#header .quoting[aria-pressed="true"]').wait_for()
        assert not door.language_model
        door.installed.clear()
        page.reload()
        hint = page.locator(".hint-bar")
        hint.get_by_role("button", name="Choisir un modèle").click()
        page.locator('#panel .panel[data-name="models"]').wait_for()
        page.keyboard.press("Escape")
        hint.get_by_role("button", name="Ne plus afficher").click()
        hint.wait_for(state="hidden")
        page.reload()
        hint.wait_for(state="attached")
        expect(hint).to_be_hidden()


def test_a_finger_finds_everything(visit):
    page = visit(width=390, has_touch=True)
    ask(page, "La digue ?")
    finished(page)
    page.locator("#further .chip").first.wait_for()
    comes_to(page, SMALL, [])
    for name in ("conversations", "articles", "models", "display"):
        panel(page, name)
        comes_to(page, SMALL, [])
        page.keyboard.press("Escape")
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")


def test_paper_shows_the_article_s_name_the_answer_and_its_sources(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#header .subject")).to_be_visible()
    expect(page.locator(".printed")).to_contain_text(QUOTE, use_inner_text=True)
    for hidden in ("#composer", "#article", "#header nav", ".foot .actions", "#side"):
        expect(page.locator(hidden).first).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".printed")).to_have_count(0)


def test_paper_names_the_article_of_each_source_where_there_are_several(visit):
    page = visit()
    for number, question in enumerate(("La digue ?", "The garden?")):
        ask(page, question)
        finished(page, number)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    titles = ("Le port de Bréhal rouvre ses quais", r"The walled garden\. ")
    expect(page.locator(".printed")).to_have_text([re.compile(f"^{title}") for title in titles], use_inner_text=True)
    for hidden in ("#header .subject", ".sources"):  # the title of one article is not that of all
        expect(page.locator(hidden).first).to_be_hidden()


def test_the_article_alone_is_printed_without_what_the_screen_needs(visit):
    page = visit()
    page.locator("#card .gist .cite").first.wait_for()
    page.locator("#reader .used").first.wait_for()
    page.emulate_media(media="print")
    expect(page.locator("#reader .title")).to_be_visible()
    expect(page.locator("#reader .tools")).to_be_hidden()
    style = "getComputedStyle(document.querySelector('#reader .used'), part)"
    drawn = f"() => ['', '::after'].map((part) => {style}).map((one, n) => n ? one.content : one.textDecorationLine)"
    comes_to(page, drawn, ["none", "none"])


@pytest.mark.parametrize("width", [390, 768, 1280, 1920])
def test_nothing_sticks_out_at_any_width(visit, width):
    page = visit(width=width)
    ask(page, "La digue ?")
    finished(page)
    page.locator("#further .chip").first.wait_for(state="attached")
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#send")).to_be_visible()


OVERLAPS = """
() => {
  const shown = [...document.querySelectorAll('#header .bar :is(.subject, button)')].filter(one =>
    one.checkVisibility());
  const boxes = shown.map(one => one.getBoundingClientRect());
  const beside = (a, b) => a.left >= b.right - 1 || b.left >= a.right - 1;
  const apart = (a, b) => beside(a, b) || a.top >= b.bottom - 1 || b.top >= a.bottom - 1;
  return shown.filter((_, one) => boxes.some((box, other) => one !== other && !apart(boxes[one], box)))
    .map(one => one.textContent);
}
"""
CUT = """(name) => {
  const one = document.querySelector(name);
  return one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
}"""


@pytest.mark.parametrize(("width", "height"), [(640, 400), (1280, 800), (1440, 900), (390, 844)])
def test_the_title_is_read_in_the_bar_beside_a_model_s_name(visit, door, width, height):
    door.choose_model("petit")
    page = visit(width=width)
    page.set_viewport_size({"width": width, "height": height})
    page.locator("#header .subject", has_text="Le port de Bréhal rouvre ses quais").wait_for()
    page.evaluate(FONTS)
    comes_to(page, OVERLAPS, [])
    for part in ("#header .subject", "#header .status b"):
        comes_to(page, CUT, False, part)


def test_on_a_low_page_what_may_be_asked_next_pushes_no_answer_out_of_sight(visit):
    page = visit(width=640)
    page.set_viewport_size({"width": 640, "height": 400})  # as a page of 1280 by 800 is at 200 %
    ask(page, "La digue ?")
    finished(page)
    ask(page, "La lune ?")
    finished(page, 1)
    page.locator("#further .chip").nth(1).wait_for(state="attached")
    page.wait_for_function(
        "() => { const [turn, box] = ['#turn-1', '#turns'].map(one => document.querySelector(one)"
        ".getBoundingClientRect()); "
        "return turn.top >= box.top - 1 && (turn.bottom <= box.bottom || turn.top < box.top + 1); }"
    )
