"""Questions that are made: which can be trained on, what is shown for them, and how many are written at a time."""

from __future__ import annotations

import json
import lzma
import random
from dataclasses import asdict

import pytest
from support.gguf_writer import TINY_GEMMA, write_gguf

from training.questioner.examples import Question, Told, parsed
from training.questioner.made import Made, made_examples, made_readings, read_made
from training.questioner.pieces import shown_for
from training.questioner.texts import paragraphs, sentences_to_ask_about

SENTENCE = "Le port de Bréhal a rouvert le 14 juin 2025 devant 600 habitants."
TEXT = f"Il pleuvait ce matin-là sur la côte. {SENTENCE} Un orchestre de Granville a joué sur le quai."
TOLD = Told("Le port", TEXT, SENTENCE, "fr")
LINES = [
    "Le phare de Granville ferme en novembre, et son gardien Léon Carvès part après 31 ans.",
    TEXT,
    "La digue de Bréhal mesure 310 mètres, et elle avait cédé en 1987 sous une vague.",
]


@pytest.mark.parametrize(
    ("written", "reader"),
    [
        ("Quand le port a-t-il rouvert ?\nRéponse : le 14 juin 2025", False),
        ("combien de gens sont venus\nRéponse : 600 habitants étaient là.", True),
        ("Que s'est-il passé à Bréhal ?\nRéponse : Le port a rouvert, devant 600 habitants.", True),
    ],
)
def test_a_question_whose_answer_the_sentence_tells_can_be_trained_on(written, reader):
    question = parsed(TOLD, "fr", reader=reader, written=written)
    assert question is not None
    assert question.target() == written


@pytest.mark.parametrize(
    ("written", "reader"),
    [
        ("Quand le port a-t-il rouvert ?\nRéponse : le 15 juin 2025", False),  # words the sentence does not hold
        ("Quand le port a-t-il rouvert ?\nRéponse : le 14 jui", False),  # half a word
        ("Combien sont venus ?\nRéponse : Ils étaient 800.", True),  # another number
        ("Qui a rouvert le port ?\nRéponse : C'était Léon Carvès.", True),  # a name from elsewhere
        ("Quand le port a-t-il rouvert ?", False),  # no answer
        ("\nRéponse : le 14 juin 2025", False),  # no question
    ],
)
def test_a_question_that_the_sentence_does_not_answer_is_left_out(written, reader):
    assert parsed(TOLD, "fr", reader=reader, written=written) is None


def test_what_is_shown_begins_with_what_answers_and_what_is_most_like_the_question():
    question = Question(TOLD, "Quand la digue de Bréhal avait-elle cédé ?", "Le 14 juin.", "fr", True)
    shown = shown_for(question, [LINES[2], "Rien de tel ne se dit ici."], random.Random(1))
    assert shown[:2] == (SENTENCE, LINES[2])
    assert len(set(shown)) == len(shown)


@pytest.fixture
def data(tmp_path):
    """Give a folder of data with three French paragraphs."""
    for language, lines in (
        ("fr", LINES),
        ("en", ["Nothing is told in this paragraph, which is long enough to stay."]),
    ):
        (tmp_path / "train").mkdir(exist_ok=True)
        with lzma.open(tmp_path / "train" / f"text_{language}.txt.xz", "wt", encoding="utf-8") as text:
            text.write("\n".join(lines))
        with lzma.open(tmp_path / "train" / f"pairs_{language}.jsonl.xz", "wt", encoding="utf-8") as pairs:
            title = {
                "source": "wikinews_fr",
                "kind": "title",
                "question": "Un séisme",
                "passage": "Il fut ressenti à Nice.",
            }
            pairs.write(json.dumps(title) + "\n" if language == "fr" else "")
    for name in ("piaf-fr", "squad2-en"):
        (tmp_path / "dev" / name).mkdir(parents=True)
        for file in ("articles", "train"):
            (tmp_path / "dev" / name / f"{file}.jsonl").touch()
    return tmp_path


def kept(folder, absent):
    path = folder / "questions.jsonl"
    question = Question(TOLD, "Quand le port de Bréhal a-t-il rouvert ?", "le 14 juin 2025", "fr", False)
    path.write_text(json.dumps(asdict(Made(1, question, 0.9, absent))) + "\n", encoding="utf-8")
    return path


def test_paragraphs_that_tell_facts_are_asked_about(data):
    found = paragraphs(data, "fr")
    assert [one.title for one in found] == ["", "", "", "Un séisme"]
    asked = list(sentences_to_ask_about(found, "fr", 20, random.Random(1)))
    assert {at for at, _ in asked} == {1}  # the others are short, or name less
    assert all(told.sentence in told.text and told.text in " ".join(LINES) for _, told in asked)


def test_a_made_question_is_learned_with_its_sentence_and_refused_without_it(data):
    path = kept(data, 0.9)
    assert [one.question.answer for one in read_made(path)] == ["le 14 juin 2025"]
    made = list(made_examples(path, data, random.Random(1)))
    answered = [one for one in made if one.answered]
    assert [(one.answer, one.evidence[0]) for one in answered] == [("Le 14 juin 2025 [1].", SENTENCE)]
    refused = [one for one in made if one.source == "asked" and not one.answered]
    assert len(refused) == 1
    assert SENTENCE not in refused[0].evidence
    (reading,) = made_readings(path, data, random.Random(1))
    first, *others = reading.passages
    assert [first.text[slice(*span)] for span in first.spans] == ["le 14 juin 2025"]
    assert [first.text[slice(*span)] for span in first.evidence] == [SENTENCE]
    assert others
    assert not any(one.answers or SENTENCE in one.text for one in others)


def test_nothing_is_refused_where_something_else_may_answer(data):
    path = kept(data, 0.1)
    assert all(one.answered or one.source == "asked_altered" for one in made_examples(path, data, random.Random(1)))
    (reading,) = made_readings(path, data, random.Random(1))
    assert not any("orchestre" in one.text for one in reading.passages[1:])


def test_without_a_file_of_questions_there_are_none(tmp_path):
    assert list(made_examples(tmp_path / "none", tmp_path, random.Random(1))) == []
    assert list(made_readings(tmp_path / "none", tmp_path, random.Random(1))) == []


def test_many_texts_are_written_at_a_time_as_each_alone(tmp_path, monkeypatch):
    torch = pytest.importorskip("torch")
    from training.answerer.network import Answerer
    from training.questioner import sampling

    monkeypatch.setattr(sampling, "TEMPERATURE", 1e-6)  # the likeliest token each time
    model = Answerer(write_gguf(tmp_path / "tiny.gguf", TEXT, shape=TINY_GEMMA), 32)
    chance = torch.Generator().manual_seed(4)
    prompts = [torch.randint(10, 300, (length,), generator=chance).tolist() for length in (3, 9, 21)]
    together = sampling.sampled(model, prompts, end=1, most=8, seed=1)
    for prompt, written in zip(prompts, together, strict=True):
        texts = [torch.tensor([[*prompt, *written[:length]]]) for length in range(len(written))]
        with torch.no_grad():
            assert written == [int((model.table @ model.states(text)[0, -1]).argmax()) for text in texts]
