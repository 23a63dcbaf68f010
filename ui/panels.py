"""What stands around the conversation: the bar at the top and the drawer's panels."""

from __future__ import annotations

from ui.render import escape
from ui.words import Words


def header_html(words: Words, status: str) -> str:
    """Return the bar at the top: the name, what answers and that the page is offline, the menu."""
    menu = "".join(
        f'<button type="button" data-panel="{panel}" aria-haspopup="dialog">{escape(label)}</button>'
        for panel, label in (
            ("conversations", words.menu_conversations),
            ("articles", words.menu_articles),
            ("models", words.menu_models),
        )
    )
    read = f'<button type="button" class="read" data-act="read">{escape(words.article)}</button>'
    other = "en" if words.language == "fr" else "fr"
    return (
        f'<div class="bar"><a class="skip" href="#question">{escape(words.skip)}</a>'
        f'<h1 class="name">{escape(words.app)}</h1>'
        f'<button type="button" class="status" data-panel="offline" aria-haspopup="dialog">'
        f"<b>{escape(words.offline)}</b><span> · {escape(status)}</span></button>"
        f'<nav aria-label="{escape(words.app)}">{read}{menu}'
        f'<button type="button" data-act="language" data-language="{other}" lang="{other}">'
        f"{escape(words.other_language)}</button></nav></div>"
    )
