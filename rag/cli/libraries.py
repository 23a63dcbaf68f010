"""``rag add | list | remove | rebuild | verify | backup | restore | export``: what they hold, kept safe."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import IndexesOption, JsonOption, LibraryOption, workspace_of
from rag.cli.terminal import complain, say, say_json, show_progress
from rag.cli.words import line, percent, told, words
from rag.errors import ArticleError, LibraryError, RagError
from rag.events import Ingested, Ingestion, Unread
from rag.reading.articles import LARGEST_TEXT
from rag.reading.decoding import decode
from rag.values import Entry

if TYPE_CHECKING:
    from rag.workspace import Workspace

STANDARD_INPUT = Path("-")


def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files or folders: .txt, .md, .html, .pdf, .docx, .odt, .epub, .mhtml; - for standard input."
        ),
    ],
    library: Annotated[
        str, typer.Option("--library", "-l", help="Library to add to, created if need be; without it, yours.")
    ] = "",
    indexes: IndexesOption = None,
) -> None:
    """Add articles to a library. A language model reads one that comes alone, ahead of the first question."""
    from rag.workspace import OWN_LIBRARY

    library = library or OWN_LIBRARY
    workspace = workspace_of(indexes=indexes)
    events: Iterator[Ingestion]
    if paths == [STANDARD_INPUT]:
        events = workspace.add_text(_typed(), library=library)
    else:
        events = workspace.add(paths, library=library)
    done, unread = _print_ingested(events, library)
    fresh = [event.entry for event in done if event.status != "unchanged"] or [event.entry for event in done]
    if len(fresh) == 1:  # reading many would take long, and each would push an earlier one off the disk
        _read_ahead(workspace, library, fresh[0])
    if unread:
        for event in unread:
            complain(event.error, f"{event.about}{words().colon} " if event.about else "")
        raise typer.Exit(1)


def _typed() -> str:
    """Return the text of standard input, in whatever encoding it comes.

    Raises:
        ArticleError: it is no text, or more than an article holds.
    """
    data = sys.stdin.buffer.read(LARGEST_TEXT + 1)
    if len(data) > LARGEST_TEXT:  # it may never end
        raise ArticleError(
            f"What came from standard input is too large for an article: more than {LARGEST_TEXT / 1e6:.0f} MB.",
            "split it into several files and add those",
        )
    text = decode(data)
    if text is None:
        raise ArticleError("What came from standard input is no text.", "rag add FILE")
    return text


def list_(
    library: LibraryOption = "",
    indexes: IndexesOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """List the articles of a library, or all libraries."""
    workspace = workspace_of(indexes=indexes)
    names = (library,) if library else workspace.libraries()
    shelves, problems = {}, []
    for name in names:
        try:
            shelves[name] = workspace.articles(name)
        except LibraryError as error:
            problems.append(error)
    if as_json:
        rows = {name: [asdict(entry) for entry in entries] for name, entries in shelves.items()}
        say_json(rows)
    elif shelves or not problems:
        _print_shelves(shelves)
    for problem in problems[:-1]:
        complain(problem)
    if problems:
        raise problems[-1]


def _print_shelves(shelves: Mapping[str, Sequence[Entry]]) -> None:
    if not shelves:
        say(line("There is no library yet. Next: rag add PATH"))
    for name, entries in shelves.items():
        say(f"{name}  ({_articles(len(entries))})", bold=True)
        for entry in entries:
            date = f", {entry.date}" if entry.date else ""
            size = line("{number} characters", number=entry.characters)
            say(f"  {entry.identifier}  {entry.title}{date}, {size}  [{entry.source}]")


def remove(
    article: Annotated[str, typer.Argument(help="Identifier, title or file name.")],
    library: LibraryOption = "",
    indexes: IndexesOption = None,
) -> None:
    """Remove an article from a library. The file it came from is not touched."""
    workspace = workspace_of(indexes=indexes)
    shelf = workspace.library(library)
    entry = shelf.find_entry(article)
    shelf.remove(entry.identifier)
    say(line("Removed {title} from the library {library}.", title=repr(entry.title), library=shelf.name))


def rebuild(library: LibraryOption = "", indexes: IndexesOption = None) -> None:
    """Build a library's index anew from its stored texts, for the embedder now configured."""
    workspace = workspace_of(indexes=indexes)
    shelf = workspace.library(library)
    for entry, done in shelf.rebuild():
        say(f"{percent(done):>5}  {entry.title}")
    say(line("Rebuilt the library {library}: {held}.", library=shelf.name, held=_articles(len(shelf.entries()))))


