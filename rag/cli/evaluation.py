"""``rag eval``: measure the product on a set of questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rag.cli.terminal import printable, say, say_json
from rag.settings import load_settings

if TYPE_CHECKING:
    from rich.progress import TaskID

    from rag.evaluation import PairReport, Report

Cell = float | int | str | None
WIDEST = 1000  # columns of a terminal
LENGTHS = 10.0  # no share, and no number of quotes, is as large


def evaluate_set(
    folder: Annotated[
        Path, typer.Argument(help="Folder with articles.jsonl and questions.jsonl, or with pairs.jsonl for the check.")
    ],
    mode: Annotated[
        Literal["article", "library"] | None,
        typer.Option(
            help="Ask each question of its own article, or of all at once; "
            "left out: of its own where the set tells kinds of questions, else of all."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(help="Number of questions or pairs, spread evenly; 0: all.", min=0)] = 0,
    distractors: Annotated[
        Path | None, typer.Option(help="A further set whose articles stand in the library too.")
    ] = None,
    indexes: Annotated[Path | None, typer.Option("--indexes", help="Where the set's library is kept.")] = None,
    model: Annotated[
        str, typer.Option(help="What writes the answers, measured too: an installed model, a GGUF file, or quotes.")
    ] = "",
    show: Annotated[
        int, typer.Option(help="Print so many answers in full after the figures, spread over the kinds.", min=0)
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,  # noqa: FBT002
) -> None:
    """Measure retrieval, quotes and refusals on a set of questions, or the check on a set of pairs."""
    from rag.evaluation import evaluate, evaluate_pairs
    from rag.evaluation.question_sets import PAIRS
    from rag.opening import open_embedder, open_model, open_reader, open_reranker

    if show and as_json:
        raise typer.BadParameter("--show prints text to read, and --json one object: give one of the two.")
    of_pairs = (folder / PAIRS).is_file()
    if of_pairs and (mode or distractors or model):
        raise typer.BadParameter("--mode, --model and --distractors are for sets of questions; this is a set of pairs.")
    settings = load_settings(indexes=indexes, model=model)
    report: PairReport | Report
    with _progress() as progress:
        reader = open_reader(settings)
        if of_pairs:
            report = evaluate_pairs(folder, reader, limit=limit, progress=progress)
        else:
            named = open_model(settings) if model else None
            report = evaluate(
                folder, open_embedder(settings), reader, settings.indexes, mode=mode, limit=limit, answers=show > 0,
                distractors=distractors, reranker=open_reranker(settings), model=named, progress=progress,
            )  # fmt: skip
    say_json(report.as_contract()) if as_json else _print(report, show)


def _print(report: PairReport | Report, show: int) -> None:
    """Print the figures as tables, and below them so many cases in full."""
    from rag.evaluation import Report, shown_answers, shown_pairs

    if isinstance(report, Report):
        _print_questions(report)
        text = shown_answers(report, show)
    else:
        _print_pairs(report)
        text = shown_pairs(report, show)
    if show:
        say(text)


def _print_questions(report: Report) -> None:
    title = f"{report.name}, {report.mode} mode: {len(report.outcomes)} questions, {report.passages} passages"
    _print_table(title, ("figure", "value", "95 % interval"), report.rows())
    contract = report.as_contract()
    if contract["groups"]:
        _print_table(
            "What a reader is shown: parts of the questions; a refused one shows no evidence",
            (
                "questions", "with\nanswer", "re-\nfused", "without\nanswer", "re-\nfused", "in best\nthree",
                "in the\nbest", "in the\nfirst", "all that\nis needed", "part of\npieces", "quotes", "charac-\nters",
            ),
            [(group.pop("name") or group["by"], *list(group.values())[1:]) for group in contract["groups"]],
        )  # fmt: skip
    if contract["calibration"]["bins"]:
        _print_table(
            "Probability that the article answers: expected calibration error "
            f"{_cell(contract['calibration']['error'])}",
            ("questions", "from", "to", "predicted", "observed"),
            [tuple(one.values()) for one in contract["calibration"]["bins"]],
        )


def _print_pairs(report: PairReport) -> None:
    for source in report.as_contract()["sources"]:
        interval = source["interval"]
        within = f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else ""
        _print_table(
            f"{report.name}, {source['source']}: {source['pairs']} pairs, "
            f"balanced accuracy {_cell(source['balanced_accuracy'])}{within}",
            tuple(source["labels"][0]),
            [tuple(label.values()) for label in source["labels"]],
        )


def _print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print a table below its title, as wide as its figures are, however narrow the terminal is."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=True, justify="right" if number else "left")
    for row in rows:
        table.add_row(*map(_cell, row))
    console = Console()
    console.width = max(console.width, Console(width=WIDEST).measure(table).maximum)
    say(title)
    console.print(table)


def _cell(value: Cell) -> str:
    """Return a share with three decimals, a length with one, a count or a word as it is, and nothing for None."""
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < LENGTHS else f"{value:.1f}"
    return "" if value is None else printable(str(value))


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
