"""What the page needs of ``rag.Workspace``, as protocols: a workspace of a few lines does for the tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from rag.card import Card
from rag.events import Event, Ingestion, Working
from rag.settings import Settings
from rag.values import Article, Entry, Turn


class ModelRow(Protocol):
    """A language model that is installed or could be; sizes in bytes."""

    @property
    def name(self) -> str:
        """What a person types."""

    @property
    def bytes(self) -> int:
        """Its file."""

    @property
    def memory(self) -> int:
        """What it needs while it runs."""

    @property
    def fits(self) -> bool:
        """Whether this machine has that much memory."""

    @property
    def installed(self) -> bool:
        """Whether it is here."""

    @property
    def licence(self) -> str:
        """Its licence."""

    @property
    def languages(self) -> Sequence[str]:
        """Which of ``fr`` and ``en`` it writes; empty where that is not known."""

    @property
    def suits(self) -> bool:
        """Whether it is advised for a machine like this one, and for French."""


class Step(Protocol):
    """How far a download is."""

    @property
    def stage(self) -> str:
        """``fetching`` or ``checking``."""

    @property
    def done(self) -> int:
        """Bytes so far."""

    @property
    def total(self) -> int:
        """Bytes in all."""


class Door(Protocol):
    """The door of ``rag`` as the page uses it."""

    settings: Settings

    def libraries(self) -> tuple[str, ...]:
        """Return the names of the libraries."""

    def default_library(self) -> str:
        """Return the library to open first."""

    def articles(self, library: str) -> tuple[Entry, ...]:
        """Return what a library holds."""

    def article(self, library: str, identifier: str) -> Article:
        """Return one article whole."""

    def examples(self, library: str, language: str) -> tuple[str, ...]:
        """Return example questions in a language."""

    def card(self, library: str, article: str) -> Iterator[Card]:
        """Yield an article at a glance as it is found out; closing the iterator ends the work."""

    def answer(
        self, question: str, history: Sequence[Turn] = (), *, library: str, article: str = ""
    ) -> Iterator[Event]:
        """Answer; closing the iterator stops the model."""

    def warm_up(self) -> None:
        """Load what the first question would otherwise wait for."""

    def prepare(self, *, library: str, article: str) -> Iterator[Working]:
        """Let the model read an article ahead of the first question; closing the iterator stops it."""

    def add(self, paths: Sequence[Path], *, library: str) -> Iterator[Ingestion]:
        """Add files to a library."""

    def add_text(self, text: str, *, title: str = "", library: str) -> Iterator[Ingestion]:
        """Add a pasted text to a library."""

    def remove(self, library: str, identifier: str) -> None:
        """Remove an article from a library."""

    def model_name(self) -> str:
        """Return what answers now."""

    def has_language_model(self) -> bool:
        """Return whether that is a language model."""

    def language_models(self) -> Sequence[ModelRow]:
        """Return the language models that are installed or could be."""

    def model_was_named(self) -> bool:
        """Return whether what answers was named at the start, so that it cannot be chosen."""

    def choose_model(self, name: str) -> None:
        """Answer with an installed model, or without a name with quotes."""

    def install_model(self, name: str) -> Iterator[Step]:
        """Download a model; it answers from then on."""
