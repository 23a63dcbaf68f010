"""llama.cpp's low-level bindings, loaded late and silenced."""

from __future__ import annotations

import ctypes
import os
from collections import deque
from typing import Any, TypeAlias

from rag.errors import ModelError

Native: TypeAlias = Any  # a structure, pointer or module of llama.cpp's bindings, which have no types

_LOG: deque[str] = deque(maxlen=40)  # what llama.cpp last said, for the sentence of an error
_KEPT: list[Native] = []  # callbacks llama.cpp holds: they must live as long as the process


def bindings() -> Native:
    """Return llama.cpp's bindings, silenced: what it says goes to :func:`last_words` and not to the terminal.

    Raises:
        ModelError: llama-cpp-python is not installed, or cannot be loaded on this machine.
    """
    try:
        from llama_cpp import llama_cpp as api
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelError(
            f"llama-cpp-python, which runs language models, cannot be loaded: {error}.",
            "pip install --force-reinstall llama-cpp-python",
        ) from None
    if not _KEPT:
        callback = api.llama_log_callback(_listen)
        _KEPT.append(callback)
        api.llama_log_set(callback, None)
        api.llama_backend_init()
    return api


def last_words() -> str:
    """Return what llama.cpp logged as warnings and errors since the last call; "no reason given" if nothing."""
    words = " ".join(_LOG).strip(" .\n") or "no reason given"
    _LOG.clear()
    return words


def strlen_as_abort_callback(api: Native) -> Native:
    """Return C's ``strlen`` in the form of llama.cpp's abort callback (see :class:`rag.llm.stopping.StopFlag`)."""
    library = ctypes.cdll.msvcrt if os.name == "nt" else ctypes.CDLL(None)
    return ctypes.cast(library.strlen, api.ggml_abort_callback)


def _listen(level: int, text: bytes, _: object) -> None:
    if level >= 3:  # warnings and errors, in every numbering of the levels so far
        _LOG.append(" ".join(text.decode("utf-8", "replace").split()))
