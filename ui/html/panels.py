"""What stands around the conversation: the bar at the top and the drawer's panels."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from rag import offline
from rag.conversations import Summary
from rag.settings import Settings
from rag.values import Entry
from ui.door import Tab
from ui.html.turns import escape
from ui.words.vocabulary import Words


def header_html(words: Words, status: str, conversation: str = "", *, online: str = "") -> str:
    """Return the bar at the top: the name, offline or (``online``) why not, what answers, the menu."""
    menu = "".join(
        f'<button type="button" data-panel="{panel}" aria-haspopup="dialog">{escape(label)}</button>'
        for panel, label in (
            ("conversations", words.menu_conversations),
            ("articles", words.menu_articles),
            ("models", words.menu_models),
        )
    )
    read = button("read", words.open_article, kind="read")
    other = "en" if words.language == "fr" else "fr"
    place = f'<b class="online">{escape(online)}</b>' if online else f"<b>{escape(words.offline)}</b>"
    return (
        f'<div class="bar" data-conversation="{escape(conversation)}">'
        f'<a class="skip" href="#question-box">{escape(words.skip)}</a>'
        f'<h1 class="name">{escape(words.app)}</h1>'
        f'<button type="button" class="status" data-panel="offline" aria-haspopup="dialog">'
        f"{place}<span> · {escape(status)}</span></button>"
        f'<nav aria-label="{escape(words.menu)}">{read}{menu}'
        f'<button type="button" data-act="language" data-language="{other}" lang="{other}">'
        f"{escape(words.other_language)}</button></nav></div>"
    )


def panel_html(words: Words, name: str, body: str, notice: str = "") -> str:
    """Return a panel: its title, a way to close it, a sentence about what just happened, its body."""
    title = getattr(words, f"menu_{name}")
    return (
        f'<div class="panel" data-name="{name}"><div class="panel-head"><h2 id="panel-title" tabindex="-1">'
        f"{escape(title)}</h2>{button('close', words.close, kind='close')}</div>"
        f'<p class="panel-notice" role="status">{escape(notice)}</p>{body}</div>'
    )


def conversations_html(found: Sequence[Summary], words: Words, current: str, query: str) -> str:
    """Return the list of conversations with a search field."""
    items = "".join(_conversation_html(summary, words, current) for summary in found)
    listing = f'<ul class="entries">{items}</ul>' if items else f"<p>{escape(words.no_conversations)}</p>"
    return (
        f'<div class="tools">{button("new", words.new_conversation, kind="chip", closes=True)}'
        f'<label class="search">{escape(words.search_conversations)}'
        f'<input type="search" data-search="conversations" maxlength="200" value="{escape(query)}"></label></div>'
        f"{listing}"
    )


def _conversation_html(summary: Summary, words: Words, current: str) -> str:
    title = summary.title or words.untitled
    here = ' aria-current="true"' if summary.identifier == current else ""
    data = {"conversation": summary.identifier}
    actions = "".join(
        [
            button("rename", words.rename, data={**data, "label": words.rename_label, "title": title}),
            button("export", words.export_markdown, data={**data, "kind": "markdown"}),
            button("export", words.export_json, data={**data, "kind": "json"}),
            button("delete", words.delete, data={**data, "confirm": words.delete_sure.format(title=title)}),
        ]
    )
    return (
        f"<li>{button('resume', title, kind='entry', data=data, closes=True, more=here)}"
        f'<span class="facts">{escape(words.date(summary.changed[:10]))} · {escape(summary.library)}</span>'
        f'<span class="actions">{actions}</span></li>'
    )


def articles_html(entries: Sequence[Entry], libraries: Sequence[str], tab: Tab, hint: str) -> str:
    """Return the library: its articles, which of them are asked, and how to add one."""
    words = tab.words
    choice = ""
    if len(libraries) > 1:
        buttons = "".join(
            button("library", name, data={"library": name}, more=_pressed(name == tab.library)) for name in libraries
        )
        choice = f'<p class="label">{escape(words.library)}</p><div class="actions">{buttons}</div>'
    everything = ""
    if len(entries) > 1:
        everything = button("scope", words.ask_all, kind="chip", data={"scope": "*"}, more=_pressed(not tab.scope))
    items = "".join(_entry_html(entry, tab, single=len(entries) == 1) for entry in entries)
    listing = f'<ul class="entries">{items}</ul>' if items else f"<p>{escape(words.no_article)}</p>"
    return f'{choice}{everything}{listing}<p class="label">{escape(words.upload)}</p><p class="hint">{escape(hint)}</p>'


def _entry_html(entry: Entry, tab: Tab, *, single: bool) -> str:
    words = tab.words
    counts = words.characters.format(count=words.number(entry.characters))
    facts = " · ".join(fact for fact in (words.date(entry.date), entry.source, counts) if fact)
    asked = "" if single else button(
        "scope", words.ask_one, data={"scope": entry.identifier}, more=_pressed(tab.scope == entry.identifier)
    )  # fmt: skip
    remove = button(
        "remove",
        words.remove,
        data={"article": entry.identifier, "confirm": words.remove_sure.format(title=entry.title or entry.source)},
    )
    title = button(
        "show", entry.title or entry.source, kind="entry", data={"article": entry.identifier}, closes=True,
        more=' aria-current="true"' if entry.identifier == tab.shown else "",
    )  # fmt: skip
    return f'<li>{title}<span class="facts">{escape(facts)}</span><span class="actions">{asked}{remove}</span></li>'


def offline_html(words: Words, settings: Settings | None, downloading: str = "") -> str:
    """Return the proof of being offline: what was refused and let through, where files lie, how to check.

    Args:
        words: of the page.
        settings: for the folders, which are told on this machine only.
        downloading: the model that is being downloaded now.
    """
    refused, reached = offline.refused(), offline.reached()
    hosts = ", ".join(dict.fromkeys(refused))
    attempts = words.offline_some.format(count=len(refused), hosts=hosts) if refused else words.offline_none
    allowed = words.offline_reached.format(hosts=", ".join(reached)) if reached else words.offline_closed
    now = f"<p><b>{escape(words.offline_downloading.format(name=downloading))}</b></p>" if downloading else ""
    places = ""
    if settings:
        rows = "".join(
            f"<dt>{escape(label)}</dt><dd><code>{escape(_from_home(folder))}</code></dd>"
            for label, folder in (
                (words.offline_articles, settings.indexes),
                (words.offline_conversations, settings.conversations),
                (words.offline_models, settings.models),
            )
        )
        places = f'<p class="label">{escape(words.offline_files)}</p><dl>{rows}</dl>'
    return (
        f"<p>{escape(words.offline_promise)}</p>{now}<p><b>{escape(attempts)}</b></p><p>{escape(allowed)}</p>{places}"
        f'<p class="label">{escape(words.offline_check)}</p><p>{escape(words.offline_check_how)}</p>'
    )


def export_html(name: str, text: str) -> str:
    """Return a file as an element from which the page's script saves it."""
    nonce = secrets.token_hex(4)  # the same file asked for twice is saved twice
    return f'<pre hidden data-nonce="{nonce}" data-save="{escape(name)}">\n{escape(text)}</pre>'


def _from_home(folder: Path) -> str:
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)


def _pressed(on: bool) -> str:  # noqa: FBT001  # the attribute's own value
    return f' aria-pressed="{"true" if on else "false"}"'


def button(
    act: str, label: str, *, kind: str = "", data: dict[str, str] | None = None, closes: bool = False, more: str = ""
) -> str:
    """Return a button that does an act; ``data`` are its values, and ``about`` what a listener hears after its name."""
    data = dict(data or {})
    about = data.pop("about", "")
    if about:
        more += f' aria-label="{escape(f"{label} {about}")}"'
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    attributes += ' data-closes="1"' if closes else ""
    styled = f' class="{kind}"' if kind else ""
    return f'<button type="button"{styled} data-act="{act}"{attributes}{more}>{escape(label)}</button>'
