"""``rag ask`` and ``rag chat``: a question answered in the terminal, as text or as JSON, or in the web chat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.answer.notices import CONFIDENCE, in_language
from rag.cli.options import IndexesOption, JsonOption, LibraryOption, ModelOption, ServerOption, workspace_of
from rag.cli.terminal import say, say_json, show_progress
from rag.errors import LibraryError, SettingsError
from rag.events import Checked, Cited, Event, Finished, Replaced, Token, Working
from rag.values import QUOTES_MODEL, Answer, Sentence


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
    question = question.encode("utf-8", "replace").decode("utf-8")  # what is no UTF-8 reaches us as half characters
    if not question.strip():
        raise SettingsError("The question is empty.", 'rag ask "Combien de pays ?"')
    workspace = workspace_of(model=model, server=server, indexes=indexes)
    shelf = workspace.library(library)
    identifier = shelf.find_entry(article).identifier if article else ""
    if shelf.is_empty():
        raise LibraryError(f"The library {shelf.name} is empty.", f"rag add PATH --library {shelf.name}")
    events = workspace.answer(question, library=shelf.name, article=identifier)
    if as_json:
        answer = next(event.answer for event in events if isinstance(event, Finished))
        say_json(as_contract(answer))
        return
    _print_answer(events)


def chat(
    port: Annotated[int, typer.Option(help="Port of the page on this machine.", min=1, max=65535)] = 7860,
    model: ModelOption = None,
    server: ServerOption = None,
    indexes: IndexesOption = None,
    host: Annotated[
        str, typer.Option(help="Address to serve on; another than this machine's needs a token.")
    ] = "127.0.0.1",
    auth: Annotated[
        str, typer.Option(help="NAME:PASSWORD that readers must give; who lists the processes sees it. [env: RAG_AUTH]")
    ] = "",
    auth_file: Annotated[Path | None, typer.Option(help="File with NAME:PASSWORD in its first line.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")] = False,  # noqa: FBT002
) -> None:
    """Open the web chat, on this machine only unless another address is named."""
    from ui.app import main as launch

    workspace = workspace_of(model=model, server=server, indexes=indexes)
    account = _account(auth, auth_file, workspace.settings.auth.get_secret_value())
    workspace.model()  # a model that is missing or broken is told here, not in the page
    launch(workspace, port=port, open_browser=not no_browser, host=host, auth=account)


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


def as_contract(answer: Answer) -> dict[str, Any]:
    """Return an answer in the shape that ``rag ask --json`` promises."""
    return {
        "question": answer.question,
        "answer": answer.marked_text(),
        "refused": answer.refused,
        "model": answer.model,
        "sentences": [
            {
                "text": one.text,
                "citations": list(one.citations),
                "supported": one.supported,
                "struck": one.struck,
            }
            for one in answer.sentences
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


def _print_answer(events: Iterator[Event]) -> None:
    sentences: dict[int, Sentence] = {}
    for event in events:
        if isinstance(event, Working):
            show_progress(f"{event.stage} {event.done:4.0%}")
        elif isinstance(event, Token):
            say(event.text, nl=False)
        elif isinstance(event, Cited):
            say(f" [{event.citation.n}]", fg=typer.colors.BLUE, nl=False)
        elif isinstance(event, Checked):
            sentences[event.index] = event.sentence
        elif isinstance(event, Replaced):
            say()
            for index in event.sentences:
                say(f"✗ {_short(sentences[index].text)}", dim=True, strikethrough=True)
        elif isinstance(event, Finished):
            doubtful = [one for one in sentences.values() if one.supported not in {"yes", "unchecked"}]
            _print_end(event.answer, doubtful)


def _print_end(answer: Answer, doubtful: list[Sentence]) -> None:
    if answer.refused:
        say(answer.text)
        if answer.nearest:
            french = answer.language == "fr"
            say("\nCe que l'article dit de plus proche :" if french else "\nWhat the article says that is closest:")
        for quote in answer.nearest:
            say(f"  {_short(quote.text)}", dim=True)
        return
    say("\n")
    for citation in answer.citations:
        page = f", p. {citation.page}" if citation.page else ""
        place = f"{citation.title}{page}, {citation.start}-{citation.end}"
        say(f"[{citation.n}] ", fg=typer.colors.BLUE, nl=False)
        say(f"{' '.join(citation.quote.split())}  ({place})")
    for sentence in doubtful:
        say(f"{_doubt(sentence, answer.language)} {_short(sentence.text)}", fg=typer.colors.YELLOW)
    if answer.model == QUOTES_MODEL and answer.confidence:
        say(f"{in_language(CONFIDENCE[answer.confidence], answer.language)}.", dim=True)
    for notice in (*answer.notices, *answer.advice):
        say(notice, dim=True)


def _doubt(sentence: Sentence, language: str) -> str:
    """Return what the check found wanting in a sentence, in the reader's language."""
    said = {
        "no": ("Absent de l'article", "Not found in the article"),
        "contradicted": ("Contredit par l'article", "Contradicted by the article"),
        "partly": ("Appuyé en partie seulement", "Only partly supported"),
    }[sentence.supported][0 if language == "fr" else 1]
    items = ", ".join(sentence.missing)
    if not items:
        return f"{said}."
    return f"{said}\u00a0: {items}." if language == "fr" else f"{said}: {items}."


def _short(text: str, length: int = 200) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"
