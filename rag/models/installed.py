"""The models folder: what is installed, what is in use, what would fit this machine.

Each model has a folder of its own with its files and ``model.json``, which says where they came from and what they must
hash to. ``in-use.json`` names one model of each kind. :mod:`rag.models.installing` is what changes the folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from rag.errors import ModelError
from rag.llm.llama import read_gguf
from rag.llm.llama.gguf import GgufHead
from rag.llm.llama.memory import WORKING_BYTES
from rag.llm.sampling import Sampling
from rag.models.catalogue import ADVISED_LLMS, CATALOGUE, did_you_mean
from rag.models.known import KnownModel, ModelKind

MANIFEST = "model.json"
IN_USE = "in-use.json"
ADAPTERS = Path(__file__).parent / "adapters"  # a folder by the name of the model that each was trained on
ADAPTER_FILE = "adapter.gguf"
_WRITES_NOTHING = re.compile(r"\bbert|[-_]bert|embed(?!ded)|rerank|encoder", re.IGNORECASE)
"""What a model that finds or sorts texts is called after, by its kind or its own name."""
NONE = ""  # chosen in place of a model: the article's own sentences answer


@dataclass(frozen=True, slots=True)
class Installed:
    """A model in the models folder.

    Attributes:
        path: the GGUF file, or the folder of an embedder or reranker.
        origin: repository and commit it came from; empty when a person added it.
        hashes: SHA-256 of each file, by its path within the folder.
    """

    name: str
    kind: ModelKind
    path: Path
    origin: str
    licence: str
    bytes: int
    hashes: dict[str, str]

    @property
    def adapter(self) -> Path | None:
        """The low-rank matrices that training added to it here, where there are any."""
        path = ADAPTERS / self.name / ADAPTER_FILE
        return path if self.kind == "llm" and self.name in CATALOGUE and path.is_file() else None

    @property
    def reads_evidence(self) -> bool:
        """Whether the catalogue knows it as too small to be given passages."""
        known = CATALOGUE.get(self.name)
        return known is not None and known.reads_evidence

    @property
    def sampling(self) -> Sampling:
        """How the next token is chosen, as the model's authors want it where the catalogue knows."""
        known = CATALOGUE.get(self.name)
        return known.sampling if known else Sampling()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``model.json`` says of the model in its folder; see :class:`Installed`."""

    kind: ModelKind
    origin: str
    licence: str
    bytes: int
    hashes: dict[str, str]


_MANIFEST = TypeAdapter(Manifest)
_CHOICES = TypeAdapter(dict[str, str])


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A line of ``rag models list``.

    Attributes:
        memory: bytes it needs while it runs; with a language model, for the context window in force.
        fits: whether this machine has that much memory at all.
        reuses_prefix: False for language models that read everything again at each question, but for saved states.
        languages: which of ``fr`` and ``en`` a language model writes; empty where that is not known.
        suits: whether it is one of those advised, and leaves this machine half of its memory.
    """

    name: str
    kind: ModelKind
    bytes: int
    memory: int
    fits: bool
    installed: bool
    in_use: bool
    licence: str
    reuses_prefix: bool
    note: str
    languages: tuple[str, ...] = ()
    suits: bool = False


def installed_models(folder: Path) -> tuple[Installed, ...]:
    """Return the models of the folder, by name."""
    if not folder.is_dir():
        return ()
    found = sorted(path.parent for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))
    return tuple(read_manifest(path) for path in found)


def find_installed(folder: Path, name: str) -> Installed:
    """Return the installed model called ``name``.

    Raises:
        ModelError: it is not installed.
    """
    for model in installed_models(folder):
        if model.name == name.lower():
            return model
    remedy = f"rag models pull {name.lower()}" if name.lower() in CATALOGUE else "rag models list"
    near = did_you_mean(name, {*CATALOGUE, *(model.name for model in installed_models(folder))})
    raise ModelError(f"The model {name} is not installed.{near}", remedy)


def in_use(folder: Path, kind: ModelKind) -> Installed | None:
    """Return the model of a kind that is in use; the only one installed is in use by itself, unless none was chosen."""
    models = {model.name: model for model in installed_models(folder) if model.kind == kind}
    name = choices(folder).get(kind)
    if name == NONE:
        return None
    chosen = models.get(name or "")
    if chosen is None and len(models) == 1 and kind == "llm":
        return next(iter(models.values()))
    return chosen


