"""Without a language model: one to three sentences of the article, word for word, each with its citation."""

from __future__ import annotations

import re

import pytest
from support.harbour import put
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.errors import RagError
from rag.events import Checked, Cited, Finished, Retrieved, Token
from rag.llm.quoting import MOST_QUOTES, NEARLY_AS_GOOD, QuotingModel, choose
from rag.values import Answer, Article, Hit, Passage, Prompt, Quote

TEXT = """Le port de Bréhal rouvre

La digue du port mesure 310 mètres. Le chantier du port a coûté 4,2 millions d'euros [3]. « On respire », dit Paul.

Le phare et la digue

Le phare du port reste fermé jusqu'en septembre. Sa lanterne brille pourtant. La digue
fut bâtie en 1894 [voir le plan], quand on ne savait pas encore compter les marées.
Vingt-deux pêcheurs vivent du port.

Le chenal

M. Corbin, maire depuis 2020, veut draguer le chenal "avant l'hiver". L'appel d'offres est prêt.
"""
QUESTIONS = (
    "Combien mesure la digue du port ?",
    "Combien le chantier du port a-t-il coûté ?",
    "Quand la digue fut-elle bâtie ?",
    "Combien de pêcheurs vivent du port ?",
    "Jusqu'à quand le phare du port reste-t-il fermé ?",
    "Qui veut draguer le chenal ?",
)


@pytest.fixture
def port(library) -> Article:
    return library.article(put(library, TEXT))


def ask(library, question: str) -> tuple[list, Answer]:
    events = list(Assistant(library, WordReader(), QuotingModel()).answer(question))
    assert isinstance(events[-1], Finished)
    assert not events[-1].answer.refused
    return events, events[-1].answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_cited_is_what_is_quoted_to_the_character(library, port, question):
    _, answer = ask(library, question)
    assert 1 <= len(answer.citations) <= MOST_QUOTES
    lines = answer.marked_text().split("\n")
    assert len(lines) == len(answer.citations)
    for number, (line, citation) in enumerate(zip(lines, answer.citations, strict=True), 1):
        assert citation.n == number
        assert citation.quote == port.text[citation.start : citation.end]
        assert line == f"«\u202f{' '.join(citation.quote.split())}\u202f» [{number}]"


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_quotation_is_a_whole_sentence_of_the_running_text(library, port, question):
    _, answer = ask(library, question)
    for citation in answer.citations:
        holders = [block for block in port.blocks if block.start <= citation.start and citation.end <= block.end]
        assert [block.kind for block in holders] == ["paragraph"]
        before, after = port.text[: citation.start].rstrip(), port.text[citation.end :].lstrip()
        assert citation.start == holders[0].start or before.endswith((".", "»", "\n"))
        assert citation.quote.endswith((".", "»"))
        assert not after or after[0].isupper() or after[0] == "«"


@pytest.mark.parametrize("question", QUESTIONS)
def test_quotations_come_the_likeliest_first_and_are_all_supported(library, port, question):
    events, answer = ask(library, question)
    starts = [citation.start for citation in answer.citations]
    (found,) = [event.evidence.quotes for event in events if isinstance(event, Retrieved)]
    assert starts == [quote.start for quote in found[: len(starts)]]
    assert [one.citations for one in answer.sentences] == [(n,) for n in range(1, len(starts) + 1)]
    assert {one.supported for one in answer.sentences} == {"yes"}
    assert [event.citation for event in events if isinstance(event, Cited)] == list(answer.citations)
    assert [event.sentence for event in events if isinstance(event, Checked)] == list(answer.sentences)


@pytest.mark.parametrize(
    ("question", "fact"), zip(QUESTIONS, ("310", "4,2", "1894", "Vingt-deux", "septembre", "Corbin"), strict=True)
)
def test_the_fact_is_in_a_quotation(library, port, question, fact):
    assert any(fact in citation.quote for citation in ask(library, question)[1].citations)


def test_a_footnote_of_the_article_is_no_citation_of_ours(library, port):
    events, answer = ask(library, "Combien le chantier du port a-t-il coûté ?")
    assert "d'euros [3]." in "".join(event.text for event in events if isinstance(event, Token))
    assert answer.unknown_marks == 0
    assert any(citation.quote.endswith("d'euros [3].") for citation in answer.citations)


# ── The model by itself ─────────────────────────────────────────────────────────────────────────────────────────────


def quote(start: int, score: float, text: str = "Une phrase.", article: str = "a") -> Quote:
    return Quote(article, "T", start, start + len(text), text, score)


def prompt(*quotes: Quote, language: str = "fr", hits=()) -> Prompt:
    hits = hits or tuple(Hit(Passage("a", start, start + 100, ""), "T", 1.0, 1.0, 1.0) for start in (0, 100, 200))
    return Prompt("", tuple(hits), (), "Combien ?", "Combien ?", language, quotes=quotes)


def said(*quotes: Quote, **options) -> str:
    return "".join(piece for piece in QuotingModel().stream(prompt(*quotes, **options)) if isinstance(piece, str))


def test_the_best_and_those_nearly_as_good_are_chosen():
    good = 1.0 * NEARLY_AS_GOOD
    found = choose((quote(0, 1.0), quote(20, good), quote(40, good - 0.01)))
    assert [one.start for one in found] == [0, 20]
    assert choose(()) == ()


def test_never_more_than_three():
    assert len(choose(tuple(quote(20 * number, 1.0) for number in range(9)))) == MOST_QUOTES == 3


def test_the_best_comes_first_and_each_line_has_the_number_of_the_passage_that_holds_it():
    marks = re.findall(r"\[(\d)\]", said(quote(250, 1.0), quote(50, 0.97), quote(110, 0.95)))
    assert marks == ["3", "1", "2"]


def test_quotation_marks_are_those_of_the_questions_language():
    assert said(quote(0, 1.0), language="fr") == "«\u202fUne phrase.\u202f» [1]"
    assert said(quote(0, 1.0), language="en") == said(quote(0, 1.0), language="de") == "“Une phrase.” [1]"


def test_a_sentence_over_several_lines_is_quoted_on_one():
    assert said(quote(0, 1.0, "Une  phrase\nlongue.")) == "«\u202fUne phrase longue.\u202f» [1]"


def test_nothing_to_quote_is_nothing_said():
    assert said() == ""


def test_a_quote_outside_every_passage_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="5000") as caught:
        said(quote(5000, 1.0))
    assert not isinstance(caught.value, RagError)


def test_it_prepares_nothing_and_holds_any_article():
    model = QuotingModel()
    assert list(model.prepare(prompt())) == []
    assert model.count_tokens("un mot ou deux") < model.context_window
    model.close()
