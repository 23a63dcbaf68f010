"""Several questions to one library: a conversation in the terminal, or one question a line from standard input."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import typer

from rag.cli.contract import as_contract
from rag.cli.questions import checked
from rag.cli.showing import QUIET, STRONG, Screen
from rag.cli.terminal import complain, say_json
from rag.cli.words import words
from rag.errors import RagError
from rag.events import Event
from rag.values import PROGRAM_MODEL, Turn

if TYPE_CHECKING:
    from rag.index import Library
    from rag.workspace import Workspace

PROMPT = "› "
_LONGEST_LINE = 1 << 20  # bytes; far more than a question may have


class Conversation:
    """Questions typed one after the other, each of which may refer to those before.

    Args:
        workspace: that answers.
        library: that is asked.
        article: identifier of the only article asked; empty: all of them.
        screen: where the answers are shown.
    """

    def __init__(self, workspace: Workspace, library: Library, article: str, screen: Screen) -> None:
        self._workspace = workspace
        self._library = library
        self._article = article
        self._screen = screen
        self._turns: list[Turn] = []
        self._words = words()
        self._commands: dict[str, Callable[[str], object]] = {
            "/article": self._choose_article,
            "/new": self._forget,
            "/help": lambda _: screen.write(self._words.help),
        }

    def run(self) -> None:
        """Answer until the person ends it with /quit or Ctrl-D."""
        with suppress(ImportError):  # lines can be edited and called back where the system has it
            importlib.import_module("readline")
        self._greet()
        while True:
            try:
                line = input(PROMPT).strip()
            except EOFError:
                self._screen.write("")
                return
            except KeyboardInterrupt:
                self._screen.write("")
                self._screen.write(self._words.how_to_end, QUIET)
                continue
            if line in {"/quit", "/exit"}:
                return
            if line:
                self._take(line)

    def _greet(self) -> None:
        held = ", ".join(entry.title for entry in self._library.entries()[:3])
        more = len(self._library.entries()) - 3
        articles = f"{held} … +{more}" if more > 0 else held
        model = self._workspace.model_name() if self._workspace.has_language_model() else self._words.sentences
        greeting = self._words.library.format(library=self._library.name, articles=articles, model=model)
        self._screen.write(greeting, QUIET)

    def _take(self, line: str) -> None:
        """Do what a line wants; what goes wrong is told, and the conversation goes on."""
        name, _, value = line.partition(" ")
        try:
            if not line.startswith("/"):
                self._answer(checked(line))
            elif name in self._commands:
                self._commands[name](value.strip())
            else:
                self._screen.write(self._words.unknown.format(command=name))
        except RagError as error:
            complain(error)
        except KeyboardInterrupt:
            self._screen.write(self._words.stopped, QUIET)

    def _answer(self, question: str) -> None:
        events = self._workspace.answer(question, self._turns, library=self._library.name, article=self._article)
        with closing(_as_generator(events)) as stream:
            answer = self._screen.show(stream)
        if answer.model != PROGRAM_MODEL or answer.citations:  # no question refers to small talk
            self._turns.append(Turn(question, answer.text))
        self._screen.write("")

    def _choose_article(self, name: str) -> None:
        if not name:
            self._article = ""
            self._screen.write(self._words.whole)
            return
        entry = self._library.find_entry(name)
        self._article = entry.identifier
        self._screen.write(self._words.within.format(title=entry.title), STRONG)

    def _forget(self, _: str) -> None:
        self._turns.clear()
        self._screen.write(self._words.forgotten)


def answer_lines(workspace: Workspace, library: str, article: str, screen: Screen, *, as_json: bool) -> None:
    """Answer each line of standard input by itself; with ``as_json``, print one object a line.

    A question that cannot be answered is told and the next one asked; then the program ends with the exit code 1.
    """
    failed = False
    for question in _lines():
        try:
            events = workspace.answer(checked(question), library=library, article=article)
            if as_json:
                say_json(as_contract(screen.follow(events)), indent=None)
            else:
                screen.write(f"{PROMPT}{question}", STRONG)
                screen.show(events)
                screen.write("")
        except RagError as error:
            failed = True
            complain(error, f"{question[:80]!r}: ")
        sys.stdout.flush()  # who feeds the questions may wait for the answer
    if failed:
        raise typer.Exit(1)


def _lines() -> Iterator[str]:
    """Yield the lines of standard input that hold anything, each as far as a question may go: one may never end."""
    while line := sys.stdin.buffer.readline(_LONGEST_LINE):
        if question := line.decode("utf-8-sig", "replace").strip():
            yield question
        while line and not line.endswith(b"\n"):  # the rest of it
            line = sys.stdin.buffer.readline(_LONGEST_LINE)


def _as_generator(events: Iterator[Event]) -> Generator[Event, None, None]:
    """Return the events as something that can be closed, which stops the model."""
    yield from events
