"""The commands as their reader's language tells them: their help, their usage, and what was wrong with what was typed.

Texts stand in English where each command is declared, and once: what is shown is looked up as every other line is. What
typer says by itself is told through its own fixed strings, and what it complains of as a sentence of an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from rag.cli.words import line, told

_FIXED = {
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commands",
    "ERRORS_PANEL_TITLE": "Error",
    "REQUIRED_LONG_STRING": "[required]",
    "DEFAULT_STRING": "[default: {}]",
    "RICH_HELP": "Try [blue]'{command_path} {help_option}'[/] for help.",
}
"""Name in ``typer.rich_utils`` → what stands there."""
_UsageError: Any = typer.BadParameter.__bases__[0]
"""What was typed wrongly; typer shows the classes below it only."""


def texts_of(command: Any) -> Iterator[tuple[object, str]]:  # noqa: ANN401  # of a class that typer keeps to itself
    """Yield a command, its parameters and its commands, each with its help on one line; those without help not."""
    for one in (command, *command.params, *getattr(command, "commands", {}).values()):
        if one.help:
            yield one, " ".join(one.help.split())


def _speak(command: Any, ctx: Any) -> None:  # noqa: ANN401
    """Put the help of a command, and what typer says around it, into the system's language."""
    _speak_around()
    if (option := command.get_help_option(ctx)) is not None:
        option.help = line("Show this message and exit.")
    for one, text in texts_of(command):
        one.help = line(text)  # type: ignore[attr-defined]


def _speak_around() -> None:
    from typer import rich_utils

    for name, fixed in _FIXED.items():
        setattr(rich_utils, name, line(fixed))


@contextmanager
def _complaining(ctx: Any = None) -> Iterator[None]:  # noqa: ANN401
    """Tell what was wrong with what was typed in the system's language.

    Args:
        ctx: what is being read, where the error does not say it.
    """
    try:
        yield
    except _UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # whose message is the help
            raise
        _speak_around()
        raise _UsageError(told(error.format_message()), ctx=error.ctx or ctx) from None


class Command(TyperCommand):
    """A command that explains itself in the system's language."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write how it is typed."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=line("Usage: "))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write what it does and what can be told to it."""
        _speak(self, ctx)
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """A command with commands of its own, each a :class:`Command`."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401
        """Return how it is typed, in its pieces."""
        return [line(piece) for piece in super().collect_usage_pieces(ctx)]

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write how it is typed."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=line("Usage: "))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """Write what it does and which commands it has."""
        _speak(self, ctx)
        super().format_help(ctx, formatter)

    def make_context(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        """Read what was typed before the name of one of its commands."""
        with _complaining():
            return super().make_context(*args, **options)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Run one of its commands."""
        with _complaining(ctx):
            return super().invoke(ctx)
