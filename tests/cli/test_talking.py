"""``rag ask`` without a question, and with ``-``: several questions, one after the other."""

from __future__ import annotations

import io
import json
import sys

import pytest
from support.fakes import Scripted
from support.harbour import PORT

from rag.cli import talking
from rag.errors import ModelError
from rag.events import Working

LENGTH = "Combien mesure la digue ?"


@pytest.fixture
def press(rag, tmp_path):
    (tmp_path / "port.txt").write_text(PORT, encoding="utf-8")
    assert rag("add", tmp_path / "port.txt", "-l", "press").code == 0


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


class Endless(io.RawIOBase):
    """What begins somehow and never ends; it gives no more than a bound, beyond which whoever reads has none."""

    def __init__(self, begins: bytes, most: int) -> None:
        self._left, self._most = begins, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = (self._left or b"x" * len(buffer))[: len(buffer)]
        self._left = self._left[len(data) :]
        self._most -= len(data)
        assert self._most > 0, "read without a bound"
        buffer[: len(data)] = data
        return len(data)


@pytest.fixture
def typed(rag, press, monkeypatch):
    """Type lines into a conversation, which ends after the last; a line may be an error that comes instead."""

    def run(*lines: str | type[BaseException], options=()):
        left = iter([*lines, EOFError])

        def read(_: str) -> str:
            line = next(left)
            if isinstance(line, str):
                return line
            raise line

        monkeypatch.setattr("builtins.input", read)
        monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO()))
        return rag("ask", "-l", "press", *options)

    return run


@pytest.fixture
def piped(rag, press, monkeypatch):
    """Give lines to standard input."""

    def run(text: bytes, *words):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
        return rag("ask", *words, "-l", "press")

    return run


# ── A conversation ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_questions_are_answered_until_the_person_ends_it(typed):
    ran = typed("", LENGTH, LENGTH, "/quit", "never read")
    assert (ran.code, ran.err) == (0, "")
    assert "310" in ran.out
    assert "(Le port de Bréhal rouvre), answered by the article's own sentences." in ran.out
    assert ran.out.count("(Le port de Bréhal rouvre, ") == 2
    assert ran.out.count("rag models pull") == 1  # advice is given once


def test_a_question_may_refer_to_the_one_before_until_that_is_forgotten(typed, monkeypatch):
    model = Scripted("La digue mesure 310 mètres. [1]")
    monkeypatch.setattr("rag.workspace.Workspace.model", lambda _: model)
    assert typed("Bonjour", LENGTH, LENGTH, "/new", LENGTH).code == 0
    assert [[turn.question for turn in prompt.history] for prompt in model.prompts] == [[], [LENGTH], []]


def test_one_article_can_be_chosen_and_all_of_them_again(typed):
    ran = typed("/article port.txt", LENGTH, "/article", "/article nowhere.txt", LENGTH)
    assert "Only “Le port de Bréhal rouvre” is asked." in ran.out
    assert "The whole library is asked." in ran.out
    assert "holds no article 'nowhere.txt'" in ran.err
    assert ran.code == 0


def test_help_and_what_is_not_there(typed):
    ran = typed("/help", "/halp")
    assert "/article NAME" in ran.out
    assert "There is no /halp." in ran.out


def test_an_error_ends_an_answer_and_not_the_conversation(typed, monkeypatch):
    monkeypatch.setattr("rag.workspace.Workspace.model", lambda _: Failing("La digue "))
    ran = typed(LENGTH, "x" * 3000, LENGTH)
    assert ran.code == 0
    assert ran.out.count("La digue\n") == 2
    assert ran.err.count("rag: The server is tired.") == 2
    assert ran.err.count("2000 are the most") == 1


def test_the_keyboard_stops_an_answer_and_not_the_conversation(typed, monkeypatch):
    model = Failing("La digue ", error=KeyboardInterrupt())
    monkeypatch.setattr("rag.workspace.Workspace.model", lambda _: model)
    ran = typed(KeyboardInterrupt, LENGTH, LENGTH)
    assert ran.code == 0
    assert "/quit or Ctrl-D ends." in ran.out
    assert ran.out.count("La digue\nStopped.") == 2
    assert model.closed


