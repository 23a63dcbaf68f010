"""One page without a browser: its tabs, what is asked and kept in them."""

from support.pages import opened

from rag.events import Token
from ui.acts import perform
from ui.html.answer import progress_of
from ui.tab import Tab
from ui.words.french import FRENCH


def test_a_question_becomes_a_turn_and_the_next_one_knows_it(page, door):
    tab = opened(page)
    exchanges = list(page.ask(tab, "  La\ndigue ? "))
    assert exchanges[-1].done
    assert [exchange.question for exchange in tab.exchanges] == ["La digue ?"]
    list(page.ask(tab, "Et la lune ?"))
    _, history, _ = door.asked[-1]
    assert [turn.question for turn in history] == ["La digue ?"]
    assert history[0].answer.startswith("Réponse 1")


def test_a_question_can_be_asked_as_typed_without_the_turns_before_it(page, door):
    tab = opened(page)
    list(page.ask(tab, "La digue ?"))
    list(page.ask(tab, "Et la lune ?"))
    again = perform(page, tab, "typed", {})
    list(page.ask(tab, again))
    assert door.asked[-1][:2] == ("Et la lune ?", ())
    assert len(tab.exchanges) == 2
    list(page.ask(tab, "Et le soleil ?"))
    assert len(door.asked[-1][1]) == 2


def test_an_empty_question_asks_nothing(page, door):
    assert list(page.ask(opened(page), " \n ")) == []
    assert door.asked == []


def test_a_second_question_does_not_disturb_the_answer_under_way(page, door):
    tab = opened(page)
    first = page.ask(tab, "Lent ?")
    next(first)
    assert list(page.ask(tab, "La digue ?")) == []
    door.go.set()
    assert list(first)[-1].answer.text == "Un début et une fin."
    assert len(door.asked) == 1


def test_stopping_keeps_what_was_written_and_closes_the_stream(page, views, door):
    tab = opened(page)
    exchanges = page.ask(tab, "Lent ?")
    for exchange in exchanges:
        if exchange.text:
            page.stop(tab)
            break
    last = list(exchanges)[-1]
    assert last.answer.stopped
    assert last.answer.text == "Un début "
    assert door.closed.wait(5)
    assert "Réponse arrêtée." in views.past(tab)


def test_an_error_is_shown_as_a_sentence_and_the_conversation_goes_on(page):
    tab = opened(page)
    assert list(page.ask(tab, "Panne ?"))[-1].problem.remedy == "rag verify exemple"
    assert list(page.ask(tab, "La digue ?"))[-1].answer


def test_an_unforeseen_error_shows_no_detail(page, views, monkeypatch):
    def broken(*_, **__):
        yield Token("Oui")
        raise KeyError("/secret/path")

    monkeypatch.setattr(page.door, "answer", broken)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    tab = opened(page)
    last = list(page.ask(tab, "La digue ?"))[-1]
    assert last.problem.message == tab.words.went_wrong
    assert "secret" not in views.past(tab)


def test_closing_ends_all_that_goes_on_and_nothing_begins_afterwards(page, door):
    tab = opened(page)
    answer = page.ask(tab, "Lent ?")
    next(answer)
    page.models.install(tab, "ministral-3-3b")
    page.close()
    assert tab.running.over
    assert tab.running.exchange.answer.stopped
    assert page.models.state.stopped
    assert list(page.cards.follow(tab.library, tab.shown)) == []
    page.warm_up()
    assert door.warmed == 0


def test_an_answer_that_ends_while_its_conversation_is_opened_is_whole_there(page, door, monkeypatch):
    tab, again = opened(page), opened(page)
    next(page.ask(tab, "Lent ?"))
    turns = page.kept.turns

    def read_slowly(*asked):
        found = turns(*asked)
        door.go.set()
        tab.running.join(60)
        return found

    monkeypatch.setattr(page.kept, "turns", read_slowly)
    assert page.resume(again, tab.conversation)
    assert [exchange.answer.text for exchange in again.exchanges] == ["Un début et une fin."]
    assert again.running is None


def test_a_question_waits_for_the_answer_that_another_tab_waits_for_in_the_conversation(page, door):
    one, other = opened(page), opened(page)
    list(page.ask(one, "La digue ?"))
    assert page.resume(other, one.conversation)
    slow = page.ask(one, "Lent ?")
    next(slow)
    asking = page.ask(other, "Et la lune ?")
    assert next(asking).question == "Lent ?"
    door.go.set()
    assert list(asking)[-1].question == "Et la lune ?"
    assert [one.question for one in other.exchanges] == ["La digue ?", "Lent ?", "Et la lune ?"]
    assert [turn.question for turn in door.asked[-1][1]] == ["La digue ?", "Lent ?"]
    list(slow)
    list(page.ask(one, "Et le soleil ?"))
    assert [one.question for one in one.exchanges] == ["La digue ?", "Lent ?", "Et la lune ?", "Et le soleil ?"]


def test_who_leaves_for_another_conversation_meanwhile_does_not_ask_there(page, door):
    one, other = opened(page), opened(page)
    list(page.ask(one, "La digue ?"))
    assert page.resume(other, one.conversation)
    next(page.ask(one, "Lent ?"))
    asking = page.ask(other, "Et la lune ?")
    next(asking)
    page.begin(other)
    door.go.set()
    list(asking)
    assert other.exchanges == []
    assert [question for question, *_ in door.asked] == ["La digue ?", "Lent ?"]


