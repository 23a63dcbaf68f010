"""What is drawn again after an event: never what another event has changed meanwhile, as it was before."""

from support.fake_door import GARDEN
from support.pages import opened

from ui.acts import perform
from ui.drawing import Drawing

TITLE = GARDEN.partition("\n")[0]


def garden(door):
    """Return the identifier of the second article."""
    return list(door.kept)[1]


def test_what_a_reader_does_while_an_answer_is_written_is_not_drawn_over(page, door):
    tab = opened(page)
    list(page.ask(tab, "La digue ?"))
    pictures = Drawing(page).answer(tab, "Lent ?")
    assert None not in next(pictures)
    perform(page, tab, "show", {"article": garden(door)})
    perform(page, tab, "rate", {"turn": "0", "rating": "up"})
    perform(page, tab, "rename", {"conversation": tab.conversation, "title": "La renommée"})
    door.go.set()
    later = list(pictures)
    for header, side, past, live in later:
        assert header is None or TITLE in header
        assert side is None or "La renommée" in side
        assert past is None or 'aria-pressed="true"' in past
        assert live is not None
    assert None not in later[-1]


def test_what_a_reader_does_while_an_answer_is_followed_after_a_reload_is_not_drawn_over(page, door):
    tab, again = opened(page), opened(page)
    next(page.ask(tab, "Lent ?"))
    page.resume(again, tab.conversation)
    pictures = Drawing(page).whole(again)
    assert None not in next(pictures)
    perform(page, again, "articles", {})
    perform(page, again, "show", {"article": garden(door)})
    door.go.set()
    later = list(pictures)
    for header, *_, reader, _, panel in later:
        assert header is None or TITLE in header
        assert reader is None or "1894" in reader
        assert panel is None or TITLE in panel
    assert "Un début et une fin." in later[-1][2]


def test_what_a_reader_does_while_files_are_read_is_not_drawn_over(page, door, tmp_path):
    tab = opened(page)
    (tmp_path / "note.txt").write_text("Une note\n\nLe quai mesure 12 mètres.", encoding="utf-8")
    perform(page, tab, "articles", {})
    pictures = Drawing(page).files(tab, [tmp_path / "note.txt"])
    *before, panel = next(pictures)
    assert set(before) == {None}
    assert "note.txt" in panel
    list(page.ask(tab, "La digue ?"))
    *_, whole, last = pictures
    assert "La digue ?" in whole[2]
    assert "Une note" in whole[-1]
    assert set(last) == {None}  # it is sent twice


def test_what_a_reader_does_while_a_model_is_fetched_is_not_drawn_over(page, door):
    tab = opened(page)
    perform(page, tab, "models", {})
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    pictures = Drawing(page).models(tab)
    assert None not in next(pictures)
    perform(page, tab, "show", {"article": garden(door)})
    door.arrived.set()
    for header, _, fetching in pictures:
        assert header is None or TITLE in header
        assert fetching is not None
