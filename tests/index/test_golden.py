"""The bundled embedder gives what a second, independent implementation computes from the same packed weights."""

from __future__ import annotations

import numpy as np
import pytest
from support.plain_encoder import PlainEncoder
from support.sentences import sentences

from rag.index.embedding import SentenceTransformerEmbedder

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
def exact(bundled):
    """Give sentence-transformers on the same folder, in 32 bits."""
    return SentenceTransformerEmbedder(bundled.folder)


@pytest.fixture(scope="module")
def plain(bundled):
    (packed,) = bundled.folder.glob("*-q4.bin")
    return PlainEncoder(packed)


def test_tokens_are_those_of_a_second_implementation(bundled, exact, plain):
    texts = sentences()
    assert len(set(texts)) > 950
    different = [text for text in texts if not bundled.tokens(text) == exact.tokens(text) == plain.tokens(text)]
    assert not different


def test_counting_leaves_the_tokenizer_that_cuts_texts_for_the_model_as_it_is(exact):
    exact.encode_documents(TEXTS)
    cutting = exact._model().tokenizer.backend_tokenizer
    before = cutting.truncation
    assert before["max_length"] == exact.max_tokens
    assert exact.count_tokens("homard " * 600) > exact.max_tokens
    assert cutting.truncation == before


@pytest.mark.parametrize("text", TEXTS)
def test_vectors_are_those_of_a_second_implementation(exact, plain, text):
    document, question = plain.encode("passage: " + text), plain.encode("query: " + text)
    assert exact.encode_documents([text])[0] @ document >= 0.9999
    assert exact.encode_query(text) @ question >= 0.9999
    assert np.linalg.norm(document) == pytest.approx(1.0)


@pytest.mark.parametrize("text", TEXTS)
def test_the_encoder_of_8_bits_stays_close_to_that_of_32(bundled, plain, text):
    assert bundled.encode_documents([text])[0] @ plain.encode("passage: " + text) >= 0.995
    assert bundled.encode_query(text) @ plain.encode("query: " + text) >= 0.995
