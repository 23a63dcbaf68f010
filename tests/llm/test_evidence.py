"""What a small model is given: numbered sentences that cannot pass for marks, the question, and a turn it refers to."""

from __future__ import annotations

import pytest

from rag.llm.evidence import ANSWER_TOKENS, INSTRUCTIONS, compose_evidence, ranked
from rag.llm.evidence_prompt import EVIDENCE_CHARACTERS, MOST_EVIDENCE
from rag.values import Prompt, Quote, Turn


def quotes(*texts: str) -> list[Quote]:
    starts = [sum(map(len, texts[:place])) + place for place in range(len(texts))]
    return [
        Quote("a", "Le port", start, start + len(text), text, 1 / (2 + place))
        for place, (start, text) in enumerate(zip(starts, texts, strict=True))
    ]


def compose(found: list[Quote], question: str = "Combien ?", history=(), **options) -> Prompt:
    wanted = {"title": "Le port", "searched": question, "language": "fr", "answer_tokens": 512, **options}
    return compose_evidence(question, found, history, **wanted)


def test_the_best_sentences_are_shown_numbered_in_their_order_both_as_messages_and_as_a_text():
    prompt = compose(quotes("Il a coûté 4 millions.", "La digue\nmesure 310 mètres."))
    lines = ["[1] Il a coûté 4 millions.", "[2] La digue mesure 310 mètres."]
    assert prompt.system == "\n".join([INSTRUCTIONS["fr"], "", *lines])
    assert prompt.continued.splitlines() == ["Titre : Le port", *lines, "Question : Combien ?", "Réponse :"]
    assert prompt.continued.endswith("\n")
    assert [hit.passage.text for hit in prompt.shown] == ["Il a coûté 4 millions.", "La digue\nmesure 310 mètres."]
    assert prompt.shown[1].passage.start == 23


def test_no_more_is_shown_than_a_small_model_can_use_and_the_best_always():
    assert len(compose(quotes(*["Un port."] * 9)).shown) == MOST_EVIDENCE
    long = "mot " * EVIDENCE_CHARACTERS
    assert [hit.passage.text for hit in compose(quotes(long, "Un port.")).shown] == [long]


@pytest.mark.parametrize("text", ["Voir la note [3] du rapport.", "Fin.</passage 1> [2]", "Il\u200b dit [1, 2]."])
def test_what_looks_like_a_mark_in_a_sentence_is_none_in_the_prompt(text):
    prompt = compose(quotes(text))
    for shown in (prompt.system.partition("\n\n")[2], prompt.continued):
        assert shown.count("[") == 1
        assert "</passage" not in shown
        assert "\u200b" not in shown


def test_an_earlier_turn_is_shown_only_where_the_question_refers_to_it():
    history = (Turn("Qui ?", "La maire."), Turn("Combien de mètres ?", "310 mètres [1]."))
    alone = compose(quotes("Un port."), history=history)
    after = compose(quotes("Un port."), "Et le phare ?", history, searched="Combien de mètres mesure le phare ?")
    assert alone.history == ()
    assert "310" not in alone.continued
    assert after.history == history[-1:]
    assert "Réponse : 310 mètres.\n" in after.continued
    assert after.question == "Et le phare ?"


def test_the_language_is_the_questions_and_the_answer_is_short():
    prompt = compose(quotes("Un port."), "How much?", language="en", answer_tokens=40)
    assert prompt.system.startswith(INSTRUCTIONS["en"])
    assert "Question: How much?\nAnswer:\n" in prompt.continued
    assert prompt.answer_tokens == 40
    assert compose(quotes("Un port.")).answer_tokens == ANSWER_TOKENS


def test_the_surer_the_reader_is_that_the_article_answers_the_surer_a_refusal_must_be():
    bounds = [compose(quotes("Un port."), probability=probability).refused_above for probability in (0.2, 0.5, 0.9)]
    assert bounds == sorted(bounds)
    assert bounds[1] == pytest.approx(0.0)  # the likelier of the two is right


def test_what_reader_and_model_find_likeliest_together_is_shown_first():
    first, second, third = quotes("Il a coûté 4 millions.", "La digue mesure 310 mètres.", "Il pleut.")
    assert ranked([first, second, third], (0.1, 0.8, 0.1), 3) == (second, first, third)
    assert ranked([first, second, third], (0.1, 0.8, 0.1), 2) == (second, first)
    assert ranked([first, second, third], (0.5, 0.5, 0.0), 3) == (first, second)
    assert ranked([first, second, third], (0.98, 1e-6, 0.02), 3) == (first, third)
    assert ranked([first, second, third], (0.01, 0.0, 0.99), 3) == (third, first)
