"""Can this machine run everything now? Each check says what it found and, if need be, the command that mends it.

Nothing is taken on trust: llama.cpp is loaded, a sentence is embedded, every library is read, a server that was named
is asked for its models. No other connection is opened, and the last finding tells whether anything tried to.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from rag.conversations.database import FILE, find_damage
from rag.errors import RagError
from rag.llm import ServerModel
from rag.llm.llama.bindings import bindings
from rag.models import installed_models
from rag.models.catalogue import STANDARD_LLM
from rag.offline import refused
from rag.opening import open_embedder, open_model
from rag.settings import Settings
from rag.workspace import Workspace, open_workspace

LEAST_MEMORY = 4_000_000_000  # bytes free; a model of three billion weights and what it computes in
LEAST_DISK = 1_000_000_000  # bytes free
LARGEST_READ = 10_000_000  # bytes of a library that is read whole here: some hundred articles, in two seconds
READ_ONLY = {  # what cannot be done where a folder can only be read
    "indexes": "no article can be added",
    "models": "no model can be installed",
    "conversations": "no conversation can be kept",
}
PACKAGES = ("torch", "sentence-transformers", "onnxruntime", "faiss-cpu", "gradio", "llama-cpp-python")

Severity = Literal["good", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; ``remedy`` is the command to type, or empty."""

    check: str
    severity: Severity
    result: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what is found as soon as it is: what is looked at in a moment first, and of that what is wrong most often.

    A check that cannot be made is itself a finding.
    """
    checks: tuple[tuple[str, Callable[[Settings], Iterator[Finding]]], ...] = (
        ("Answers", _model),
        ("Machine", _machine),
        ("Folders", _folders),
        ("Conversations", _conversations),
        ("llama.cpp", _llama),
        ("Packages", _packages),
        ("Embedder", _embedder),
        ("Libraries", _libraries),
        ("Offline", _offline),
    )
    for name, check in checks:
        yield from _guarded(name, check(settings))


def _guarded(name: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from findings
    except RagError as error:
        yield Finding(name, "bad", error.message, error.remedy)


def _packages(_: Settings) -> Iterator[Finding]:
    yield Finding("Python", "good", f"{platform.python_version()} on {sys.platform}")
    for package in PACKAGES:
        try:
            yield Finding(package, "good", importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(package, "bad", "not installed", "make setup")


def _llama(_: Settings) -> Iterator[Finding]:
    bindings()
    yield Finding("llama.cpp", "good", "can be loaded")


def _machine(settings: Settings) -> Iterator[Finding]:
    memory = psutil.virtual_memory()
    free = f"{memory.available / 1e9:.1f} GB free of {memory.total / 1e9:.1f} GB"
    if memory.available < LEAST_MEMORY:
        yield Finding("Memory", "note", f"{free}: enough for small models only", "close other programs")
    else:
        yield Finding("Memory", "good", free)
    disk = shutil.disk_usage(_existing(settings.indexes))
    if disk.free < LEAST_DISK:
        yield Finding("Disk", "bad", f"{disk.free / 1e9:.1f} GB free", "free some space, or set RAG_INDEXES elsewhere")
    else:
        yield Finding("Disk", "good", f"{disk.free / 1e9:.1f} GB free")


def _folders(settings: Settings) -> Iterator[Finding]:
    for name, without in READ_ONLY.items():
        folder: Path = getattr(settings, name)
        parent, elsewhere = _existing(folder), f"set RAG_{name.upper()} elsewhere"
        if parent.is_dir() and os.access(parent, os.W_OK):
            yield Finding(name.capitalize(), "good", str(folder))
        elif folder.is_dir() and os.access(folder, os.R_OK | os.X_OK):
            yield Finding(name.capitalize(), "note", f"{folder} can only be read: {without}", elsewhere)
        else:
            yield Finding(name.capitalize(), "bad", f"{folder} cannot be written", elsewhere)


def _conversations(settings: Settings) -> Iterator[Finding]:
    if what := find_damage(settings.conversations):
        path = settings.conversations / FILE
        yield Finding("Conversations", "bad", f"{path} cannot be read ({what})", f"move {path} away")


def _embedder(settings: Settings) -> Iterator[Finding]:
    embedder = open_embedder(settings)
    length = len(embedder.encode_query("Combien de pays ?"))
    yield Finding("Embedder", "good", f"{embedder.identity}, {length} dimensions")


def _libraries(settings: Settings) -> Iterator[Finding]:
    workspace = open_workspace(settings)
    try:
        for name in workspace.libraries():
            yield from _guarded(f"Library {name}", _library(workspace, name))
    finally:
        workspace.close()


def _library(workspace: Workspace, name: str) -> Iterator[Finding]:
    library = workspace.library(name)
    if workspace.library_file(name).stat().st_size > LARGEST_READ:
        result = f"{len(workspace.articles(name))} articles, opened and not read whole: rag verify --library {name}"
        yield Finding(f"Library {name}", "good", result)
        return
    found = library.verify()
    for damage in found:
        if damage.remedy:
            yield Finding(f"Library {name}", "bad", damage.what, damage.remedy)
        else:
            yield Finding(f"Library {name}", "note", f"mended: {damage.what}")
    if not any(damage.remedy for damage in found):
        count = len(workspace.articles(name))
        yield Finding(f"Library {name}", "good", f"{count} article{'s' * (count != 1)}")


def _model(settings: Settings) -> Iterator[Finding]:
    model = open_model(settings)  # reads what a file says of itself, and loads nothing
    if isinstance(model, ServerModel):
        yield from _server(settings, model)
    elif model.is_language_model:
        yield Finding("Answers", "good", f"written by {model.name}")
    elif installed := [one.name for one in installed_models(settings.models) if one.kind == "llm"]:
        result = "no installed language model is chosen: the article's own sentences answer"
        yield Finding("Answers", "note", result, f"rag models use {installed[0]}")
    else:
        result = "no language model is installed: the article's own sentences answer"
        yield Finding("Answers", "note", result, f"rag models pull {STANDARD_LLM}")


def _server(settings: Settings, model: ServerModel) -> Iterator[Finding]:
    offered = model.offered()
    if settings.model and offered and settings.model not in offered:
        some = ", ".join(offered[:3])
        result = f"{settings.server} lists no model called {settings.model}, but {some}"
        yield Finding("Answers", "note", result, "set RAG_MODEL to one of them")
    else:
        yield Finding("Answers", "good", f"written by {model.name}")


def _offline(_: Settings) -> Iterator[Finding]:
    hosts = sorted(set(refused()))
    if hosts:
        yield Finding("Offline", "note", f"refused while this was checked: {', '.join(hosts)}")
    else:
        yield Finding("Offline", "good", "nothing tried to connect beyond this machine")


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above that exists."""
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())
