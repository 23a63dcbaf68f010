"""The reader as two ONNX graphs and a few small matrices: what a text is read for costs the upper layers only.

The lower layers read each text alone, and what they made of a passage is kept: the next question on the same article
costs the upper layers, which read question and passage together (DeFormer, Cao and others 2020, arXiv:2005.00697).
A pair is read alone, on one thread: nothing is padded, and what is said of a passage does not depend on those beside
it. Several are read at once, on as many threads as there are cores. ``rag/models/reader_graph.py`` writes the graphs.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError
from rag.index.onnx_embedding import open_graph, open_tokenizer
from rag.machine import physical_cores
from rag.reader.adapter import Heads, digest_of, product, read_adapter
from rag.reader.heads import entailment, reading
from rag.reader.meeting import Meeting, meet
from rag.reader.reader import Entailment, Readable, Reading
from rag.reader.state_cache import ReadAlone, StateCache
from rag.reader.word_table import open_word_table
from rag.values import Matrix, Vector

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

LONGEST_QUESTION, LONGEST_CLAIM, LONGEST_TEXT = 64, 96, 300  # tokens; the title counts as text
CACHE_BYTES = 96 << 20
_QUESTION, _PASSAGE, _CLAIM = 0, 1, 2  # rows of ``Heads.belongs``
_ASKED, _SAID = "query: ", "passage: "


@dataclass(frozen=True, slots=True)
class ReaderGraphs:
    """The files of the two graphs.

    Attributes:
        lower: from the ``words`` of a text, 16-bit rows of the word table, to its state, shape (1, tokens, width).
        upper: from the ``state`` of two texts, one after the other, to the final one, of the same shape.
    """

    lower: Path
    upper: Path


@dataclass(frozen=True, slots=True)
class _Loaded:
    lower: InferenceSession
    upper: InferenceSession
    tokenizer: Tokenizer
    table: npt.NDArray[np.float16]
    heads: Heads
    pool: ThreadPoolExecutor


class OnnxReader:
    """The trained reader; loaded when the first text is read.

    Args:
        folder: of the embedder it stands on: its tokenizer and its word table.
        graphs: that were written for the adapter.
        adapter: what training added.
        cache_bytes: memory for what the lower layers made of passages.

    Raises:
        ModelError: the adapter is missing.
    """

    def __init__(self, folder: Path, graphs: ReaderGraphs, adapter: Path, *, cache_bytes: int = CACHE_BYTES) -> None:
        self.identity = f"reader {digest_of(adapter)}"
        self._folder, self._graphs, self._adapter = folder, graphs, adapter
        self._cache = StateCache(cache_bytes)
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def read(self, question: str, texts: Sequence[Readable]) -> list[Reading]:
        """Return what each text says of the question.

        A question is read up to 64 tokens, a text with its title up to 300; of sentences beyond that nothing is said.
        """
        if not texts:
            return []
        model = self._model()
        first = self._alone(_ASKED + question, LONGEST_QUESTION, 0)

        def one(text: Readable) -> tuple[ReadAlone, Meeting, Matrix, Vector]:
            before = f"{_SAID}{text.title.strip()}\n" if text.title.strip() else _SAID
            passage = self._kept(before + text.text, len(before))
            found = meet(first, passage)
            return passage, found, *self._together(_QUESTION, first, passage, found)

        read = list(model.pool.map(one, texts))
        answers = model.heads.answer(np.stack([both for *_, both in read]))[:, 0].tolist()
        logits = [product(state, model.heads.token) + model.heads.token_bias for _, _, state, _ in read]
        return [
            reading(answer, said, found.cosines, passage.offsets, text.sentences)
            for answer, said, text, (passage, found, _, _) in zip(answers, logits, texts, read, strict=True)
        ]

    def entail(self, claim: str, premises: Sequence[str]) -> list[Entailment]:
        """Return whether each premise, read alone, says the claim.

        A claim is read up to 96 tokens, a premise up to 300.
        """
        if not premises:
            return []
        model = self._model()
        first = self._alone(_SAID + claim, LONGEST_CLAIM, 0)

        def one(premise: str) -> Vector:
            said = self._kept(_SAID + premise, len(_SAID))
            return self._together(_CLAIM, first, said, meet(first, said))[1]

        verdicts = model.heads.verdict(np.stack(list(model.pool.map(one, premises))))
        return [entailment(logits) for logits in verdicts]

    def _kept(self, text: str, before: int) -> ReadAlone:
        """Return a passage as the lower layers leave it, computed once while there is room for it."""
        found = self._cache.get(text)
        if found is None:
            found = self._alone(text, LONGEST_TEXT, before)
            self._cache.put(text, found)
        return found

    def _alone(self, text: str, longest: int, before: int) -> ReadAlone:
        """Return a text as the lower layers leave it; offsets are counted from its character ``before``."""
        model = self._model()
        encoded = model.tokenizer.encode(text)
        offsets = np.array(encoded.offsets[:longest], dtype=np.int32) - before
        tokens = np.array(encoded.ids[:longest], dtype=np.int64)
        (state,) = model.lower.run(None, {"words": model.table[tokens][None]})
        return ReadAlone(tokens, np.asarray(state[0], dtype=np.float16), offsets)

    def _together(self, kind: int, first: ReadAlone, passage: ReadAlone, found: Meeting) -> tuple[Matrix, Vector]:
        """Return the final state of the passage's tokens, and what the heads on both texts together are given."""
        model = self._model()
        belongs, met, length = model.heads.belongs, model.heads.met, len(first.state)
        asked = first.state + belongs[kind] + product(found.first, met[kind].T)
        said = passage.state + belongs[_PASSAGE] + product(found.second, met[_PASSAGE].T)
        ((read,),) = model.upper.run(None, {"state": np.concatenate([asked, said])[None]})
        return read[length:], np.concatenate([read[0], read[length], found.summed])

    def _model(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._folder, self._graphs, self._adapter)
        return self._loaded


def _load(folder: Path, graphs: ReaderGraphs, adapter: Path) -> _Loaded:
    heads = read_adapter(adapter).heads
    try:
        lower, upper = open_graph(graphs.lower), open_graph(graphs.upper)
        tokenizer = open_tokenizer(folder)
        table = open_word_table(folder / "model.safetensors")
    except Exception as error:  # the libraries raise plain exceptions of their own
        name = folder.name
        raise ModelError(
            f"The reader in {folder} could not be opened: {error}",
            f"rag models remove {name}, then rag models pull {name}",
        ) from error
    pool = ThreadPoolExecutor(physical_cores(), thread_name_prefix="reading")
    return _Loaded(lower, upper, tokenizer, table, heads, pool)
