"""Fakes that run the whole path in milliseconds; connections beyond this machine refused throughout."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.fakes import HashedWords
from support.places import EXAMPLE

from rag import workspace
from rag.index.embedding import SentenceTransformerEmbedder
from rag.index.library import Library
from rag.offline import guard

guard()


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch) -> Path:
    """Keep every test away from the libraries, models and settings of the person who runs it."""
    for name in [name for name in os.environ if name.startswith("RAG_")]:
        monkeypatch.delenv(name)
    for name in ("indexes", "models", "conversations"):
        monkeypatch.setenv(f"RAG_{name.upper()}", str(tmp_path / name))
    return tmp_path


@pytest.fixture
def embedder() -> HashedWords:
    return HashedWords()


@pytest.fixture(scope="session")
def bundled() -> SentenceTransformerEmbedder:
    """Give the real embedder, loaded once: refusals are calibrated on what it says."""
    return SentenceTransformerEmbedder()


@pytest.fixture
def library(tmp_path, embedder) -> Iterator[Library]:
    """Give an empty library on disk."""
    library = Library(tmp_path / "indexes" / "press", embedder)
    yield library
    library.close()


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def rag(monkeypatch, capsys, embedder) -> Callable[..., Ran]:
    """Run the command line in this process, as ``rag`` would be run, with an embedder that costs nothing."""
    from rag.cli import main

    monkeypatch.setattr("rag.opening.SentenceTransformerEmbedder", lambda *_, **__: embedder)
    monkeypatch.setattr(workspace, "open_workspace", remember := Remember(workspace.open_workspace))

    def run(*words: str | os.PathLike[str]) -> Ran:
        monkeypatch.setattr(sys, "argv", ["rag", *map(os.fspath, words)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
        finally:
            remember.close()
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


class Remember:
    """Opens workspaces, and closes them all after a command, as the end of the process would."""

    def __init__(self, opens: Callable[..., workspace.Workspace]) -> None:
        self._opens = opens
        self._opened: list[workspace.Workspace] = []

    def __call__(self, *arguments: object) -> workspace.Workspace:
        self._opened.append(self._opens(*arguments))
        return self._opened[-1]

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()


@pytest.fixture
def example(tmp_path) -> Path:
    """Give a folder of libraries with the bundled article in it, not yet built."""
    folder = tmp_path / "indexes" / "example"
    folder.mkdir(parents=True)
    (folder / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes())
    return folder.parent
