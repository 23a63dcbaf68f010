"""What readers of other chats have reported in public, tried on this page; each test names the report."""

from __future__ import annotations

import pytest
from support.browser import ask, comes_to, expect, finished, panel
from support.fake_door import QUOTE

pytestmark = pytest.mark.browser

ENTER = """(box) => {
  for (let time = 0; time < 4; time++) {
    for (const kind of ['keydown', 'keypress', 'keyup']) {
      const how = {key: 'Enter', code: 'Enter', keyCode: 13, which: 13, bubbles: true, cancelable: true};
      box.dispatchEvent(new KeyboardEvent(kind, how));
    }
  }
}"""
COMPOSING = """(box) => box.dispatchEvent(
  new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, keyCode: 229, bubbles: true, cancelable: true}))"""


def test_enter_within_a_composition_chooses_a_word_and_sends_nothing(visit):
    """run-llama/chat-ui#60."""
    page = visit()
    box = page.locator("#question-box textarea")
    box.focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    box.evaluate(COMPOSING)
    keyboard.send("Input.insertText", {"text": "日本"})
    expect(box).to_have_value("日本")
    page.keyboard.press("Enter")
    assert finished(page).locator(".question").inner_text() == "日本"
    expect(page.locator("#past .turn")).to_have_count(1)


def test_enter_or_a_click_that_comes_again_at_once_asks_once(visit):
    """chatwoot/chatwoot#946, airyhq/airy#2358."""
    page = visit()
    box = page.locator("#question-box textarea")
    box.fill("La digue ?")
    box.evaluate(ENTER)
    finished(page)
    box.fill("La lune ?")
    page.locator("#send").dblclick()
    finished(page, 1)
    ask(page, "La digue ?")
    finished(page, 2)
    expect(page.locator("#past .turn .question")).to_have_text(
        ["La digue ?", "La lune ?", "La digue ?"], use_inner_text=True
    )


def test_who_reads_further_up_stays_there_when_the_answer_is_written(visit, door):
    """Mintplex-Labs/anything-llm#2253, nesquena/hermes-webui#3525."""
    page = visit()
    for number in range(4):
        ask(page, "La digue ?")
        finished(page, number)
    ask(page, "Lent ?")
    page.locator("#live").get_by_text("Un début").wait_for()
    turns = page.locator("#turns")
    turns.evaluate(  # and the page has heard of it
        "(turns) => new Promise(done => {"
        " turns.addEventListener('scroll', () => done(), {once: true}); turns.scrollTop = 40; })"
    )
    door.go.set()
    finished(page, 4)
    page.locator("#further .chip").first.wait_for(state="attached")
    comes_to(page, "() => document.querySelector('#turns').scrollTop", 40)


def test_the_page_goes_on_after_the_last_conversation_is_deleted(visit):
    """huggingface/chat-ui#937."""
    page = visit()
    ask(page, "La digue ?")
    finished(page)
    listed = panel(page, "conversations")
    listed.get_by_role("button", name="Supprimer").click()
    expect(listed.locator(".entry")).to_have_count(0)
    page.keyboard.press("Escape")
    page.locator("#past .chip").first.wait_for()
    ask(page, "La digue ?")
    assert QUOTE in finished(page).inner_text()
    expect(panel(page, "conversations").locator(".entry")).to_have_count(1)


def test_files_are_added_whatever_signs_their_names_hold(visit, tmp_path):
    """Mintplex-Labs/anything-llm#2832, error311/FileRise#29."""
    page = visit()
    found = panel(page, "articles")
    names = ["中文文件 报告.txt", "test&&test (1).txt", "l'été #1, 100 %.txt", "<b>.txt", "🏆.txt"]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(f"Note {number}\n\nLe quai mesure {number} mètres.", encoding="utf-8")
    page.locator("#files input[type=file]").set_input_files([tmp_path / name for name in names])
    for number in range(len(names)):
        found.locator(".entries .entry").get_by_text(f"Note {number}", exact=True).wait_for()
    expect(page.locator("#panel b")).to_have_count(0)
