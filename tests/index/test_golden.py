"""The bundled embedder gives what a second, independent implementation computes from the same packed weights."""

from __future__ import annotations

import numpy as np
import pytest
from support.plain_encoder import PlainEncoder
from support.sentences import sentences

TEXTS = (
    "Combien de pays devraient rejoindre la coalition ?",
    "Plus de trente pays devraient rejoindre la coalition, a annoncé le ministre.",
    "L’ﬁn de l’e\u0301te\u0301\u00a0: 30\u00a0%, 1\u202f250 habitants.",
    "The harbour reopened in June, after two years of works.",
    "Wann wurde die Straßenbahn wiedereröffnet?",
    "¿Cuántos pescadores salieron el viernes por la mañana?",
    "La sindaca annunciò la riapertura dell’università.",
    "Ουκρανία, 乌克兰, Україна, أوكرانيا 🗼",
    "",
    "Les pêcheurs débarquent chaque matin des homards, des crabes et des soles. " * 12,
)


@pytest.fixture(scope="module")
def plain(bundled):
    (packed,) = bundled.folder.glob("*-q4.bin")
    return PlainEncoder(packed)


def test_tokens_are_those_of_a_second_implementation(bundled, plain):
    texts = sentences()
    assert len(set(texts)) > 950
    different = [text for text in texts if bundled.tokens(text) != plain.tokens(text)]
    assert not different


@pytest.mark.parametrize("text", TEXTS)
def test_vectors_are_those_of_a_second_implementation(bundled, plain, text):
    document, question = plain.encode("passage: " + text), plain.encode("query: " + text)
    assert bundled.encode_documents([text])[0] @ document >= 0.9999
    assert bundled.encode_query(text) @ question >= 0.9999
    assert np.linalg.norm(document) == pytest.approx(1.0)
