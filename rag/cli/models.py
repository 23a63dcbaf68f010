"""``rag models …``: what there is, what is installed, and how to change it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.completing import installed_names, known_names
from rag.cli.terminal import printable, say
from rag.errors import ModelError
from rag.settings import load_settings

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from rag.models.fetching import Pulling
    from rag.models.installed import ListedModel

app = typer.Typer(
    help="List, install and choose models: the ones that answer, and the ones that search.", no_args_is_help=True
)

KnownName = Annotated[str, typer.Argument(metavar="NAME", help="a name of rag models list", autocompletion=known_names)]
InstalledName = Annotated[
    str, typer.Argument(metavar="NAME", help="a name of rag models list", autocompletion=installed_names)
]
_USED_BY_ITSELF = "Articles are searched with it, unless another is chosen."
KINDS = {"llm": "Answering", "embedder": "Searching", "reranker": "Sorting what was found"}


@app.command("list")
def list_() -> None:
    """List the models known by name and those installed, with the memory they need."""
    from rich.console import Console

    from rag.models.installed import list_models

    settings = load_settings()
    rows = list_models(settings.models, settings.context_window)
    console = Console()
    for kind, title in KINDS.items():
        console.print(_table(title, [row for row in rows if row.kind == kind]))
    console.print(
        f"Memory is for a context of {settings.context_window} tokens. A model marked (*) reads everything again at"
        " each question,\nunless what it read of a whole article is kept on disk."
    )


def _table(title: str, rows: list[ListedModel]) -> object:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column, justify in (("", "left"), ("name", "left"), ("download", "right"), ("memory", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]  # rich wants literals
    for column in ("licence", "note"):
        table.add_column(column)
    for row in rows:
        state = "in use" if row.in_use else "installed" if row.installed else "" if row.fits else "too large"
        star = "" if row.reuses_prefix else " (*)"
        cells = (state, row.name + star, _size(row.bytes), _size(row.memory), row.licence, row.note)
        table.add_row(*map(printable, cells))
    return table


@app.command()
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
                fetched = f"{step.repository} at {step.revision[:12]}, {_size(step.bytes)}, licence: {step.licence}"
                console.print(printable(fetched))
            elif isinstance(step, Pulling):
                _show(progress, tasks, step)
            elif isinstance(step, Installed):
                hint = (
                    _USED_BY_ITSELF if step.name == STANDARD_EMBEDDER else f"To choose it: rag models use {step.name}"
                )
                console.print(printable(f"{step.name} is installed in {step.path}. {hint}"))


def _show(progress: Progress, tasks: dict[tuple[str, str], TaskID], step: Pulling) -> None:
    key = (step.file, step.stage)
    if key not in tasks:
        tasks[key] = progress.add_task(printable(f"{step.stage} {step.file}"), total=step.total)
    progress.update(tasks[key], completed=step.done)


@app.command()
def add(file: Annotated[Path, typer.Argument(metavar="FILE.gguf", help="a GGUF file of your own")]) -> None:
    """Install a GGUF file of your own; the file stays where it is."""
    from rag.models.installing import add as install

    model = install(load_settings().models, file)
    say(f"{model.name} is installed ({_size(model.bytes)}). To choose it: rag models use {model.name}")


@app.command()
def use(name: InstalledName) -> None:
    """Choose an installed model."""
    from rag.models.installing import use as choose

    model = choose(load_settings().models, name)
    does = {"llm": "answers", "embedder": "searches", "reranker": "sorts what was found"}[model.kind]
    say(f"{model.name} {does} from now on.")


@app.command()
def verify() -> None:
    """Read every installed file again and compare it with what was installed."""
    from rag.models.installing import verify as check

    broken = []
    for model, soundness in check(load_settings().models):
        say(f"{model.name}: {soundness}")
        if soundness != "sound":
            broken.append(model.name)
    if broken:
        raise ModelError(
            f"Not as they were installed: {', '.join(broken)}.",
            f"rag models remove {broken[0]}, then rag models pull {broken[0]}",
        )


@app.command()
def remove(name: InstalledName) -> None:
    """Remove an installed model, or what a broken-off download has left."""
    from rag.models.installing import remove as uninstall

    say(f"{uninstall(load_settings().models, name).name} is removed.")


def _size(count: int) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
