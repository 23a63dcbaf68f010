"""The only place that names concrete classes and reads the settings: everything else is handed what it needs.

``Workspace`` is what the command line and the page hold: the libraries on disk, one embedder, one chat model.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from rag.answer import Assistant
from rag.errors import LibraryError, ModelError, RagError
from rag.events import Event, Ingested, Ingesting, Working
from rag.index import Embedder, Library, add_files, add_text
from rag.index.embedding import SentenceTransformerEmbedder
from rag.index.library import NAME, STORE_FILE
from rag.llm import ChatModel, QuotingModel, ServerModel
from rag.llm.llama import LlamaCppModel
from rag.models import CATALOGUE, pull
from rag.models.hub import Pulling
from rag.models.installed import NONE, Row, choices, find_installed, in_use, list_models, resolve_llm
from rag.models.installing import choose
from rag.offline import guard, is_this_machine
from rag.reading import SUFFIXES
from rag.search import Reranker
from rag.search.reranking import CrossEncoderReranker
from rag.settings import Settings, load_settings
from rag.values import Article, Entry, Turn

EXAMPLE = "example"
OWN = "articles"

EXAMPLE_QUESTIONS = {
    "fr": (
        "Combien de pays devraient rejoindre la coalition ?",
        "Que peuvent apporter les pays qui n'envoient pas de troupes ?",
        "Quand les responsables militaires se réunissent-ils ?",
        "Que dit la Russie de la présence de troupes européennes ?",
    ),
    "en": (
        "How many countries should join the coalition?",
        "Is sending troops the only way to contribute?",
        "What is the purpose of the force?",
        "What does Russia think of European troops in Ukraine?",
    ),
}


class Workspace:
    """All that a person works with: libraries, articles, and what answers.

    Args:
        settings: in force.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._embedder = _open_embedder(settings)
        self._reranker = open_reranker(settings)
        self._model: ChatModel | None = None
        self._libraries: dict[str, Library] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        """Free the model's memory and close the libraries."""
        with self._lock:
            if self._model is not None:
                self._model.close()
            for library in self._libraries.values():
                library.close()
            self._model = None
            self._libraries.clear()

    # ── Libraries ───────────────────────────────────────────────────────────────────────────────────────────────

    def libraries(self) -> tuple[str, ...]:
        """Return the names of the libraries, sorted; the example counts before it is built."""
        folder = self.settings.indexes
        if not folder.is_dir():
            return ()
        found = [path for path in folder.iterdir() if path.is_dir() and NAME.fullmatch(path.name)]
        return tuple(sorted(path.name for path in found if (path / STORE_FILE).is_file() or _sources(path)))

    def default_library(self) -> str:
        """Return the reader's own library when it holds anything, else the example."""
        return OWN if OWN in self.libraries() and self.library(OWN).entries() else EXAMPLE

    def library(self, name: str = "", *, create: bool = False) -> Library:
        """Return an open library; one that has its sources in its folder but no index yet is built first.

        Args:
            name: of the library; empty: the default one.
            create: whether to make it when it does not exist.

        Raises:
            LibraryError: the name is not usable, or there is no such library.
        """
        name = name or self.default_library()
        folder = self.settings.indexes / name
        if not NAME.fullmatch(name):
            raise LibraryError(
                f"{name!r} cannot be the name of a library: letters, digits, - and _ only.",
                "rag add PATH --library my-articles",
            )
        if name not in self.libraries() and not create:
            known = ", ".join(self.libraries()) or "none"
            raise LibraryError(
                f"There is no library {name} in {self.settings.indexes} (there: {known}).",
                f"rag add PATH --library {name}",
            )
        with self._lock:
            if name not in self._libraries:
                library = Library(folder, self._embedder)
                self._libraries[name] = library
                if not library.entries():
                    for _ in add_files(lambda: library, _sources(folder)):
                        pass
            return self._libraries[name]

    def articles(self, library: str = "") -> tuple[Entry, ...]:
        """Return what a library holds, in the order it was added."""
        return self.library(library).entries()

    def article(self, library: str, identifier: str) -> Article:
        """Return one article with its text."""
        return self.library(library).article(identifier)

    def examples(self, library: str, language: str = "fr") -> tuple[str, ...]:
        """Return questions to begin with, in a language; only the bundled article comes with some."""
        return EXAMPLE_QUESTIONS.get(language, ()) if library == EXAMPLE else ()

    def add(self, paths: Sequence[Path], *, library: str = OWN) -> Iterator[Ingesting | Ingested]:
        """Add files or folders to a library, which is created if need be; yields progress.

        Raises:
            ArticleError: a file cannot be read; then nothing was added.
        """
        yield from add_files(lambda: self.library(library or OWN, create=True), paths)

    def add_text(self, text: str, *, title: str = "", library: str = OWN) -> Iterator[Ingesting | Ingested]:
        """Add a pasted text to a library, which is created if need be; yields progress."""
        yield from add_text(lambda: self.library(library or OWN, create=True), text, title=title)

    def remove(self, library: str, identifier: str) -> None:
        """Remove an article from a library."""
        self.library(library).remove(identifier)

    # ── Answering ───────────────────────────────────────────────────────────────────────────────────────────────

    def answer(
        self, question: str, history: Sequence[Turn] = (), *, library: str = "", article: str = ""
    ) -> Iterator[Event]:
        """Yield the events of an answer; closing the iterator stops the model."""
        yield from self.assistant(library).answer(question, history, article=article)

    def warm_up(self) -> None:
        """Load what the first question would otherwise wait for: the embedder, the tables, the library."""
        with suppress(RagError):  # the first question will tell, to the person who asks it
            self.assistant().search("?")

    def prepare(self, *, library: str = "", article: str = "") -> Iterator[Working]:
        """Let the model read an article ahead of the first question; yields how far it is.

        Nothing is to be done for quotes, and nothing is done for a server elsewhere: only a question sends it passages.
        """
        if self.has_language_model() and is_this_machine(urlsplit(self.settings.server).hostname or ""):
            yield from self.assistant(library).prepare(article)

    def assistant(self, library: str = "") -> Assistant:
        """Return what answers questions about a library."""
        return Assistant(
            self.library(library),
            self.model(),
            passages=self.settings.passages,
            answer_tokens=self.settings.answer_tokens,
            reranker=self._reranker,
            quotes_chosen=choices(self.settings.models).get("llm") == NONE,
        )

    def model(self) -> ChatModel:
        """Return what answers: the model of the settings, else an installed one, else the article's own sentences.

        Raises:
            ModelError: the model that was named is missing or is not a model.
        """
        with self._lock:
            if self._model is None:
                self._model = _open_model(self.settings)
            return self._model

    def model_name(self) -> str:
        """Return the name of what answers."""
        return self.model().name

    def has_language_model(self) -> bool:
        """Return whether a language model answers, rather than the article's own sentences."""
        return self.model().is_language_model

    # ── Choosing what answers ───────────────────────────────────────────────────────────────────────────────────

    def language_models(self) -> tuple[Row, ...]:
        """Return the language models known by name and those installed, with what each needs."""
        folder = self.settings.models
        rows = [row for row in list_models(folder, self.settings.context_window) if row.kind == "llm"]
        if dropped := _dropped(folder):
            size = dropped.stat().st_size
            rows.append(
                Row(
                    dropped.stem, "llm", size, size, fits=True, installed=True, in_use=False, licence="",
                    reuses_prefix=True, note="",
                )
            )  # fmt: skip
        return tuple(rows)

    def model_was_named(self) -> bool:
        """Return whether the settings name what answers; then it cannot be chosen while the program runs."""
        return bool(self.settings.server or self.settings.model)

    def choose_model(self, name: str) -> None:
        """Answer with an installed language model from now on, or, without a name, with the article's own sentences.

        Answers under way end with the model they began with. The choice is kept for the next start.

        Raises:
            ModelError: it is not installed, is no language model, or the settings name another.
        """
        if self.model_was_named():
            raise ModelError("What answers was named when the program was started.", "rag chat")
        folder, dropped = self.settings.models, _dropped(self.settings.models)
        by_hand = dropped is not None and dropped.stem == name
        if name and not by_hand and find_installed(folder, name).kind != "llm":
            raise ModelError(f"{name} is not a language model.", "rag models list")
        wanted = str(dropped) if by_hand else name
        model = _open_model(self.settings.model_copy(update={"model": wanted})) if name else QuotingModel()
        with self._lock:
            choose(folder, "llm", None if by_hand else name or NONE)
            before, self._model = self._model, model
        if before is not None:
            before.close()

    def install_model(self, name: str) -> Iterator[Pulling]:
        """Download a language model of the catalogue because a person asked for it; it answers from then on.

        Yields how far it is. Closing the iterator stops it; what has arrived is kept for the next time.

        Raises:
            ModelError: the catalogue has no such language model.
            DownloadError: it could not be fetched whole and verified.
        """
        if name not in {row.name for row in self.language_models()}:
            raise ModelError(f"There is no language model called {name}.", "rag models list")
        for step in pull(self.settings.models, name):
            if isinstance(step, Pulling):
                yield step
        self.choose_model(name)


