"""What is written to the terminal: nothing that an article holds can move the cursor, colour, ring or type there.

Every other file of this room writes through these functions; a test holds them to it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from typing import Any

import typer

from rag.cli.words import told, words
from rag.errors import RagError

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]")
"""All but tab and line feed, since escape sequences begin with one; and what turns the letters after it around."""


def printable(text: str) -> str:
    """Return a text with U+FFFD for each control character but tab and line feed, and for what turns letters around."""
    return _CONTROL.sub("\ufffd", text)


def say(text: str = "", *, nl: bool = True, err: bool = False, **style: Any) -> None:  # noqa: ANN401  # as typer has them
    """Write a text, in a style of :func:`typer.secho`.

    Args:
        text: whatever it holds.
        nl: whether a line ends after it.
        err: whether to the standard error.
        style: of the whole text.
    """
    typer.secho(printable(text), nl=nl, err=err, color=colours(), **style)


def complain(error: RagError, about: str = "", *, fg: str = typer.colors.RED) -> None:
    """Write what went wrong to the standard error, in the system's language.

    Args:
        error: that happened.
        about: what it is about, written before it.
        fg: the colour.
    """
    remedy = f" {words().next_step} {told(error.remedy)}" if error.remedy else ""
    say(f"rag: {about}{told(error.message)}{remedy}", err=True, fg=fg)


def colours() -> bool | None:
    """Return False where the person wants no colours (https://no-color.org), else None: colours on a terminal."""
    return False if os.environ.get("NO_COLOR") else None


def say_json(value: object, *, indent: int | None = 2) -> None:
    """Write a value as JSON; control characters are escaped as JSON has it, so nothing of them is lost."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    typer.echo(_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", written))


def show_progress(text: str) -> None:
    """Write how far something is over what was written so before, on a terminal only; nothing takes it away."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1  # what is wider would go on below, and stay there
        shown = printable(text)[:width].ljust(width)
        typer.echo(f"\r{shown}" if text else f"\r{shown}\r", nl=False, err=True)