def test_a_conversation_speaks_the_language_of_the_system(typed, monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    ran = typed("/nouveau", "x" * 3000)
    assert "/nouveau n'existe pas." in ran.out
    assert "La question a 3000 caractères" in ran.err


class Failing(Scripted):
    """Fails after what it says."""

    def __init__(self, *pieces: str | Working, error: BaseException | None = None) -> None:
        super().__init__(*pieces)
        self._error = error or ModelError("The server is tired.", "ask again")

    def write(self, prompt):
        yield from super().write(prompt)
        raise self._error


# ── One question a line ─────────────────────────────────────────────────────────────────────────────────────────────


def test_each_line_is_a_question_by_itself_and_one_object(piped):
    ran = piped(f"\ufeff{LENGTH}\r\n\n  \nQuelle est la capitale du Japon ?".encode(), "-", "--json")
    assert (ran.code, ran.err) == (0, "")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["question"] for one in answers] == [LENGTH, "Quelle est la capitale du Japon ?"]
    assert "310" in answers[0]["answer"]


def test_without_a_question_a_pipe_is_read_too_and_each_answer_has_its_question(piped):
    ran = piped(f"{LENGTH}\n".encode())
    assert ran.code == 0
    assert ran.out.startswith(f"› {LENGTH}\n")
    assert "310" in ran.out


def test_a_line_that_cannot_be_asked_is_told_and_the_others_are_answered(piped):
    ran = piped(b"x" * 3000 + f"\n{LENGTH}\n\xff".encode("latin-1"), "-", "--json")
    assert ran.code == 1
    assert "'xxx" in ran.err
    assert ran.err.count("\n") == 1
    assert [json.loads(line)["question"] for line in ran.out.splitlines()] == [LENGTH, "\ufffd"]


# ── One question ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("many", [2001, 80_000])
def test_a_question_that_is_a_text_is_refused_before_anything_is_opened(rag, monkeypatch, many):
    monkeypatch.setattr("rag.workspace.open_workspace", None)
    ran = rag("ask", "Combien ? " * (many // 10) + "?" * (many % 10))
    assert (ran.code, ran.out) == (1, "")
    assert f"The question has {many} characters, and 2000 are the most" in ran.err
    assert "rag add FILE" in ran.err


@pytest.mark.parametrize("question", ["- Combien mesure la digue ?", "-Combien mesure la digue ?", "-- Combien ? --l"])
def test_a_question_may_begin_with_a_dash(rag, press, question):
    for words in (
        (question, "-l", "press", "--json"),
        ("--library=press", "--article", "port.txt", "--json", question),
    ):
        ran = rag("ask", *words)
        assert (ran.code, ran.err) == (0, "")
        assert json.loads(ran.out)["question"] == question


def test_an_answer_that_breaks_off_is_shown_and_is_an_error(rag, press, monkeypatch):
    monkeypatch.setattr("rag.workspace.Workspace.model", lambda _: Failing("La digue mesure "))
    ran = rag("ask", LENGTH, "-l", "press")
    assert ran.code == 1
    assert ran.out == "La digue mesure\n"
    assert ran.err == "rag: The server is tired. Next: ask again\n"
    ran = rag("ask", LENGTH, "-l", "press", "--json")
    assert (ran.code, ran.out) == (1, "")


def test_where_a_model_says_nothing_the_article_answers(rag, press, monkeypatch):
    monkeypatch.setattr("rag.workspace.Workspace.model", lambda _: Scripted())
    ran = rag("ask", LENGTH, "-l", "press")
    assert (ran.code, ran.err) == (0, "")
    assert "310 mètres" in ran.out


def test_a_text_from_standard_input_is_added(rag, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PORT.encode("cp1252"))))
    ran = rag("add", "-", "-l", "press")
    assert ran.code == 0
    assert "added: 'Le port de Bréhal rouvre'" in ran.out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(bytes(range(256)) * 40)))
    ran = rag("add", "-", "-l", "press")
    assert (ran.code, ran.out) == (1, "")
    assert "What came from standard input is no text." in ran.err


def test_of_a_text_that_never_ends_no_more_is_read_than_an_article_may_have(rag, monkeypatch):
    monkeypatch.setattr("rag.cli.libraries.LARGEST_TEXT", 100_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless(b"Le port. ", 300_000))))
    ran = rag("add", "-", "-l", "press")
    assert (ran.code, ran.out) == (1, "")
    assert "What came from standard input is too large for an article" in ran.err


def test_a_question_that_never_ends_is_refused_as_soon_as_it_is_too_long(rag, press, monkeypatch):
    endless = io.TextIOWrapper(io.BufferedReader(Endless(f"{LENGTH}\n".encode(), 5_000_000)))
    monkeypatch.setattr(sys, "stdin", endless)
    lines = talking._lines()
    assert next(lines) == LENGTH
    assert 2000 < len(next(lines)) < 5_000_000


def test_the_version_is_told(rag):
    ran = rag("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.split()[0] == "rag"
    assert ran.out.split()[1][0].isdigit()
