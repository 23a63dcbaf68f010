"""Can this machine run everything now? Each check says what it found and, if need be, the command that mends it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import psutil

from rag.errors import RagError
from rag.settings import Settings

LEAST_MEMORY = 4 * 1024**3
LEAST_DISK = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; ``remedy`` is the command to type, or empty."""

    check: str
    severity: Literal["good", "note", "bad"]
    result: str
    remedy: str = ""


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Return what was found, in the order it was looked at. Opens no connection."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _packages,
        _machine,
        _folders,
        _embedder,
        _libraries,
        _model,
    )
    return tuple(finding for check in checks for finding in check(settings))


def _packages(settings: Settings) -> Iterator[Finding]:
    del settings
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", "good", version)
    for module, package in (
        ("torch", "torch==2.13.0"),
        ("sentence_transformers", "sentence-transformers"),
        ("faiss", "faiss-cpu"),
        ("gradio", "gradio"),
        ("llama_cpp", "llama-cpp-python"),
    ):
        if importlib.util.find_spec(module) is None:
            yield Finding(package, "bad", "not installed", "make setup")
        else:
            yield Finding(package.split("=")[0], "good", "installed")


def _machine(settings: Settings) -> Iterator[Finding]:
    memory, disk = psutil.virtual_memory(), shutil.disk_usage(_existing(settings))
    free = f"{memory.available / 1e9:.1f} GB free of {memory.total / 1e9:.1f}"
    if memory.available < LEAST_MEMORY:
        yield Finding("Memory", "note", f"{free}: a small model only", "close other programs")
    else:
        yield Finding("Memory", "good", free)
    if disk.free < LEAST_DISK:
        yield Finding(
            "Disk", "bad", f"{disk.free / 1e9:.1f} GB free", "free some space, or set RAG_INDEXES to another disk"
        )
    else:
        yield Finding("Disk", "good", f"{disk.free / 1e9:.1f} GB free")


def _folders(settings: Settings) -> Iterator[Finding]:
    for name, folder in (("Indexes", settings.indexes), ("Models", settings.models)):
        yield Finding(name, "good", str(folder))


def _embedder(settings: Settings) -> Iterator[Finding]:
    from rag.embedding import SentenceTransformerEmbedder

    try:
        yield Finding("Embedder", "good", SentenceTransformerEmbedder(settings.embedder).identity)
    except RagError as error:
        yield Finding("Embedder", "bad", error.message, error.remedy)


def _libraries(settings: Settings) -> Iterator[Finding]:
    from rag.assembly import Workspace

    workspace = Workspace(settings)
    for name in workspace.libraries():
        try:
            problems = workspace.library(name).verify()
        except RagError as error:
            yield Finding(f"Library {name}", "bad", error.message, error.remedy)
            continue
        if problems:
            yield Finding(f"Library {name}", "bad", " ".join(problems), f"rag rebuild --library {name}")
        else:
            yield Finding(f"Library {name}", "good", f"{len(workspace.articles(name))} articles")


def _model(settings: Settings) -> Iterator[Finding]:
    from rag.assembly import Workspace

    try:
        workspace = Workspace(settings)
        if workspace.has_language_model():
            yield Finding("Language model", "good", workspace.model_name())
        else:
            yield Finding(
                "Language model", "note", "none: the article's own sentences answer", "rag models pull ministral-3-3b"
            )
    except RagError as error:
        yield Finding("Language model", "bad", error.message, error.remedy)


def _existing(settings: Settings) -> str:
    folder = settings.indexes
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return str(folder)
