"""What is taken out of a text to make a near miss: the words that answer, the little words before them, and no more."""

from __future__ import annotations

import random
import re

import pytest

from training.reader.cloze import cloze_questions, names_of
from training.reader.examples import Labelled
from training.reader.lacking import crossed_readings, lacking_claims, lacking_readings, without

PARAGRAPHS = [
    "Le conseil de Vernon a voté le budget en mars 2019. Le maire Paul Durand a présenté 12 projets aux habitants.",
    "La bibliothèque rouvre le 4 septembre 2021 parce que les travaux sont finis. La ville de Nancy suit Marie Petit.",
    "Le tunnel du Mont-Clair a été percé par la société Arvel en 1998. Il relie la ville de Tarne à celle de Brévent.",
    "Un incendie a détruit 40 hectares près de Lunel en juillet 2020. Les pompiers ont lutté pendant trois jours.",
] * 8
ELSEWHERE = Labelled("Un autre texte, qui parle d'autre chose.", answers=False)


@pytest.mark.parametrize(
    ("text", "taken", "language", "left"),
    [
        ("Le pont fut ouvert en 1932 par le roi.", "1932", "fr", "Le pont fut ouvert par le roi."),
        ("The bridge was opened by the king.", "king", "en", "The bridge was opened."),
        ("Elle vit à Lyon, dans le Rhône.", "Lyon", "fr", "Elle vit, dans le Rhône."),
    ],
)
def test_the_words_and_what_leads_to_them_are_taken_out(text: str, taken: str, language: str, left: str) -> None:
    start = text.index(taken)
    assert without(text, [(start, start + len(taken))], language) == left


def test_a_text_that_lacks_the_answer_stands_beside_one_that_lacks_something_else() -> None:
    text = "Le pont fut ouvert en 1932 par Albert Lebrun, à Brest."
    made = list(lacking_readings("Quand fut ouvert le pont ?", text, ["1932"], ["Brest"], "fr", ELSEWHERE))
    lacking, kept = made
    assert [one.answers for one in lacking.passages] == [False, False]
    assert "1932" not in lacking.passages[0].text
    assert "Brest" in lacking.passages[0].text
    found, lacks = kept.passages
    assert found.answers
    assert "Brest" not in found.text
    assert [found.text[a:b] for a, b in found.spans] == ["1932"]
    assert not lacks.answers
    assert lacks.text == lacking.passages[0].text


def test_what_the_question_itself_names_is_never_taken_from_the_text_that_answers() -> None:
    text = "Le pont fut ouvert en 1932 par Albert Lebrun, à Brest."
    *_, kept = lacking_readings("Quand fut ouvert le pont de Brest ?", text, ["1932"], ["Brest"], "fr", ELSEWHERE)
    assert kept.passages[0].text == text


def test_an_answer_that_does_not_stand_in_the_text_makes_nothing() -> None:
    assert not list(lacking_readings("Quand ?", "Le pont fut ouvert.", ["1932"], [], "fr", ELSEWHERE))


def test_claims_say_less_than_their_passage_or_more_or_swap_two_parties() -> None:
    made = list(lacking_claims(PARAGRAPHS, "fr", 40, random.Random(1)))
    assert {claim.source for claim in made} == {"less", "more", "swapped"}
    assert {claim.source: claim.verdict for claim in made} == {
        "less": "entailment",
        "more": "neutral",
        "swapped": "not_entailment",
    }
    for claim in made:
        assert claim.text not in claim.premise or claim.source == "less"
        if claim.source == "swapped":
            assert claim.text not in claim.premise
            assert set(re.findall(r"\w+", claim.text)) <= set(re.findall(r"\w+", claim.premise))
            assert len(names_of(claim.text)) > 0


def test_a_question_is_read_in_the_translation_of_what_it_was_made_of() -> None:
    pairs = [{"fr": text, "en": f"In English: {text}"} for text in PARAGRAPHS]
    made = list(crossed_readings(pairs, 20, random.Random(2)))
    for reading in made:
        first = reading.passages[0]
        assert all(first.text[start:end] for start, end in first.spans)
        assert not any(other.answers for other in reading.passages[1:])
    assert any(reading.passages[0].answers for reading in made)


def test_questions_of_a_text_come_with_words_that_stand_in_it() -> None:
    made = [one for text in PARAGRAPHS[:4] for one in cloze_questions(text, "fr", random.Random(3))]
    assert len(made) >= 4
    for text in PARAGRAPHS[:4]:
        for question, answer in cloze_questions(text, "fr", random.Random(3)):
            assert answer in text
            assert answer not in question
