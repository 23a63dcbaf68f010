"""What the command line and the page hold: the libraries on disk, one embedder, one chat model.

Here, and in ``opening.py``, the settings are read: everything else is handed what it needs.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from rag.answer import Assistant
from rag.card import Card, make_card
from rag.errors import LibraryError, ModelError, RagError
from rag.events import Event, Ingestion, Working
from rag.example import EXAMPLE_QUESTIONS
from rag.index import Library, add_files, add_text
from rag.index.library import NAME, STORE_FILE
from rag.llm import ChatModel, QuotingModel
from rag.models import installed_models, pull
from rag.models.fetching import Pulling
from rag.models.installed import NONE, ListedModel, choices, find_installed
from rag.models.installing import choose
from rag.offline import guard, is_this_machine
from rag.opening import dropped_model, list_language_models, open_embedder, open_model, open_reader, open_reranker
from rag.reader import Reader
from rag.reading import SUFFIXES
from rag.settings import Settings, load_settings
from rag.values import Article, Entry, Turn

EXAMPLE_LIBRARY = "example"  # the bundled one; what a reader brings goes into the reader's own
OWN_LIBRARY = "articles"


class Workspace:
    """All that a person works with: libraries, articles, and what answers.

    Args:
        settings: in force.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._embedder = open_embedder(settings)
        self._reranker = open_reranker(settings)
        self._model: ChatModel | None = None
        self._reader: Reader | None = None
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
        try:
            if not folder.is_dir():
                return ()
            found = [path for path in folder.iterdir() if path.is_dir() and NAME.fullmatch(path.name)]
            return tuple(sorted(path.name for path in found if (path / STORE_FILE).is_file() or _sources(path)))
        except OSError as error:
            raise LibraryError(
                f"The folder {folder} cannot be read: {error.strerror}.", "name another with --indexes DIR"
            ) from error

    def default_library(self) -> str:
        """Return the reader's own library when it holds anything, else the example, else the first that can be read.

        Own articles that cannot be read are not passed over. Where there is nothing, one's own library is to be made.
        """
        there = self.libraries()
        if OWN_LIBRARY in there and self._holds_any(OWN_LIBRARY) is not False:
            return OWN_LIBRARY
        others = sorted((name for name in there if name != OWN_LIBRARY), key=EXAMPLE_LIBRARY.__ne__)
        return next(filter(lambda name: self._holds_any(name) is not None, others), next(iter(others), OWN_LIBRARY))

    def _holds_any(self, name: str) -> bool | None:
        """Return whether a library holds articles, or will once it is built; None where it cannot be read."""
        try:
            return not self.library_file(name).exists() or not self.library(name).is_empty()
        except LibraryError:
            return None

    def library(self, name: str = "", *, create: bool = False) -> Library:
        """Return an open library; one that has its sources in its folder but no index yet is built first.

        Args:
            name: of the library; empty: the default one.
            create: whether to make it when it does not exist.

        Raises:
            LibraryError: the name is not usable, or there is no such library.
        """
        name = name or self.default_library()
        folder = self.library_file(name).parent
        if name not in self.libraries() and not create:
            where, known = self.settings.indexes, ", ".join(self.libraries())
            raise LibraryError(
                f"There is no library {name} in {where} (there: {known})."
                if known
                else f"There is no library {name} in {where}, nor any other.",
                f"rag add PATH --library {name}",
            )
        with self._lock:
            if name not in self._libraries:
                library = Library(folder, self._embedder)
                self._libraries[name] = library
                if library.is_empty():
                    list(add_files(lambda: library, _sources(folder)))
            return self._libraries[name]

    def library_file(self, name: str) -> Path:
        """Return where the one file of a library lies, whether it is there or not.

        Raises:
            LibraryError: the name is not usable.
        """
        if not NAME.fullmatch(name):
            raise LibraryError(
                f"{name!r} cannot be the name of a library: letters, digits, - and _ only.",
                "rag add PATH --library my-articles",
            )
        return self.settings.indexes / name / STORE_FILE

    def articles(self, library: str = "") -> tuple[Entry, ...]:
        """Return what a library holds, in the order it was added."""
        return self.library(library).entries()

    def article(self, library: str, identifier: str) -> Article:
        """Return one article with its text."""
        return self.library(library).article(identifier)

    def examples(self, library: str, language: str = "fr") -> tuple[str, ...]:
        """Return questions to begin with, in a language; only the bundled article comes with some."""
        return EXAMPLE_QUESTIONS.get(language, ()) if library == EXAMPLE_LIBRARY else ()

    def add(self, paths: Sequence[Path], *, library: str = OWN_LIBRARY) -> Iterator[Ingestion]:
        """Add files or folders to a library, which is created if need be; yields progress.

        Raises:
            ArticleError: a file cannot be read; then nothing was added.
        """
        yield from add_files(lambda: self.library(library or OWN_LIBRARY, create=True), paths)

    def add_text(self, text: str, *, title: str = "", library: str = OWN_LIBRARY) -> Iterator[Ingestion]:
        """Add a pasted text to a library, which is created if need be; yields progress."""
        yield from add_text(lambda: self.library(library or OWN_LIBRARY, create=True), text, title=title)

    def remove(self, library: str, identifier: str) -> None:
        """Remove an article from a library."""
        self.library(library).remove(identifier)

    # ── Answering ───────────────────────────────────────────────────────────────────────────────────────────────

    def answer(
        self, question: str, history: Sequence[Turn] = (), *, library: str = "", article: str = ""
    ) -> Iterator[Event]:
        """Yield the events of an answer; closing the iterator stops the model.

        A library that another embedder built is first made anew from its texts.
        """
        for done in self.library(library).renew():
            yield Working("indexing", done)
        yield from self.assistant(library).answer(question, history, article=article)

    def warm_up(self) -> None:
        """Load what the first question would otherwise wait for: the embedder, the reader, the tables, the library.

        A question is searched whose words hardly tell its language, so that the table of languages is loaded as well.
        """
        with suppress(RagError):  # the first question will tell, to the person who asks it
            self.assistant().search("Combien coûte Europa ?")

    def prepare(self, *, library: str = "", article: str = "") -> Iterator[Working]:
        """Let the model read an article ahead of the first question; yields how far it is.

        Nothing is to be done for quotes, and nothing is done for a server elsewhere: only a question sends it passages.
        """
        if self.has_language_model() and is_this_machine(urlsplit(self.settings.server).hostname or ""):
            yield from self.assistant(library).prepare(article)

    def card(self, library: str, article: str) -> Iterator[Card]:
        """Yield an article at a glance as it is found out; closing the iterator ends the work."""
        return make_card(self.library(library), self.assistant(library).search, article)

    def assistant(self, library: str = "") -> Assistant:
        """Return what answers questions about a library."""
        return Assistant(
            self.library(library),
            self.reader(),
            self.model(),
            passages=self.settings.passages,
            answer_tokens=self.settings.answer_tokens,
            reranker=self._reranker,
            quotes_chosen=self._quotes_chosen(),
        )

    def _quotes_chosen(self) -> bool:
        """Return whether nobody needs to be told to install a model: one answers, is there, or is not wanted."""
        folder = self.settings.models
        settled = self.has_language_model() or self.model_was_named() or choices(folder).get("llm") == NONE
        return settled or any(one.kind == "llm" for one in installed_models(folder))

    def reader(self) -> Reader:
        """Return what reads the passages found.

        Raises:
            ModelError: the embedder it stands on is not installed.
        """
        with self._lock:
            if self._reader is None:
                self._reader = open_reader(self.settings)
            return self._reader

    def model(self) -> ChatModel:
        """Return what answers: the model of the settings, else an installed one, else the article's own sentences.

        Raises:
            ModelError: the model that was named is missing or is not a model.
        """
        with self._lock:
            if self._model is None:
                self._model = open_model(self.settings)
            return self._model

    def model_name(self) -> str:
        """Return the name of what answers."""
        return self.model().name

    def has_language_model(self) -> bool:
        """Return whether a language model answers, rather than the article's own sentences."""
        return self.model().is_language_model

    # ── Choosing what answers ───────────────────────────────────────────────────────────────────────────────────

    def language_models(self) -> tuple[ListedModel, ...]:
        """Return the language models known by name and those installed, with what each needs."""
        return list_language_models(self.settings)

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
        folder, dropped = self.settings.models, dropped_model(self.settings.models)
        by_hand = dropped is not None and dropped.stem == name
        if name and not by_hand and find_installed(folder, name).kind != "llm":
            raise ModelError(f"{name} is not a language model.", "rag models list")
        wanted = str(dropped) if by_hand else name
        model = open_model(self.settings.model_copy(update={"model": wanted})) if name else QuotingModel()
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
        yield from (step for step in pull(self.settings.models, name) if isinstance(step, Pulling))
        self.choose_model(name)


def open_workspace(settings: Settings | None = None) -> Workspace:
    """Return the workspace of these settings, or of the environment's; from here on the process is offline."""
    guard()
    return Workspace(settings or load_settings())


def _sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
