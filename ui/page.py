"""What one open page knows and does: the tab of one reader, apart from the framework that shows it.

A :class:`Tab` belongs to one browser tab. :class:`Page` acts on tabs through the door of ``rag``; each act changes the
tab and returns nothing, and the ``*_html`` methods say what the tab looks like then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from rag.errors import RagError
from rag.nouns import Article, Entry, Event, Ingested, Ingesting, Turn
from rag.settings import Settings
from ui import conversation, panels
from ui.conversation import Welcome
from ui.reader import article_html
from ui.render import Draft, Problem, problem_html
from ui.running import Running
from ui.words import Words, words

SHOWN_TURNS = 30  # earlier ones are a click away, so that a long conversation stays light


class Door(Protocol):
    """What the page needs of ``rag.Workspace``."""

    settings: Settings

    def libraries(self) -> tuple[str, ...]:
        """Return the names of the libraries."""

    def default_library(self) -> str:
        """Return the library to open first."""

    def articles(self, library: str) -> tuple[Entry, ...]:
        """Return what a library holds."""

    def article(self, library: str, identifier: str) -> Article:
        """Return one article whole."""

    def examples(self, library: str) -> tuple[str, ...]:
        """Return example questions."""

    def answer(
        self, question: str, history: Sequence[Turn] = (), *, library: str, article: str = ""
    ) -> Iterator[Event]:
        """Answer; closing the iterator stops the model."""

    def add(self, paths: Sequence[Path], *, library: str) -> Iterator[Ingesting | Ingested]:
        """Add files to a library."""

    def remove(self, library: str, identifier: str) -> None:
        """Remove an article from a library."""

    def model_name(self) -> str:
        """Return what answers now."""

    def has_language_model(self) -> bool:
        """Return whether that is a language model."""


@dataclass
class Tab:
    """One browser tab.

    Attributes:
        reader: the random name of the browser; conversations belong to it.
        scope: the article that is asked, or empty for all of the library.
        shown: the article in the reader pane.
        first: number of the first turn that is shown.
        editing: whether the next question replaces the last one.
    """

    reader: str = ""
    words: Words = field(default_factory=lambda: words("fr"))
    library: str = ""
    scope: str = ""
    shown: str = ""
    conversation: str = ""
    drafts: list[Draft] = field(default_factory=list)
    running: Running | None = None
    first: int = 0
    editing: bool = False


class Page:
    """Acts on tabs through the door."""

    def __init__(self, door: Door) -> None:
        self.door = door

    # ── Acts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, tab: Tab, reader: str, language: str) -> None:
        """Make a tab ready: the reader's language, the first library, its first article."""
        tab.reader, tab.words = reader, words(language)
        tab.library = self.door.default_library()
        entries = self.door.articles(tab.library) if tab.library else ()
        tab.shown = entries[0].identifier if entries else ""
        tab.scope = tab.shown if len(entries) == 1 else ""

    def ask(self, tab: Tab, question: str) -> Iterator[Draft]:
        """Ask a question; yield the draft as it grows. An answer that is under way is not disturbed."""
        question = " ".join(question.split())
        if not question or (tab.running and not tab.running.over):
            return
        if tab.editing and tab.drafts:
            tab.drafts.pop()
        tab.editing = False
        tab.first = max(0, len(tab.drafts) + 1 - SHOWN_TURNS)
        history = self.history(tab)
        library, scope = tab.library, tab.scope
        tab.running = Running(
            Draft(question),
            lambda: self.door.answer(question, history, library=library, article=scope),
            lambda _: None,
            tab.words.went_wrong,
        ).start()
        yield from self.follow(tab)

    def follow(self, tab: Tab) -> Iterator[Draft]:
        """Yield the draft of the answer under way until it is whole, then count it among the tab's turns."""
        running = tab.running
        if running is None:
            return
        yield from running.follow()
        if tab.running is running:
            tab.drafts.append(running.draft)
            tab.running = None

    def stop(self, tab: Tab) -> None:
        """Stop the answer under way, if there is one."""
        if tab.running:
            tab.running.stop()

    def show(self, tab: Tab, identifier: str) -> None:
        """Open an article in the reader pane."""
        if any(entry.identifier == identifier for entry in self.door.articles(tab.library)):
            tab.shown = identifier

    def rate(self, tab: Tab, number: int, rating: str) -> None:
        """Keep what the reader thought of an answer; the same rating twice takes it back."""
        if 0 <= number < len(tab.drafts) and rating in {"up", "down"}:
            draft = tab.drafts[number]
            tab.drafts[number] = replace(draft, rating="" if draft.rating == rating else rating)

    def history(self, tab: Tab) -> tuple[Turn, ...]:
        """Return the turns the next answer may refer to."""
        return tuple(
            Turn(draft.question, draft.answer.text, draft.answer.searched)
            for draft in tab.drafts
            if draft.answer and draft.answer.text
        )

    # ── Pictures ────────────────────────────────────────────────────────────────────────────────────────────────

    def header_html(self, tab: Tab) -> str:
        """Return the bar at the top."""
        return panels.header_html(tab.words, self._status(tab))

    def past_html(self, tab: Tab) -> str:
        """Return the finished turns, or the welcome."""
        live = tab.running is not None
        if not tab.drafts and not live:
            entries = self.door.articles(tab.library) if tab.library else ()
            examples = self.door.examples(tab.library) if entries else ()
            welcome = Welcome(examples, many=len(entries) > 1 and not tab.scope, empty=not entries)
            return conversation.welcome_html(welcome, tab.words)
        return conversation.turns_html(tab.drafts, tab.words, first=tab.first, live=live)

    def live_html(self, tab: Tab, draft: Draft) -> str:
        """Return the turn under way."""
        return conversation.turn_html(draft, tab.words, number=len(tab.drafts))

    def reader_html(self, tab: Tab) -> str:
        """Return the article in the reader pane."""
        if not tab.shown:
            return f'<p class="empty">{tab.words.no_article}</p>'
        try:
            return article_html(self.door.article(tab.library, tab.shown), tab.words)
        except RagError as error:
            return problem_html(Problem(error.message, error.remedy), tab.words)

    def _status(self, tab: Tab) -> str:
        if self.door.has_language_model():
            return tab.words.answered_by.format(model=self.door.model_name())
        return tab.words.no_model
