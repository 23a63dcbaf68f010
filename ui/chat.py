"""The page in Gradio: its components and their events.

Gradio carries the events and streams the answers; what is shown is our own escaped HTML in its HTML components. Clicks
inside that HTML reach the server through one component without a face, the bridge, whose events carry the names and
values of the button's ``data-`` attributes: they are treated as anyone's words. ``ui.acts`` declares which there are.

Every handler gives each of its outputs a plain value each time, ``None`` where a part stays as it is. Gradio's
``skip()`` and ``update()`` make a component at each yield and keep it, so only the few words of Gradio's own components
are updated.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from rag.reading import SUFFIXES
from ui.acts import ACTS, perform, text
from ui.door import Door
from ui.drawing import Drawing, Drawn
from ui.page import QUESTION_CHARACTERS, Page
from ui.server import browser_name, stay
from ui.shelf import PASTE_CHARACTERS, UPLOAD_MEGABYTES
from ui.tab import Tab
from ui.words import LANGUAGES, choose_language, words

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
OFTEN: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}


class _Files(gr.File):  # type: ignore[misc]  # Gradio's classes have no types here
    """Gradio's chooser, which hands over files of other kinds too: ours says why they are refused, and erases them."""

    is_template = True  # in the browser it is the one it is made of

    def preprocess(self, payload: Any) -> list[str]:  # noqa: ANN401  # Gradio's own, of two kinds
        """Return where the files lie; that it is among the uploads was checked before."""
        return [file.path for file in getattr(payload, "root", [payload])] if payload else []


class _Part(gr.HTML):  # type: ignore[misc]  # Gradio's classes have no types here
    """A part of the page that we draw. ``None`` leaves it: ``skip()`` would make a component, and keep it."""

    is_template = True

    def postprocess(self, value: str | None) -> Any:  # noqa: ANN401  # Gradio's own
        """Return what the browser is told: text, or that nothing is to be changed."""
        return {"__type__": "update"} if value is None else value


