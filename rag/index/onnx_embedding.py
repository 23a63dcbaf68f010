"""The standard embedder: its encoder as an ONNX graph, which runs without torch and loads in a tenth of its time.

A text is encoded alone, on one thread: nothing is padded, and its vector does not depend on the texts beside it.
Several are encoded at once, on as many threads as there are cores. ``rag/models/encoder_graph.py`` writes the graph.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import ModelError
from rag.index.embedding import FolderEmbedder
from rag.machine import physical_cores
from rag.values import Matrix, Vector

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

ENCODER = "encoder.onnx"
"""A graph from ``tokens``, shape (1, tokens), to ``vector``, a unit vector, shape (1, dimensions)."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: InferenceSession
    tokenizer: Tokenizer
    pool: ThreadPoolExecutor
    prompts: dict[str, str]
    max_tokens: int


class OnnxEmbedder(FolderEmbedder):
    """An embedder that was unpacked into a folder; loaded when the first text is embedded.

    Args:
        folder: of the model, as :func:`rag.models.unpacking.unpack` writes it.

    Raises:
        ModelError: the folder is missing or holds no encoder.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, {})
        if not (folder / ENCODER).is_file():
            raise ModelError(f"{folder} is not the folder of an embedder (no {ENCODER}).", _remedy(folder))
        self._loaded: _Loaded | None = None

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return int(self._model().session.get_outputs()[0].shape[1])

    @property
    def max_tokens(self) -> int:
        """Longest text that is not cut, in tokens."""
        return self._model().max_tokens

    def count_tokens(self, text: str) -> int:
        """Return the tokens of ``text`` as a document, special tokens and prompt included."""
        return len(self.tokens(self._model().prompts["document"] + text))

    def tokens(self, text: str) -> list[int]:
        """Return the numbers of the tokens of ``text`` as it stands, those the model adds included."""
        return list(self._model().tokenizer.encode(text).ids)

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """Return one unit vector a text, shape (texts, dimensions)."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        prompt = self._model().prompts["document"]
        return np.stack(list(self._model().pool.map(self._encode, [prompt + text for text in texts])))

    def encode_query(self, text: str) -> Vector:
        """Return the question's unit vector, shape (dimensions,)."""
        return self._encode(self._model().prompts["query"] + text)

    def _encode(self, text: str) -> Vector:
        model = self._model()
        tokens = self.tokens(text)
        if len(tokens) > model.max_tokens:
            tokens = [*tokens[: model.max_tokens - 1], tokens[-1]]
        (vectors,) = model.session.run(None, {"tokens": np.array([tokens], dtype=np.int64)})
        return np.asarray(vectors[0], dtype=np.float32)

    def _model(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.folder)
        return self._loaded


def _load(folder: Path) -> _Loaded:
    try:
        session = open_graph(folder / ENCODER)
        tokenizer = open_tokenizer(folder)
        prompts = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))["prompts"]
        used = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
    except Exception as error:  # both libraries raise plain exceptions of their own
        raise ModelError(f"The embedder in {folder} could not be opened: {error}", _remedy(folder)) from error
    pool = ThreadPoolExecutor(physical_cores(), thread_name_prefix="embedding")
    return _Loaded(session, tokenizer, pool, prompts, used["max_seq_length"])


def open_graph(path: Path) -> InferenceSession:
    """Return the graph in a file, to be run on one thread a call; onnxruntime raises plain exceptions of its own."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def open_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of an embedder, one for all who read with it; tokenizers raises plain exceptions."""
    path = folder / "tokenizer.json"
    with _TOKENIZER:
        return _tokenizer(path, path.stat().st_mtime_ns)


_TOKENIZER = threading.Lock()


@lru_cache(maxsize=1)
def _tokenizer(path: Path, _: int) -> Tokenizer:
    """Return the tokenizer in a file, read once as long as the file stays: it takes a second and much memory."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))


def _remedy(folder: Path) -> str:
    return f"rag models remove {folder.name}, then rag models pull {folder.name}"
