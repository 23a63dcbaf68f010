"""What stands around the conversation: the bar at the top, the drawer's panels, a file to save."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.conversations import Summary
from rag.settings import Settings
from rag.values import Entry
from ui.html.environment import render
from ui.state import Notice
from ui.words import Words

MOST_LISTED = 50
"""Articles that are offered beside the question; of more, one is chosen in their panel."""


def shell_html(words: Words) -> str:
    """Return the page's name, as it stands where the bar will be."""
    return render("shell", words=words)


def header_html(words: Words, status: str, conversation: str = "", *, online: str = "") -> str:
    """Return the bar at the top: the name, offline or (``online``) why not, what answers, the menu."""
    other = "en" if words.language == "fr" else "fr"
    return render("header", status=status, conversation=conversation, online=online, other=other, words=words)


def conversations_html(
    found: Sequence[Summary], words: Words, *, current: str = "", query: str = "", notice: Notice | None = None
) -> str:
    """Return the list of conversations with a search field."""
    return _panel("conversations", words, notice, found=found, current=current, query=query)


@dataclass(frozen=True, slots=True)
class ArticlesPanel:
    """What the panel of articles shows.

    Attributes:
        entries: the articles of ``library``, one of ``libraries``.
        scope: the article that is asked, or empty for all of them; ``shown`` the one in the reader pane.
        hint: what may be added.
    """

    entries: Sequence[Entry]
    libraries: Sequence[str]
    library: str
    scope: str
    shown: str
    hint: str


def articles_html(shelf: ArticlesPanel, words: Words, *, notice: Notice | None = None) -> str:
    """Return the library: its articles, which of them are asked, and how to add one."""
    rows = [(entry, _facts(entry, words)) for entry in shelf.entries]
    return _panel("articles", words, notice, shelf=shelf, rows=rows)


def _facts(entry: Entry, words: Words) -> str:
    counts = words.characters.format(count=words.number(entry.characters))
    return " · ".join(fact for fact in (words.date(entry.date), entry.source, counts) if fact)


def asked_html(entries: Sequence[Entry], scope: str, words: Words) -> str:
    """Return which article is asked, or all of them, as a choice; in a large library the choice is in the panel."""
    chosen = next((entry for entry in entries if entry.identifier == scope), None)
    if not entries:
        return ""
    every = words.asked_all.format(count=words.number(len(entries)))
    shown = (chosen.title or chosen.source) if chosen else every
    listed = entries if 1 < len(entries) <= MOST_LISTED else ()
    return render("asked", entries=listed, scope=scope, every=every, shown=shown, words=words)


def offline_html(
    words: Words,
    *,
    refused: Sequence[str],
    reached: Sequence[str],
    settings: Settings | None = None,
    downloading: str = "",
    notice: Notice | None = None,
) -> str:
    """Return the proof of being offline: what was refused and let through, where files lie, how to check.

    Args:
        words: of the page.
        refused: the host of each connection that was refused.
        reached: each host that a person allowed.
        settings: for the folders, which are told on this machine only.
        downloading: the model that is being downloaded now.
        notice: about what was just done.
    """
    hosts = ", ".join(dict.fromkeys(refused))
    folders = (
        [
            (words.offline_articles, _from_home(settings.indexes)),
            (words.offline_conversations, _from_home(settings.conversations)),
            (words.offline_models, _from_home(settings.models)),
        ]
        if settings
        else []
    )
    return _panel(
        "offline",
        words,
        notice,
        attempts=words.offline_some.format(count=len(refused), hosts=hosts) if refused else words.offline_none,
        allowed=words.offline_reached.format(hosts=", ".join(reached)) if reached else words.offline_closed,
        downloading=downloading,
        folders=folders,
    )


def export_html(name: str, text: str) -> str:
    """Return a file as an element from which the page's script saves it."""
    return render("export", name=name, text=text, nonce=secrets.token_hex(4))  # asked for twice, it is saved twice


def _panel(name: str, words: Words, notice: Notice | None, **values: object) -> str:
    title = getattr(words, f"menu_{name}")
    return render(name, name=name, title=title, notice=notice, words=words, **values)


def _from_home(folder: Path) -> str:
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
