"""What the answerer is trained on, and that llama.cpp answers with just what was trained."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from support.gguf_writer import TINY_GEMMA, write_gguf
from support.sets import write_lines

from rag.evaluation.question_sets import read_set
from rag.llm.evidence_prompt import MOST_EVIDENCE
from rag.values import Turn
from training.answerer.examples import MARK, Example, narrowed, stated, varied
from training.answerer.mining import Searched
from training.answerer.sources import drawn, held_out, questions_of, written

PIECES = (
    "Il pleuvait ce matin-là. Le port de Bréhal a rouvert le 14 juin 2025 devant 600 habitants. Un orchestre a joué.",
    "La digue mesure 310 mètres. Elle avait cédé en 1987.",
    "Le phare ferme en novembre.",
    "Léon Carvès l'a bâti en 1894. Il était de Granville.",
    "La criée ouvre à cinq heures.",
)
EXAMPLE = Example(
    "written", "Le port", PIECES, "Quand le port a-t-il rouvert ?", "fr", "Le 14 juin 2025 [1], à Bréhal [1].", True
)


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_shown_an_answer_cites_the_same_words(seed):
    shown = varied(EXAMPLE, random.Random(seed))
    (cited,) = {shown.evidence[int(mark) - 1] for mark in MARK.findall(shown.answer)}
    assert "rouvert le 14 juin 2025" in cited
    assert cited in PIECES[0]
    assert 1 <= len(shown.evidence) <= MOST_EVIDENCE
    assert all(any(piece in whole for whole in PIECES) for piece in shown.evidence)


def test_what_is_shown_is_not_always_the_same():
    shown = {varied(EXAMPLE, random.Random(seed)).evidence for seed in range(30)}
    assert len(shown) > 10


@pytest.mark.parametrize(
    ("answer", "answered", "choices", "target"),
    [
        ("Le 14 juin [3], à Bréhal [1][3].", True, (3, 1), "Le 14 juin [3], à Bréhal [1][3]."),
        ("[2]", True, (2,), ""),  # which piece answers is known, and how it is put is not
        ("L'article ne dit pas qui l'a payé.", False, (0,), ""),
        ("", False, (0,), ""),
    ],
)
def test_what_answers_is_known_by_its_marks_and_a_refusal_has_no_words(answer, answered, choices, target):
    example = Example("written", "", PIECES[:3], "Quand ?", "fr", answer, answered)
    assert (example.choices(), example.target()) == (choices, target)


def test_a_passage_is_narrowed_to_what_the_answer_needs():
    assert narrowed(PIECES[0], "Devant 600 habitants.") == (
        "Le port de Bréhal a rouvert le 14 juin 2025 devant 600 habitants."
    )
    assert narrowed(PIECES[1], "310 mètres, et elle a cédé en 1987.") == PIECES[1]


def test_words_that_answer_become_an_answer():
    assert stated(" les pêcheurs de Bréhal, ", 3) == "Les pêcheurs de Bréhal [3]."


@pytest.fixture
def folder(tmp_path):
    """Give a set of one article with training questions."""
    article = {"doc_id": "a", "title": "Le <i>port</i>", "lang": "fr", "paragraphs": [" ".join(PIECES[:3]), PIECES[3]]}
    base = {"doc_id": "a", "lang": "fr", "answerable": True}
    questions = [
        base | {"id": "1", "question": "Combien mesure la digue ?", "paragraph": 0, "answers": ["310 mètres"]},
        base | {"id": "2", "question": "Qui a bâti le phare ?", "paragraph": 1, "answers": ["Léon Carvès"]},
    ]
    return write_lines(tmp_path / "set", {"articles": [article], "train": questions})


def test_questions_of_a_set_come_with_what_is_found_and_without_what_answers(folder):
    articles, asked = read_set(folder, "train.jsonl")
    digue, long = PIECES[1].split(". ")[0] + ".", "Léon Carvès l'a bâti en 1894, " + "et il a plu, " * 20
    lines = [
        Searched(asked[0], articles[0], (PIECES[2], digue, "Elle mesure 310 mètres.")),
        Searched(replace(asked[1], answers=(long.strip(),)), articles[0], (long, PIECES[2])),
        Searched(replace(asked[1], answerable=False), articles[0], (PIECES[2],)),
    ]
    made = list(questions_of("piaf-fr", lines, random.Random(1)))
    assert {one.title for one in made} == {"Le port"}
    told = [(one.evidence, one.answer) for one in made if one.answered]
    assert told == [((PIECES[2], digue), "310 mètres [2]."), ((long, PIECES[2]), "[1]")]
    refused = {one.evidence for one in made if one.source == "piaf-fr" and not one.answered}
    assert refused == {(PIECES[2],)}


def test_what_was_written_keeps_its_turn_and_what_is_held_out_is_never_drawn(tmp_path):
    line = {
        "lang": "fr", "article_language": "fr", "passages": list(PIECES), "question": "Et en 1987 ?",
        "history": [{"question": "Tient-elle ?", "answer": "Oui."}], "answerable": True, "kind": "what",
        "answer": "Elle avait cédé [2].",
    }  # fmt: skip
    lines = [line | {"title": f"Titre {number}"} for number in range(80)]
    folder = write_lines(tmp_path / "train", {"answers": [*lines, line | {"kind": "smalltalk", "title": ""}]})
    made = list(written(folder / "answers.jsonl"))
    assert len(made) == 80
    assert made[0].previous == Turn("Tient-elle ?", "Oui.")
    kept = {one.title for one in made if held_out(one)}
    assert kept
    assert kept.isdisjoint(one.title for one in drawn(made, 600, random.Random(1)))


@pytest.mark.llama
def test_llama_cpp_computes_what_was_trained(tmp_path):
    llama_cpp = pytest.importorskip("llama_cpp")
    torch = pytest.importorskip("torch")
    from training.answerer.export import export
    from training.answerer.network import Answerer

    model = write_gguf(tmp_path / "tiny.gguf", " ".join(PIECES), shape=TINY_GEMMA)
    torch.manual_seed(1)
    answerer = Answerer(model, 32)
    for parameter in answerer.parameters():
        parameter.data += torch.randn_like(parameter) * 0.05
    checkpoint, adapter = tmp_path / "checkpoint.pt", tmp_path / "adapter.gguf"
    torch.save({"answerer": {name: value.data for name, value in answerer.named_parameters()}}, checkpoint)
    export(checkpoint, adapter)
    tokens = torch.randint(0, 300, (40,), generator=torch.Generator().manual_seed(2)).tolist()
    with torch.no_grad():
        ours = (answerer.states(torch.tensor([tokens]))[0] @ answerer.table.T).float()
    plain, adapted = (
        scores(llama_cpp.Llama(str(model), n_ctx=64, logits_all=True, verbose=False, lora_path=path), tokens)
        for path in (None, str(adapter))
    )
    assert torch.nn.functional.cosine_similarity(ours, adapted, dim=1).min() > 0.99
    assert torch.nn.functional.cosine_similarity(ours, plain, dim=1).mean() < 0.9


def scores(llama, tokens):
    import torch

    llama.eval(tokens)
    return torch.tensor(llama.scores[: len(tokens)].copy())


def test_the_losses_are_those_of_the_answer_and_of_the_choice_alone(tmp_path):
    torch = pytest.importorskip("torch")
    from training.answerer.batches import Batch
    from training.answerer.network import Answerer

    answerer = Answerer(write_gguf(tmp_path / "tiny.gguf", " ".join(PIECES), shape=TINY_GEMMA), 32)
    tokens = torch.randint(0, 300, (2, 12), generator=torch.Generator().manual_seed(3))
    told = torch.zeros_like(tokens, dtype=torch.bool)
    told[:, 8:] = True
    numbers, asked = [40, 41, 42], torch.tensor([5, 6])
    right = torch.tensor([[True, False, False], [False, True, True]])
    said, chosen = answerer.losses(Batch(tokens, told, asked, right), numbers)
    (said + chosen).backward()
    states = answerer.states(tokens)
    logits = (states[:, 7:-1] @ answerer.table.T).float()
    of_words = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), tokens[:, 8:].reshape(-1))
    shares = torch.softmax((states[[0, 1], [5, 6]] @ answerer.table[numbers].T).float(), dim=1)
    of_choices = -(shares[0, 0].log() + (shares[1, 1] + shares[1, 2]).log()) / 2
    assert said.item() == pytest.approx(of_words.item(), rel=1e-2)
    assert chosen.item() == pytest.approx(of_choices.item(), rel=1e-2)
    expected = of_words + of_choices
    found = {name: parameter.grad.clone() for name, parameter in answerer.named_parameters()}
    answerer.zero_grad()
    expected.backward()
    for name, parameter in answerer.named_parameters():
        if name.endswith("up"):  # what is before it is still zero
            assert torch.nn.functional.cosine_similarity(found[name].flatten(), parameter.grad.flatten(), dim=0) > 0.98
