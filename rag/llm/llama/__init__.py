"""llama.cpp in this process: one model, one context, one question at a time.

In comes a prompt and a GGUF file; out comes text, and a state on disk that spares reading an article twice. Nothing
outside knows a token or a binding; what llama.cpp changes from version to version is met in ``bindings.py`` and
``engine.py``.
"""

from rag.llm.llama.gguf import read_gguf, refuse_parts
from rag.llm.llama.model import LlamaCppModel

__all__ = ["LlamaCppModel", "read_gguf", "refuse_parts"]
