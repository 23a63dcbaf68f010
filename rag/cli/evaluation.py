"""``rag eval``: measure the product on a set of questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rag.settings import load_settings

if TYPE_CHECKING:
    from rich.progress import TaskID

    from rag.evaluation import Report


def evaluate_set(
    folder: Annotated[Path, typer.Argument(help="Folder with articles.jsonl and questions.jsonl.")],
    mode: Annotated[
        Literal["article", "library"], typer.Option(help="Ask each question of its own article, or of all at once.")
    ] = "library",
    limit: Annotated[int, typer.Option(help="Number of questions, spread evenly; 0: all.", min=0)] = 0,
    distractors: Annotated[
        Path | None, typer.Option(help="A further set whose articles stand in the library too.")
    ] = None,
    indexes: Annotated[Path | None, typer.Option("--indexes", help="Where the set's library is kept.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,  # noqa: FBT002
) -> None:
    """Measure retrieval, cited sentences and refusals on a set of questions."""
    from rag.evaluation import evaluate
    from rag.opening import open_embedder, open_reranker

    settings = load_settings(indexes=indexes)
    with _progress() as progress:
        report = evaluate(
            folder,
            open_embedder(settings),
            settings.indexes,
            mode=mode,
            limit=limit,
            distractors=distractors,
            reranker=open_reranker(settings),
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps(report.as_contract(), ensure_ascii=False, indent=2))
    else:
        _print_table(report)


def _print_table(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=f"{report.name}, {report.mode} mode: {len(report.outcomes)} questions, {report.passages} passages"
    )
    for column in ("figure", "value", "95 % interval"):
        table.add_column(column)
    for row in report.rows():
        table.add_row(*row)
    Console().print(table)


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """Give a function that shows a stage and the part done, on a terminal only."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=1.0)
            bar.update(tasks[stage], completed=done)

        yield show
