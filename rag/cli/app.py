"""The command line: ``rag add | list | remove | ask | chat | rebuild | verify | models | eval | doctor``.

Every error a person can mend arrives at :func:`main` as a :class:`~rag.errors.RagError`, is printed as one sentence
with the command to type next, and ends the program with the exit code 1.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.cli.evaluation import evaluate_set
from rag.cli.models import app as models
from rag.errors import LibraryError, RagError, SettingsError
from rag.events import Checked, Cited, Event, Finished, Ingested, Ingesting, Token, Working
from rag.settings import Settings, load_settings
from rag.values import Answer, Entry, Sentence

app = typer.Typer(
    name="rag",
    help="Ask questions of an article, offline: every sentence of the answer points to the words it rests on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

IndexesOption = Annotated[
    Path | None, typer.Option("--indexes", help="Folder of the libraries. [env: RAG_INDEXES]", show_default=False)
]
LibraryOption = Annotated[
    str, typer.Option("--library", "-l", help="Name of the library; without it, yours, or else the example.")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", "-m", help="GGUF file or installed model. [env: RAG_MODEL]", show_default=False)
]
ServerOption = Annotated[
    str | None, typer.Option("--server", help="OpenAI-compatible endpoint to answer instead. [env: RAG_SERVER]")
]
app.add_typer(models, name="models")
app.command("eval")(evaluate_set)

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def main() -> None:
    """Run the command line; the entry point of ``rag``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows a question mark
    try:
        app(prog_name="rag")
    except RagError as error:
        typer.secho(f"rag: {error}", err=True, fg=typer.colors.RED)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.secho("Stopped.", err=True)
        sys.exit(130)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    library: LibraryOption = "",
    article: Annotated[str, typer.Option(help="Identifier, title or file name of one article.")] = "",
    model: ModelOption = None,
    server: ServerOption = None,
    indexes: IndexesOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Answer one question, with the sentences of the article it rests on."""
    question = question.encode("utf-8", "replace").decode(
        "utf-8"
    )  # bytes that are no UTF-8 reach us as half characters
    if not question.strip():
        raise SettingsError("The question is empty.", 'rag ask "Combien de pays ?"')
    workspace = _open(load_settings(model=model, server=server, indexes=indexes))
    shelf = workspace.library(library)
    identifier = shelf.find_entry(article).identifier if article else ""
    if not shelf.entries():
        raise LibraryError(f"The library {shelf.name} is empty.", f"rag add PATH --library {shelf.name}")
    events = workspace.answer(question, library=shelf.name, article=identifier)
    if as_json:
        answer = next(event.answer for event in events if isinstance(event, Finished))
        typer.echo(json.dumps(as_contract(answer), ensure_ascii=False, indent=2))
        return
    _print_answer(events)


@app.command()
def chat(
    port: Annotated[int, typer.Option(help="Port of the page on this machine.", min=1, max=65535)] = 7860,
    model: ModelOption = None,
    server: ServerOption = None,
    indexes: IndexesOption = None,
    host: Annotated[
        str, typer.Option(help="Address to serve on; another than this machine's needs a token.")
    ] = "127.0.0.1",
    auth: Annotated[str, typer.Option(help="NAME:PASSWORD that readers must give.")] = "",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")] = False,  # noqa: FBT002
) -> None:
    """Open the web chat, on this machine only unless another address is named."""
    if auth and not all(auth.partition(":")):
        raise SettingsError(
            "--auth must be a name and a password with a colon between.", "rag chat --auth NAME:PASSWORD"
        )
    from ui.app import main as launch

    workspace = _open(load_settings(model=model, server=server, indexes=indexes))
    workspace.model()  # a model that is missing or broken is told here, not in the page
    name, _, password = auth.partition(":")
    launch(workspace, port=port, open_browser=not no_browser, host=host, auth=(name, password) if auth else None)


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders: .txt, .md, .html.")],
    library: Annotated[
        str, typer.Option("--library", "-l", help="Library to add to; created if need be.")
    ] = "articles",
    indexes: IndexesOption = None,
) -> None:
    """Add articles to a library. A language model reads one that comes alone, ahead of the first question."""
    workspace = _open(load_settings(indexes=indexes))
    done = _print_ingested(workspace.add(paths, library=library), library)
    fresh = [event.entry for event in done if event.status != "unchanged"] or [event.entry for event in done]
    if len(fresh) == 1:  # reading many would take long, and each would push an earlier one off the disk
        _read_ahead(workspace, library, fresh[0])


@app.command("list")
def list_(
    library: LibraryOption = "",
    indexes: IndexesOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """List the articles of a library, or all libraries."""
    workspace = _open(load_settings(indexes=indexes))
    names = (library,) if library else workspace.libraries()
    shelves = {name: workspace.articles(name) for name in names}
    if as_json:
        rows = {name: [asdict(entry) for entry in entries] for name, entries in shelves.items()}
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not shelves:
        typer.echo("There is no library yet. Next: rag add PATH")
    for name, entries in shelves.items():
        typer.secho(f"{name}  ({_count(len(entries), 'article')})", bold=True)
        for entry in entries:
            date = f", {entry.date}" if entry.date else ""
            typer.echo(f"  {entry.identifier}  {entry.title}{date}, {entry.characters} characters  [{entry.source}]")


@app.command()
def remove(
    article: Annotated[str, typer.Argument(help="Identifier, title or file name.")],
    library: LibraryOption = "",
    indexes: IndexesOption = None,
) -> None:
    """Remove an article from a library. The file it came from is not touched."""
    workspace = _open(load_settings(indexes=indexes))
    shelf = workspace.library(library)
    entry = shelf.find_entry(article)
    shelf.remove(entry.identifier)
    typer.echo(f"Removed {entry.title!r} from the library {shelf.name}.")


@app.command()
def rebuild(library: LibraryOption = "", indexes: IndexesOption = None) -> None:
    """Build a library's index anew from its stored texts, for the embedder now configured."""
    workspace = _open(load_settings(indexes=indexes))
    shelf = workspace.library(library)
    for entry, done in shelf.rebuild():
        typer.echo(f"{done:4.0%}  {entry.title}")
    typer.echo(f"Rebuilt the library {shelf.name}: {_count(len(shelf.entries()), 'article')}.")


