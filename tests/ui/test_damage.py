"""What cannot be read is told in its place, and the rest of the page works."""

# ruff: noqa: ARG002  # the door is a protocol: its names are kept, used or not

import pytest
from support.fake_door import QUOTE, FakeDoor

from rag.conversations.database import FILE
from rag.errors import LibraryError, ModelError
from ui.acts import perform
from ui.drawing import Drawing
from ui.page import Page
from ui.tab import Tab

DAMAGE = "The library file library.sqlite is damaged."


class Without(FakeDoor):
    """A workspace without any library."""

    def libraries(self):
        return ()

    def default_library(self):
        return "articles"


class Damaged(FakeDoor):
    """A workspace whose only library cannot be read."""

    def articles(self, library):
        raise LibraryError(DAMAGE, "rag verify")


class Modelless(FakeDoor):
    """A workspace whose models cannot be listed, and whose model is gone."""

    def has_language_model(self):
        raise ModelError("The model petit is gone.", "rag models list")

    def language_models(self):
        raise ModelError("The models cannot be listed.", "rag models list")


def shown(door, panel=""):
    """Return the page as it stands once it is opened."""
    page, tab = Page(door), Tab()
    page.greet(tab, "a" * 32, "en")
    tab.panel = panel
    *_, drawn = Drawing(page).opened(tab)
    return page, tab, dict(zip(("header", "side", "past", "live", "reader", "asked", "panel"), drawn, strict=True))


def spoil(door):
    """Put what is no database in the place of the conversations; a page that has them open keeps what it had."""
    door.settings.conversations.mkdir(parents=True, exist_ok=True)
    for one in door.settings.conversations.iterdir():
        one.unlink()
    (door.settings.conversations / FILE).write_bytes(b"no database, whatever its name says. " * 500)


@pytest.mark.parametrize(
    ("kind", "place", "said"),
    [
        (Without, "past", "No article"),
        (Damaged, "reader", DAMAGE),
        (Modelless, "header", "The model petit is gone."),
    ],
)
def test_the_page_opens_and_says_what_is_missing(tmp_path, kind, place, said):
    _, tab, parts = shown(kind(tmp_path))
    assert said in parts[place]
    assert "aria-busy" not in parts["reader"]
    assert tab.words.opening not in parts["reader"]


@pytest.mark.parametrize(
    ("kind", "panel", "said"),
    [
        (Damaged, "articles", DAMAGE),
        (Modelless, "models", "The models cannot be listed."),
        (FakeDoor, "conversations", "The conversations cannot be read or written"),
    ],
)
def test_a_panel_that_cannot_be_read_says_so_and_the_others_are_drawn(tmp_path, kind, panel, said):
    door = kind(tmp_path)
    spoil(door)
    page, tab, parts = shown(door, panel)
    assert said in parts["panel"]
    for other in {"articles", "models", "offline"} - {panel}:
        tab.panel = other
        _, drawn, _ = next(Drawing(page).panel(tab))
        assert f'data-name="{other}"' in drawn


def test_conversations_that_cannot_be_read_are_not_called_none(tmp_path):
    assert "Nothing yet" in shown(FakeDoor(tmp_path / "sound"))[2]["side"]
    spoil(door := FakeDoor(tmp_path / "spoilt"))  # which was never open: who closes a file writes to it
    _, _, parts = shown(door, "conversations")
    for place in ("side", "panel"):
        assert "The conversations cannot be read or written (the file is no database)" in parts[place]
        assert "Nothing yet" not in parts[place]
    assert "rag doctor" in parts["side"]


def test_an_article_is_brought_where_there_is_no_library(tmp_path):
    page, tab, _ = shown(Without(tmp_path))
    told = list(page.shelf.add_text(tab, "Une halte\n\nLe train s'arrête ici."))
    assert "Une halte" in told[-1].text


def test_a_question_is_answered_though_nothing_can_be_kept(tmp_path):
    door = FakeDoor(tmp_path)
    spoil(door)
    page, tab, _ = shown(door)
    assert QUOTE in list(page.ask(tab, "La digue ?"))[-1].answer.text


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("rename", {"conversation": "x", "title": "y"}),
        ("delete", {"conversation": "x"}),
        ("conversations", {"query": "port"}),
    ],
)
def test_an_act_on_damaged_conversations_is_told_in_the_panel(tmp_path, act, values):
    door = FakeDoor(tmp_path)
    spoil(door)
    page, tab, _ = shown(door, "conversations")
    assert perform(page, tab, act, values) == ""
    _, drawn, _ = next(Drawing(page).panel(tab))
    assert "The conversations cannot be read or written" in drawn


def cut(door):
    """Cut the file of conversations to three pages, which hold no turn."""
    path = door.settings.conversations / FILE
    path.write_bytes(path.read_bytes()[: 3 * 4096])


def in_a_conversation(tmp_path):
    """Return a page whose tab has asked once, and its door."""
    door = FakeDoor(tmp_path)
    page, tab, _ = shown(door)
    list(page.ask(tab, "La digue ?"))
    page.kept.close()
    return door, page, tab


def drawn_after(page, tab, act, values):
    """Return the turns, the side and the panel after an act."""
    perform(page, tab, act, values)
    _, side, past, *_, panel = Drawing(page).everything(tab)
    return past, side, panel


def test_a_conversation_that_cannot_be_opened_is_told_where_it_would_stand(tmp_path):
    door, page, tab = in_a_conversation(tmp_path)
    past, side, _ = drawn_after(page, tab, "resume", {"conversation": "gone"})
    assert "This conversation does not exist, or no longer." in past
    assert 'role="alert"' not in side
    assert "does not exist" not in Drawing(page).everything(tab)[2]  # once
    spoil(door)
    past, side, _ = drawn_after(page, tab, "resume", {"conversation": "any"})
    assert "The conversations cannot be read or written" in past
    assert "The conversations cannot be read or written" in side


@pytest.mark.parametrize("harm", [spoil, cut])
def test_what_is_shown_stays_when_its_file_is_damaged_meanwhile(tmp_path, harm):
    door, page, tab = in_a_conversation(tmp_path)
    harm(door)
    assert QUOTE in list(page.ask(tab, "Et la digue ?"))[-1].answer.text
    assert [exchange.question for exchange in tab.exchanges] == ["La digue ?", "Et la digue ?"]
    assert page.history(tab)[0].question == "La digue ?"
    past, side, _ = drawn_after(page, tab, "rate", {"turn": "0", "rating": "up"})
    assert past.count("La digue ?") == 1
    for place in (past, side):
        assert 'class="problem"' in place


@pytest.mark.parametrize("kind", ["markdown", "word", "json"])
def test_what_cannot_be_exported_is_told_in_the_panel(tmp_path, kind):
    door, page, tab = in_a_conversation(tmp_path)
    tab.panel = "conversations"
    spoil(door)
    *_, panel = drawn_after(page, tab, "export", {"conversation": tab.conversation, "kind": kind})
    assert "The conversations cannot be read or written" in panel
    tab.panel = "notes"
    *_, panel = drawn_after(page, tab, "export", {"kind": kind})
    assert "The conversations cannot be read or written" in panel


def test_a_damaged_file_is_told_beside_what_is_left_of_it(tmp_path):
    door, page, tab = in_a_conversation(tmp_path)
    path = door.settings.conversations / FILE
    path.write_bytes(path.read_bytes()[:-4096])
    _, side, panel = drawn_after(page, tab, "conversations", {})
    for place in (side, panel):
        assert "The file of the conversations is damaged" in place
        assert "La digue ?" in place
        assert "Nothing yet" not in place
