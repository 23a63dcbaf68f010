"""What the buttons inside our own HTML do: an act has a name and values, changes the tab, and redraws some pictures.

Names and values come from a browser and are treated as anyone's words: short texts, looked up, never trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ui.door import Tab
from ui.page import REASON_CHARACTERS, Page
from ui.words import words

Values = Mapping[str, object]
Pictures = dict[str, str]  # name of a picture (header, past, reader, panel, outbox) → its HTML


def text(values: Values, name: str, limit: int = 200) -> str:
    """Return a value as a text of bounded length; anything that is not a text counts as empty."""
    value = values.get(name, "")
    return value[:limit] if isinstance(value, str) else ""


def whole(page: Page, tab: Tab, notice: str = "") -> Pictures:
    """Return all pictures but the answer under way."""
    return {
        "header": page.header_html(tab),
        "past": page.past_html(tab),
        "reader": page.reader_html(tab),
        "panel": page.panel_html(tab, notice),
    }


def perform(page: Page, tab: Tab, name: str, values: Values) -> Pictures:
    """Do an act and return what it changes on the page; an unknown one changes nothing."""
    act = _ACTS.get(name)
    return act(page, tab, values) if act else {}


def _speak(page: Page, tab: Tab, values: Values) -> Pictures:
    tab.words = words(text(values, "language"))
    return whole(page, tab)


def _show(page: Page, tab: Tab, values: Values) -> Pictures:
    page.show(tab, text(values, "article"))
    return {"reader": page.reader_html(tab)}


def _rate(page: Page, tab: Tab, values: Values) -> Pictures:
    number = text(values, "turn")
    if number.isascii() and number.isdigit():
        page.rate(tab, int(number), text(values, "rating"), text(values, "reason", REASON_CHARACTERS))
    return {"past": page.past_html(tab)}


def _earlier(page: Page, tab: Tab, _: Values) -> Pictures:
    tab.first = 0
    return {"past": page.past_html(tab)}


def _open_panel(page: Page, tab: Tab, values: Values) -> Pictures:
    tab.panel, tab.query = text(values, "panel"), text(values, "query")
    return {"panel": page.panel_html(tab)}


def _export(page: Page, tab: Tab, values: Values) -> Pictures:
    return {"outbox": page.export(tab, text(values, "conversation"), text(values, "kind"))}


def _clear(_: Page, __: Tab, ___: Values) -> Pictures:
    return {"outbox": ""}


def _rename(page: Page, tab: Tab, values: Values) -> Pictures:
    page.kept.rename(tab.reader, text(values, "conversation"), text(values, "title"))
    return {"panel": page.panel_html(tab)}


def _delete(page: Page, tab: Tab, values: Values) -> Pictures:
    identifier = text(values, "conversation")
    page.kept.delete(tab.reader, identifier)
    if identifier == tab.conversation:
        page.begin(tab)
    return whole(page, tab)


def _choose(page: Page, tab: Tab, values: Values) -> Pictures:
    page.choose(tab, library=text(values, "library"), scope=text(values, "scope"))
    return whole(page, tab)


def _remove(page: Page, tab: Tab, values: Values) -> Pictures:
    notice = page.remove(tab, text(values, "article"))
    return whole(page, tab, notice)


_ACTS: dict[str, Callable[[Page, Tab, Values], Pictures]] = {
    "language": _speak,
    "show": _show,
    "rate": _rate,
    "earlier": _earlier,
    "panel": _open_panel,
    "export": _export,
    "clear": _clear,
    "rename": _rename,
    "delete": _delete,
    "library": _choose,
    "scope": _choose,
    "remove": _remove,
}