@app.command()
def verify(library: LibraryOption = "", indexes: IndexesOption = None) -> None:
    """Check that a library is whole: its file, its passages, its vectors."""
    workspace = _open(load_settings(indexes=indexes))
    shelf = workspace.library(library)
    problems = shelf.verify()
    if problems:
        raise LibraryError(" ".join(problems), f"rag rebuild --library {shelf.name}")
    held = f"{_count(len(shelf.entries()), 'article')}, {_count(shelf.count_passages(), 'passage')}"
    typer.echo(f"The library {shelf.name} is sound: {held}.")


@app.command()
def doctor(indexes: IndexesOption = None) -> None:
    """Tell whether this machine can run everything now, and how to mend what it cannot."""
    from rag.doctor import examine

    findings = examine(load_settings(indexes=indexes))
    signs = {"good": ("ok   ", typer.colors.GREEN), "note": ("note ", typer.colors.YELLOW)}
    for finding in findings:
        sign, colour = signs.get(finding.severity, ("FAIL ", typer.colors.RED))
        typer.secho(sign, fg=colour, nl=False)
        typer.echo(f"{finding.check}: {finding.result}" + (f"  Next: {finding.remedy}" if finding.remedy else ""))
    if any(finding.severity == "bad" for finding in findings):
        sys.exit(1)


def as_contract(answer: Answer) -> dict[str, Any]:
    """Return an answer in the shape that ``rag ask --json`` promises."""
    return {
        "question": answer.question,
        "answer": answer.marked_text(),
        "refused": answer.refused,
        "model": answer.model,
        "sentences": [
            {"text": one.text, "citations": list(one.citations), "supported": one.supported} for one in answer.sentences
        ],
        "citations": [asdict(citation) for citation in answer.citations],
        "passages": [
            {
                "article": hit.passage.article,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": hit.score,
                "dense": hit.dense,
                "lexical": hit.lexical,
            }
            for hit in answer.hits
        ],
        "timings": asdict(answer.timings),
    }


