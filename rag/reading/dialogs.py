"""What a page lays over itself: requests for consent, subscriptions, whatever its reader closes before reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.reading.element_sizes import MAIN, Sizes, is_sentence, on_one_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DIALOGS = frozenset({"dialog", "alertdialog"})


def close_dialogs(body: Element) -> None:
    """Take out what a page lays over itself, such as a request for consent, unless its text stands there."""
    dialogs = [one for one in body.iter("*") if one is not body and _is_dialog(one)]
    if not dialogs:
        return
    sizes, within = Sizes(body), {one for dialog in dialogs for one in dialog.iter("*")}
    marked = any(is_sentence(on_one_line(one)) for one in body.iter(*MAIN) if one not in within)
    for dialog in dialogs:
        around = next(dialog.iterancestors("body", "html"), None) is not None
        if around and (marked or 2 * sizes.all[dialog] < sizes.all[body]):
            dialog.drop_tree()


def _is_dialog(element: Element) -> bool:
    roles = element.get("role", "").lower().split()
    return element.tag == "dialog" or not _DIALOGS.isdisjoint(roles) or element.get("aria-modal", "").lower() == "true"
