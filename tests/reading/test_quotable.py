"""What can be quoted by itself: never a question, a label or half of a speech; and every sentence once."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_door import make_article

from rag.reading import prose_sentences, quotable_spans
from rag.reading.quotable import LONGEST
from rag.values import Article, Block


def quotable(text: str) -> list[str]:
    article = Article("a", "T", text, "fr", blocks=(Block("paragraph", 0, len(text)),))
    return [article.text[start:end] for start, end in quotable_spans(article, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Ses tarifs ? Ils vont de 8 à 12 euros.", ["Ses tarifs ? Ils vont de 8 à 12 euros."]),
        ("Où dormir ? À l'auberge. Elle ouvre en mai.", ["Où dormir ? À l'auberge.", "Elle ouvre en mai."]),
        ("What is a sluice? It is a gate. It is old.", ["What is a sluice? It is a gate.", "It is old."]),
    ],
)  # fmt: skip
def test_a_question_is_quoted_with_its_answer(text, whole):
    assert quotable(text) == whole


@pytest.mark.parametrize(
    "text",
    [
        "La maire l'assure : « Le port rouvre. Les bateaux reviendront en juin. »",
        "« Nous avons eu peur. La digue a tenu. Merci à tous », dit-elle.",
        "She smiled: “We were afraid. The dyke held.”",
    ],
)
def test_a_speech_stays_whole(text):
    assert quotable(text) == [text]
    assert quotable(f"Il pleut sur le quai. {text}") == ["Il pleut sur le quai.", text]


@pytest.mark.parametrize(
    "text",
    [
        "Le programme est le suivant : Un concert ouvrira la soirée.",
        "Deux choses comptent : Le prix et la date comptent.",
        "Horaires. Le musée ouvre à dix heures.",
    ],
)
def test_what_announces_is_quoted_with_what_it_announces(text):
    assert quotable(text) == [text]


def test_a_question_that_ends_its_paragraph_stays_alone():
    assert quotable("Que faire de la digue ?") == ["Que faire de la digue ?"]
    text = "Que faire ?\n\nIl pleut beaucoup ici."
    article = make_article(text, language="fr")
    assert [article.text[start:end] for start, end in quotable_spans(article, 0, len(text))][
        -1
    ] == "Il pleut beaucoup ici."


def test_a_mark_that_is_never_closed_does_not_swallow_the_text():
    pieces = quotable("« Le port rouvre. " + "Les bateaux reviendront en juin avec la marée. " * 40)
    assert len(pieces) > 20
    assert all(len(piece) <= LONGEST for piece in pieces)


@given(
    st.lists(
        st.sampled_from(["Il pleut.", "Où ?", "« Oui.", "Non. »", "Prix :", "Le quai est long.", "12."]), max_size=12
    )
)
def test_every_sentence_is_in_one_piece_and_in_order(parts):
    text = " ".join(parts) or "Rien."
    article = Article("a", "T", text, "fr", blocks=(Block("paragraph", 0, len(text)),))
    spans, sentences = quotable_spans(article, 0, len(text)), prose_sentences(article, 0, len(text))
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert all(sum(start <= one[0] and one[1] <= end for start, end in spans) == 1 for one in sentences)
