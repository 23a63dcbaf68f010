"""Files that a reader takes away, under names that people read."""

import io
import json

import docx
from support.pages import opened

from ui.acts import perform
from ui.exporting import exported, exported_notes, file_name


def noted(page, tab, door):
    start = door.kept[tab.shown].text.index("42 bateaux")
    perform(page, tab, "note", {"article": tab.shown, "start": str(start), "end": str(start + 10)})


def text_of(file):
    return "\n".join(one.text for one in docx.Document(io.BytesIO(file)).paragraphs)


def test_a_conversation_is_taken_away_with_the_notes_on_its_articles(page, door):
    tab = opened(page)
    list(page.ask(tab, "La digue ?"))
    noted(page, tab, door)
    for kind, suffix, read in (
        ("markdown", "md", str),
        ("word", "docx", text_of),
        ("json", "json", lambda text: json.loads(text)["turns"][0]["answer"]["text"]),
    ):
        name, file = exported(page, tab, tab.conversation, kind)
        assert name.endswith(f" La digue.{suffix}")
        assert "310 mètres" in read(file)
        assert ("42 bateaux" in read(file)) == (kind != "json")


def test_nothing_is_taken_away_of_another_reader_or_as_an_unknown_kind(page, door):
    tab, other = opened(page), opened(page, reader="b" * 32)
    list(page.ask(tab, "La digue ?"))
    noted(page, tab, door)
    assert exported(page, other, tab.conversation, "markdown") is None
    assert exported(page, tab, tab.conversation, "exe") is None
    assert exported_notes(page, other, "markdown") is None


def test_notes_on_an_article_are_taken_away_alone(page, door):
    tab = opened(page)
    assert exported_notes(page, tab, "word") is None
    noted(page, tab, door)
    name, text = exported_notes(page, tab, "markdown")
    assert name == "Notes Le port de Bréhal rouvre ses quais.md"
    assert "> 42 bateaux" in text
    name, file = exported_notes(page, tab, "word")
    assert name == "Notes Le port de Bréhal rouvre ses quais.docx"
    assert "42 bateaux" in text_of(file)


def test_a_file_has_a_name_that_people_read_and_systems_take():
    assert (
        file_name("2026-11-26", "Quelle est l’« amende » ? ../..", suffix="md") == "2026-11-26 Quelle est l’ amende.md"
    )
    assert len(file_name("x" * 300, suffix="json")) == 95
