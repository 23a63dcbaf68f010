import re
from dataclasses import fields

import pytest
from support.places import ROOT

from ui.words.choosing import choose_language, words
from ui.words.english import ENGLISH
from ui.words.french import FRENCH
from ui.words.vocabulary import NARROW, french_spaces

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def texts(said):
    return {field.name: getattr(said, field.name) for field in fields(said)}


def test_french_punctuation_never_starts_a_line():
    for name, text in texts(FRENCH).items():
        assert not re.search(r" [?!;:»]|« ", text), name


def test_french_spaces_are_narrow_and_only_where_a_space_stood():
    assert french_spaces("Quoi ? « Oui » : non !") == "Quoi\u202f? «\u202fOui\u202f»\u202f: non\u202f!"
    assert french_spaces("12:30 (a;b)") == "12:30 (a;b)"


def test_both_languages_say_everything_with_the_same_placeholders():
    english = texts(ENGLISH)
    for name, text in texts(FRENCH).items():
        assert text.strip(), name
        assert english[name].strip(), name
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english[name])), name


def test_every_word_is_said_somewhere():
    """Those of a verdict, a stage, an outcome or a panel are found by its name."""
    sources = [
        path.read_text(encoding="utf-8") for path in (ROOT / "ui").rglob("*.*") if path.suffix in {".py", ".html"}
    ]
    read = {name for source in sources for name in re.findall(r"\b(?:words|said)(?:\(.*?\))?\.(\w+)", source)}
    named = re.compile("language|(supported|confidence|stage|status|menu)_.*")
    assert len(read) > 50
    assert not {name for name in texts(FRENCH) if name not in read and not named.fullmatch(name)}


def test_no_word_was_left_in_the_other_language():
    same = {name for name, text in texts(FRENCH).items() if text == texts(ENGLISH)[name]}
    assert same <= {
        "menu_conversations", "menu_articles", "articles", "offline_articles", "offline_conversations",
        "export_markdown", "export_word", "export_json", "seconds", "menu", "menu_notes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("fr;q=0.3, en;q=0.7", "en"),
        ("de-DE,de;q=0.9,fr;q=0.5", "fr"),
        ("de-DE,ja", "en"),
        ("", "fr"),
        ("fr;q=oops,en;q=0.1", "fr"),
        ("\x00;;;q=1.2.3", "en"),
    ],
)
def test_language_follows_the_browser(header, language):
    assert choose_language(header) == language


def test_dates_and_numbers_are_written_as_each_language_does():
    assert FRENCH.date("2025-03-17") == "17\u00a0mars 2025"
    assert FRENCH.date("2025-03-01") == "1er\u00a0mars 2025"
    assert FRENCH.date("2025-03") == "mars 2025"
    assert ENGLISH.date("2025-12-07T10:00") == "7\u00a0December 2025"
    assert ENGLISH.date("2025-13-40") == "2025-13-40"
    assert FRENCH.date("lundi") == "lundi"
    assert FRENCH.number(1234.5, 1) == f"1{NARROW}234,5"
    assert ENGLISH.number(1234.5, 1) == "1,234.5"


def test_an_unknown_language_reads_french():
    assert words("xx") is FRENCH
    assert words("en") is ENGLISH
