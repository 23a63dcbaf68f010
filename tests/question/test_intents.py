"""What a question wants: learned, sure of itself only where it may be, and known by heart with any other embedder."""

from __future__ import annotations

import json
from typing import get_args

import numpy as np
import pytest
from support.places import ROOT

from rag.question import find_intent, understand
from rag.question.intents import CONTENT, OVERVIEWS, OWN_DATA, Intent, exact_key, is_request_word, load_intents
from rag.values import Turn

EARLIER = (Turn("Que dit le rapport sur la digue ?", "Elle est trop basse."),)
UTTERANCES = ROOT / "training" / "intents" / "utterances"


def wanted(embedder, question: str, history=()) -> str:
    vector = embedder.encode_query(question)
    return find_intent(understand(question, history), vector, embedder.identity.partition(" ")[0])


@pytest.mark.parametrize(
    ("intent", "questions"),
    [
        (
            "overview",
            ("Tu me fais un petit résumé du reportage ?", "give me the article in four bullet points, please"),
        ),
        ("topic", ("De quoi parle l'article sur les moutons ?", "what is this text about exactly")),
        ("chronology", ("fais moi une chronologie de tout ça", "Could you give me a timeline of the events?")),
        ("title", ("c'est quoi deja le titre de l'article", "Could you remind me of the article's title?")),
        ("author", ("tu sais qui a ecrit l'article ?", "who is the author of this article please")),
        ("date", ("L'article a été publié quand ?", "when exactly was this article published")),
        ("source", ("De quel site internet vient cet article ?", "which newspaper does this article come from")),
        ("photo", ("tu sais qui a pris la photo de l'article ?", "Who took the photo that goes with the article?")),
        ("length", ("ca fait combien de mots l'article", "how many words are there in this text")),
        ("language", ("l'article il est en quelle langue ?", "which language is the article written in")),
        ("greeting", ("bonjour à vous", "hello, how are you today")),
        ("thanks", ("merci beaucoup pour tout", "thank you so much")),
        ("capabilities", ("tu peux m'aider à quoi ?", "what can you do for me")),
        ("translate", ("tu peux traduire l'article en chinois", "please translate the article into Polish")),
        ("compose", ("écris moi un poème sur la mer", "write me a short poem about it")),
        ("opinion", ("tu penses quoi de l'article ?", "do you think the article is objective")),
    ],
)
def test_what_a_question_wants_is_told_in_words_that_were_not_learned(bundled, intent, questions):
    assert not {exact_key(question) for question in questions} & set(load_intents().exact)
    assert [wanted(bundled, question) for question in questions] == [intent, intent]


@pytest.mark.parametrize(
    "question",
    [
        "Qui a rédigé la lettre ouverte au préfet ?",
        "Quand la photo du voleur a-t-elle été prise ?",
        "Quel est le titre du documentaire sur les loups ?",
        "Combien de temps le pont sera-t-il fermé ?",
        "Que dit l'article 12 du règlement ?",
        "Qui remercie la présidente ?",
        "Résume la réponse du syndicat",
        "What does Article 7 of the treaty say?",
        "Who wrote the report on the dam?",
        "How long will the bridge be closed?",
        "Combien mesure la digue ?",
        "Quels pays refusent l'accord ?",
    ],
)
def test_a_question_about_something_in_the_text_is_one(bundled, question):
    assert wanted(bundled, question) == CONTENT


@pytest.mark.parametrize("question", ["De quoi s'agit-il ?", "What is it about?", "Quel est le sujet ?"])
def test_after_another_question_it_may_be_that_which_is_meant(embedder, question):
    assert wanted(embedder, question) == "topic"
    assert wanted(embedder, question, EARLIER) == CONTENT


@pytest.mark.parametrize("question", ["Qui l'a écrit ?", "Quand est-il paru ?", "Est-il objectif ?"])
def test_a_pronoun_after_another_question_is_of_what_that_was_about(embedder, question):
    assert wanted(embedder, question) != CONTENT
    assert wanted(embedder, question, EARLIER) == CONTENT


@pytest.mark.parametrize(
    "question", ["De quoi parle l'article ?", "Résume l'article en 3 points", "Who wrote the article?"]
)
def test_what_names_the_article_or_sums_up_is_of_the_article_whatever_came_before(embedder, question):
    assert wanted(embedder, question, EARLIER) == wanted(embedder, question) != CONTENT


@pytest.mark.parametrize(
    ("question", "intent"),
    [("BONJOUR !!!", "greeting"), ("resume l'article", "overview"), ("  qui est l’auteur de l'article ?", "author")],
)
def test_with_another_embedder_only_what_was_learned_by_heart_is_known(embedder, question, intent):
    assert wanted(embedder, question) == intent
    assert wanted(embedder, f"{question} zut") == CONTENT


def test_a_vector_of_another_length_tells_nothing_whatever_its_embedder_is_called():
    model = load_intents()
    vector = np.ones(7, dtype=np.float32)
    assert model.decide("Tu me fais un petit résumé ?", vector, model.embedder) == CONTENT


def test_what_is_not_sure_enough_is_taken_for_a_question_about_the_text():
    model = load_intents()
    assert model.decide("Question inconnue", np.zeros(model.weights.shape[1], dtype=np.float32), "other") == CONTENT
    towards = model.weights[1] - model.weights[0]
    assert model.decide("Question inconnue", 9 * towards, model.embedder) == model.intents[1]
    assert model.decide("Question inconnue", -9 * towards, model.embedder) == CONTENT


def test_every_intent_has_its_utterances_and_none_says_two_things():
    known = set(get_args(Intent))
    files = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in UTTERANCES.glob("*.jsonl")}
    assert set(files) == known | {"topics"}
    keys = [exact_key(json.loads(line)["text"]) for name in known for line in set(files[name])]
    said = {
        key: {name for name in known for line in files[name] if exact_key(json.loads(line)["text"]) == key}
        for key in keys
    }
    assert {key: names for key, names in said.items() if len(names) > 1} == {}
    assert known > OVERVIEWS | OWN_DATA


def test_the_words_that_ask_are_told_from_those_that_name_a_topic():
    assert all(is_request_word(word) for word in ("Résume", "article", "points", "auteur", "summary", "3"))
    assert not any(is_request_word(word) for word in ("levain", "handball", "Antarctique"))