def verify(library: LibraryOption = "", indexes: IndexesOption = None) -> None:
    """Check that a library is whole, and make anew what can be derived from its texts."""
    workspace = workspace_of(indexes=indexes)
    shelf = workspace.library(library)
    found = shelf.verify()
    for damage in found:
        if not damage.remedy:
            say(line("Mended: {what}", what=told(damage.what)))
    if problems := [damage for damage in found if damage.remedy]:
        remedies = dict.fromkeys(told(damage.remedy) for damage in problems)
        raise LibraryError(" ".join(told(damage.what) for damage in problems), "; ".join(remedies))
    held = f"{_articles(len(shelf.entries()))}, {_passages(shelf.count_passages())}"
    say(line("The library {library} is sound: {held}.", library=shelf.name, held=held))


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, or a folder to put it into, made if need be.")],
    library: LibraryOption = "",
    indexes: IndexesOption = None,
) -> None:
    """Copy a library into one file, also while it is in use."""
    from rag.index.backing_up import back_up

    workspace = workspace_of(indexes=indexes)
    made = back_up(workspace.library_file(workspace.library(library).name), file)
    say(line("Written: {file}. Back again with: rag restore {file}", file=made))


def restore(
    file: Annotated[Path, typer.Argument(help="What rag backup has written.")],
    library: Annotated[str, typer.Option("--library", "-l", help="Library to put it into; without it, yours.")] = "",
    indexes: IndexesOption = None,
    replace: Annotated[bool, typer.Option("--replace", help="Let go of what the library holds now.")] = False,  # noqa: FBT002
) -> None:
    """Put a copy of a library back in its place."""
    from rag.index.backing_up import restore as put_back
    from rag.workspace import OWN_LIBRARY

    workspace = workspace_of(indexes=indexes)
    library = library or OWN_LIBRARY
    if aside := put_back(file, workspace.library_file(library), replace=replace):
        say(line("What stood there was damaged, and lies in {file}.", file=aside))
    shelf = workspace.library(library)
    say(line("Restored the library {library}: {held}.", library=shelf.name, held=_articles(len(shelf.entries()))))


def export(
    folder: Annotated[Path, typer.Argument(help="Folder for the texts, made if need be.")],
    article: Annotated[str, typer.Argument(help="Identifier, title or file name; without it, every article.")] = "",
    library: LibraryOption = "",
    indexes: IndexesOption = None,
) -> None:
    """Write the text of one article, or of all, into text files."""
    from rag.index.backing_up import export_texts

    workspace = workspace_of(indexes=indexes)
    shelf = workspace.library(library)
    wanted = [shelf.find_entry(article).identifier] if article else []
    for path in export_texts(workspace.library_file(shelf.name), folder, wanted):
        say(str(path))


def _articles(number: int) -> str:
    return line("1 article") if number == 1 else line("{number} articles", number=number)


def _passages(number: int) -> str:
    return line("1 passage") if number == 1 else line("{number} passages", number=number)


def _read_ahead(workspace: Workspace, library: str, entry: Entry) -> None:
    """Let the model read an article, and show how far it is; a model that cannot leaves the article added."""
    try:
        for step in workspace.prepare(library=library, article=entry.identifier):
            done = percent(step.done)
            show_progress(
                line("{model} reads {title}: {done}", model=workspace.model_name(), title=entry.title, done=done)
            )
    except RagError as error:
        complain(error, words().unread_ahead, fg=typer.colors.YELLOW)


def _print_ingested(progress: Iterator[Ingestion], library: str) -> tuple[list[Ingested], list[Unread]]:
    """Show how far the files are, and return what is in the library now, and what could not be read."""
    done, unread = [], []
    for event in progress:
        if isinstance(event, Ingested):
            entry = event.entry
            done.append(event)
            show_progress("")
            about = f"{entry.language}, {_passages(entry.passages)}"
            title, status = repr(entry.title), line(event.status)
            say(
                line(
                    "{status}: {title} ({about}) in {library}", status=status, title=title, about=about, library=library
                )
            )
            if event.copy:
                same = line("{copy} holds the same text as {file}, which stays.", copy=event.copy, file=entry.source)
                say(same, fg=typer.colors.YELLOW)
            if event.unreadable:
                lost = line(
                    "Characters that could not be read: {number}; \ufffd stands for each.", number=event.unreadable
                )
                say(lost, fg=typer.colors.YELLOW)
        elif isinstance(event, Unread):
            unread.append(event)
            show_progress("")
        else:
            show_progress(f"{event.source}{words().colon} {line(event.stage)} {percent(event.done)}")
    return done, unread
