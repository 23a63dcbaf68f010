"""What stands around the conversation: the bar at the top, the drawer's panels, a file to save."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.conversations import Note, Summary, searchable
from rag.settings import Settings
from rag.values import Entry
from ui.html.environment import render
from ui.state import Notice, Problem
from ui.words import Words

MOST_LISTED = 50
"""Articles that are offered beside the question; of more, one is chosen in their panel."""


def shell_html(words: Words) -> str:
    """Return the page's name, as it stands where the bar will be."""
    return render("shell", words=words)


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar at the top shows.

    Attributes:
        status: what answers; ``online`` says why the program is not offline, if so.
        subject: the title of the article that is read, ``facts`` where it comes from.
        conversation: the identifier of the one that is open.
        quoting: whether the article's own sentences answer although there is a model; None where there is no choice.
        no_model: whether there is no language model, which one could install.
    """

    status: str
    online: str = ""
    subject: str = ""
    facts: str = ""
    conversation: str = ""
    quoting: bool | None = None
    no_model: bool = False


def header_html(bar: Bar, words: Words) -> str:
    """Return the bar at the top: the name, the article, offline or why not, what answers, the menu."""
    return render("header", bar=bar, other=_other(words), words=words)


def display_html(words: Words, *, notice: Notice | None = None) -> str:
    """Return the panel that changes how the page looks, and tells the keys; the choices stay in the browser."""
    settings = [
        ("theme", words.theme, [("", words.theme_auto), ("light", words.theme_light), ("dark", words.theme_dark)]),
        ("size", words.size, [("", words.size_normal), ("large", words.size_large), ("larger", words.size_larger)]),
    ]
    shortcuts = [
        (("Enter",), words.key_send),
        (("Shift", "Enter"), words.key_line),
        (("↑",), words.key_recall),
        (("/",), words.find_label),
        (("Ctrl", "K"), words.search_conversations),
        (("Esc",), words.key_escape),
        (("?",), words.menu_display),
    ]
    return _panel("display", words, notice, settings=settings, shortcuts=shortcuts, other=_other(words))


def _other(words: Words) -> str:
    return "en" if words.language == "fr" else "fr"


MOST_CONVERSATIONS = 100
"""Conversations that are listed, the latest; of more, the search finds the others."""

Listed = Sequence[tuple[Summary, str]]
"""Conversations, each with the title of the article it asks; empty where that is not known."""


def conversations_html(
    found: Listed, words: Words, *, current: str = "", query: str = "", notice: Notice | None = None, undo: bool = False
) -> str:
    """Return the list of conversations with a search field; ``undo`` offers to take the last act back."""
    rows = _rows(found, words)
    return _panel("conversations", words, notice, rows=rows, current=current, query=query, undo=undo)


def side_html(
    found: Listed, words: Words, *, current: str = "", query: str = "", problem: Problem | None = None
) -> str:
    """Return the list of conversations as it stands at the side of a wide page, and why it is not whole."""
    return render("side", rows=_rows(found, words), current=current, query=query, words=words, problem=problem)


def _rows(found: Listed, words: Words) -> list[tuple[Summary, str]]:
    """Return each conversation with what is told of it: its article or its library, when it was last changed."""
    return [
        (summary, " · ".join(fact for fact in (article or summary.library, words.moment(summary.changed)) if fact))
        for summary, article in found[:MOST_CONVERSATIONS]
    ]


def notes_html(
    title: str, notes: Sequence[Note], words: Words, *, notice: Notice | None = None, undo: bool = False
) -> str:
    """Return the notes on the article that is shown."""
    return _panel("notes", words, notice, article=title, notes=notes, undo=undo)


@dataclass(frozen=True, slots=True)
class ArticlesPanel:
    """What the panel of articles shows.

    Attributes:
        entries: the articles of ``library``, one of ``libraries``.
        scope: the article that is asked, or empty for all of them; ``shown`` the one in the reader pane.
        hint: what may be added.
        query: what is searched among the articles.
    """

    entries: Sequence[Entry]
    libraries: Sequence[str]
    library: str
    scope: str
    shown: str
    hint: str
    query: str = ""


def articles_html(shelf: ArticlesPanel, words: Words, *, notice: Notice | None = None) -> str:
    """Return the library: its articles, which of them are asked, and how to add one."""
    wanted = searchable(shelf.query).split()
    rows = [
        (entry, _facts(entry, words))
        for entry in shelf.entries
        if not wanted or all(word in searchable(f"{entry.title} {entry.source} {entry.date}") for word in wanted)
    ]
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


def export_html(name: str, content: str | bytes) -> str:
    """Return a file as an element from which the page's script saves it; one that is no text in base64."""
    packed = isinstance(content, bytes)
    text = base64.b64encode(content).decode() if isinstance(content, bytes) else content
    nonce = secrets.token_hex(4)  # asked for twice, it is saved twice
    return render("export", name=name, text=text, packed=packed, nonce=nonce)


def kept_html(identifier: str, words: Words) -> str:
    """Return what tells the page's script that the remark on a note is kept."""
    return render("kept", note=identifier, words=words, nonce=secrets.token_hex(4))


def _panel(name: str, words: Words, notice: Notice | None, **values: object) -> str:
    title = getattr(words, f"menu_{name}")
    return render(name, name=name, title=title, notice=notice, words=words, **values)


def _from_home(folder: Path) -> str:
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
