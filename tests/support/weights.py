"""Real weights of two very small models: found where they are installed, else the test is skipped, with the reason."""

from __future__ import annotations

import pytest

from rag.errors import ModelError
from rag.llm.llama.model import LlamaCppModel
from rag.llm.sampling import Sampling
from rag.models.installed import Installed, find_installed
from rag.settings import home

SMALL = ("gemma-3-270m", "smollm2-135m")
GREEDY = Sampling(temperature=0.0)


def installed_weights(name: str) -> Installed:
    try:
        return find_installed(home() / "models", name)
    except ModelError:
        pytest.skip(f"{name} is not in {home() / 'models'}: rag models pull {name}")


def open_weights(name: str, **options) -> LlamaCppModel:
    """Open an installed model as the program does, but greedy, on one thread, with a window of 1,024 tokens."""
    model = installed_weights(name)
    manner = {"reads_evidence": model.reads_evidence, "adapter": model.adapter, "context_window": 1024}
    manner |= {"threads": 1, "sampling": GREEDY}
    return LlamaCppModel(model.path, **{**manner, **options})
