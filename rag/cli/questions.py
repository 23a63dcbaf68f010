"""A question as it is typed, before anything is opened for it."""

from __future__ import annotations

from typing import Any

from typer.core import TyperOption

from rag.cli.commands import Command
from rag.cli.words import words
from rag.errors import SettingsError
from rag.values import LONGEST_QUESTION


def checked(question: str) -> str:
    """Return a question that can be asked.

    Raises:
        SettingsError: it is empty or longer than ``LONGEST_QUESTION``.
    """
    question = question.encode("utf-8", "replace").decode("utf-8")  # what is no UTF-8 reaches us as half characters
    said = words()
    if not question.strip():
        raise SettingsError(said.empty, 'rag ask "Combien de pays ?"')
    if len(question) > LONGEST_QUESTION:
        raise SettingsError(said.too_long.format(count=len(question), most=LONGEST_QUESTION), said.shorter)
    return question


class QuestionCommand(Command):
    """A command whose question may begin with a dash: no option holds a blank before what it is set to."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  # of a class that typer keeps to itself
        """Put such a question where nothing is an option any more, then read the words as ever."""
        options = [one for one in self.params if isinstance(one, TyperOption)]
        valued = {name for one in options if not one.is_flag for name in one.opts}
        kept: list[str] = []
        questions: list[str] = []
        taken = False  # whether the word before it takes this one for its value
        for word in args:
            dashed = word.startswith("-") and " " in word.partition("=")[0]
            (questions if dashed and not taken and "--" not in kept else kept).append(word)
            taken = not taken and word in valued
        ends = [] if "--" in kept or not questions else ["--"]
        return super().parse_args(ctx, [*kept, *ends, *questions])