class Chat:
    """The components of the page and what happens when a reader touches them."""

    def __init__(self, door: Door, *, local: bool = True) -> None:
        self.page = Page(door, local=local)
        self.drawing = Drawing(self.page)
        self.blocks = gr.Blocks(
            title=words("fr").app,
            fill_height=True,
            fill_width=True,
            analytics_enabled=False,
            delete_cache=(3600, 3600),
        )
        with self.blocks:
            self._lay_out()
            self._connect()

    def _lay_out(self) -> None:
        said = words("fr")
        self.tab = gr.State(Tab())
        self.anchor = gr.Textbox(visible=False)
        self.wanted = gr.Textbox(visible=False)
        self.kept_back = gr.Textbox(visible=False)
        self.bridge = gr.HTML("", js_on_load=bridge(), elem_id="bridge", apply_default_css=False)
        self.outbox, self.header = _html("outbox"), _html("header")
        with gr.Row(elem_id="panes"):
            self.side = _html("side")
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="turns"):
                    self.past, self.card = _html("past"), _html("card")
                    self.live, self.further = _html("live"), _html("further")
                self.ahead, self.asked = _html("ahead"), _html("asked")
                with gr.Row(elem_id="composer"):
                    self.question = gr.Textbox(
                        label=said.question_label,
                        placeholder=said.question_hint,
                        lines=1,
                        max_lines=6,
                        max_length=QUESTION_CHARACTERS,
                        autofocus=True,
                        container=False,
                        elem_id="question-box",
                    )
                    self.send = gr.Button(said.send, elem_id="send", scale=0)
                    self.stop = gr.Button(said.stop, elem_id="stop", scale=0)
            with gr.Column(elem_id="article"):
                self.reader = _html("reader")
        with gr.Column(elem_id="drawer"):
            self.panel, self.fetching = _html("panel"), _html("fetching")
            with gr.Column(elem_id="adding"):
                # The script tells the system's chooser which kinds can be read: Gradio would refuse in its own words.
                self.files = _Files(label=said.upload, file_count="multiple", height=150, elem_id="files")
                self.paste = gr.Textbox(
                    label=said.paste_label,
                    placeholder=said.paste_hint,
                    lines=5,
                    max_lines=12,
                    max_length=PASTE_CHARACTERS,
                    elem_id="paste",
                )
                self.add = gr.Button(said.paste_button, elem_id="add")

    def _connect(self) -> None:
        self.turns = [self.header, self.side, self.past, self.live]
        self.whole = [*self.turns, self.reader, self.asked, self.panel]
        self.own = [self.question, self.send, self.stop, self.files, self.paste, self.add]
        seen, every = [self.tab, self.anchor, self.wanted], [*self.whole, *self.own]
        opened = self.blocks.load(self.open, seen, every, js="() => window.askTheArticle.greet()", **QUIET)
        self.blocks.load(stay, None, None, **QUIET)
        opened.then(None, None, None, js="() => window.askTheArticle.settled()", **QUIET)
        for trigger in (self.question.submit, self.send.click):  # by a browser, the bridge asks
            trigger(self.drawing.answer, [self.tab, self.question], self.turns, **QUIET)
        self.stop.click(self.page.stop, [self.tab], None, **QUIET)
        acted = self._connect_acts()
        acted["answer"].then(None, None, None, js="() => window.askTheArticle.arrived()", **OFTEN)
        dropped = [self.tab, self.files, self.kept_back]
        also_left = "(_, files) => [null, files, window.askTheArticle.keptBack()]"
        uploaded = self.files.upload(self.add_files, dropped, self.whole, js=also_left, **QUIET)
        uploaded.then(None, None, [self.files], js="() => null", **QUIET)
        pasted = self.add.click(self.drawing.text, [self.tab, self.paste], self.whole, **QUIET)
        pasted.then(None, None, [self.paste], js="() => ''", **QUIET)
        whole = (opened, acted["whole"], acted["language"], uploaded, pasted)
        for event in (*whole, acted["models"]):
            event.then(self.drawing.ahead, [self.tab], [self.ahead], **OFTEN)
        for event in (*whole, acted["article"]):
            event.then(self.drawing.card, [self.tab], [self.card], **OFTEN)
        for event in (*whole, acted["answer"]):
            event.then(self.drawing.further, [self.tab], [self.further], **OFTEN)

    def _connect_acts(self) -> dict[str, Any]:
        """Connect the bridge, which has an event for each part that an act draws again; return the events."""
        draw = self.drawing
        parts: dict[str, tuple[Callable[[Tab, str], Iterator[list[Any]]], list[Any], dict[str, Any]]] = {
            "answer": (draw.answer, self.turns, OFTEN),  # else one asked before the last has quite ended is lost
            "article": (draw.article, [self.header, self.reader], OFTEN),
            "turns": (draw.turns, [self.past], OFTEN),
            "panel": (draw.panel, [self.side, self.panel, self.outbox], OFTEN),
            "notes": (draw.notes, [self.past, self.panel], OFTEN),
            "outbox": (draw.outbox, [self.outbox], OFTEN),
            "side": (draw.side, [self.side], OFTEN),
            "models": (draw.models, [self.header, self.panel, self.fetching], OFTEN),
            "whole": (draw.whole, self.whole, OFTEN),
        }
        events = {
            part: getattr(self.bridge, part)(self._act(drawn), [self.tab], outputs, **how)
            for part, (drawn, outputs, how) in parts.items()
        }
        return events | {"language": self.bridge.language(self.speak, [self.tab], [*self.whole, *self.own], **OFTEN)}

    def _act(self, drawn: Callable[[Tab, str], Iterator[list[Any]]]) -> Callable[..., Iterator[Any]]:
        """Return a handler that does the act of an event, then draws what it changes."""

        def handle(tab: Tab, event: gr.EventData) -> Iterator[Any]:
            parts: list[Any] = []
            for parts in drawn(tab, self._perform(tab, event)):
                yield parts if len(parts) > 1 else parts[0]  # Gradio wants the value itself of a single output
            yield [None] * len(parts) if len(parts) > 1 else None  # Gradio sends the last again, over newer ones

        return handle

    def _perform(self, tab: Tab, event: gr.EventData) -> str:
        values = event._data if isinstance(event._data, dict) else {}  # noqa: SLF001  # its attributes may raise
        return perform(self.page, tab, text(values, "act"), values)

    def open(self, tab: Tab, anchor: str | None, wanted: str | None, request: gr.Request) -> Iterator[list[Any]]:
        """Show a new tab in the reader's language: the conversation in the address, if it is this reader's."""
        headers = {key.lower(): value for key, value in request.headers.items()}
        language = wanted if wanted in LANGUAGES else choose_language(headers.get("accept-language", ""))
        self.page.greet(tab, request.username or browser_name(headers), language, anchor or "")
        for drawn in self.drawing.opened(tab):
            yield [*drawn, *self._said(tab)]

    def speak(self, tab: Tab, event: gr.EventData) -> list[Any]:
        """Show the page in another language; all at once, for a busy browser loses an update that another follows."""
        self._perform(tab, event)
        return [*self.drawing.everything(tab), *self._said(tab)]

    def add_files(self, tab: Tab, files: list[str] | None, kept_back: str | None) -> Iterator[Drawn]:
        """Add what was dropped or chosen."""
        yield from self.drawing.files(tab, [Path(file) for file in files or []], kept_back or "")

    def _said(self, tab: Tab) -> list[Any]:
        """Return the words of Gradio's own components in the reader's language."""
        said = tab.words
        return [
            gr.update(label=said.question_label, placeholder=said.question_hint),
            gr.update(value=said.send),
            gr.update(value=said.stop),
            gr.update(label=said.upload),
            gr.update(label=said.paste_label, placeholder=said.paste_hint),
            gr.update(value=said.paste_button),
        ]


def bridge() -> str:
    """Return what tells our script what each act draws and what a file may hold; Gradio finds its events in it."""
    draws = json.dumps({name: act.draws for name, act in ACTS.items()})
    limits = json.dumps({"bytes": UPLOAD_MEGABYTES << 20, "kinds": ",".join(sorted(SUFFIXES))})
    return f"window.askTheArticle.connect({draws}, {limits}, trigger);"


def _html(name: str) -> _Part:
    return _Part("", elem_id=name, js_on_load=None, apply_default_css=False)