def _open(settings: Settings) -> Any:  # noqa: ANN401  # Workspace: importing it here would slow down --help
    from rag.workspace import open_workspace

    return open_workspace(settings)


def _print_answer(events: Iterator[Event]) -> None:
    doubtful: list[Sentence] = []
    for event in events:
        if isinstance(event, Working) and sys.stderr.isatty():
            typer.echo(f"\r{event.stage} {event.done:4.0%}", nl=False, err=True)
        elif isinstance(event, Token):
            typer.echo(event.text, nl=False)
        elif isinstance(event, Cited):
            typer.secho(f" [{event.citation.n}]", fg=typer.colors.BLUE, nl=False)
        elif isinstance(event, Checked) and event.sentence.supported in {"no", "partly"}:
            doubtful.append(event.sentence)
        elif isinstance(event, Finished):
            _print_end(event.answer, doubtful)


def _print_end(answer: Answer, doubtful: list[Sentence]) -> None:
    if answer.refused:
        typer.echo(answer.text)
        if answer.nearest:
            french = answer.language == "fr"
            typer.echo(
                "\nCe que l'article dit de plus proche :" if french else "\nWhat the article says that is closest:"
            )
        for quote in answer.nearest:
            typer.secho(f"  {_short(quote.text)}", dim=True)
        return
    typer.echo("\n")
    for citation in answer.citations:
        place = f"{citation.title}, {citation.start}-{citation.end}"
        typer.secho(f"[{citation.n}] ", fg=typer.colors.BLUE, nl=False)
        typer.echo(f"{' '.join(citation.quote.split())}  ({place})")
    for sentence in doubtful:
        typer.secho(f"{_doubt(sentence, answer.language)} {_short(sentence.text)}", fg=typer.colors.YELLOW)
    for notice in answer.notices:
        typer.secho(notice, dim=True)


def _doubt(sentence: Sentence, language: str) -> str:
    """Return what the check found wanting in a sentence, in the reader's language."""
    found = "absent" if sentence.supported == "no" else "contrary" if sentence.missing else "partly"
    said = {
        "absent": ("Absent de l'article", "Not found in the article"),
        "contrary": ("L'article dit le contraire", "The article says the contrary"),
        "partly": ("Appuyé en partie seulement", "Only partly supported"),
    }[found][0 if language == "fr" else 1]
    items = ", ".join(sentence.missing)
    if not items:
        return f"{said}."
    return f"{said}\u00a0: {items}." if language == "fr" else f"{said}: {items}."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"


def _short(text: str, length: int = 200) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"


def _read_ahead(workspace: Any, library: str, entry: Entry) -> None:  # noqa: ANN401  # Workspace, as above
    """Let the model read an article, and show how far it is; a model that cannot leaves the article added."""
    try:
        for step in workspace.prepare(library=library, article=entry.identifier):
            if sys.stderr.isatty():
                typer.echo(f"\r{workspace.model_name()} reads {entry.title}: {step.done:4.0%} ", nl=False, err=True)
    except RagError as error:
        typer.secho(f"rag: The article was added, but no model read it: {error}", err=True, fg=typer.colors.YELLOW)


def _print_ingested(progress: Iterator[Ingesting | Ingested], library: str) -> list[Ingested]:
    """Show how far the files are, and return what is in the library now."""
    done = []
    for event in progress:
        if isinstance(event, Ingested):
            entry = event.entry
            done.append(event)
            typer.echo(f"{event.status}: {entry.title!r} ({entry.language}, {entry.passages} passages) in {library}")
        elif sys.stderr.isatty():
            typer.echo(f"\r{event.source}: {event.stage} {event.done:4.0%} ", nl=False, err=True)
    return done
