"""What the buttons inside our own HTML do. Each act is declared once, in :data:`ACTS`.

A button names its act in ``data-act`` and brings its values in its other ``data-`` attributes. The page connects what
is declared here, and tells the browser's script which part of the page each act draws again.

Names and values come from a browser and are treated as anyone's words: short texts, looked up, never trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from rag.errors import RagError
from ui.exporting import exported, exported_notes
from ui.html import export_html, kept_html
from ui.page import QUESTION_CHARACTERS, REASON_CHARACTERS, REMARK_CHARACTERS, Page
from ui.state import Notice, Problem
from ui.tab import Tab
from ui.words import words

Values = Mapping[str, object]
Part = Literal["answer", "article", "turns", "side", "panel", "notes", "outbox", "models", "whole", "language"]


@dataclass(frozen=True, slots=True)
class Act:
    """What a button does.

    Attributes:
        draws: the part of the page that is drawn again; ``answer`` asks the question that ``do`` returns, ``models``
            follows the download under way, ``language`` renames Gradio's own components too.
        do: changes the tab; returns the question it asks or the file it hands to the browser, where it does that.
    """

    draws: Part
    do: Callable[[Page, Tab, Values], str | None]


def perform(page: Page, tab: Tab, name: str, values: Values) -> str:
    """Do an act; return the question or the file it leads to, if any. An unknown act does nothing.

    What fails is told in the panel, or below the turns where these are drawn; the rest of the page stays as it was.
    """
    act = ACTS.get(name)
    try:
        return (act.do(page, tab, values) or "") if act else ""
    except RagError as error:
        problem = Problem.of(error)
        if act and act.draws == "turns":
            tab.mishap = problem
        else:
            tab.notice = Notice(problem.told(tab.words.language), "problem")
        return ""


def text(values: Values, name: str, limit: int = 200) -> str:
    """Return a value as a text of bounded length; anything that is not a text counts as empty."""
    value = values.get(name, "")
    return value[:limit].encode("utf-8", "replace").decode() if isinstance(value, str) else ""  # no half characters


def number(values: Values, name: str) -> int:
    """Return a value as a whole number; anything that is not one counts as 0."""
    value = text(values, name, 12)
    return int(value) if value.isascii() and value.isdigit() else 0


def _ask(_: Page, __: Tab, values: Values) -> str:
    return text(values, "question", QUESTION_CHARACTERS)


def _again(_: Page, tab: Tab, __: Values) -> str:
    if not tab.exchanges or tab.running is not None:
        return ""
    tab.editing = True
    return tab.exchanges[-1].question


def _typed(page: Page, tab: Tab, values: Values) -> str:
    question = _again(page, tab, values)
    tab.alone = bool(question)
    return question


def _edit(_: Page, tab: Tab, __: Values) -> None:
    tab.editing = bool(tab.exchanges) and tab.running is None


def _keep(_: Page, tab: Tab, __: Values) -> None:
    tab.editing = False


def _rate(page: Page, tab: Tab, values: Values) -> None:
    turn = text(values, "turn")
    if turn.isascii() and turn.isdigit():
        page.rate(tab, int(turn), text(values, "rating"), text(values, "reason", REASON_CHARACTERS))


def _earlier(_: Page, tab: Tab, __: Values) -> None:
    tab.first = 0


def _open(panel: str) -> Callable[[Page, Tab, Values], None]:
    def opened(_: Page, tab: Tab, values: Values) -> None:
        tab.panel, tab.query, tab.undo = panel, text(values, "query"), None

    return opened


def _export(page: Page, tab: Tab, values: Values) -> str:
    kind, conversation = text(values, "kind"), text(values, "conversation")
    file = exported(page, tab, conversation, kind) if conversation else exported_notes(page, tab, kind)
    return export_html(*file) if file else ""


def _new(page: Page, tab: Tab, _: Values) -> None:
    page.begin(tab)


def _resume(page: Page, tab: Tab, values: Values) -> None:
    page.begin(tab)
    page.resume(tab, text(values, "conversation"))


def _rename(page: Page, tab: Tab, values: Values) -> None:
    page.kept.rename(tab.reader, text(values, "conversation"), text(values, "title"))


def _seek(_: Page, tab: Tab, values: Values) -> None:
    tab.sought = text(values, "query")


def _delete(page: Page, tab: Tab, values: Values) -> None:
    page.delete(tab, text(values, "conversation"))


def _undo(_: Page, tab: Tab, __: Values) -> None:
    undo, tab.undo = tab.undo, None
    if undo:
        undo()


def _note(page: Page, tab: Tab, values: Values) -> None:
    start, end = number(values, "start"), number(values, "end")
    tab.panel, tab.undo = "notes", None
    page.note(tab, text(values, "article"), start, end)


def _pin(page: Page, tab: Tab, values: Values) -> None:
    page.pin(tab, text(values, "article"), number(values, "start"), number(values, "end"))


def _notes(page: Page, tab: Tab, values: Values) -> None:
    page.shelf.show(tab, text(values, "article"))
    tab.panel, tab.undo = "notes", None


def _remark(page: Page, tab: Tab, values: Values) -> str:
    identifier = text(values, "note")
    page.kept.notes.remark(tab.reader, identifier, text(values, "remark", REMARK_CHARACTERS))
    return kept_html(identifier, tab.words)


def _unnote(page: Page, tab: Tab, values: Values) -> None:
    page.unnote(tab, text(values, "note"))


def _show(page: Page, tab: Tab, values: Values) -> None:
    page.shelf.show(tab, text(values, "article"))


def _choose(page: Page, tab: Tab, values: Values) -> None:
    page.shelf.choose(tab, library=text(values, "library"), scope=text(values, "scope"))


def _too_large(page: Page, tab: Tab, values: Values) -> None:
    page.shelf.refuse(tab, text(values, "names"))


def _remove(page: Page, tab: Tab, values: Values) -> None:
    page.shelf.remove(tab, text(values, "article"))


def _choose_model(page: Page, tab: Tab, values: Values) -> None:
    page.models.choose(tab, text(values, "model"))


def _quote(page: Page, tab: Tab, _: Values) -> None:
    page.models.quote(tab)


def _install(page: Page, tab: Tab, values: Values) -> None:
    page.models.install(tab, text(values, "model"))


def _cancel(page: Page, _: Tab, __: Values) -> None:
    page.models.cancel()


def _speak(_: Page, tab: Tab, values: Values) -> None:
    tab.words = words(text(values, "language"))


ACTS: dict[str, Act] = {
    "ask": Act("answer", _ask),
    "again": Act("answer", _again),
    "typed": Act("answer", _typed),
    "edit": Act("turns", _edit),
    "keep": Act("turns", _keep),
    "rate": Act("turns", _rate),
    "earlier": Act("turns", _earlier),
    "conversations": Act("panel", _open("conversations")),
    "new": Act("whole", _new),
    "resume": Act("whole", _resume),
    "rename": Act("panel", _rename),
    "export": Act("panel", _export),
    "delete": Act("whole", _delete),
    "undo": Act("whole", _undo),
    "side": Act("side", _seek),
    "notes": Act("panel", _notes),
    "note": Act("notes", _note),
    "pin": Act("notes", _pin),
    "remark": Act("outbox", _remark),
    "unnote": Act("notes", _unnote),
    "articles": Act("panel", _open("articles")),
    "show": Act("article", _show),
    "library": Act("whole", _choose),
    "scope": Act("whole", _choose),
    "remove": Act("whole", _remove),
    "too-large": Act("panel", _too_large),
    "models": Act("models", _open("models")),
    "choose": Act("models", _choose_model),
    "quoting": Act("models", _quote),
    "install": Act("models", _install),
    "cancel": Act("models", _cancel),
    "offline": Act("panel", _open("offline")),
    "display": Act("panel", _open("display")),
    "language": Act("language", _speak),
}
