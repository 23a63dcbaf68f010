"""What a reader sees first, and what covers it: where a tip stands, where a long answer begins, an empty library."""

import pytest
from support.browser import DROP, ask, finished, panel, served, visiting
from support.fake_door import FakeDoor

pytestmark = pytest.mark.browser

COVERED = """
() => {
  const tip = document.querySelector('#tip.shown').getBoundingClientRect();
  const headlines = document.querySelectorAll('#header .bar, .turn .question, .card h2');
  return [...headlines].filter((headline) => {
    const box = headline.getBoundingClientRect();
    return box.bottom > tip.top && box.top < tip.bottom && box.right > tip.left && box.left < tip.right;
  }).map((headline) => headline.textContent);
}
"""
"""The headlines that the tip of a mark covers."""
OUT_OF_PLACE = """
() => {
  const [tip, column] = ['#tip.shown', '#turns'].map((one) => document.querySelector(one).getBoundingClientRect());
  return tip.left < column.left || tip.right > column.right || tip.top < 0 || tip.bottom > innerHeight;
}
"""
"""Whether it stands over the article, or beyond the window."""
AT_ITS_BEGINNING = """
(turn) => {
  const [shown, box] = [turn, '#turns'].map((one) => document.querySelector(one).getBoundingClientRect());
  return shown.height > box.height && Math.abs(shown.top - box.top) < 1;
}
"""
"""Whether a turn does not fit and stands with its question at the top."""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (900, 700), (390, 844), (640, 400)])
def test_the_tip_of_a_mark_covers_no_headline_and_no_article(visit, width, height):
    page = visit(width=width)
    page.set_viewport_size({"width": width, "height": height})
    card = page.locator("#card .card .cite")
    card.wait_for()
    card.hover()
    page.locator("#tip.shown .quote").wait_for()
    assert page.evaluate(COVERED) == []
    assert not page.evaluate(OUT_OF_PLACE)
    ask(page, "La digue citée ?")  # the pointer stays where the card's mark was
    page.locator("#tip.shown").wait_for(state="detached")
    for mark in finished(page).locator(".cite").all():
        page.mouse.move(1, height - 1)
        page.locator("#tip.shown").wait_for(state="detached")
        mark.hover()
        page.locator("#tip.shown .quote").wait_for()
        assert page.evaluate(COVERED) == []
        assert not page.evaluate(OUT_OF_PLACE)


def test_no_line_of_a_tip_is_cut_in_its_height(visit):
    page = visit()
    ask(page, "La digue ?")
    finished(page).locator(".cite").first.hover()
    tip = page.locator("#tip.shown")
    tip.locator(".quote").wait_for()
    assert tip.evaluate("(tip) => tip.scrollHeight <= tip.clientHeight")


def test_of_an_answer_that_does_not_fit_the_question_is_at_the_top(visit):
    page = visit(width=390)
    page.set_viewport_size({"width": 390, "height": 480})
    for number in range(2):
        ask(page, "La digue citée ?")
        finished(page, number)
        page.wait_for_function(AT_ITS_BEGINNING, arg=f"#past #turn-{number}")


def test_who_has_read_on_below_the_beginning_of_a_long_answer_stays_there(visit):
    page = visit(width=390)
    page.set_viewport_size({"width": 390, "height": 480})
    ask(page, "La digue citée ?")
    finished(page)
    page.wait_for_function(AT_ITS_BEGINNING, arg="#past #turn-0")
    turns = page.locator("#turns")
    place = turns.evaluate(  # and the page has heard of it
        "(turns) => new Promise(done => {"
        " turns.addEventListener('scroll', () => done(turns.scrollTop), {once: true}); turns.scrollTop += 60; })"
    )
    page.locator("#question-box textarea").fill("mot " * 600)
    page.get_by_text("La question est coupée").wait_for()
    assert turns.evaluate("(turns) => turns.scrollTop") >= place


def test_doubt_is_told_before_the_answer_that_it_is_about(visit):
    page = visit()
    ask(page, "Qui est maire, sans doute ?")
    first = finished(page).locator(".answer > p").first
    assert first.inner_text() == "Relisez."


def test_a_file_of_another_kind_is_refused_by_name_in_the_page_s_own_words(visit, tmp_path):
    page = visit()
    panel(page, "articles")
    field = page.locator("#files input[type=file]")
    with page.expect_file_chooser():
        page.locator("#files button").first.click()
    assert ".pdf" in field.get_attribute("accept").split(",")
    page.locator("#chat").evaluate(DROP, {"ventes.xlsx": "a", "note.txt": "Une note\n\nLe quai mesure 12 mètres."})
    notice = page.locator(".panel-notice.problem")
    notice.get_by_text("ne peut pas être lu\u202f: ventes.xlsx.").wait_for()
    notice.get_by_text("Ajouté\u202f: Une note").wait_for()
    assert page.locator(".toast-body").count() == 0


def test_an_empty_library_says_what_can_be_brought_and_offers_nothing_to_read(chrome, tmp_path):
    door = FakeDoor(tmp_path)
    door.kept.clear()
    with served(door) as address, visiting(chrome, address) as open_page:
        page = open_page(width=390)
        told = page.locator("#reader .empty").text_content()
        assert ".pdf" in told
        assert told not in page.locator(".welcome").text_content()
        assert page.locator('#header [data-act="read"]').is_hidden()
        name, status = (page.locator(f"#header .{one}").bounding_box() for one in ("name", "status"))
        assert name["width"] > 100
        assert abs(name["y"] + name["height"] / 2 - status["y"] - status["height"] / 2) < 4
