"""What the buttons inside our own HTML do: an act has a name and values and changes the tab.

Names and values come from a browser and are treated as anyone's words: short texts, looked up, never trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ui.door import Tab
from ui.page import REASON_CHARACTERS, Page
from ui.words.choosing import words

Values = Mapping[str, object]


def text(values: Values, name: str, limit: int = 200) -> str:
    """Return a value as a text of bounded length; anything that is not a text counts as empty."""
    value = values.get(name, "")
    return value[:limit] if isinstance(value, str) else ""


def perform(page: Page, tab: Tab, name: str, values: Values) -> str:
    """Do an act; return the file it hands to the browser, if any. An unknown act does nothing."""
    act = _ACTS.get(name)
    return (act(page, tab, values) or "") if act else ""


def _speak(_: Page, tab: Tab, values: Values) -> None:
    tab.words = words(text(values, "language"))


def _show(page: Page, tab: Tab, values: Values) -> None:
    page.shelf.show(tab, text(values, "article"))


def _rate(page: Page, tab: Tab, values: Values) -> None:
    number = text(values, "turn")
    if number.isascii() and number.isdigit():
        page.rate(tab, int(number), text(values, "rating"), text(values, "reason", REASON_CHARACTERS))


def _edit(_: Page, tab: Tab, __: Values) -> None:
    tab.editing = bool(tab.drafts) and tab.running is None


def _earlier(_: Page, tab: Tab, __: Values) -> None:
    tab.first = 0


def _open_panel(_: Page, tab: Tab, values: Values) -> None:
    tab.panel, tab.query = text(values, "panel"), text(values, "query")


def _export(page: Page, tab: Tab, values: Values) -> str:
    return page.export(tab, text(values, "conversation"), text(values, "kind"))


def _new(page: Page, tab: Tab, _: Values) -> None:
    page.begin(tab)


def _resume(page: Page, tab: Tab, values: Values) -> None:
    page.begin(tab)
    page.resume(tab, text(values, "conversation"))


def _rename(page: Page, tab: Tab, values: Values) -> None:
    page.kept.rename(tab.reader, text(values, "conversation"), text(values, "title"))


def _delete(page: Page, tab: Tab, values: Values) -> None:
    identifier = text(values, "conversation")
    page.kept.delete(tab.reader, identifier)
    if identifier == tab.conversation:
        page.begin(tab)


def _choose(page: Page, tab: Tab, values: Values) -> None:
    page.shelf.choose(tab, library=text(values, "library"), scope=text(values, "scope"))


def _remove(page: Page, tab: Tab, values: Values) -> None:
    page.shelf.remove(tab, text(values, "article"))


def _choose_model(page: Page, tab: Tab, values: Values) -> None:
    page.models.choose(tab, text(values, "model"))


def _install(page: Page, tab: Tab, values: Values) -> None:
    page.models.install(tab, text(values, "model"))


def _cancel(page: Page, _: Tab, __: Values) -> None:
    page.models.cancel()


_ACTS: dict[str, Callable[[Page, Tab, Values], str | None]] = {
    "language": _speak,
    "show": _show,
    "rate": _rate,
    "edit": _edit,
    "earlier": _earlier,
    "panel": _open_panel,
    "export": _export,
    "new": _new,
    "resume": _resume,
    "rename": _rename,
    "delete": _delete,
    "library": _choose,
    "scope": _choose,
    "remove": _remove,
    "choose": _choose_model,
    "install": _install,
    "cancel": _cancel,
}
