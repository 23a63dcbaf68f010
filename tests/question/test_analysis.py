"""A question taken apart: its content words."""

from __future__ import annotations

import pytest

from rag.language.detection import detect_language
from rag.language.words import fold
from rag.question.analysis import analyse_question


def stems(text: str) -> list[str]:
    return [word.stem for word in analyse_question(text, detect_language(text)).words]


def test_words_of_grammar_are_left_out_and_offsets_are_exact():
    text = "Que dit la Russie de l'envoi de troupes ?"
    question = analyse_question(text, "fr")
    assert [word.text for word in question.words] == ["dit", "Russie", "envoi", "troupes"]
    assert all(text[word.start : word.end] == word.text for word in question.words)
    assert (question.text, question.language) == (text, "fr")


def test_a_hyphenated_word_comes_whole_and_by_its_parts():
    found = [fold(word.text) for word in analyse_question("Qu'a dit le porte-parole ?", "fr").words]
    assert found.index("porte-parole") < found.index("parole")


def test_elision_and_the_pronoun_of_an_inverted_question_are_no_words():
    assert stems("L'Ukraine répondra-t-elle à l'offre ?") == stems("Ukraine répondra offre")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Que dit la Russie à propos de la Pologne ?", "Russie Pologne"),
        ("Qui parle au sein du conseil ?", "conseil"),
        ("Que change la loi par rapport à la grève ?", "change loi grève"),
        ("Quand aura lieu le vote ?", "vote"),
        ("Où le vote a-t-il lieu ?", "vote"),
        ("When will the vote take place?", "vote"),
        ("What was decided with regard to tolls?", "decided tolls"),
        ("En quel lieu est le vote ?", "lieu vote"),
        ("Which place is the safest?", "place safest"),
        ("Quel rapport parle du vote ?", "rapport vote"),
    ],
)
def test_a_word_that_only_carries_grammar_in_its_phrase_is_no_word_of_the_question(text, kept):
    found = [word.text for word in analyse_question(text, detect_language(text)).words]
    assert [word for word in found if word not in {"dit", "parle"}] == kept.split()


@pytest.mark.parametrize("text", ["", " ", "?", "Quoi ?", "«»", "\u200b"])
def test_a_question_without_content_has_no_words(text):
    question = analyse_question(text, "fr")
    assert question.words == ()
