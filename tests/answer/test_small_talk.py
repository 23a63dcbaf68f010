"""What is no question about an article gets one honest sentence, in the reader's language, and no citation."""

from __future__ import annotations

import pytest
from support.fakes import Scripted
from support.harbour import HARBOUR, put
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.answer.small_talk import small_talk
from rag.events import Finished, Retrieved, Token
from rag.values import PROGRAM_MODEL


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Bonjour", "Bonjour"),
        ("Hello", "Hello"),
        ("merci", "Avec plaisir"),
        ("Thank you", "You are welcome"),
        ("Que peux-tu faire ?", "sans réseau"),
        ("Traduis l'article en anglais", "Je ne traduis pas"),
        ("Write me a poem", "That I cannot do"),
        ("L'article est-il objectif ?", "je ne juge pas"),
        ("¿Qué puedes hacer?", "sin red"),
    ],
)
def test_one_sentence_answers_and_says_what_can_be_asked(library, question, said):
    put(library, HARBOUR)
    model = Scripted("Un autre.")
    events = list(Assistant(library, WordReader(), model).answer(question))
    assert [type(event) for event in events] == [Retrieved, Token, Finished]
    answer = events[-1].answer
    assert said in answer.text
    assert (answer.refused, answer.model, answer.citations, answer.sentences) == (False, PROGRAM_MODEL, (), ())
    assert (answer.notices, answer.hits, model.prompts) == ((), (), [])


@pytest.mark.parametrize("intent", ["greeting", "thanks", "capabilities", "translate", "compose", "opinion"])
def test_each_is_said_in_every_language_of_the_program_and_in_english_elsewhere(intent):
    said = {language: small_talk(intent, language) for language in ("fr", "en", "de", "es")}
    assert len(set(said.values())) == 4
    assert small_talk(intent, "it") == said["en"]
    assert not any("{" in sentence for sentence in said.values())
