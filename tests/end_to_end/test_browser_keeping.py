"""What a reader brings and keeps: conversations, articles, panels; two tabs, two readers, twenty."""

import json
import re
import threading

import pytest
from support.browser import DROP, ask, expect, finished, highlights, panel, served
from support.fake_door import QUOTE

pytestmark = pytest.mark.browser


# ── Conversations ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reload_in_mid_answer_finds_it_whole(visit, door):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    ask(page, "Lent ?")
    page.locator("#live").get_by_text("Un début").wait_for()
    page.wait_for_function("location.hash.length > 1")
    page.reload()
    page.locator("#live").get_by_text("Un début").wait_for()
    expect(page.locator("#past #turn-0")).to_contain_text(QUOTE, use_inner_text=True)
    door.go.set()
    assert "Un début et une fin." in finished(page, 1).inner_text()
    page.reload()
    assert "Un début et une fin." in finished(page, 1).inner_text()
    assert len(door.asked) == 2


def test_what_is_done_while_an_answer_streams_stays(visit, door):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    ask(page, "Lent ?")
    page.locator("#live").get_by_text("Un début").wait_for()
    panel(page, "articles").get_by_role("button", name="The walled garden", exact=True).click()
    page.locator("#header .subject", has_text="The walled garden").wait_for()
    page.locator('#turn-0 [data-rating="up"]').click()
    page.locator('#turn-0 [data-rating="up"][aria-pressed="true"]').wait_for()
    page.reload()
    page.locator("#live").get_by_text("Un début").wait_for()
    panel(page, "articles").get_by_role("button", name="The walled garden", exact=True).click()
    page.locator("#header .subject", has_text="The walled garden").wait_for()
    listed = panel(page, "conversations")
    door.go.set()
    finished(page, 1)
    expect(listed).to_be_visible()
    expect(page.locator("#header .subject")).to_have_text("The walled garden")


def test_a_page_that_is_not_left_after_all_goes_on_answering(visit, door):
    page = visit()
    ask(page, "Lent ?")
    page.locator("#live").get_by_text("Un début").wait_for()
    page.evaluate("dispatchEvent(new Event('beforeunload'))")  # as before a link that becomes a download
    door.go.set()
    assert "Un début et une fin." in finished(page).inner_text()
    ask(page, "La digue ?")
    assert QUOTE in finished(page, 1).inner_text()


def test_a_closed_tab_loses_nothing(visit, door):
    page = visit()
    ask(page, "Lent ?")
    page.locator("#live").get_by_text("Un début").wait_for()
    page.wait_for_function("location.hash.length > 1")
    address, context = page.url, page.context
    page.close()
    door.go.set()
    assert door.closed.wait(60)
    again = context.new_page()
    again.goto(address)
    assert "Un début et une fin." in finished(again).inner_text()


