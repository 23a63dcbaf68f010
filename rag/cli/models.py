"""``rag models …``: what there is, what is installed, and how to change it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.commands import Command, Group
from rag.cli.completing import answering_names, installed_names, known_names
from rag.cli.terminal import printable, say
from rag.cli.words import line, words
from rag.errors import ModelError
from rag.settings import load_settings
from rag.values import QUOTES_MODEL

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from rag.models.fetching import Pulling
    from rag.models.installed import ListedModel

app = typer.Typer(
    cls=Group,
    help="List, install and choose models: the ones that answer, and the ones that search.",
    no_args_is_help=True,
)

KnownName = Annotated[str, typer.Argument(metavar="NAME", help="a name of rag models list", autocompletion=known_names)]
InstalledName = Annotated[
    str, typer.Argument(metavar="NAME", help="a name of rag models list", autocompletion=installed_names)
]
AnsweringName = Annotated[
    str,
    typer.Argument(metavar="NAME", help="a name of rag models list, or quotes", autocompletion=answering_names),
]
KINDS = {"llm": "Answering", "embedder": "Searching", "reranker": "Sorting what was found"}

MEMORY = (
    "Memory is for a context of {tokens} tokens. A model marked (*) reads everything again at each question, "
    "unless what it read of a whole article is kept on disk."
)
CHOOSE = "To choose it: rag models use {name}"
DOES = {
    "llm": "{name} answers from now on.",
    "embedder": "{name} searches from now on.",
    "reranker": "{name} sorts what was found from now on.",
}


@app.command(cls=Command, name="list")
def list_() -> None:
    """List the models known by name and those installed, with the memory they need."""
    from rich.console import Console

    from rag.models.installed import list_models

    settings = load_settings()
    rows = list_models(settings.models, settings.context_window)
    console = Console()
    for kind, title in KINDS.items():
        console.print(_table(line(title), [row for row in rows if row.kind == kind]))
    console.print(line(MEMORY, tokens=settings.context_window))


def _table(title: str, rows: list[ListedModel]) -> object:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column(line("name"), no_wrap=True)  # it is to be typed
    table.add_column(line("size"), justify="right", no_wrap=True)
    table.add_column(line("memory"), justify="right", no_wrap=True)
    table.add_column(line("licence"))
    table.add_column(line("note"))
    for row in rows:
        large = "" if row.fits else line("too large")
        state = line("in use") if row.in_use else line("installed") if row.installed else large
        star = "" if row.reuses_prefix else " (*)"
        cells = (state, row.name + star, _size(row.bytes), _size(row.memory), line(row.licence), line(row.note))
        table.add_row(*map(printable, cells))
    return table


@app.command(cls=Command)
def pull(name: KnownName) -> None:
    """Download a model, go on where a download broke off, and check every byte."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    from rag.models import pull as steps
    from rag.models.catalogue import STANDARD_EMBEDDER
    from rag.models.fetching import Pulling, Remote
    from rag.models.installed import Installed

    settings = load_settings()
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        tasks: dict[tuple[str, str], TaskID] = {}
        for step in steps(settings.models, name):
            if isinstance(step, Remote):
                place, size = f"{step.repository}@{step.revision[:12]}", _size(step.bytes)
                fetched = line("{place}, {size}, licence: {licence}", place=place, size=size, licence=step.licence)
                console.print(printable(fetched))
            elif isinstance(step, Pulling):
                _show(progress, tasks, step)
            elif isinstance(step, Installed):
                by_itself = line("Articles are searched with it, unless another is chosen.")
                hint = by_itself if step.name == STANDARD_EMBEDDER else line(CHOOSE, name=step.name)
                installed = line("{name} is installed in {folder}.", name=step.name, folder=step.path)
                console.print(printable(f"{installed} {hint}"))


def _show(progress: Progress, tasks: dict[tuple[str, str], TaskID], step: Pulling) -> None:
    key = (step.file, step.stage)
    if key not in tasks:
        tasks[key] = progress.add_task(printable(f"{line(step.stage)} {step.file}"), total=step.total)
    progress.update(tasks[key], completed=step.done)


@app.command(cls=Command)
def add(file: Annotated[Path, typer.Argument(metavar="FILE.gguf", help="a GGUF file of your own")]) -> None:
    """Install a GGUF file of your own; the file stays where it is."""
    from rag.models.installing import add as install

    model = install(load_settings().models, file)
    installed = line("{name} is installed ({size}).", name=model.name, size=_size(model.bytes))
    say(f"{installed} {line(CHOOSE, name=model.name)}")


@app.command(cls=Command)
def use(name: AnsweringName) -> None:
    """Choose an installed model, or with quotes no language model: the article's own sentences answer."""
    from rag.models.installed import NONE
    from rag.models.installing import choose
    from rag.models.installing import use as choose_installed

    folder = load_settings().models
    if name == QUOTES_MODEL:
        choose(folder, "llm", NONE)
        say(line("The article's own sentences answer from now on."))
    else:
        model = choose_installed(folder, name)
        say(line(DOES[model.kind], name=model.name))


@app.command(cls=Command)
def verify() -> None:
    """Read every installed file again and compare it with what was installed."""
    from rag.models.installing import verify as check

    broken = []
    for model, soundness in check(load_settings().models):
        say(f"{model.name}{words().colon} {line(soundness)}")
        if soundness != "sound":
            broken.append(model.name)
    if broken:
        raise ModelError(
            f"Not as they were installed: {', '.join(broken)}.",
            f"rag models remove {broken[0]}, then rag models pull {broken[0]}",
        )


@app.command(cls=Command)
def remove(name: InstalledName) -> None:
    """Remove an installed model, or what a broken-off download has left."""
    from rag.models.installing import remove as uninstall

    say(line("{name} is removed.", name=uninstall(load_settings().models, name).name))


def _size(count: int) -> str:
    if count >= 1e9:
        return line("{number} GB", number=f"{count / 1e9:.2f}")
    return line("{number} MB", number=f"{count / 1e6:.0f}")
