"""What any reader keeps to, held against the one that costs nothing."""

from __future__ import annotations

import math

import pytest
from support.word_reader import WordReader

from rag.reader import Readable, Reader

HARBOUR = "Le port a rouvert le 14 juin. Trente marins sont partis. Il pleut."


@pytest.fixture
def reader() -> Reader:
    return WordReader()


def cut(text: str) -> tuple[tuple[int, int], ...]:
    places, start = [], 0
    for sentence in text.split(". "):
        places.append((start, start + len(sentence)))
        start += len(sentence) + 2
    return tuple(places)


def test_the_sentence_that_answers_has_the_highest_logit_and_holds_the_words(reader):
    text = Readable("Le port", HARBOUR, cut(HARBOUR))
    (said,) = reader.read("Combien de marins sont partis ?", [text])
    assert max(range(3), key=said.sentences.__getitem__) == 1
    for (start, end), (left, right) in zip(text.sentences, said.words, strict=True):
        assert start <= left < right <= end
    assert HARBOUR[slice(*said.words[1])] == "Trente"
    assert all(-math.inf < span <= 0 for span in said.spans)


def test_a_text_that_answers_has_a_higher_logit_than_one_that_does_not(reader):
    texts = [Readable("", "Il pleut à Brest.", ((0, 17),)), Readable("", HARBOUR, cut(HARBOUR))]
    other, said = reader.read("Quand le port a-t-il rouvert ?", texts)
    assert said.answers > other.answers


def test_a_claim_is_said_contradicted_or_neither(reader):
    claim = "Le port a rouvert le 14 juin."
    said, wrong, aside = reader.entail(claim, [HARBOUR, "Le port a rouvert le 15 juin.", "Il pleut à Brest."])
    assert max(("entailed", "contradicted", "unsaid"), key=lambda name: getattr(said, name)) == "entailed"
    assert wrong.contradicted > 0.5
    assert aside.unsaid > 0.5
    for one in (said, wrong, aside):
        assert one.entailed + one.contradicted + one.unsaid == pytest.approx(1.0)


def test_nothing_given_is_nothing_said(reader):
    assert reader.read("?", []) == []
    assert reader.entail("Le port a rouvert.", []) == []
    assert reader.read("?", [Readable("", "", ())])[0].sentences == ()
