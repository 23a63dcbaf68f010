"""The articles of a tab: which library is open, which article is asked and shown, bringing and removing some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rag import EXAMPLE_LIBRARY, OWN_LIBRARY
from rag.errors import RagError
from rag.events import Ingesting, Ingestion, Unread
from rag.reading import SUFFIXES
from ui.door import Door
from ui.state import Notice, Problem
from ui.state.problem import without_paths
from ui.tab import Tab
from ui.words import Words

UPLOAD_FILES = 20
MOST_TOLD = 3  # titles of articles that were added together
UPLOAD_MEGABYTES = 20
PASTE_CHARACTERS = 2_000_000


class Shelf:
    """Opens, adds and removes articles for tabs.

    Args:
        door: the workspace.
    """

    def __init__(self, door: Door) -> None:
        self._door = door

    def use(self, tab: Tab, library: str, article: str = "") -> None:
        """Open a library and show the article named, else its first; only that one is asked if named or alone.

        One that does not exist yet is empty, and so is a damaged one: what is wrong is told where it is shown.
        """
        tab.library, identifiers = library, list[str]()
        if library in self._door.libraries():
            with suppress(RagError):
                identifiers = [entry.identifier for entry in self._door.articles(library)]
        tab.shown = article if article in identifiers else next(iter(identifiers), "")
        tab.scope = tab.shown if len(identifiers) == 1 or article in identifiers else ""

    def find(self, tab: Tab, article: str) -> bool:
        """Open the library that holds an article, and show it; return whether there is one."""
        for library in self._door.libraries():
            with suppress(RagError):  # a damaged one is told of once it is opened
                if any(entry.identifier == article for entry in self._door.articles(library)):
                    self.use(tab, library, article)
                    return True
        return False

    def show(self, tab: Tab, identifier: str) -> None:
        """Open an article in the reader pane."""
        if any(entry.identifier == identifier for entry in self._door.articles(tab.library)):
            tab.shown = identifier

    def choose(self, tab: Tab, *, library: str = "", scope: str = "") -> None:
        """Choose what is asked: another library, one of its articles, or (``scope`` is ``*``) all of them."""
        if library in self._door.libraries():
            self.use(tab, library)
        elif scope == "*":
            tab.scope = ""
        elif any(entry.identifier == scope for entry in self._door.articles(tab.library)):
            tab.scope = tab.shown = scope

    def remove(self, tab: Tab, identifier: str) -> None:
        """Remove an article; the panel says so."""
        try:
            self._door.remove(tab.library, identifier)
        except RagError as error:
            tab.notice = Notice(Problem.of(error).told(tab.words.language), "problem")
            return
        self.use(tab, tab.library, tab.shown if tab.scope else "")
        tab.notice = Notice(tab.words.removed)

    def refuse(self, tab: Tab, names: str) -> None:
        """Say which files are too large, all that were chosen; the browser kept them back."""
        tab.notice = Notice(_why_too_large(names, tab.words), "problem")

    def add_files(self, tab: Tab, paths: Sequence[Path], kept_back: str = "") -> Iterator[Notice]:
        """Add uploaded files, which are erased afterwards, refused ones too; yield sentences that say how far it is.

        ``kept_back`` names the files chosen with them that were too large to come.
        """
        target, said = self._target(tab), tab.words
        wanted = [path for path in paths if path.suffix.lower() in SUFFIXES]
        others = ", ".join(path.name for path in paths if path not in wanted)
        problems = [_why_too_large(kept_back, said)] if kept_back else []
        if others:
            problems.append(said.upload_refused.format(names=others))
        if len(wanted) > UPLOAD_FILES:
            problems.append(said.too_many.format(count=UPLOAD_FILES))
        try:
            steps = self._door.add(wanted[:UPLOAD_FILES], library=target) if wanted else iter(())
            yield from self._add(tab, steps, target, problems)
        finally:
            for path in paths:
                path.unlink(missing_ok=True)
                with suppress(OSError):  # Gradio gave each a folder of its own; others may share it
                    path.parent.rmdir()

    def add_text(self, tab: Tab, text: str) -> Iterator[Notice]:
        """Add a pasted text; its first line is the title."""
        text, target = text[:PASTE_CHARACTERS], self._target(tab)
        title = text.strip().partition("\n")[0].strip()
        yield from self._add(tab, self._door.add_text(text, title=title, library=target), target)

    def _target(self, tab: Tab) -> str:
        return OWN_LIBRARY if tab.library in {"", EXAMPLE_LIBRARY} else tab.library

    def _add(
        self, tab: Tab, steps: Iterator[Ingestion], library: str, problems: Sequence[str] = ()
    ) -> Iterator[Notice]:
        said, wrong, done = tab.words, list(problems), list[str]()
        added: dict[str, list[str]] = {}
        try:
            for step in steps:
                if isinstance(step, Ingesting):
                    stage = getattr(said, f"stage_{step.stage}")
                    how_far = f"{stage}, {round(100 * step.done)}\u202f%"
                    yield Notice(said.labelled(without_paths(step.source), how_far), "progress")
                elif isinstance(step, Unread):
                    wrong.append(_why_unread(step, said))
                else:
                    added.setdefault(step.status, []).append(step.entry.title)
                    if step.copy:
                        done.append(said.same_text.format(copy=step.copy, source=step.entry.source))
                    if step.unreadable:
                        wrong.append(said.unreadable.format(number=step.unreadable))
                    self.use(tab, library, step.entry.identifier)
        except RagError as error:
            wrong.append(Problem.of(error).told(said.language))
        if sum(map(len, added.values())) > 1:
            tab.scope = ""  # who brings several asks them together
        told = " · ".join([*_became(added, said), *done])
        yield Notice(" ".join(wrong), "problem", told) if wrong else Notice(told)


def _became(added: dict[str, list[str]], said: Words) -> Iterator[str]:
    """Yield what became of articles, each by its title; of many, their number."""
    for status, titles in added.items():
        sentence: str = getattr(said, f"status_{status}")
        told = titles if len(titles) <= MOST_TOLD else [said.articles.format(count=len(titles))]
        yield from (sentence.format(title=title) for title in told)


def _why_too_large(names: str, said: Words) -> str:
    return said.too_large.format(names=names, megabytes=UPLOAD_MEGABYTES)


def _why_unread(unread: Unread, said: Words) -> str:
    """Return why a file could not be read, with its name."""
    why = Problem.of(unread.error).told(said.language)
    return said.labelled(without_paths(unread.about), why) if unread.about else why