def test_conversations_are_listed_renamed_searched_exported_and_deleted(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    panel(page, "conversations").get_by_role("button", name="Nouvelle conversation").click()
    page.locator("#past .chip").first.wait_for()
    ask(page, "La lune ?")
    finished(page)

    listed = panel(page, "conversations")
    expect(listed.locator(".entry")).to_have_text(["La lune ?", "La digue ?"], use_inner_text=True)
    page.once("dialog", lambda dialog: dialog.accept("Le port"))
    listed.locator("li", has_text="La digue").get_by_role("button", name="Renommer").click()
    listed.get_by_role("button", name="Le port").wait_for()
    listed.get_by_label("Chercher").press_sequentially("310 metres")
    expect(listed.locator(".entry")).to_have_text(["Le port"], use_inner_text=True)

    for kind in ("Markdown", "JSON"):
        with page.expect_download() as download:
            listed.get_by_role("button", name=kind).click()
        text = download.value.path().read_text(encoding="utf-8")
        assert QUOTE in (json.loads(text)["turns"][0]["answer"]["text"] if kind == "JSON" else text)

    listed.get_by_role("button", name="Le port").click()
    page.locator("#past .question", has_text="La digue ?").wait_for()
    finished(page).locator(".cite").first.click()
    highlights(page, QUOTE)
    listed = panel(page, "conversations")
    expect(listed.locator(".entry")).to_have_count(2)
    listed.locator("li", has_text="Le port").get_by_role("button", name="Supprimer").click()
    expect(listed.locator(".entry")).to_have_count(1)
    listed.get_by_role("button", name="Annuler la suppression").click()
    expect(listed.locator(".entry")).to_have_count(2)
    listed.locator("li", has_text="Le port").get_by_role("button", name="Supprimer").click()
    expect(listed.locator(".entry")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator("#past .chip").first.wait_for()
    expect(page.locator("#past .turn")).to_have_count(0)


def test_a_rating_is_kept_with_its_reason(visit, door):
    page = visit()
    ask(page, "La digue ?")
    turn = finished(page)
    page.once("dialog", lambda dialog: dialog.accept("trop court"))
    turn.get_by_role("button", name="À revoir").click()
    page.locator('[data-rating="down"][aria-pressed="true"]').wait_for()
    page.reload()
    page.locator('[data-rating="down"][aria-pressed="true"]').wait_for()


def test_two_tabs_of_a_reader_have_two_conversations(visit, door):
    one = visit()
    two = one.context.new_page()
    two.goto(one.url.partition("#")[0])
    two.locator("body.settled").wait_for(state="attached")
    two.locator("#past .chip").first.wait_for()
    ask(one, "Lent ?")
    one.locator("#live").get_by_text("Un début").wait_for()
    ask(two, "La digue ?")
    assert QUOTE in finished(two).inner_text()
    door.go.set()
    assert "Un début et une fin." in finished(one).inner_text()
    expect(one.locator("#past")).not_to_contain_text("digue", use_inner_text=True)
    expect(panel(two, "conversations").locator(".entry")).to_have_count(2)


def test_another_reader_sees_none_of_it_even_with_the_address(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    page.wait_for_function("location.hash.length > 1")
    stranger = visit(query="#" + page.url.partition("#")[2])
    stranger.locator("#past .chip").first.wait_for()
    expect(stranger.locator("#past .turn")).to_have_count(0)
    expect(panel(stranger, "conversations").locator(".entry")).to_have_count(0)


def test_a_conversation_opens_at_its_last_exchange(visit):
    page = visit()
    for number in range(4):
        ask(page, f"La digue {number} ?")
        finished(page, number)
    page.reload()
    finished(page, 3)
    page.wait_for_function(
        "() => { const {top} = document.querySelector('#turn-3').getBoundingClientRect(); return top > 0 && top < 400 }"
    )


# ── Articles ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_added_read_asked_and_removed(visit, door, tmp_path):
    page = visit()
    panel(page, "articles")
    (tmp_path / "note.txt").write_text("Une note\n\nLe quai mesure 12 mètres.", encoding="utf-8")
    page.locator("#files input[type=file]").set_input_files(tmp_path / "note.txt")
    page.locator(".panel-notice").get_by_text("Ajouté\u202f: Une note").wait_for()
    page.locator("#reader .paper").get_by_text("Le quai mesure 12 mètres.").wait_for()
    entry = page.locator("#panel li", has_text="Une note")
    page.once("dialog", lambda dialog: dialog.accept())
    entry.get_by_role("button", name="Retirer").click()
    page.locator(".panel-notice").get_by_text("Article retiré.").wait_for()
    expect(entry).to_have_count(0)


def test_a_pasted_text_becomes_an_article(visit):
    page = visit()
    panel(page, "articles")
    page.locator("#paste textarea").fill("Un titre collé\n\nUn texte collé.")
    page.get_by_role("button", name="Ajouter ce texte").click()
    page.locator(".panel-notice").get_by_text("Un titre collé").wait_for()
    page.locator("#reader").get_by_text("Un texte collé.").wait_for()
    expect(page.locator("#paste textarea")).to_have_value("")


def test_a_file_dropped_anywhere_is_added(visit):
    page = visit()
    page.locator("#turns").evaluate(DROP, {"note.txt": "Une note\n\nLe quai mesure 12 mètres."})
    page.locator(".panel-notice.done").get_by_text("Ajouté\u202f: Une note").wait_for()


def test_a_bad_file_is_one_calm_sentence_without_a_path(visit, tmp_path):
    page = visit()
    panel(page, "articles")
    (tmp_path / "vide.txt").write_text(" ", encoding="utf-8")
    page.locator("#files input[type=file]").set_input_files(tmp_path / "vide.txt")
    notice = page.locator(".panel-notice")
    notice.get_by_text("vide.txt ne contient pas de texte lisible.").wait_for()
    expect(notice).not_to_contain_text("/", use_inner_text=True)
    expect(notice).to_have_class(re.compile(r"\bproblem\b"))


def test_a_file_too_large_is_told_in_red_and_keeps_no_other_out(visit, tmp_path):
    page = visit()
    with (tmp_path / "film.txt").open("wb") as file:
        file.truncate((20 << 20) + 1)
    (tmp_path / "note.txt").write_text("Une note\n\nLe quai mesure 12 mètres.", encoding="utf-8")
    panel(page, "articles")
    page.locator("#files input[type=file]").set_input_files([tmp_path / "film.txt", tmp_path / "note.txt"])
    notice = page.locator(".panel-notice.problem")
    notice.get_by_text("plus grand que 20\u202fMo\u202f: film.txt.").wait_for()
    notice.get_by_text("Ajouté\u202f: Une note").wait_for()


def test_one_article_or_all_of_them_are_asked(visit, door):
    page = visit()
    listed = panel(page, "articles")
    expect(listed.get_by_role("button", name="Interroger tous")).to_have_attribute("aria-pressed", "true")
    listed.locator("li", has_text="garden").get_by_role("button", name="Interroger seulement").click()
    page.locator("#reader .paper[lang=en]").wait_for()
    page.keyboard.press("Escape")
    ask(page, "La digue ?")
    finished(page)
    assert door.asked[-1][2] == list(door.kept)[1]


# ── Panels and the keyboard ─────────────────────────────────────────────────────────────────────────────────────


def test_a_panel_takes_the_focus_and_gives_it_back(visit):
    page = visit()
    page.locator('#header [data-panel="offline"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'panel-title'")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('#panes, #header')")
    page.keyboard.press("Escape")
    expect(page.locator('#header [data-panel="offline"]')).to_be_focused()


def test_a_click_outside_closes_a_panel(visit):
    page = visit()
    panel(page, "offline")
    page.mouse.click(200, 400)
    page.wait_for_function("!document.body.dataset.panel")


def test_the_offline_panel_says_what_was_refused_and_where_files_lie(visit, tmp_path):
    page = visit()
    shown = panel(page, "offline")
    expect(shown).to_contain_text("Connexions tentées", use_inner_text=True)
    expect(shown).to_contain_text(str(tmp_path / "conversations"), use_inner_text=True)


def test_everything_can_be_done_with_the_keyboard_alone(visit):
    page = visit()
    expect(page.locator("#question-box textarea")).to_be_focused()
    page.keyboard.type("La digue ?")
    page.keyboard.press("Enter")
    finished(page)
    highlights(page, QUOTE)
    page.locator("#further .chip").first.wait_for()
    page.locator("#past .question").evaluate("element => { element.tabIndex = -1; element.focus(); }")
    page.keyboard.press("Tab")
    expect(page.locator("#past .cite").first).to_be_focused()
    page.keyboard.press("Enter")
    highlights(page, QUOTE)
    expect(page.locator("#past .cite").first).to_be_focused()
    seen = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.dataset.act || document.activeElement.tagName"))
    assert {"copy", "again", "edit", "rate", "SUMMARY", "TEXTAREA"} <= seen


# ── Many readers ────────────────────────────────────────────────────────────────────────────────────────────────


def test_twenty_readers_at_once_each_get_their_own_answer(door):
    from support.gradio_probe import Reader

    with served(door) as address:
        door.go.set()
        readers = [Reader(address) for _ in range(20)]
        threads = [
            threading.Thread(target=reader.ask, args=(f"La digue, lecteur {number} ?",))
            for number, reader in enumerate(readers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    for number, reader in enumerate(readers):
        assert f"lecteur {number} ?" in reader.past
        assert QUOTE in reader.past
        assert reader.past.count('class="question"') == 1
    assert len({reader.conversation for reader in readers}) == 20
