"""Whether a model fits into the memory that is free."""

from __future__ import annotations

from rag.errors import ModelError
from rag.llm.llama.gguf import GgufHead

WORKING_BYTES = 300_000_000  # buffers llama.cpp computes in, and this program, beside the model and its KV cache


def refuse_too_large(head: GgufHead, context_window: int, name: str) -> None:
    """Refuse a model that this machine would have to swap for.

    Args:
        head: of the model's file.
        context_window: tokens to reserve memory for.
        name: what the reader sees.

    Raises:
        ModelError: it needs more memory than is free.
    """
    import psutil

    cache = head.kv_bytes_per_token * context_window
    needed = head.file_bytes + cache + WORKING_BYTES
    available = psutil.virtual_memory().available
    if needed > available:
        raise ModelError(
            f"{name} needs {needed / 1e9:.1f} GB of memory ({cache / 1e9:.1f} GB of it for a context of"
            f" {context_window} tokens), and {available / 1e9:.1f} GB are free.",
            "close other programs, set RAG_CONTEXT_WINDOW to fewer tokens,"
            " or choose a smaller model with rag models list",
        )
