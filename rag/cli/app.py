"""The program ``rag``: its commands, and how it ends.

Every error a person can mend arrives at :func:`main` as a :class:`~rag.errors.RagError`, is printed as one sentence
with the command to type next, and ends the program with the exit code 1.
"""

from __future__ import annotations

import importlib.metadata
import io
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from rag.cli.asking import ask, chat
from rag.cli.commands import Command, Group
from rag.cli.evaluation import evaluate_set
from rag.cli.libraries import add, backup, export, list_, rebuild, remove, restore, verify
from rag.cli.models import app as models
from rag.cli.options import IndexesOption
from rag.cli.questions import QuestionCommand
from rag.cli.terminal import colours, complain, say, say_json
from rag.cli.words import line, told, words
from rag.errors import RagError
from rag.settings import load_settings

NOBODY_READS = 141  # what a shell gives a program that writes to a pipe nobody reads any more: 128 + SIGPIPE

app = typer.Typer(
    name="rag",
    cls=Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; the entry point of ``rag``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows a question mark
    try:
        app(prog_name="rag", color=colours())
    except RagError as error:
        complain(error)
        sys.exit(1)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer and rich see it first, and end with 1
            sys.exit(NOBODY_READS)
        raise
    except KeyboardInterrupt:
        say(words().stopped, err=True)
        sys.exit(130)


def _tell_version(wanted: bool) -> None:  # noqa: FBT001  # as typer calls it
    if wanted:
        say(f"rag {importlib.metadata.version('ask-the-article')}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", help="Tell the version.", callback=_tell_version, is_eager=True)
]


@app.callback()
def options(version: VersionOption = False) -> None:  # noqa: FBT002
    """Ask questions of an article, offline: every sentence of the answer points to the words it rests on."""
    del version  # told before anything else is done


def doctor(indexes: IndexesOption = None) -> None:
    """Tell whether this machine can run everything now, and how to mend what it cannot."""
    from rag.doctor import examine

    signs = {"good": (line("ok"), typer.colors.GREEN), "note": (line("note"), typer.colors.YELLOW)}
    bad = False
    for finding in examine(load_settings(indexes=indexes)):
        sign, colour = signs.get(finding.severity, (line("FAIL"), typer.colors.RED))
        say(f"{sign:<5} ", fg=colour, nl=False)
        remedy = f"  {words().next_step} {told(finding.remedy)}" if finding.remedy else ""
        say(f"{told(finding.check)}{words().colon} {told(finding.result)}{remedy}")
        bad = bad or finding.severity == "bad"
    if bad:
        sys.exit(1)


def sbom() -> None:
    """Print the software bill of materials: what is installed here, models too, as CycloneDX JSON."""
    from rag.bill_of_materials import bill_of_materials

    say_json(bill_of_materials(load_settings().models))


COMMANDS: dict[str, Callable[..., None]] = {
    "ask": ask,
    "chat": chat,
    "add": add,
    "list": list_,
    "remove": remove,
    "rebuild": rebuild,
    "verify": verify,
    "backup": backup,
    "restore": restore,
    "export": export,
    "doctor": doctor,
    "sbom": sbom,
    "eval": evaluate_set,
}
for name, command in COMMANDS.items():
    app.command(name, cls=QuestionCommand if command is ask else Command)(command)
app.add_typer(models, name="models")
