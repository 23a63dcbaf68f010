"""What several commands share: their options, and the workspace they open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.completing import answering_names, library_names
from rag.settings import load_settings

if TYPE_CHECKING:
    from rag.workspace import Workspace

IndexesOption = Annotated[
    Path | None, typer.Option("--indexes", help="Folder of the libraries (env: RAG_INDEXES).", show_default=False)
]
LibraryOption = Annotated[
    str,
    typer.Option(
        "--library",
        "-l",
        help="Name of the library; without it, yours, or else the example.",
        autocompletion=library_names,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="GGUF file, installed model, or quotes for none (env: RAG_MODEL).",
        show_default=False,
        autocompletion=answering_names,
    ),
]
ServerOption = Annotated[
    str | None, typer.Option("--server", help="OpenAI-compatible endpoint to answer instead (env: RAG_SERVER).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def workspace_of(**options: Any) -> Workspace:  # noqa: ANN401  # each setting has a type of its own
    """Return the workspace of the environment's settings, with the options that were given on top."""
    from rag.workspace import open_workspace  # importing it would slow down --help

    return open_workspace(load_settings(**options))