def test_a_question_is_not_edited_in_the_place_of_one_that_another_tab_asked(page):
    one, other = opened(page), opened(page)
    list(page.ask(one, "La digue ?"))
    assert page.resume(other, one.conversation)
    other.editing = True
    list(page.ask(one, "Et la lune ?"))
    list(page.ask(other, "La digue, donc ?"))
    assert [one.question for one in other.exchanges] == ["La digue ?", "Et la lune ?", "La digue, donc ?"]


def test_two_tabs_do_not_see_each_other(page, views):
    one, two = opened(page), opened(page, "b" * 32, "en")
    list(page.ask(one, "La digue ?"))
    assert two.exchanges == []
    assert "digue mesure" not in views.past(two)
    assert "Ask a question" in views.past(two)


def test_only_an_article_of_the_library_can_be_opened(page, views, door):
    tab = opened(page)
    shown = tab.shown
    page.shelf.show(tab, "../../etc/passwd")
    assert tab.shown == shown
    other = list(door.kept)[1]
    page.shelf.show(tab, other)
    assert f'data-article="{other}"' in views.reader(tab)


def test_an_erased_conversation_comes_back_until_something_else_is_done(page, views):
    tab = opened(page)
    list(page.ask(tab, "La digue ?"))
    identifier = tab.conversation
    perform(page, tab, "delete", {"conversation": identifier})
    assert tab.conversation == ""
    assert page.kept.listed(tab.reader) == ()
    assert "Aucune conversation" not in views.side(tab)
    perform(page, tab, "undo", {})
    perform(page, tab, "undo", {})
    assert [summary.identifier for summary in page.kept.listed(tab.reader)] == [identifier]
    assert "La digue ?" in views.side(tab)
    assert tab.conversation == identifier  # and is shown again
    assert "310 mètres" in views.past(tab)


def test_a_conversation_that_comes_back_takes_the_place_of_no_other(page):
    tab = opened(page)
    list(page.ask(tab, "La digue ?"))
    erased = tab.conversation
    perform(page, tab, "delete", {"conversation": erased})
    list(page.ask(tab, "La digue ?"))
    begun, undo = tab.conversation, tab.undo
    assert begun != erased
    undo()
    assert tab.conversation == begun
    assert {summary.identifier for summary in page.kept.listed(tab.reader)} == {begun, erased}


def test_words_of_an_article_are_noted_remarked_erased_and_taken_back(page, views, door):
    tab = opened(page)
    port = door.kept[tab.shown]
    start = port.text.index("42 bateaux")
    place = {"article": tab.shown, "start": str(start), "end": str(start + 10)}
    perform(page, tab, "note", place)
    assert "42 bateaux" in views.panel(tab)
    (note,) = page.kept.notes.of(tab.reader, tab.shown)
    perform(page, tab, "remark", {"note": note.identifier, "remark": "Vérifier"})
    assert "Vérifier" in views.panel(tab)
    perform(page, tab, "unnote", {"note": note.identifier})
    assert FRENCH.no_notes in views.panel(tab)
    perform(page, tab, "undo", {})
    assert "Vérifier" in views.panel(tab)


def test_the_first_question_says_what_is_still_being_loaded(page, door):
    door.warm.clear()
    page.warm_up()
    answer = page.ask(opened(page), "La digue ?")
    exchange = next(exchange for exchange in answer if exchange.working)
    assert progress_of(exchange, FRENCH) == (FRENCH.warming, None)
    door.warm.set()
    assert list(answer)[-1].answer.text


def test_an_address_opens_its_article_in_whatever_library(page, door):
    other = list(door.kept)[1]
    tab = Tab()
    page.greet(tab, "a" * 32, "fr", f"article={other}:4-10")
    page.open(tab)
    assert (tab.shown, tab.scope, tab.conversation) == (other, other, "")
    page.greet(tab, "a" * 32, "fr", "article=0123456789abcdef")
    page.open(tab)
    assert tab.shown == next(iter(door.kept))


def test_a_citation_is_pinned_once_and_shows_so_until_its_note_goes(page, views, door):
    tab = opened(page)
    list(page.ask(tab, "La digue ?"))
    cited = tab.exchanges[0].answer.citations[0]
    place = {"article": cited.article, "start": str(cited.start), "end": str(cited.end)}
    assert 'data-act="pinned"' not in views.past(tab)
    for _ in range(2):
        perform(page, tab, "pin", place)
    assert views.past(tab).count('data-act="pinned"') == 1
    (note,) = page.kept.notes.of(tab.reader, cited.article)
    assert note.quote == cited.quote
    perform(page, tab, "notes", {"article": cited.article})
    assert cited.quote in views.panel(tab)
    perform(page, tab, "unnote", {"note": note.identifier})
    assert 'data-act="pinned"' not in views.past(tab)
    perform(page, tab, "undo", {})
    assert 'data-act="pinned"' in views.past(tab)


def test_the_notes_of_a_citation_s_article_are_shown_where_another_one_is_open(page, views, door):
    tab = opened(page)
    other = next(one for one in door.kept if one != tab.shown)
    perform(page, tab, "pin", {"article": other, "start": "0", "end": "10"})
    perform(page, tab, "notes", {"article": other})
    assert door.kept[other].text[:10] in views.panel(tab)