def resolve_llm(folder: Path, wanted: str) -> Installed | None:
    """Return the language model to answer with, or None when none is installed and none was asked for.

    Args:
        folder: the models folder.
        wanted: a GGUF file, the name or the folder of an installed model, or empty for the one in use.

    Raises:
        ModelError: ``wanted`` is neither a GGUF file of a language model nor an installed one.
    """
    if not wanted:
        return in_use(folder, "llm")
    path = Path(wanted).expanduser()
    if path.is_file():
        refuse_silent(read_gguf(path), path)
    if path.is_file() or path.suffix.lower() == ".gguf":
        return Installed(path.stem, "llm", path, "", "", path.stat().st_size if path.is_file() else 0, {})
    model = read_manifest(path) if (path / MANIFEST).is_file() else find_installed(folder, wanted)
    if model.kind != "llm":
        raise ModelError(f"{model.name} is no language model: it is installed as {model.kind}.", "rag models list")
    return model


def refuse_silent(head: GgufHead, file: Path) -> None:
    """Refuse a GGUF file whose model writes nothing.

    Raises:
        ModelError: it finds or sorts texts.
    """
    if _WRITES_NOTHING.search(f"{head.architecture} {head.name or file.stem}"):
        raise ModelError(
            f"{file.name} finds or sorts texts, and writes none.", "name the GGUF file of a model that answers"
        )


def list_models(folder: Path, context_window: int) -> tuple[ListedModel, ...]:
    """Return the catalogue and what else is installed, as lines of a table; language models first."""
    import psutil

    total = psutil.virtual_memory().total
    installed = {model.name: model for model in installed_models(folder)}
    using = {chosen.name for kind in _KINDS if (chosen := in_use(folder, kind))}
    rows = [_row(model, installed.get(model.name), context_window) for model in CATALOGUE.values()]
    rows += [_added_row(model, context_window) for name, model in installed.items() if name not in CATALOGUE]
    return tuple(
        ListedModel(
            **row,
            fits=row["memory"] <= total,
            in_use=row["name"] in using,
            suits=row["name"] in ADVISED_LLMS and 2 * row["memory"] <= total,
        )
        for row in sorted(rows, key=lambda row: _KINDS.index(row["kind"]))
    )


_KINDS: tuple[ModelKind, ...] = ("llm", "embedder", "reranker")


def _row(known: KnownModel, installed: Installed | None, context_window: int) -> dict[str, Any]:
    size = installed.bytes if installed else known.bytes
    context = min(context_window, known.context or context_window)
    memory = size + WORKING_BYTES + (_kv_bytes(known) * context if known.kind == "llm" else 0)
    return {
        "name": known.name,
        "kind": known.kind,
        "bytes": size,
        "memory": memory,
        "installed": installed is not None,
        "licence": known.licence,
        "reuses_prefix": known.reuses_prefix,
        "note": known.note,
        "languages": known.languages if known.kind == "llm" else (),
    }


def _kv_bytes(known: KnownModel) -> int:
    """Return the bytes of the KV cache for one token; where unknown, what models of its size take, from above."""
    share = 20_000 if known.reuses_prefix else 80_000
    return known.kv_bytes_per_token or known.bytes // share


def _added_row(model: Installed, context_window: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": model.name,
        "kind": model.kind,
        "bytes": model.bytes,
        "memory": model.bytes + WORKING_BYTES,
        "installed": True,
        "licence": model.licence or "as its source says",
        "reuses_prefix": True,
    }
    try:
        head = read_gguf(model.path)
    except ModelError:  # one file that is gone must not hide the others
        return {**row, "note": "missing or damaged: rag models verify"}
    context = min(context_window, head.context_length or context_window)
    return {
        **row,
        "memory": row["memory"] + head.kv_bytes_per_token * context,
        "reuses_prefix": head.keeps_every_token,
        "note": head.name,
    }


def read_manifest(place: Path) -> Installed:
    """Return the model installed in the folder ``place``.

    Raises:
        ModelError: the folder holds no manifest of ours.
    """
    try:
        kept = _MANIFEST.validate_json((place / MANIFEST).read_bytes())
        path = place / next(iter(kept.hashes)) if kept.kind == "llm" else place
    except (OSError, ValueError, StopIteration):
        raise ModelError(
            f"The folder {place} is not a model that was installed here.", f"remove the folder {place}"
        ) from None
    return Installed(place.name, kept.kind, path, kept.origin, kept.licence, kept.bytes, kept.hashes)


def choices(folder: Path) -> dict[str, str]:
    """Return the name of the chosen model of each kind; nothing where none was chosen."""
    try:
        return _CHOICES.validate_json((folder / IN_USE).read_bytes())
    except (OSError, ValueError):
        return {}
