"""What the reader is trained on: spans that answer, near misses that do not, the same each time."""

from __future__ import annotations

import json
import random

import pytest

from training.reader.claims import made_claims
from training.reader.cloze import cloze_readings
from training.reader.examples import occurrences, plain_sentences, written_readings

FRENCH = [
    "Le port de Bréhal a rouvert le 14 juin 2025 devant 600 habitants. La maire, Nadège Corbin, a coupé le ruban.",
    "La digue mesure 310 mètres depuis que Jean Moreau a refait le quai. Elle avait cédé en 1987 à Granville.",
    "Le chantier a coûté 4 millions d'euros parce que la roche était plus dure que prévu. L'État a payé la moitié.",
    "« Nous avons tenu les délais malgré les tempêtes de l'hiver », a déclaré Paul Lenoir au conseil de Saint-Malo.",
    "Le phare de Bréhal est une tour de granit bâtie en 1894 par Léon Carvès. Il ferme chaque hiver en novembre.",
] * 4
ENGLISH = [
    "The harbour of Bryher reopened on 14 June 2025 before 600 people. The mayor, Jane Tregarthen, cut the ribbon.",
    "The breakwater is a wall of granite built in 1894 by John Pender. It failed in 1987 near Hugh Town.",
    "The repairs took long because the rock was harder than Peter Moyle had said. The county of Cornwall paid half.",
    "Some 22 fishermen land lobsters at Bryher every morning. They asked Jane Tregarthen for a cold store in March.",
] * 4


@pytest.mark.parametrize(("lines", "language"), [(FRENCH, "fr"), (ENGLISH, "en")])
def test_made_questions_are_answered_by_their_span_or_by_nothing(lines, language):
    made = list(cloze_readings(lines, language, 60, random.Random(1)))
    assert len(made) == 60
    assert {one.source for one in made} >= {"cloze", "altered"}
    for reading in made:
        first = reading.passages[0]
        assert reading.question.strip()
        assert first.answers is (reading.source == "cloze")
        for start, end in first.spans:
            assert first.text[start:end].strip()
            ((left, right),) = first.evidence
            assert left <= start < end <= right
        assert not any(one.answers for one in reading.passages[1:])


@pytest.mark.parametrize(("lines", "language"), [(FRENCH, "fr"), (ENGLISH, "en")])
def test_made_claims_are_said_or_changed_and_never_both(lines, language):
    made = list(made_claims(lines, language, 40, random.Random(2)))
    said = [one for one in made if one.verdict == "entailment"]
    changed = [one for one in made if one.verdict in {"contradiction", "not_entailment"}]
    assert said
    assert changed
    assert all(one.text not in one.premise for one in changed)


def test_the_same_seed_makes_the_same_examples():
    one, two = (list(cloze_readings(FRENCH, "fr", 20, random.Random(3))) for _ in range(2))
    assert one == two
    assert one != list(cloze_readings(FRENCH, "fr", 20, random.Random(4)))


def test_an_answer_is_found_as_whole_words_only():
    assert occurrences(["port"], "Le port et l'aéroport, le port.") == ((3, 7), (26, 30))
    assert occurrences(["14"], "Le 14 juin, 140 bateaux.") == ((3, 5),)


def test_plain_sentences_cover_the_text_in_order():
    text = "Le port rouvre en juin. La maire a souri ! « Enfin », dit-elle.\nIl pleut."
    pieces = [text[start:end] for start, end in plain_sentences(text)]
    assert pieces == ["Le port rouvre en juin.", "La maire a souri !", "« Enfin », dit-elle.", "Il pleut."]


def test_a_written_answer_marks_the_passages_it_cites(tmp_path):
    line = {
        "title": "Le port", "passages": ["Il pleut.", "La digue mesure 310 mètres."], "history": [], "kind": "howmany",
        "question": "Combien mesure la digue ?", "answerable": True, "answer": "310 mètres [2].",
    }  # fmt: skip
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps(line) + "\n" + json.dumps(line | {"answerable": False, "answer": "Rien [1]."}) + "\n")
    alone, whole, *refused = written_readings(path, random.Random(0))
    assert [one.answers for one in alone.passages] == [True, False]
    (start, end) = alone.passages[0].spans[0]
    assert alone.passages[0].text[start:end] == "310"
    ((left, right),) = whole.passages[0].evidence
    assert whole.passages[0].text[left:right] == "La digue mesure 310 mètres."
    assert refused
    assert not any(passage.answers for one in refused for passage in one.passages)
