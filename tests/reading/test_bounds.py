"""What is too long, too deep or no file at all: refused or cut, in bounded time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.documents import book, open_document, word_document, word_paragraph

from rag.errors import ArticleError
from rag.index.adding import find_files
from rag.index.word_fields import word_fields
from rag.reading import article_from_text, articles, read_article
from rag.reading.parsed_document import LONGEST_TITLE
from rag.values import Passage

LONG = "Le conseil municipal se réunit lundi. " * 100
WORDS = "mot " * 1000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", f"---\ntitle: {WORDS}\nauthor: {WORDS}\npublisher: {WORDS}\n---\n\nLe port a rouvert.\n"),
        ("b.md", f"# {WORDS}\n\nLe port a rouvert.\n\n## {WORDS}\n\nSuite.\n"),
        (
            "c.html",
            f"<html><title>{WORDS}</title><h1>{WORDS}</h1><p>Le port a rouvert.</p><h2>{WORDS}</h2><p>Suite.</p>",
        ),
        ("d.txt", f"title: {WORDS}\n\nLe port a rouvert.\n"),
    ],
)
def test_titles_and_headings_are_bounded_and_no_word_of_the_text_is_lost(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    article = read_article(path)
    assert max(map(len, (article.title, article.author, article.publisher))) <= LONGEST_TITLE
    assert all(one.end - one.start <= LONGEST_TITLE for one in article.blocks if one.kind in {"title", "heading"})
    assert "Le port a rouvert." in article.text
    (fields,) = word_fields(article, [Passage(article.identifier, 0, 4, article.text[:4])])
    assert len(fields.title) + len(fields.heading) <= 2 * LONGEST_TITLE


def test_a_title_that_is_given_is_bounded_too():
    assert len(article_from_text("Le port a rouvert.", title=WORDS).title) <= LONGEST_TITLE
    assert article_from_text("Le port a rouvert.", title="Le \ud83d\ude00 port \ud800").title == "Le 😀 port \ufffd"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a"])
def test_a_text_that_is_too_long_is_refused_in_one_sentence(tmp_path, monkeypatch, name):
    monkeypatch.setattr(articles, "LONGEST_TEXT", 1000)
    path = tmp_path / name
    path.write_text(LONG, encoding="utf-8")
    with pytest.raises(ArticleError, match="too long for an article") as caught:
        read_article(path)
    assert caught.value.remedy
    with pytest.raises(ArticleError, match="too long for an article"):
        article_from_text(LONG)


@pytest.mark.parametrize("depth", [260, 300, 1000])
def test_a_page_is_read_however_deep_its_elements_are_nested(tmp_path, depth):
    path = tmp_path / "deep.html"
    path.write_text(f"<html><body>{'<div>' * depth}<p>{LONG}</p>{'</div>' * depth}", encoding="utf-8")
    assert LONG.strip() in read_article(path).text


def test_what_is_nested_deeper_than_can_be_read_is_refused_rather_than_lost(tmp_path):
    path = tmp_path / "deep.html"
    path.write_text(f"<html><body><p>Début.</p>{'<div>' * 3000}<p>{LONG}</p>", encoding="utf-8")
    with pytest.raises(ArticleError, match="nested too deep"):
        read_article(path)


def test_quotes_within_quotes_are_read(tmp_path):
    path = tmp_path / "quotes.md"
    path.write_text("> " * 40 + "Le port a rouvert.\n", encoding="utf-8")
    assert read_article(path).text == "Le port a rouvert."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among the files")
def test_pipes_and_devices_are_refused_and_nothing_waits_for_them(tmp_path):
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull), Path("/dev/zero")):
        with pytest.raises(ArticleError, match="pipe or a device"):
            read_article(path)
    (tmp_path / "note.txt").write_text("Le port a rouvert.", encoding="utf-8")
    assert find_files([tmp_path]) == (tmp_path / "note.txt",)


def test_no_more_than_the_limit_is_read_whatever_the_file_says_of_its_length(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text(LONG, encoding="utf-8")
    monkeypatch.setattr(articles, "LARGEST_TEXT", 1000)
    assert articles._read_at_most(path, 1001) == LONG.encode()[:1001]
    with pytest.raises(ArticleError, match="too large"):
        read_article(path)


def test_links_are_followed_only_within_the_folder_that_was_named(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    (outside / "deep").mkdir(parents=True)
    folder.mkdir()
    for path in (outside / "secret.txt", outside / "deep" / "secret.txt", folder / "note.txt"):
        path.write_text("Le port a rouvert.", encoding="utf-8")
    try:
        (folder / "link.txt").symlink_to(outside / "secret.txt")
        (folder / "all").symlink_to(outside, target_is_directory=True)
        (folder / "same.txt").symlink_to(folder / "note.txt")
    except OSError:
        pytest.skip("no links can be made here")
    assert find_files([folder]) == (folder / "note.txt",)  # and once, though a link beside it leads there too
    assert find_files([folder / "link.txt"]) == (folder / "link.txt",)  # named by the reader


@pytest.mark.parametrize(
    "place", ["<p>{}</p>", "<nav>a</nav>{}<p>b</p>", "<footer>a</footer>{}", "<title>{}</title><p>b</p>"]
)
def test_control_characters_that_a_page_names_by_number_are_told_as_unreadable(tmp_path, place):
    path = tmp_path / "a.html"
    page = place.format("Le port&#11; a &#1;rouvert &#xFFFE;lundi.")
    path.write_text(f"<html><body><article>{page}<p>Suite et fin.</p></article></body></html>", encoding="utf-8")
    article = read_article(path)
    assert "Suite et fin." in article.text
    assert not {"\x0b", "\x01", "\ufffe"} & set(article.text + article.title)


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".epub"])
def test_an_archive_whose_parts_lie_nowhere_is_damaged(tmp_path, suffix):
    sound = {".docx": word_document(word_paragraph("Le port.")), ".odt": open_document("<text:p>Le port.</text:p>")}
    data = bytearray(sound.get(suffix) or book({"a.xhtml": "<p>Le port.</p>"}))
    end = data.rindex(b"PK\x05\x06")
    data[end + 16 : end + 20] = (1 << 30).to_bytes(4, "little")  # where the list of its parts is said to begin
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    with pytest.raises(ArticleError, match=r"damaged|zip file"):
        read_article(path)
