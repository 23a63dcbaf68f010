"""A card as it grows, over a library and a search: only what is surely answered is offered."""

from dataclasses import replace

from support.harbour import HARBOUR, LONG, put
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.card import Asked, make_card, making
from rag.card.making import MOST_TRIED
from rag.llm.quoting import QuotingModel


def test_a_card_grows_from_what_is_exact_to_what_is_read(library):
    identifier = put(library, HARBOUR)
    searched = []

    def search(question, *, article):
        searched.append((question, article))
        return Assistant(library, WordReader(), QuotingModel()).search(question, article=article)

    first, *grown = make_card(library, search, identifier)
    assert first.figures
    assert not first.summary
    assert len(grown[0].summary) == 3
    assert [one.start for one in grown[0].summary] == sorted(one.start for one in grown[0].summary)
    assert 0 < len(searched) <= MOST_TRIED
    assert {article for _, article in searched} == {identifier}
    asked = [one.question for one in grown[-1].questions]
    assert asked
    assert set(asked) <= {question for question, _ in searched}
    text = library.article(identifier).text
    for one in grown[-1].questions:
        assert text[one.start : one.end].strip()


def test_of_a_long_text_some_sentences_from_all_over_it_are_asked_about(library, monkeypatch):
    identifier, handed = put(library, LONG), []

    def ask(_, candidates, __):
        handed.extend(candidates)
        return []

    monkeypatch.setattr(making, "make_questions", ask)
    monkeypatch.setattr(making, "MOST_SENTENCES", 8)
    list(make_card(library, Assistant(library, WordReader(), QuotingModel()).search, identifier))
    assert 4 < len(handed) <= 8
    assert max(one.end for one in handed) > len(LONG) / 2


def test_what_the_reader_does_not_find_is_not_offered(library):
    identifier = put(library, HARBOUR)
    assistant = Assistant(library, WordReader(), QuotingModel())

    def doubt(question, *, article):
        found = assistant.search(question, article=article)
        return replace(found, evidence=replace(found.evidence, confidence="unsure"))

    *_, last = make_card(library, doubt, identifier)
    assert [one.question for one in last.questions] == ["Quels sont les points clés ?"]  # that asks the whole text


def test_closing_a_card_ends_the_work(library):
    identifier = put(library, HARBOUR)

    def fail(question, *, article):
        raise AssertionError(question, article)

    steps = make_card(library, fail, identifier)
    assert next(steps).article == identifier
    steps.close()
    assert list(steps) == []
    assert Asked("Qui ?", 0, 1).answer == ""
