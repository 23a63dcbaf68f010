"""The reader that comes with the program, opened once; only tests that use the embedder may ask for it."""

from __future__ import annotations

from functools import lru_cache

from rag.models.catalogue import STANDARD_EMBEDDER
from rag.opening import reader_in
from rag.reader import Reader
from rag.settings import home


@lru_cache(maxsize=1)
def bundled_reader() -> Reader:
    return reader_in(home() / "models" / STANDARD_EMBEDDER)
