"""Puts the passages that were found into a better order, with a model that reads question and passage together.

Off unless a reranker is in use (``rag models use``): it costs a pass of a whole model for each passage, and it can make
a good first stage worse, which ``rag eval`` tells. It changes which passages are shown and in which order; whether the
article answers at all is still decided from words and cosines, which is what the weights of that decision were fitted
on.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.errors import ModelError
from rag.machine import expect_torch
from rag.values import Hit, Vector

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

RERANKED = 20
"""Passages that are read again: the cost of a question is at most this many passes of the model."""

MAX_TOKENS = 512
"""Of question and passage together; what is longer is cut, and no passage of ours is."""


class Reranker(Protocol):
    """What scores passages against a question by reading both."""

    def scores(self, question: str, passages: Sequence[str]) -> Vector:
        """Return how well each passage answers, in [0, 1], shape (passages,); larger is better."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder from a local folder, in float32 on the CPU; loaded when first needed.

    Args:
        folder: of the model.
        max_tokens: longest question and passage together that it was trained for.

    Raises:
        ModelError: the folder holds no model.
    """

    def __init__(self, folder: Path, *, max_tokens: int = MAX_TOKENS) -> None:
        if not (folder / "config.json").is_file():
            raise ModelError(f"{folder} is not a folder of a reranker (no config.json).", _remedy(folder))
        expect_torch()
        self._folder = folder
        self._max_tokens = min(max_tokens or MAX_TOKENS, MAX_TOKENS)
        self._lock = threading.Lock()
        self._loaded: CrossEncoder | None = None

    def scores(self, question: str, passages: Sequence[str]) -> Vector:
        """Return how well each passage answers, in [0, 1], shape (passages,); larger is better.

        Raises:
            ModelError: the model cannot be opened, or gives something else than one score for each passage.
        """
        import torch

        if not passages:
            return np.zeros(0, dtype=np.float32)
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder, self._max_tokens)
            pairs = [(question, passage) for passage in passages]
            found = self._loaded.predict(
                pairs, batch_size=RERANKED, show_progress_bar=False, activation_fn=torch.nn.Sigmoid()
            )
        scores = np.asarray(found, dtype=np.float32)
        if scores.shape != (len(passages),):
            raise ModelError(f"{self._folder.name} is not a reranker: it gives no score.", _remedy(self._folder))
        return scores


def rerank(reranker: Reranker, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the first ``RERANKED`` hits with the reranker's scores, best first; equal ones as they came.

    Args:
        reranker: that scores them.
        question: as it was searched.
        hits: best first.
    """
    read = hits[:RERANKED]
    scores = reranker.scores(question, [hit.passage.text for hit in read])
    scored = [replace(hit, score=float(score)) for hit, score in zip(read, scores, strict=True)]
    return tuple(sorted(scored, key=lambda hit: -hit.score))


def _load(folder: Path, max_tokens: int) -> CrossEncoder:
    import torch
    from sentence_transformers import CrossEncoder
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # it would write over the command line's own words
    try:
        return CrossEncoder(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            max_length=max_tokens,
            model_kwargs={"dtype": torch.float32},
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        words = " ".join(str(error).split())[:300]
        raise ModelError(f"The reranker in {folder} could not be opened: {words}", _remedy(folder)) from None


def _remedy(folder: Path) -> str:
    return f"rag models verify, or rag models remove {folder.name} to do without"