def open_embedder(settings: Settings) -> Embedder:
    """Return the embedder of these settings; from here on the process is offline."""
    guard()
    return _open_embedder(settings)


def open_workspace(settings: Settings | None = None) -> Workspace:
    """Return the workspace of these settings, or of the environment's; from here on the process is offline."""
    guard()
    return Workspace(settings or load_settings())


def _sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)


def _open_model(settings: Settings) -> ChatModel:
    """Return what answers: the server or the model that was named, else the installed one, else quotes."""
    if settings.server:
        return ServerModel(
            settings.server,
            model=settings.model,
            context_window=settings.context_window,
            seed=settings.seed,
            key=settings.server_key.get_secret_value(),
        )
    dropped = None if choices(settings.models).get("llm") == NONE else _dropped(settings.models)
    model = resolve_llm(settings.models, settings.model or str(dropped or ""))
    if model is None:
        return QuotingModel()
    return LlamaCppModel(
        model.path,
        context_window=settings.context_window,
        threads=settings.threads,
        gpu_layers=settings.gpu_layers,
        seed=settings.seed,
        state_folder=settings.models / "states",
        state_megabytes=settings.state_megabytes,
        sampling=model.sampling,
        name=model.name,
    )


def _dropped(folder: Path) -> Path | None:
    """Return the GGUF file that a person put into the models folder by hand, when it is the only model there."""
    files = sorted(folder.glob("*.gguf")) if folder.is_dir() else []
    return files[0] if len(files) == 1 and in_use(folder, "llm") is None else None


def _open_embedder(settings: Settings) -> SentenceTransformerEmbedder:
    """Return the embedder that was named, else the installed one in use, else the bundled one."""
    chosen = None if settings.embedder else in_use(settings.models, "embedder")
    known = CATALOGUE.get(chosen.name) if chosen else None
    return SentenceTransformerEmbedder(
        chosen.path if chosen else settings.embedder, prompts=known.prompts if known else None
    )


def open_reranker(settings: Settings) -> Reranker | None:
    """Return the installed reranker in use; None where none is, which is how it is unless a person chose one."""
    chosen = in_use(settings.models, "reranker")
    if chosen is None:
        return None
    known = CATALOGUE.get(chosen.name)
    return CrossEncoderReranker(chosen.path, max_tokens=known.context if known else 0)
