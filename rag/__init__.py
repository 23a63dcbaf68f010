"""Ask the article: questions about a text, answered offline, with every sentence traced to exact characters.

This is the door for programs that use the package. Importing it is quick: torch, faiss, llama_cpp and gradio are
imported when a model, an index or the page is opened.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

from rag.offline import switch_off_networks

if TYPE_CHECKING:
    from rag.errors import RagError
    from rag.events import Checked, Cited, Finished, Ingested, Ingesting, Replaced, Retrieved, Token, Unread, Working
    from rag.models.catalogue import STANDARD_LLM
    from rag.settings import Settings, load_settings
    from rag.workspace import EXAMPLE_LIBRARY, OWN_LIBRARY, Workspace, open_workspace

__all__ = [
    "EXAMPLE_LIBRARY",
    "OWN_LIBRARY",
    "STANDARD_LLM",
    "Checked",
    "Cited",
    "Finished",
    "Ingested",
    "Ingesting",
    "RagError",
    "Replaced",
    "Retrieved",
    "Settings",
    "Token",
    "Unread",
    "Working",
    "Workspace",
    "load_settings",
    "open_workspace",
]
_EVENTS = (
    "Checked",
    "Cited",
    "Finished",
    "Ingested",
    "Ingesting",
    "Replaced",
    "Retrieved",
    "Token",
    "Unread",
    "Working",
)
_ELSEWHERE = {
    "RagError": "rag.errors",
    **dict.fromkeys(_EVENTS, "rag.events"),
    "STANDARD_LLM": "rag.models.catalogue",
    "Settings": "rag.settings",
    "load_settings": "rag.settings",
}

switch_off_networks()
# GNU OpenMP, which llama.cpp and torch compute with, lets a thread that waits for another spin for milliseconds; where
# other programs use the cores, most of the time goes there (benchmarks/llm.md). It is read when it is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")


def __getattr__(name: str) -> object:
    """Import the door's names when they are first asked for, so that ``import rag`` stays quick."""
    if name in __all__:
        return getattr(import_module(_ELSEWHERE.get(name, "rag.workspace")), name)
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
