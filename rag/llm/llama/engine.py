"""llama.cpp through its low-level bindings: one model, one context, one sequence of tokens in memory.

The high-level ``Llama`` class is not used: it reserves ``n_batch`` rows of logits (300 MB with a vocabulary of
150,000), cannot stop within a prompt, and copies its scores when it saves a state. Nothing here is thread-safe but
:class:`Vocabulary` and :class:`StopFlag`; :class:`rag.llm.llama.model.LlamaCppModel` lets one thread in at a time.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError
from rag.llm.llama.bindings import Native, bindings, last_words, strlen_as_abort_callback
from rag.llm.llama.gguf import REMEDY, GgufHead
from rag.llm.llama.options import EngineOptions
from rag.llm.llama.sampler import sampler
from rag.llm.llama.vocabulary import Vocabulary
from rag.llm.sampling import Sampling
from rag.llm.stopping import StopFlag
from rag.machine import physical_cores

Logits = npt.NDArray[np.float32]

AHEAD = 8  # the most tokens that are read ahead
PATIENCE_S = 0.25  # how long a batch may take before the caller is heard from


class Engine:
    """A loaded model and its context.

    Args:
        path: the GGUF file.
        head: what its head says.
        options: how to set llama.cpp up.
        adapter: low-rank matrices (LoRA, GGUF) added to the model's own; None for none.

    Attributes:
        window: tokens the context holds.
        batch: tokens of the prompt read at a time.
        tokens: what the context's memory holds now, token by token.
        settled: how many of them, from the start, were read; those after it were written by the model itself.
        vocabulary: turns text into tokens and back.

    Raises:
        ModelError: llama.cpp cannot load the file, or cannot reserve the context.
    """

    def __init__(self, path: Path, head: GgufHead, options: EngineOptions, adapter: Path | None = None) -> None:
        self._api = bindings()
        self._closing = contextlib.ExitStack()
        self.options = options
        self.tokens: list[int] = []
        self.settled = 0
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="llama")
        self._closing.callback(self._worker.shutdown)
        try:
            self._model = self._load_model(path, head)
            self._context = self._open_context(options)
            if adapter is not None:
                self._add_adapter(adapter)
        except ModelError:
            self._closing.close()
            raise
        api = self._api
        self._memory = api.llama_get_memory(self._context)
        self.vocabulary = Vocabulary(api, api.llama_model_get_vocab(self._model))
        self.window = int(api.llama_n_ctx(self._context))
        self.batch = int(api.llama_n_batch(self._context)) - AHEAD
        self._row = self._row_ahead = -1  # of the last batch: what comes next, and after what was ahead
        self._strlen = strlen_as_abort_callback(api)
        self._one = (api.llama_token * 1)()
        self._next = api.llama_batch_get_one(self._one, 1)

    # ── Opening and closing ─────────────────────────────────────────────────────────────────────────────────────

    def _load_model(self, path: Path, head: GgufHead) -> Native:
        api = self._api
        parameters = api.llama_model_default_params()
        parameters.n_gpu_layers = self.options.gpu_layers
        if not self.options.mapped and not self._on_gpu():
            parameters.load_mode = api.LLAMA_LOAD_MODE_NONE
        last_words()  # of earlier models
        model = api.llama_model_load_from_file(os.fsencode(path), parameters)
        if model is None:
            raise _load_error(path, head)
        self._closing.callback(api.llama_model_free, model)
        return model

    def _open_context(self, options: EngineOptions) -> Native:
        api = self._api
        parameters = api.llama_context_default_params()
        parameters.n_ctx = options.context_window
        batch = options.batch or (512 if self._on_gpu() else 128)
        parameters.n_batch = parameters.n_ubatch = min(batch + AHEAD, options.context_window)
        parameters.n_seq_max = 1
        parameters.n_outputs_max = 2  # what follows on the last token read, and on those ahead of it
        parameters.n_threads = parameters.n_threads_batch = options.threads or physical_cores()
        parameters.type_k = parameters.type_v = getattr(api, f"GGML_TYPE_{options.kv_type.upper()}")
        parameters.flash_attn_type = -1 if options.flash_attention is None else int(options.flash_attention)
        parameters.no_perf = True
        context = api.llama_init_from_model(self._model, parameters)
        if context is None:
            raise ModelError(
                f"llama.cpp could not reserve a context of {options.context_window} tokens: {last_words()}.",
                "set RAG_CONTEXT_WINDOW to fewer tokens, or choose a smaller model with rag models list",
            )
        self._closing.callback(api.llama_free, context)
        return context

    def _add_adapter(self, path: Path) -> None:
        """Add an adapter, before any token is read; llama.cpp frees it with its model."""
        api = self._api
        adapter = api.llama_adapter_lora_init(self._model, os.fsencode(path))
        adapters = (api.llama_adapter_lora_p_ctypes * 1)(adapter)
        if not adapter or api.llama_set_adapters_lora(self._context, adapters, 1, (ctypes.c_float * 1)(1.0)):
            raise ModelError(f"llama.cpp cannot add {path.name} to the model: {last_words()}.", REMEDY)

    def _on_gpu(self) -> bool:
        return bool(self.options.gpu_layers and self._api.llama_supports_gpu_offload())

    def close(self) -> None:
        """Free the model and its context. The engine cannot be used afterwards."""
        self._closing.close()

    # ── Memory ──────────────────────────────────────────────────────────────────────────────────────────────────

    def keep(self, count: int) -> int:
        """Forget all but the first ``count`` tokens; return how many could really be kept (a recurrent model: 0)."""
        if count < len(self.tokens):
            if not count or not self._api.llama_memory_seq_rm(self._memory, 0, count, -1):
                self.forget()
                return 0
            del self.tokens[count:]
            self.settled = min(self.settled, count)
        return count

    def forget(self) -> None:
        """Empty the memory."""
        self._api.llama_memory_clear(self._memory, False)  # noqa: FBT003
        self.tokens.clear()
        self.settled = 0

    def state_bytes(self) -> int:
        """Return the size of what the memory holds, in bytes."""
        return int(self._api.llama_state_seq_get_size(self._context, 0))

    def save(self, path: Path) -> bool:
        """Write what the memory holds to a file; return whether it could be written."""
        tokens = (self._api.llama_token * len(self.tokens))(*self.tokens)
        count = len(self.tokens)
        return bool(self._api.llama_state_seq_save_file(self._context, os.fsencode(path), 0, tokens, count))

    def restore(self, path: Path, tokens: Sequence[int]) -> bool:
        """Fill the memory from a file; return False, with the memory empty, unless it holds just ``tokens``."""
        self.forget()
        room = len(tokens)
        found = (self._api.llama_token * room)()
        count = ctypes.c_size_t()
        read = self._api.llama_state_seq_load_file(
            self._context, os.fsencode(path), 0, found, room, ctypes.byref(count)
        )
        if not read or list(found[: count.value]) != list(tokens):
            self.forget()
            return False
        self.tokens.extend(tokens)
        self.settled = len(self.tokens)
        return True

    def build(self) -> str:
        """Return which llama.cpp this is and what it computes with; states are not exchanged between builds."""
        import llama_cpp

        return f"{llama_cpp.__version__} {self._api.llama_print_system_info().decode()}"

    def read(self, tokens: Sequence[int], stop: StopFlag, ahead: Sequence[int] = ()) -> Iterator[int]:
        """Add ``tokens`` to the memory in batches; yield how many were read so far, four times a second at least.

        Up to ``AHEAD`` tokens that may come next are read in the same pass and taken back at once: what would follow on
        them is told by :meth:`logits_ahead`. A memory that cannot take back its last tokens is empty afterwards.

        It ends early when ``stop`` is set, with the batches read so far in the memory. A batch may take many seconds
        on a slow machine, so it is computed in a thread of its own: the caller is heard from meanwhile, and closing
        this iterator stops llama.cpp within the batch.
        """
        self._api.llama_set_abort_callback(self._context, self._strlen, stop.address)
        for start in range(0, len(tokens), self.batch):
            part = tokens[start : start + self.batch]
            last = start + len(part) == len(tokens)
            running = self._worker.submit(self._add, part, ahead if last else (), asked=last)
            try:
                while not wait([running], PATIENCE_S).done:
                    yield start
            finally:
                if not running.done():  # the iterator is being closed
                    stop.set()
                    wait([running])
            if not running.result():
                return
            yield start + len(part)
            if stop:
                return

    def logits(self) -> Logits:
        """Return the logits of what may come next, shape (vocabulary,); a view that the next step overwrites."""
        return self._logits(self._row)

    def logits_ahead(self) -> Logits:
        """Return the logits of what might follow on the tokens read ahead, shape (vocabulary,); such a view, too."""
        return self._logits(self._row_ahead)

    def _logits(self, row: int) -> Logits:
        values = self._api.llama_get_logits_ith(self._context, row)
        return np.ctypeslib.as_array(values, shape=(self.vocabulary.size,))

    def write(
        self,
        sampling: Sampling,
        seed: int,
        limit: int,
        stop: StopFlag,
        chosen: Callable[[int], None] | None = None,
    ) -> Iterator[bytes]:
        """Yield the bytes of each new token, until the model ends its turn, ``limit`` tokens, or ``stop``.

        The last token read must be the last of the memory: its logits choose the first new one.
        ``chosen`` is told each token, the one that ends the turn too, while the logits that chose it stand.
        """
        api = self._api
        sample, decode, vocabulary = api.llama_sampler_sample, self._decode, self.vocabulary
        api.llama_set_abort_callback(self._context, self._strlen, stop.address)
        chain = sampler(api, sampling, seed, vocabulary.size)
        try:
            for _ in range(min(limit, self.window - len(self.tokens))):
                token = sample(chain, self._context, self._row)
                if chosen:
                    chosen(token)
                if vocabulary.ends_turn(token):
                    return
                yield vocabulary.piece(token)
                self._one[0] = token
                if stop or not decode(self._next):
                    return
                self._row = -1
                self.tokens.append(token)
        finally:
            api.llama_sampler_free(chain)

    def _add(self, part: Sequence[int], ahead: Sequence[int], *, asked: bool) -> bool:
        """Add one batch to the memory; return False when it was stopped, with the memory as it was before.

        Unless what follows on it is ``asked``, no logits are computed: with a large vocabulary they cost as much as
        reading a dozen tokens (benchmarks/llm.md).
        """
        count, own = len(part) + len(ahead), len(part)
        array, wanted = (self._api.llama_token * count)(*part, *ahead), (ctypes.c_int8 * count)()
        wanted[own - 1] = wanted[count - 1] = asked
        batch = self._api.llama_batch_get_one(array, count)
        batch.logits = wanted
        if not self._decode(batch):
            return False
        self._row, self._row_ahead = own - 1, count - 1
        self.tokens.extend((*part, *ahead))
        self.settled = len(self.tokens)
        self.keep(self.settled - len(ahead))
        return True

    def _decode(self, batch: Native) -> bool:
        """Run one batch; return False when it was stopped, with the memory as it was before."""
        status = self._api.llama_decode(self._context, batch)
        if status == 0:
            return True
        kept = len(self.tokens)
        self.tokens.append(-1)  # part of the batch may be in the memory
        self.keep(kept)
        if status == 2:  # the abort callback said so
            return False
        self.forget()
        raise ModelError(f"llama.cpp failed while computing (code {status}): {last_words()}.", "rag doctor")


def _load_error(path: Path, head: GgufHead) -> ModelError:
    words = last_words()
    if "unknown model architecture" in words:
        return ModelError(
            f"This llama.cpp does not know the architecture {head.architecture!r} of {path.name}.",
            "pip install --upgrade llama-cpp-python, or choose another model with rag models list",
        )
    return ModelError(f"llama.cpp cannot load {path.name}: {words}.", REMEDY)
