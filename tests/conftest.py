"""Fakes that run the whole path in milliseconds; connections beyond this machine refused throughout."""

from __future__ import annotations

import itertools
import os
import sys

if "PYTEST_XDIST_WORKER" in os.environ:  # before torch and faiss are imported: each worker has one core to itself
    os.environ["OMP_NUM_THREADS"] = "1"

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from support.fakes import HashedWords
from support.places import EXAMPLE, REFUSING
from support.word_reader import WordReader

from rag import workspace
from rag.index.library import Library
from rag.index.onnx_embedding import OnnxEmbedder
from rag.models.catalogue import STANDARD_EMBEDDER
from rag.offline import guard
from rag.settings import home

guard()

hypothesis.settings.register_profile("same twice", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("same twice")

MARK_OF_FIXTURE = {"bundled": "embedder", "cross_encoder": "embedder", "chrome": "browser"}
SLOW = {  # mark → the libraries only tests with this mark may use
    "embedder": ("onnxruntime", "sentence_transformers"),
    "browser": ("playwright",),
    "llama": ("llama_cpp",),
}
NEVER_SKIPPED = ("browser", "embedder", "llama")  # where CI is set


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return one worker a core for ``logical``; one more for ``auto``: tests of the page often wait."""
    return (os.cpu_count() or 1) + (config.option.numprocesses == "auto")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark each test by what it needs."""
    for item in items:
        for fixture, mark in MARK_OF_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs llama.cpp where it cannot be loaded."""
    if item.get_closest_marker("llama"):
        pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed", exc_type=ImportError)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let a test of the page, of the embedder or of llama.cpp fail where it would be skipped and ``CI`` is set."""
    report = yield
    if report.skipped and os.environ.get("CI") and any(map(item.get_closest_marker, NEVER_SKIPPED)):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def quick_unless_marked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the slow libraries from a test without a mark, and from the programs it starts.

    So that ``make quick``, which chooses by marks, runs nothing that needs one of them.
    """
    if any(map(request.node.get_closest_marker, SLOW)):
        return
    slow = tuple(itertools.chain(*SLOW.values()))
    inside = tuple(f"{library}." for library in slow)
    for name in [*slow, *(name for name in sys.modules if name.startswith(inside))]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(REFUSING), os.environ.get("PYTHONPATH")))))
    monkeypatch.setenv("REFUSED_IMPORTS", " ".join(slow))


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch) -> Path:
    """Keep every test away from the libraries, models and settings of the person who runs it."""
    for name in [name for name in os.environ if name.startswith("RAG_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LC_MESSAGES", "en_GB.UTF-8")  # what the terminal says is in the system's language
    for name in ("indexes", "models", "conversations"):
        monkeypatch.setenv(f"RAG_{name.upper()}", str(tmp_path / name))
    return tmp_path


@pytest.fixture
def embedder() -> HashedWords:
    return HashedWords()


@pytest.fixture(scope="session")
def bundled() -> OnnxEmbedder:
    """Give the real embedder, loaded once: refusals are calibrated on what it says."""
    folder = home() / "models" / STANDARD_EMBEDDER
    if not folder.is_dir():
        pytest.skip(f"the embedder {STANDARD_EMBEDDER} is not in {folder.parent}: make setup")
    return OnnxEmbedder(folder)


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

    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: embedder)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())
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
