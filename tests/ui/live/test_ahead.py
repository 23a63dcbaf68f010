"""Articles read before the first question: in which order, and when the reading stops."""

import threading

import pytest
from support.pages import opened

from rag.errors import ModelError
from rag.events import Finished, Retrieved, Working
from rag.values import Answer, Evidence
from ui.acts import perform
from ui.live import Ahead, Place

PLACE = Place("petit", "exemple", "a")


@pytest.fixture
def reading(page, views, door):
    """Give a page over a language model, with a tab that asks the first article and has begun to have it read."""
    door.language_model = True
    tab = opened(page)
    perform(page, tab, "scope", {"scope": next(iter(door.kept))})
    follow = page.read_ahead(tab)
    until(views, tab, "50", follow)
    return tab, follow


def until(views, tab, said, follow):
    """Follow a reading until the line above the question says something."""
    next(found for _ in follow if said in (found := views.ahead(tab)))


def test_the_article_is_read_before_the_first_question_and_once(page, views, door, reading):
    tab, follow = reading
    assert "Lecture de l’article… 50" in views.ahead(tab)
    other = opened(page, "b" * 32, "en")
    perform(page, other, "scope", {"scope": tab.scope})
    second = page.read_ahead(other)
    until(views, other, "Reading the article… 50%", second)
    door.read.set()
    list(follow), list(second)
    assert views.ahead(tab) == views.ahead(other) == ""
    assert list(page.read_ahead(tab)) == []
    assert door.prepared == [tab.scope]


def test_a_question_goes_before_the_reading_which_goes_on_afterwards(page, views, door, reading):
    tab, follow = reading
    answer = page.ask(tab, "Lent ?")
    next(answer)
    assert door.stepped_aside.wait(5)
    page.ahead.join(5)
    assert views.ahead(tab) == ""
    door.go.set()
    assert list(answer)[-1].answer.text == "Un début et une fin."
    until(views, tab, "50", follow)
    door.read.set()
    list(follow)
    assert door.prepared == [tab.scope] * 2


def test_what_an_answer_has_read_whole_is_not_read_again(page, door, reading, monkeypatch):
    def answer(question, *_, **__):
        yield Retrieved(question, (), Evidence((), {}, 0.9, sufficient=True), whole_article=True)
        yield Working("queued", position=2)
        yield Finished(Answer(question, "Oui.", False, "petit"))

    monkeypatch.setattr(door, "answer", answer)
    tab, follow = reading
    assert list(page.ask(tab, "La digue ?"))[-1].answer
    list(follow)
    assert list(page.read_ahead(tab)) == []
    assert door.prepared == [tab.scope]


def test_the_place_in_the_queue_does_not_count_the_reading():
    go = threading.Event()

    def reading(_):
        try:
            while not go.wait(0.01):
                yield Working("reading", 0.5)
        finally:
            go.wait(5)  # llama.cpp has not heard of it yet

    ahead = Ahead(reading)
    wish = ahead.wish(PLACE)
    follow = ahead.follow(wish)
    next(working for _ in follow if (working := ahead.progress(wish)))
    queued = [Working("queued", position=2), Working("queued", position=1)]
    assert list(ahead.answered(PLACE, iter(queued))) == queued[:1]
    go.set()
    list(follow)
    assert list(ahead.answered(PLACE, iter(queued))) == queued


def test_the_reading_stops_when_the_reader_moves_to_another_article_or_leaves(page, views, door, reading):
    tab, follow = reading
    first, second = list(door.kept)[:2]
    perform(page, tab, "scope", {"scope": second})
    moved = page.read_ahead(tab)
    until(views, tab, "50", moved)
    list(follow)
    assert door.prepared == [first, second]
    moved.close()
    page.ahead.join(5)
    assert door.stepped_aside.is_set()
    assert views.ahead(tab) == ""


def test_articles_of_several_readers_are_read_one_after_the_other(page, views, door, reading):
    tab, follow = reading
    other = opened(page, "b" * 32)
    perform(page, other, "scope", {"scope": list(door.kept)[1]})
    second = page.read_ahead(other)
    next(second)
    assert door.prepared == [tab.scope]
    assert views.ahead(other) == ""
    door.read.set()
    list(follow), list(second)
    assert door.prepared == list(door.kept)[:2]


def test_quotes_read_nothing_ahead_nor_does_a_question_to_all_articles(page, door):
    tab = opened(page)
    assert list(page.read_ahead(tab)) == []
    door.language_model = True
    assert tab.scope == ""
    assert list(page.read_ahead(tab)) == []
    assert door.prepared == []


def test_closing_stops_answers_and_readings_and_begins_none(page, door, reading):
    tab, follow = reading
    answer = page.ask(tab, "Lent ?")
    next(exchange for exchange in answer if exchange.text)  # the model writes
    page.close()
    assert door.stepped_aside.is_set()
    assert door.closed.is_set()
    assert list(answer)[-1].answer.stopped
    list(follow)
    assert door.prepared == [tab.scope]


def test_a_model_that_cannot_read_ahead_leaves_the_page_as_it_is(page, views, door, monkeypatch):
    def broken(**_):
        yield Working("reading", 0.5)
        raise ModelError("The model needs 9 GB of memory.", "rag models list")

    monkeypatch.setattr(door, "prepare", broken)
    door.language_model = True
    tab = opened(page)
    perform(page, tab, "scope", {"scope": next(iter(door.kept))})
    list(page.read_ahead(tab))
    assert views.ahead(tab) == ""
    assert list(page.ask(tab, "La digue ?"))[-1].answer
