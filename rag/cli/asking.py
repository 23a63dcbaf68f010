"""``rag ask`` and ``rag chat``: questions answered in the terminal, as text or as JSON, or in the web chat."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rag.cli.contract import as_contract
from rag.cli.options import IndexesOption, JsonOption, LibraryOption, ModelOption, ServerOption, workspace_of
from rag.cli.questions import checked
from rag.cli.showing import Screen
from rag.cli.talking import Conversation, answer_lines
from rag.cli.terminal import say, say_json
from rag.cli.words import line
from rag.errors import LibraryError, SettingsError


def ask(
    question: Annotated[
        str | None,
        typer.Argument(
            help="The question, in quotation marks; - for one a line from standard input; none for a conversation.",
            show_default=False,
        ),
    ] = None,
    library: LibraryOption = "",
    article: Annotated[str, typer.Option(help="Identifier, title or file name of one article.")] = "",
    model: ModelOption = None,
    server: ServerOption = None,
    indexes: IndexesOption = None,
    as_json: JsonOption = False,  # noqa: FBT002
) -> None:
    """Answer one question, or several, with the sentences of the article it rests on."""
    several = question in {None, "-"}
    if question is None and as_json and sys.stdin.isatty():
        raise SettingsError("A conversation has no JSON.", 'rag ask "Combien de pays ?" --json')
    asked = "" if question is None or several else checked(question)
    screen = Screen()
    with screen.busy():
        workspace = workspace_of(model=model, server=server, indexes=indexes)
        shelf = workspace.library(library)
        identifier = shelf.find_entry(article).identifier if article else ""
        if shelf.is_empty():
            raise LibraryError(f"The library {shelf.name} is empty.", f"rag add PATH --library {shelf.name}")
    if question is None and sys.stdin.isatty():
        Conversation(workspace, shelf, identifier, screen).run()
    elif several:
        answer_lines(workspace, shelf.name, identifier, screen, as_json=as_json)
    elif as_json:
        answer = screen.follow(workspace.answer(asked, library=shelf.name, article=identifier))
        say_json(as_contract(answer))
    else:
        screen.show(workspace.answer(asked, library=shelf.name, article=identifier))


def chat(
    port: Annotated[int, typer.Option(help="Port of the page on this machine.", min=1, max=65535)] = 7860,
    model: ModelOption = None,
    server: ServerOption = None,
    indexes: IndexesOption = None,
    host: Annotated[
        str, typer.Option(help="Address to serve on; another than this machine's needs a token.")
    ] = "127.0.0.1",
    auth: Annotated[
        str, typer.Option(help="NAME:PASSWORD that readers must give; who lists the processes sees it (env: RAG_AUTH).")
    ] = "",
    auth_file: Annotated[Path | None, typer.Option(help="File with NAME:PASSWORD in its first line.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")] = False,  # noqa: FBT002
) -> None:
    """Open the web chat, on this machine only unless another address is named."""
    workspace = workspace_of(model=model, server=server, indexes=indexes)
    account = _account(auth, auth_file, workspace.settings.auth.get_secret_value())
    workspace.model()  # a model that is missing or broken is told here, not in the page, and before that is loaded
    from ui.app import main as launch

    launch(workspace, tell=_tell, port=port, open_browser=not no_browser, host=host, auth=account)


def _tell(addresses: Sequence[str]) -> None:
    """Say where the page is; a dot after an address would be copied with it."""
    here, *elsewhere = addresses
    say(line("Ask the article: {address}", address=here))
    if "token=" in here:
        say(line("Other machines can reach this page. Whoever has this address can ask and add articles."))
        for address in elsewhere:
            say(address)


def _account(given: str, file: Path | None, known: str) -> tuple[str, str] | None:
    """Return the name and the password that readers must give: from the option, else the file, else the settings."""
    if given and file:
        raise SettingsError("--auth and --auth-file name an account each.", "rag chat --auth-file FILE")
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines() if file else [given or known]
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(
            f"{file} cannot be read: {reason}.", "write NAME:PASSWORD into a file, then rag chat --auth-file FILE"
        ) from None
    name, colon, password = (lines or [""])[0].partition(":")
    if not (name or colon or file):
        return None
    if not (name.strip() and password):
        raise SettingsError(
            "An account is a name and a password with a colon between.",
            "write NAME:PASSWORD into a file, then rag chat --auth-file FILE",
        )
    return name.strip(), password
