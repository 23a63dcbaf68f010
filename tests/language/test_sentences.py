"""Sentence boundaries: the tricky examples exactly, and what must hold for any text at all."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language.sentences import split_sentences

EXAMPLES = [
    line.split("\t")
    for line in (Path(__file__).parent / "tricky_sentences.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
FRAGMENTS = st.sampled_from(
    [
        *(
            "Le chat dort",
            "M",
            "Mme",
            "p",
            "12",
            "1 234,5",
            " ",
            "\n",
            "\n\n",
            "\u00a0",
            ".",
            "...",
            "…",
            "?",
            "!",
            "«",
            "»",
        ),
        *(
            '"',
            "”",
            "’",
            "(",
            ")",
            "]",
            "J",
            "-C",
            "etc",
            "U.S.",
            "\u0301",
            "。",
            "- ",
            "é",
            "\U0001f600",
            ",",
            ";",
            ":",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(FRAGMENTS, max_size=40).map("".join))
LANGUAGES = st.sampled_from(["fr", "en", "de", "zh", "hi", "xx"])


def split(text, language="fr"):
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(("language", "paragraph"), EXAMPLES)
def test_the_tricky_examples_are_split_where_they_should_be(language, paragraph):
    sentences = paragraph.split(" ¦ ")
    assert split(" ".join(sentences), language) == sentences


@settings(deadline=None)
@given(TEXTS, LANGUAGES)
def test_sentences_are_in_order_trimmed_and_hold_every_character(text, language):
    position = 0
    for start, end in split_sentences(text, language):
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        position = end
    assert not text[position:].strip()


@settings(deadline=None)
@given(TEXTS, TEXTS, LANGUAGES)
def test_a_blank_line_always_ends_a_sentence(before, after, language):
    middle = len(before) + 1
    for start, end in split_sentences(before + "\n\n" + after, language):
        assert not start < middle < end


def test_a_closing_mark_stays_with_its_sentence_behind_any_space():
    for space in ("", " ", "\u00a0", "\u202f"):
        assert split(f"« Partons.{space}» Il part.") == [f"« Partons.{space}»", "Il part."]


def test_items_of_a_list_are_sentences():
    assert split("Voici :\n- un\n- deux\n1. trois") == ["Voici :", "- un", "- deux", "1. trois"]


def test_a_line_break_alone_ends_no_sentence():
    assert split("Le chat\ndort. Il\nrêve.") == ["Le chat\ndort.", "Il\nrêve."]


@pytest.mark.parametrize(
    ("language", "text", "second"),
    [
        ("fr", "Il a signé le contrat.Ensuite il est parti.", "Ensuite il est parti."),
        ("fr", "Qui paiera ?L'État, dit-elle.", "L'État, dit-elle."),
        ("en", "The ferry sank.Nobody was hurt.", "Nobody was hurt."),
    ],
)
def test_a_space_may_be_missing_between_sentences(language, text, second):
    assert split(text, language) == [text.removesuffix(second), second]


@pytest.mark.parametrize("text", ["Écrire à anne.Roux@exemple.fr vite.", "Le site Le.Monde va bien.", "Un a.B c."])
def test_a_full_stop_within_a_word_ends_nothing(text):
    assert split(text) == [text]


@pytest.mark.parametrize(
    "rows",
    [
        ["Brest – Pessac | 31-30 (a.p.) | 3 950", "Metz – Nice | 28-26. | 4 100"],
        ["Étape | Que faire ?", "1. Laver | Rincez trois fois. Séchez."],
        ["Name | Since", "A. B. Smith | Jan. 2001"],
    ],
)
def test_a_row_of_a_table_is_whole_and_stands_alone(rows):
    assert split("\n".join(rows)) == rows
    assert split("Avant.\n" + "\n".join(rows) + "\nAprès.") == ["Avant.", *rows, "Après."]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ["»Wir gehen.«", "Er kam am 3. Mai.", "Dr. Müller ist da."]),
        ("es", ["¿Qué pasa?", "El Sr. López no sabe."]),
        ("hi", ["यह पहला है।", "यह दूसरा है।"]),
        ("xx", ["Abc def.", "Ghi jkl."]),
    ],
)
def test_other_languages_are_split_too(language, sentences):
    assert split(" ".join(sentences), language) == sentences


def test_languages_without_spaces_are_split():
    assert split("这是第一句。这是第二句！", "zh") == ["这是第一句。", "这是第二句！"]
