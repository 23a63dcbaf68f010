"""This machine, as compiled libraries have to be told of it: how many threads to use, and in which order to load."""

from __future__ import annotations

import os
import threading
from types import ModuleType

_TORCH = threading.Event()


def physical_cores() -> int:
    """Return the physical cores this process may use; more threads than that slow a computation down."""
    import psutil

    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(psutil.cpu_count(logical=False) or allowed, allowed))


def expect_torch() -> None:
    """Note that something of this process will compute with torch, so that FAISS is not imported before it."""
    _TORCH.set()


def import_faiss() -> ModuleType:
    """Import FAISS, after torch where that is expected: in the other order their OpenMP libraries crash on macOS."""
    if _TORCH.is_set():
        import torch  # noqa: F401

    import faiss  # isort: skip

    return faiss
