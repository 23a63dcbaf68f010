"""Files go in whole or not at all, once each, and again only when they changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from support.harbour import PORT

from rag.errors import ArticleError
from rag.events import Ingested, Unread
from rag.index.adding import add_files, add_text, find_files


@pytest.fixture
def press(tmp_path) -> Path:
    folder = tmp_path / "press"
    folder.mkdir()
    (folder / "port.txt").write_text(PORT, encoding="utf-8")
    (folder / "jardin.md").write_text("# Le jardin\n\nLe jardin a ouvert en 1894.\n", encoding="utf-8")
    return folder


def add(library, *paths: Path) -> list[tuple[str, str]]:
    events = list(add_files(lambda: library, paths))
    return [(event.entry.source, event.status) for event in events if isinstance(event, Ingested)]


def test_a_file_is_on_disk_when_its_event_comes(library, press):
    for event in add_files(lambda: library, [press / "port.txt", press / "jardin.md"]):
        if isinstance(event, Ingested):
            assert event.entry in library.entries()
            assert event.status == "added"
    assert {entry.source for entry in library.entries()} == {"port.txt", "jardin.md"}


def test_a_file_that_did_not_change_is_left_alone(library, press, embedder):
    add(library, press / "port.txt")
    before, encoded = library._store.generation, len(embedder.encoded)
    assert add(library, press / "port.txt") == [("port.txt", "unchanged")]
    assert (library._store.generation, len(embedder.encoded)) == (before, encoded)


def test_a_file_that_changed_takes_its_own_place(library, press):
    add(library, press / "port.txt", press / "jardin.md")
    (press / "port.txt").write_text(PORT.replace("310", "320"), encoding="utf-8")
    assert add(library, press / "port.txt") == [("port.txt", "replaced")]
    texts = [library.article(entry.identifier).text for entry in library.entries()]
    assert len(texts) == 2
    assert any("320" in text for text in texts)
    assert not any("310" in text for text in texts)


def test_two_files_of_the_same_name_are_two_articles(library, press, tmp_path):
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "port.txt").write_text(PORT.replace("310", "99"), encoding="utf-8")
    add(library, press / "port.txt")
    assert add(library, tmp_path / "desk" / "port.txt") == [("port.txt", "added")]
    assert len(library.entries()) == 2


def test_the_same_text_in_two_files_is_one_article(library, press):
    (press / "copie.txt").write_text(PORT, encoding="utf-8")
    add(library, press / "port.txt", press / "copie.txt")
    assert len(library.entries()) == 1


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("text", [PORT, "Le bac a coulé mardi.", "Nobody knows why the ferry sank."])
def test_a_copy_under_another_name_is_told_and_the_first_name_stays(library, press, text, together):
    first, copy = press / "port.txt", press / "second.txt"
    first.write_text(text, encoding="utf-8")
    copy.write_text(text, encoding="utf-8")
    calls = [[first, copy]] if together else [[first], [copy]]
    done = [e for paths in calls for e in add_files(lambda: library, paths) if isinstance(e, Ingested)]
    assert [(event.entry.source, event.status, event.copy) for event in done] == [
        ("port.txt", "added", ""),
        ("port.txt", "unchanged", "second.txt"),
    ]
    assert library.find_entry("port.txt").source == "port.txt"


def test_a_file_that_became_a_copy_of_another_leaves_nothing_of_its_own_behind(library, press):
    (press / "bac.txt").write_text("Le bac a coulé mardi.", encoding="utf-8")
    add(library, press / "port.txt", press / "bac.txt")
    (press / "bac.txt").write_text(PORT, encoding="utf-8")
    add(library, press / "bac.txt")
    assert [library.article(entry.identifier).text for entry in library.entries()] == [PORT]


def test_a_link_beside_its_file_is_the_file(library, press, tmp_path):
    (press / "autre.txt").symlink_to(press / "port.txt")
    assert [path.name for path in find_files([press])] == ["jardin.md", "port.txt"]
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "press").symlink_to(press)
    with pytest.raises(ArticleError, match="links lead to"):
        find_files([tmp_path / "desk"])
    assert add(library, press / "port.txt", press / "autre.txt") == [("port.txt", "added"), ("port.txt", "unchanged")]


def test_what_cannot_be_read_is_told_at_the_end_and_stops_nothing(library, press, tmp_path):
    (press / "photo.jpg.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    (press / "damaged.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "empty").mkdir()
    events = list(add_files(lambda: library, [tmp_path / "empty", press, press / "nowhere.txt"]))
    assert [entry.source for entry in library.entries()] == ["jardin.md", "port.txt"]
    assert [event.source for event in events[-4:] if isinstance(event, Unread)] == [
        "empty", "damaged.pdf", "photo.jpg.txt", "nowhere.txt",
    ]  # fmt: skip


def test_where_nothing_can_be_read_no_library_is_made(press):
    def never() -> None:
        pytest.fail("the library was opened")

    with pytest.raises(ArticleError, match="no file"):
        list(add_files(never, [press / "nowhere.txt"]))
    assert sum(isinstance(event, Unread) for event in add_files(never, [press / "a.txt", press / "b.txt"])) == 2


def test_stopping_between_two_files_keeps_the_first_whole(library, press):
    adding = add_files(lambda: library, [press / "port.txt", press / "jardin.md"])
    for event in adding:
        if isinstance(event, Ingested):
            adding.close()
    assert [entry.source for entry in library.entries()] == ["port.txt"]
    assert library.verify() == []


def test_a_folder_is_its_readable_files_below_it_in_order(press):
    (press / "sub").mkdir()
    (press / "sub" / "page.HTML").write_text("<p>Une page.</p>", encoding="utf-8")
    (press / ".hidden.txt").write_text("x", encoding="utf-8")
    (press / "~$pport.docx").write_bytes(b"\x05Anne")  # what Word keeps beside a file that is open
    (press / "notes.csv").write_text("x", encoding="utf-8")
    found = find_files([press, press / "port.txt"])
    assert [path.relative_to(press).as_posix() for path in found] == ["jardin.md", "port.txt", "sub/page.HTML"]


def test_a_folder_without_articles_is_a_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArticleError, match="holds no file"):
        find_files([tmp_path / "empty"])


def test_a_pasted_text_is_an_article_and_pasted_again_is_the_same(library):
    first = [e for e in add_text(lambda: library, PORT) if isinstance(e, Ingested)]
    again = [e for e in add_text(lambda: library, PORT) if isinstance(e, Ingested)]
    assert [event.status for event in (*first, *again)] == ["added", "unchanged"]
    assert library.article(first[0].entry.identifier).text.strip() == PORT.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_a_file_name_that_is_no_unicode_goes_in_too(library, tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("Un café a ouvert au port. Il ferme à minuit.", encoding="utf-8")
    assert [status for _, status in add(library, path)] == ["added"]
    assert add(library, path)[0][1] == "unchanged"
