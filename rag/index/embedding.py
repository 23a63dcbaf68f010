"""Texts become vectors: unit length, float32, so that an inner product is a cosine.

The default embedder is multilingual-e5-small, which ``make setup`` brings; any local sentence-transformers folder may
take its place. Torch is imported when the first of its texts is embedded.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError
from rag.machine import expect_torch
from rag.values import Matrix, Vector

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_SAMPLE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class CosineScale:
    """What the cosines of an embedder are worth beside words, as ``benchmarks/answers.md`` says it was measured.

    Attributes:
        unlike: cosine that a question usually has with a passage that says nothing of it.
        like: cosine that it has with one that answers it.
        weight: of the cosine in the score of a passage, in [0, 1]; words weigh the rest.
        usual: cosine that a question usually has with the nearest passage; None where nobody measured it.
    """

    unlike: float
    like: float
    weight: float
    usual: float | None = None

    def place(self, cosine: float) -> float:
        """Return where a cosine stands between unlike, 0, and like, 1; it may lie outside both."""
        return (cosine - self.unlike) / (self.like - self.unlike)

    def nearness(self, cosine: float) -> float:
        """Return how much nearer than usual this is, in parts of the way from unlike to like; 0 where none is known."""
        return 0.0 if self.usual is None else self.place(cosine) - self.place(self.usual)


_SCALES = {"e5-small": CosineScale(unlike=0.76, like=0.88, weight=0.4, usual=0.863)}
_SCALE = CosineScale(unlike=0.1, like=0.7, weight=0.5)  # of an embedder nobody measured yet: neither is preferred


class Embedder(Protocol):
    """What the library needs of an embedder."""

    @property
    def identity(self) -> str:
        """Name and fingerprint: equal identities give equal vectors."""

    @property
    def dimensions(self) -> int:
        """Length of every vector."""

    @property
    def max_tokens(self) -> int:
        """Longest text that is not cut, in tokens, special tokens and prompt included."""

    @property
    def scale(self) -> CosineScale:
        """What its cosines are worth."""

    def count_tokens(self, text: str) -> int:
        """Return the tokens of ``text`` as a document, special tokens and prompt included."""

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """Return one unit vector a text, shape (texts, dimensions)."""

    def encode_query(self, text: str) -> Vector:
        """Return the question's unit vector, shape (dimensions,)."""


class FolderEmbedder:
    """What every embedder in a folder of its own says of itself, before anything is loaded.

    Args:
        folder: of the model.
        prompts: what is put before texts on top of what the folder says.
    """

    def __init__(self, folder: Path, prompts: dict[str, str]) -> None:
        self.folder = folder
        self._prompts = prompts
        self._lock = threading.Lock()
        self._fingerprint = ""

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def identity(self) -> str:
        """Name and fingerprint of the files, read without loading the model."""
        if not self._fingerprint:
            self._fingerprint = fingerprint(self.folder, self._prompts)
        return f"{self.name} {self._fingerprint}"

    @property
    def scale(self) -> CosineScale:
        """What its cosines are worth."""
        return cosine_scale(self.name)


class SentenceTransformerEmbedder(FolderEmbedder):
    """A sentence-transformers model from a local folder, in float32 on the CPU.

    Args:
        folder: of the model.
        prompts: what to put before a ``query`` and a ``document`` where the checkpoint does not say so itself.

    Raises:
        ModelError: the folder is missing or does not hold a sentence-transformers model.
    """

    def __init__(self, folder: Path, *, prompts: Mapping[str, str] | None = None) -> None:
        super().__init__(folder, dict(prompts or {}))
        if not (folder / "modules.json").is_file():
            raise ModelError(
                f"{folder} is not a folder of a sentence-transformers model (no modules.json).",
                "unset RAG_EMBEDDER to use the bundled one",
            )
        expect_torch()
        self._loaded: SentenceTransformer | None = None
        self._counting: Any = None

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return int(self._model().get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """Longest text that is not cut, in tokens."""
        return int(self._model().max_seq_length or 512)

    def count_tokens(self, text: str) -> int:
        """Return the tokens of ``text`` as a document, special tokens and prompt included."""
        prompts = self._model().prompts
        return len(self.tokens((prompts.get("document", "") or prompts.get("passage", "")) + text))

    def tokens(self, text: str) -> list[int]:
        """Return the numbers of the tokens of ``text`` as it stands, those the model adds included."""
        model = self._model()
        with self._lock:  # a tokenizer of its own: one that cuts texts for the model meanwhile would cut this too
            if self._counting is None:
                self._counting = deepcopy(model.tokenizer)
        return list(self._counting(text, truncation=False, verbose=False)["input_ids"])

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """Return one unit vector a text, shape (texts, dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return _unit(self._model().encode_document(list(texts), **_ENCODE))

    def encode_query(self, text: str) -> Vector:
        """Return the question's unit vector, shape (dimensions,)."""
        model = self._model()
        with _one_thread():
            return np.asarray(_unit(model.encode_query([text], **_ENCODE))[0], dtype=np.float32)

    def _model(self) -> SentenceTransformer:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.folder, self._prompts)
        return self._loaded


_ENCODE: dict[str, Any] = {"convert_to_numpy": True, "normalize_embeddings": True, "show_progress_bar": False}


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread: a question is short, and waiting for other threads on a busy laptop takes far longer."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def cosine_scale(name: str) -> CosineScale:
    """Return what the cosines of an embedder are worth, by the name of its folder."""
    return _SCALES.get(name, _SCALE)


def fingerprint(folder: Path, prompts: Mapping[str, str]) -> str:
    """Return 16 hexadecimal digits that change when a file of the model or a prompt does.

    Every file counts with its name and size; of large ones the first and last mebibyte are read, so that a model of
    several gigabytes is told from another in milliseconds.
    """
    digest = hashlib.sha256(repr(sorted(prompts.items())).encode())
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if not path.is_file() or path.suffix in {".py", ".pyc", ".md"} or relative.parts[0].startswith("."):
            continue
        size = path.stat().st_size
        digest.update(f"{relative.as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            digest.update(file.read(_SAMPLE_BYTES))
            if size > 2 * _SAMPLE_BYTES:
                file.seek(-_SAMPLE_BYTES, 2)
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:16]


def _load(folder: Path, prompts: dict[str, str]) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # it would write over the command line's own words
    try:
        # A checkpoint stored in half precision would load so, and run many times slower on a CPU.
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"dtype": torch.float32},
            **({"prompts": prompts} if prompts else {}),
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"The embedder in {folder} could not be opened: {error}",
            "unset RAG_EMBEDDER to use the bundled one",
        ) from error


def _unit(matrix: npt.ArrayLike) -> Matrix:
    rows = np.ascontiguousarray(matrix, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)
