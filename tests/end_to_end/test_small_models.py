"""Real weights of two very small models, where they are installed: templates, streams, stops, saved states, answers."""

from __future__ import annotations

from contextlib import closing
from itertools import takewhile

import pytest
from support.bundled import bundled_reader
from support.harbour import COST, HARBOUR, HOW_MUCH, LENGTH, put

from rag.answer.assistant import Assistant
from rag.errors import ModelError
from rag.events import Finished, Token, Working
from rag.index.library import Library
from rag.llm.evidence import compose_evidence
from rag.llm.llama.model import LlamaCppModel
from rag.llm.prompt import compose_prompt
from rag.llm.sampling import Sampling
from rag.models.installed import find_installed
from rag.settings import home
from rag.values import Hit, Passage, Prompt, Quote

pytestmark = pytest.mark.llama

GREEDY = Sampling(temperature=0.0)
QUOTES = [
    Quote("a", "Le port de Bréhal", 0, len(COST), COST, 0.9),
    Quote("a", "Le port de Bréhal", 99, 99 + len(LENGTH), LENGTH, 0.2),
]


def opened(name: str, **options) -> LlamaCppModel:
    try:
        model = find_installed(home() / "models", name)
    except ModelError:
        pytest.skip(f"{name} is not in {home() / 'models'}: rag models pull {name}")
    manner = {"reads_evidence": model.reads_evidence, "adapter": model.adapter, "context_window": 1024}
    manner |= {"threads": 1, "sampling": GREEDY}
    return LlamaCppModel(model.path, **{**manner, **options})


@pytest.fixture(params=["gemma-3-270m", "smollm2-135m"])
def model(request):
    with closing(opened(request.param)) as model:
        yield model


def evidence(question: str = "Combien le chantier a-t-il coûté ?", answer_tokens: int = 24) -> Prompt:
    return compose_evidence(question, QUOTES, (), searched=question, language="fr", answer_tokens=answer_tokens)


def written(model: LlamaCppModel, prompt: Prompt) -> str:
    return "".join(item for item in model.stream(prompt) if isinstance(item, str))


def test_a_prompt_begins_once_and_reads_as_it_was_meant(model):
    prompt, vocabulary = evidence(), model.engine.vocabulary
    tokens = model.reading(prompt).tokens
    spelled = b"".join(vocabulary.spell(token, special=True) for token in tokens).decode()
    if "gemma" in model.name.lower():
        assert spelled == f"<bos>{prompt.continued}"
    else:
        assert spelled == (
            f"<|im_start|>system\n{prompt.system}<|im_end|>\n"
            f"<|im_start|>user\n{prompt.question}<|im_end|>\n<|im_start|>assistant\n"
        )
    assert tokens[: len(vocabulary.first)] == vocabulary.first
    assert tokens[1] not in vocabulary.first


def test_questions_in_a_row_and_stopped_ones_leave_an_answer_as_it_was(model):
    expected = written(model, evidence())
    assert expected
    stopped = model.stream(evidence("Combien mesure la digue ?"))
    for _ in takewhile(lambda item: isinstance(item, Working), stopped):
        break  # within the prompt
    stopped.close()
    writing = model.stream(evidence("Combien mesure la digue ?"))
    next(item for item in writing if isinstance(item, str))
    writing.close()
    for number in range(2):
        written(model, evidence(f"Quelle est la question numéro {number} ?", answer_tokens=16))
    assert written(model, evidence()) == expected


def test_what_was_read_of_an_article_is_restored_from_disk_and_answers_the_same(tmp_path):
    hit = Hit(Passage("a", 0, len(HARBOUR), HARBOUR), "Le port", 0.9, 0.9, 1.0)
    answers = []
    for _ in range(2):
        with closing(opened("smollm2-135m", state_folder=tmp_path)) as model:
            prompt = compose_prompt(
                HOW_MUCH, [hit], (), searched=HOW_MUCH, language="fr", article_language="fr", context_window=1024,
                answer_tokens=16, count_tokens=model.count_tokens, whole_article=True,
            )  # fmt: skip
            items = list(model.stream(prompt))
            answers.append("".join(item for item in items if isinstance(item, str)))
            reused = items[-1].tokens.reused
    assert answers[0] == answers[1] != ""
    assert reused > 200


def test_whatever_a_small_model_says_the_answer_holds_what_the_article_says(bundled, tmp_path, model):
    library = Library(tmp_path / "harbour", bundled)
    put(library, HARBOUR)
    with closing(library):
        events = list(Assistant(library, bundled_reader(), model, answer_tokens=48).answer(HOW_MUCH))
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    assert "".join(event.text for event in events if isinstance(event, Token)).rstrip() == answer.text
    assert any("4,2 millions" in citation.quote for citation in answer.citations)
    assert any(one.supported == "yes" and one.citations for one in answer.sentences if not one.struck)
    assert answer.tokens.answer
