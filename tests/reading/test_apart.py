"""A file is read in a process of its own: the same article, and no more time or memory than it may use."""

from __future__ import annotations

import sys

import pytest

from rag.errors import ArticleError
from rag.reading import apart, read_article, reading_apart

PAGE = "<html><title>Le port \udcff</title><p>Le port a rouvert.</p><p>Les pêcheurs partent lundi 😀.</p></html>"
NOTE = "---\nauthor: Anne Petit\n---\n\n# Le port\n\nLe port a rouvert.\n"


def serve_with(change: str) -> str:
    """Return the program of the other process, with something of it changed."""
    path = "import json, sys; sys.path[:] = json.loads(sys.argv[1])"
    return f"{path}; from rag.reading import apart; {change}; apart.serve()"


@pytest.mark.parametrize(
    ("name", "text"), [("page.html", PAGE), ("note.md", NOTE), ("note.txt", "Le port.\n"), ("a", PAGE)]
)
def test_what_is_read_apart_is_what_is_read_here(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", errors="replace")
    with reading_apart() as read:
        assert read(path) == read(path) == read_article(path)


@pytest.mark.parametrize("head", [b"%PDF-1.7\n", b"PK\x03\x04"])
def test_a_document_with_the_suffix_of_a_text_is_read_apart_too(tmp_path, monkeypatch, head):
    path = tmp_path / "rapport.txt"
    path.write_bytes(head + b"\x00" * 100)

    def here(_):
        raise AssertionError("it was read in this process")

    monkeypatch.setattr(apart, "read_article", here)
    with reading_apart() as read, pytest.raises(ArticleError, match=r"rapport\.txt is"):
        read(path)


def test_a_file_that_cannot_be_read_is_told_as_it_is_here(tmp_path):
    empty = tmp_path / "empty.md"
    empty.touch()
    for path in (empty, tmp_path / "absent.html"):
        with pytest.raises(ArticleError) as here:
            read_article(path)
        with reading_apart() as read, pytest.raises(ArticleError) as there:
            read(path)
        assert (there.value.message, there.value.remedy) == (here.value.message, here.value.remedy)


@pytest.mark.skipif(sys.platform != "linux", reason="not every system bounds time and memory")
@pytest.mark.parametrize(
    "change",
    [
        "apart.SECONDS = 0.05; apart.read_article = lambda path: any(iter(int, 1))",
        "apart.read_article = lambda path: bytearray(2 * apart.MEMORY)",
        "apart.read_article = lambda path: sys.exit(3)",
    ],
    ids=["time", "memory", "the parser"],
)
def test_a_file_that_ends_the_process_is_told_in_a_sentence_and_the_next_is_read(tmp_path, monkeypatch, change):
    path = tmp_path / "note.md"
    path.write_text(NOTE, encoding="utf-8")
    with reading_apart() as read:
        with monkeypatch.context() as patched:
            patched.setattr(apart, "_SERVE", serve_with(change))
            with pytest.raises(ArticleError, match="more time or memory") as caught:
                read(path)
            assert "note.md" in caught.value.message
        assert read(path).author == "Anne Petit"


def test_a_fault_of_the_program_is_told_for_what_it_is(tmp_path, monkeypatch):
    path = tmp_path / "note.md"
    path.write_text(NOTE, encoding="utf-8")
    with reading_apart() as read, monkeypatch.context() as patched:
        patched.setattr(apart, "_SERVE", serve_with("apart.read_article = lambda path: path.nothing"))
        with pytest.raises(ArticleError, match=r"note\.md could not be read, by a fault") as caught:
            read(path)
        assert "AttributeError" in caught.value.message
        assert ".txt" in caught.value.remedy
