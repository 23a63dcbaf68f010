"""What a search meets that another thread or program does to its library meanwhile: closing, removing, rebuilding.

Each is done before every single reading of the library's file in turn, so that no instant is left to chance.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress

import pytest
from support.fakes import HashedWords, Scripted
from support.harbour import HARBOUR, PORT, put
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.card import make_card
from rag.errors import LibraryError
from rag.events import Finished
from rag.index.database import Database
from rag.index.library import Library
from rag.llm.quoting import QuotingModel

SHORT = HARBOUR.partition("Ceux qui y travaillent")[0]
QUESTIONS = {
    "a question": ("Combien de mètres mesure la digue ?", True),
    "a question to all": ("Combien de mètres mesure la digue ?", False),
    "an overview": ("Résume l'article.", True),
    "an overview of all": ("Résume les articles.", False),
    "a chronology": ("Donne la chronologie de l'article.", True),
    "own data": ("Qui a écrit cet article ?", True),
    "own data of all": ("Qui a écrit ces articles ?", False),
}


class Interruption:
    """Does something to a library once, from outside, before its n-th reading."""

    def __init__(self, act, number: int) -> None:
        self.act, self.number, self.inside, self.done = act, number, 0, False

    def before(self) -> None:
        self.number -= 1
        if self.number == 0:
            self.inside += 1
            self.act()
            self.inside -= 1
            self.done = True


@pytest.fixture
def interrupted(monkeypatch):
    """Give a function that makes the present reading of libraries be interrupted before its n-th query."""
    now: list[Interruption] = []
    read_all, snapshot = Database._all, Database.snapshot

    def reading(self, query, *values):
        if now and not now[0].inside:
            now[0].before()
        return read_all(self, query, *values)

    @contextmanager
    def one_instant(self):
        if now and not now[0].inside:
            now[0].before()
        with snapshot(self):  # whoever would close it now waits
            for one in now:
                one.inside += 1
            try:
                yield
            finally:
                for one in now:
                    one.inside -= 1

    monkeypatch.setattr(Database, "_all", reading)
    monkeypatch.setattr(Database, "snapshot", one_instant)

    def interrupt(act, number):
        now[:] = [Interruption(act, number)]
        return now[0]

    yield interrupt
    now.clear()


def ask(library, identifier, question, *, within, model):
    assistant = Assistant(library, WordReader(), model)
    *_, last = assistant.answer(question, article=identifier if within else "")
    assert isinstance(last, Finished)


def card(library, identifier):
    for _ in make_card(library, Assistant(library, WordReader(), QuotingModel()).search, identifier):
        pass


def read_ahead(library, identifier):
    list(Assistant(library, WordReader(), Scripted()).prepare(identifier))


@pytest.fixture(params=[*QUESTIONS, "a language model", "reading ahead", "a card"])
def search(request, monkeypatch):
    """Give a function that searches a library that holds an article."""
    monkeypatch.setattr("rag.card.making.MOST_TRIED", 2)
    if request.param in {"a card", "reading ahead"}:
        return card if request.param == "a card" else read_ahead
    question, within = QUESTIONS.get(request.param, QUESTIONS["a question"])
    model = QuotingModel() if request.param in QUESTIONS else Scripted("La digue mesure 310 mètres [1].")
    return lambda library, identifier: ask(library, identifier, question, within=within, model=model)


def interruptions(tmp_path, search, interrupted, act):
    """Yield what became of the search: None, or its error, as it is interrupted before its first query, its second…"""
    whole = Library(tmp_path / "whole", HashedWords())
    identifier = put(whole, SHORT)
    put(whole, PORT)
    whole.close()
    number = 0
    while True:
        number += 1
        library = Library(shutil.copytree(tmp_path / "whole", tmp_path / f"copy-{number}"), HashedWords())
        interruption = interrupted(lambda one=library, name=identifier: act(one, name), number)
        error = None
        try:
            search(library, identifier)
        except LibraryError as caught:
            error = caught
        interruption.number = 0
        library.close()
        if not interruption.done:
            break
        yield error
    assert number > 1


def test_a_search_whose_library_is_closed_says_so(tmp_path, search, interrupted):
    for error in interruptions(tmp_path, search, interrupted, lambda library, _: library.close()):
        assert "was closed meanwhile" in str(error)


def test_a_search_whose_article_is_removed_ends_as_if_there_were_none(tmp_path, search, interrupted):
    for error in interruptions(tmp_path, search, interrupted, lambda library, name: library.remove(name)):
        assert error is None or "holds no article" in str(error)


def test_a_search_whose_library_is_rebuilt_goes_on(tmp_path, search, interrupted):
    def rebuild(library, _):
        with suppress(LibraryError):
            list(library.rebuild())

    for error in interruptions(tmp_path, search, interrupted, rebuild):
        assert error is None
