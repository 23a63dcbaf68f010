"""What stands around the conversation: the bar, the list at the side, the panels."""

from support.fake_door import harbour
from support.pages import Text

from rag.conversations import Note, Summary
from rag.values import Entry
from ui.html import (
    ArticlesPanel,
    Bar,
    articles_html,
    conversations_html,
    display_html,
    header_html,
    notes_html,
    side_html,
)
from ui.html.panels import MOST_CONVERSATIONS
from ui.state import Notice
from ui.words.english import ENGLISH
from ui.words.french import FRENCH

HOSTILE = "<b>\"'&{{ 7*7 }}"


def summary(title="La digue ?", identifier="1"):
    return Summary(identifier, title, "exemple", "p", "2026-11-26T04:05:06+00:00", "2026-11-26T04:05:06+00:00", 1)


def test_the_bar_names_the_article_and_where_it_comes_from():
    html = header_html(Bar("citations", subject=HOSTILE, facts="17 mars"), FRENCH)
    assert Text(html, within="subject").text == HOSTILE
    assert 'data-facts="17 mars"' in html


def test_quotes_only_is_a_switch_where_there_is_a_choice():
    assert 'data-act="quoting" aria-pressed="false"' in header_html(Bar("m", quoting=False), FRENCH)
    pressed = header_html(Bar("citations", quoting=True), FRENCH)
    assert 'data-act="quoting" aria-pressed="true"' in pressed
    assert "citations<" not in pressed  # said once is enough
    assert "quoting" not in header_html(Bar("m"), FRENCH)


def test_that_there_is_no_model_is_a_bar_that_can_be_dismissed():
    html = header_html(Bar("citations", no_model=True), ENGLISH)
    assert ENGLISH.no_model_hint in html
    assert 'data-act="dismiss" data-hint="no-model" aria-label="Do not show again"' in html
    assert "no-model" not in header_html(Bar("citations"), ENGLISH)


def test_the_side_tells_article_and_hour_and_which_one_is_open():
    html = side_html([(summary(HOSTILE), "Le port"), (summary(identifier="2"), "")], FRENCH, current="2")
    assert "Le port · 26\u00a0novembre 2026, " in html
    assert "exemple · 26\u00a0novembre 2026, " in html
    assert html.count('aria-current="true"') == 1
    assert HOSTILE in Text(html).text
    assert side_html([(summary(), "")] * 300, FRENCH).count("data-conversation") == MOST_CONVERSATIONS


def test_a_search_without_a_find_says_so_and_an_empty_list_something_else():
    for html in (side_html([], FRENCH, query=HOSTILE), conversations_html([], FRENCH, query=HOSTILE)):
        assert f"Aucune conversation ne contient {FRENCH.quoted(HOSTILE)}." in Text(html).text
    for html in (side_html([], FRENCH), conversations_html([], FRENCH)):
        assert FRENCH.no_conversations in Text(html).text


def test_what_was_erased_can_be_taken_back_without_a_question_before():
    html = conversations_html([(summary(), "")], FRENCH, undo=True)
    assert 'data-act="undo"' in html
    assert "data-confirm" not in html
    assert 'data-act="undo"' not in conversations_html([(summary(), "")], FRENCH)


def shelf(query=""):
    port = harbour()
    entries = [
        Entry("1", port.title, "2025-03-17", "fr", "port.md", 9, 2),
        Entry("2", "Le jardin fermé", "1894", "fr", "x.txt", 9, 2),
    ]
    return ArticlesPanel(entries, ("l",), "l", scope="", shown="1", hint="", query=query)


def test_what_was_done_all_the_same_stands_apart_from_what_could_not_be():
    html = display_html(FRENCH, notice=Notice("Trop grand.", "problem", "Ajouté <b>un</b>"))
    assert 'class="panel-notice problem"' in html
    assert '<span class="beside">Ajouté &lt;b&gt;un&lt;/b&gt;</span>' in html
    assert "beside" not in display_html(FRENCH, notice=Notice("Fait."))


def test_the_library_is_searched_and_adding_stands_at_its_top():
    html = articles_html(shelf("BREHAL 2025"), FRENCH)
    assert html.index('data-act="adding"') < html.index('class="entries"')
    assert "Le port de Bréhal" in html
    assert "jardin" not in html
    assert 'data-scope="*"' in html
    nothing = Text(articles_html(shelf("lune"), FRENCH)).text
    assert "Aucun article ne correspond à «\u202flune\u202f»." in nothing
    assert FRENCH.no_article not in nothing


def test_notes_stand_with_their_place_and_their_remark():
    note = Note("n", "p", "Le port", 3, 9, HOSTILE, f"\n{HOSTILE}", "2026-11-26T04:05:06+00:00")
    html = notes_html("Le port", [note], FRENCH)
    assert 'data-start="3" data-end="9"' in html
    assert Text(html, within="remark").text.endswith(f"\n{HOSTILE}")
    assert FRENCH.no_notes in Text(notes_html("Le port", [], FRENCH)).text


def test_display_and_keys_stand_in_one_panel():
    html = display_html(ENGLISH)
    assert html.count('data-act="display"') == 6
    assert "<kbd>Ctrl</kbd><kbd>K</kbd>" in html
    assert 'data-act="language" data-language="fr"' in html
