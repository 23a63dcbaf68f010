"""Cards made in the background: once for each article, as they grow, after whatever a reader waits for."""

import threading

from support.fake_door import QUOTE
from support.pages import opened

from rag.card import Card
from rag.errors import LibraryError
from ui.drawing import Drawing
from ui.live import Cards


def test_a_card_grows_and_is_made_once(page, door):
    tab = opened(page)
    *_, last = page.cards.follow(tab.library, tab.shown)
    assert last.summary[0].text == QUOTE
    assert page.cards.card(tab.library, tab.shown) is last
    assert list(page.cards.follow(tab.library, tab.shown)) == [last]
    assert door.carded == [tab.shown]


def test_a_question_under_way_goes_first(page, door):
    tab = opened(page)
    answer = page.ask(tab, "Lent ?")
    next(answer)
    made = threading.Thread(target=lambda: list(page.cards.follow(tab.library, tab.shown)))
    made.start()
    assert door.carded == []
    door.go.set()
    list(answer)
    made.join(5)
    assert door.carded == [tab.shown]


def test_what_cannot_be_made_is_no_card_and_is_tried_again():
    tries = []

    def make(library, article):
        tries.append(article)
        yield Card(article, "fr")
        if len(tries) == 1:
            raise LibraryError("This article is not in the library.", "rag list")

    cards = Cards(make, lambda: None)
    assert [card.article for card in cards.follow("l", "a")] == ["a"]
    list(cards.follow("l", "a"))
    list(cards.follow("l", "a"))
    assert tries == ["a", "a"]


def test_a_card_under_way_is_waited_for_when_the_page_is_closed_and_made_no_further():
    begun, go, made = threading.Event(), threading.Event(), []

    def make(_, article):
        for part in range(3):
            begun.set()
            go.wait()
            made.append(part)
            yield Card(article, "fr")

    cards = Cards(make, lambda: None)
    shown = cards.follow("l", "a")
    closing = threading.Thread(target=cards.close)
    reading = threading.Thread(target=lambda: list(shown))
    reading.start()
    begun.wait()
    closing.start()
    reading.join()  # nobody waits for the card any more
    assert closing.is_alive()
    go.set()
    closing.join()
    assert made == [0]


def test_nothing_is_made_once_the_page_is_closed():
    cards = Cards(lambda _, article: iter([Card(article, "fr")]), lambda: None)
    cards.close(5)
    assert list(cards.follow("l", "a")) == []


def test_the_card_and_what_to_ask_next_are_drawn(page, views):
    tab, drawing = opened(page), Drawing(page)
    first, *_, last = drawing.card(tab)
    assert first == "" or "card" in first
    assert QUOTE in last
    assert list(drawing.further(tab)) == [""]
    list(page.ask(tab, "La digue ?"))
    *_, offered = drawing.further(tab)
    assert "Combien a coûté la digue" in offered
    assert views.further(tab) == offered
