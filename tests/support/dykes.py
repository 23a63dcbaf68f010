"""Twelve dykes for real llama.cpp: a model that recites one answer, a workspace, a gate that holds the reading."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.gguf_writer import write_gguf

from rag import load_settings, open_workspace
from rag.llm.llama.engine import Engine

DYKES = "Le port de Bréhal rouvre\n\n" + "\n\n".join(
    f"La digue numéro {number} mesure désormais {300 + number} mètres et protège {number} bateaux de pêche."
    for number in range(12)
)
REPLY = [b"La", b" digue", b" numero", b" trois", b" mesure", b" 303", b" metres", b" [", b"1", b"]", b"."]


def write_reciting_model(path: Path) -> Path:
    """Write a GGUF file that knows the words of ``DYKES`` and answers ``REPLY``, whatever it is asked."""
    return write_gguf(path, DYKES, reply=REPLY)


@contextmanager
def workspace_of_dykes() -> Iterator[Any]:
    """Open a workspace on one thread with the article in it."""
    opened = open_workspace(load_settings(threads=1, context_window=4096, answer_tokens=32))
    for _ in opened.add_text(DYKES, title="Le port"):
        pass
    yield opened
    opened.close()


class Gate:
    """Holds llama.cpp once, between two batches of a prompt, so that a test can look at the page meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        read = Engine.read

        def held(engine: Engine, *given: Any, **named: Any) -> Iterator[Any]:
            for done in read(engine, *given, **named):
                yield done
                if not self.reached.is_set():
                    self.reached.set()
                    self.open.wait(60)

        monkeypatch.setattr(Engine, "read", held)
