"""The page in Gradio: components, events, launch. The only file that knows the framework.

Gradio carries the events and streams the answers; what is shown is our own escaped HTML in its HTML components. Clicks
inside that HTML reach the server through one component without a face, the bridge, whose events carry the names and
values of the button's ``data-`` attributes: they are treated as anyone's words.
"""

import logging
import secrets
import threading
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from rag.ingesting import SUFFIXES
from rag.offline import is_this_machine
from ui import acts
from ui.door import Door, Tab
from ui.page import PASTE_CHARACTERS, UPLOAD_MEGABYTES, Page
from ui.serving import Doorkeeper, browser_name, claim, is_any
from ui.words import LANGUAGES, choose_language, words

QUESTION_CHARACTERS = 2000
BRIDGE = "window.askTheArticle.connect((name, data) => trigger(name === 'ask' ? 'ask' : 'act', data));"
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}

Update = dict[Any, Any]


class Chat:
    """The components of the page and what happens when a reader touches them."""

    def __init__(self, door: Door, *, local: bool = True) -> None:
        self.page = Page(door, local=local)
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
        self.bridge = gr.HTML("", js_on_load=BRIDGE, elem_id="bridge", apply_default_css=False)
        self.outbox = _html("outbox")
        self.header = _html("header")
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="turns"):
                    self.past, self.live = _html("past"), _html("live")
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
                    self.stop = gr.Button(said.stop, elem_id="stop", visible=False, scale=0)
            with gr.Column(elem_id="article"):
                self.reader = _html("reader")
        with gr.Column(elem_id="drawer"):
            self.panel = _html("panel")
            with gr.Column(elem_id="adding"):
                self.files = gr.File(
                    label=said.upload, file_count="multiple", file_types=sorted(SUFFIXES), height=150, elem_id="files"
                )
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
        self.conversation = [self.header, self.past, self.live, self.question, self.send, self.stop]
        self.everything = [
            *self.conversation, self.reader, self.panel, self.outbox, self.files, self.paste, self.add, self.anchor,
        ]  # fmt: skip
        greeting = "() => window.askTheArticle.greet()"
        self.blocks.load(self.open, [self.tab, self.anchor, self.wanted], self.everything, js=greeting, **QUIET)
        for trigger in (self.question.submit, self.send.click):
            trigger(self.ask, [self.tab, self.question], self.conversation, **QUIET)
        self.bridge.ask(self.ask_chip, [self.tab], self.conversation, **QUIET)
        self.bridge.act(self.act, [self.tab], self.everything, trigger_mode="multiple", **QUIET)
        self.stop.click(self.stop_answer, [self.tab], None, **QUIET)
        self.files.upload(self.add_files, [self.tab, self.files], self.everything, **QUIET)
        self.add.click(self.add_text, [self.tab, self.paste], self.everything, **QUIET)

    # ── Handlers ────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, tab: Tab, anchor: str, wanted: str, request: gr.Request) -> Iterator[Update]:
        """Show the page for the first time in this tab; take up the conversation it showed before a reload."""
        headers = {key.lower(): value for key, value in request.headers.items()}
        language = wanted if wanted in LANGUAGES else choose_language(headers.get("accept-language", ""))
        self.page.greet(tab, request.username or browser_name(headers), language)
        opening = f'<p class="empty" aria-busy="true">{tab.words.opening}</p>'
        yield {self.header: self.page.header_html(tab), self.reader: opening, **self._said(tab)}
        self.page.open(tab, anchor)
        yield self._whole(tab)
        yield from self._follow(tab, self.page.follow(tab))

    def ask(self, tab: Tab, question: str) -> Iterator[Update]:
        """Answer a question that was typed."""
        yield from self._follow(tab, self.page.ask(tab, question[:QUESTION_CHARACTERS]), {self.question: ""})

    def ask_chip(self, tab: Tab, event: gr.EventData) -> Iterator[Update]:
        """Answer a question that was clicked."""
        yield from self._follow(tab, self.page.ask(tab, acts.text(_values(event), "question", QUESTION_CHARACTERS)))

    def _follow(self, tab: Tab, drafts: Iterator[Any], first: Update | None = None) -> Iterator[Update]:
        """Show an answer as it grows: the turns before it once, then only the turn under way."""
        number = -1
        for number, draft in enumerate(drafts):
            live = {self.live: self.page.live_html(tab, draft)}
            if number == 0:
                header, past = self.page.header_html(tab), self.page.past_html(tab)
                live |= {self.header: header, self.past: past, **(first or {}), **self._buttons(running=True)}
            yield live
        if number >= 0 and tab.running is None:
            yield {self.past: self.page.past_html(tab), self.live: "", **self._buttons(running=False)}

    def act(self, tab: Tab, event: gr.EventData) -> Iterator[Update]:
        """Do what a button in the conversation, the article or a panel says."""
        values = _values(event)
        name = acts.text(values, "act")
        again = name in {"again", "edit"} and bool(tab.drafts) and tab.running is None
        if again:
            tab.editing = True
        if again and name == "edit":
            yield {self.question: tab.drafts[-1].question}
        elif again:
            yield from self._follow(tab, self.page.ask(tab, tab.drafts[-1].question))
        elif name in {"new", "resume"}:
            yield from self._change_conversation(tab, acts.text(values, "conversation"))
        else:
            pictures = acts.perform(self.page, tab, name, values)
            spoken = self._said(tab) if name == "language" else {self.anchor: gr.skip()}
            yield {**self._drawn(pictures), **spoken}

    def _change_conversation(self, tab: Tab, identifier: str) -> Iterator[Update]:
        self.page.begin(tab)
        if identifier:
            self.page.resume(tab, identifier)
        yield {self.live: "", **self._buttons(running=False), **self._whole(tab)}
        yield from self._follow(tab, self.page.follow(tab))

    def stop_answer(self, tab: Tab) -> None:
        """Stop the answer under way."""
        self.page.stop(tab)

    def add_files(self, tab: Tab, files: list[str] | None) -> Iterator[Update]:
        """Add what was dropped or chosen."""
        paths = [Path(file) for file in files or []]
        wanted = [path for path in paths if path.suffix.lower() in SUFFIXES]
        yield from self._added(tab, self.page.add_files(tab, wanted), {self.files: None})

    def add_text(self, tab: Tab, text: str) -> Iterator[Update]:
        """Add what was pasted."""
        if text.strip():
            yield from self._added(tab, self.page.add_text(tab, text), {self.paste: ""})

    def _added(self, tab: Tab, told: Iterator[str], cleared: Update) -> Iterator[Update]:
        notice = ""
        for notice in told:
            yield {self.panel: self.page.panel_html(tab, notice)}
        yield {**cleared, **self._whole(tab, notice)}

    def _whole(self, tab: Tab, notice: str = "") -> Update:
        return self._drawn(acts.whole(self.page, tab, notice))

    def _drawn(self, pictures: acts.Pictures) -> Update:
        return {getattr(self, name): html for name, html in pictures.items()}

    def _said(self, tab: Tab) -> Update:
        """Return Gradio's own components in the reader's language."""
        said = tab.words
        return {
            self.question: gr.update(label=said.question_label, placeholder=said.question_hint),
            self.send: gr.update(value=said.send),
            self.stop: gr.update(value=said.stop),
            self.files: gr.update(label=said.upload),
            self.paste: gr.update(label=said.paste_label, placeholder=said.paste_hint),
            self.add: gr.update(value=said.paste_button),
        }

    def _buttons(self, *, running: bool) -> Update:
        return {self.send: gr.update(visible=not running), self.stop: gr.update(visible=running)}


def create_app(workspace: Door, *, local: bool = True) -> gr.Blocks:
    """Return the page over a workspace, not yet served; ``local`` when only this machine will reach it."""
    return Chat(workspace, local=local).blocks


def launch(
    workspace: Door,
    *,
    port: int = 7860,
    host: str = "127.0.0.1",
    open_browser: bool = False,
    auth: tuple[str, str] | None = None,
) -> tuple[gr.Blocks, str]:
    """Serve the page in the background; return it and its address.

    Beyond this machine the page opens only with a token, which is part of the address.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    claim(host, port)
    local = is_this_machine(host) and not is_any(host)
    token = "" if local else secrets.token_urlsafe(18)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    blocks = create_app(workspace, local=local)
    blocks.launch(
        server_name=host,
        server_port=port,
        auth=auth,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        run_history=False,
        footer_links=[],
        enable_monitoring=False,
        ssr_mode=False,
        max_threads=200,
        max_file_size=f"{UPLOAD_MEGABYTES}mb",
        theme=gr.themes.Base(),
        app_kwargs={
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
            "middleware": [Middleware(Doorkeeper, local=local, token=token)],
        },
    )
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{port}/" + (f"?token={token}" if token else "")
    if open_browser:
        webbrowser.open(address)
    return blocks, address


def main(
    workspace: Door,
    *,
    port: int = 7860,
    open_browser: bool = True,
    host: str = "127.0.0.1",
    auth: tuple[str, str] | None = None,
) -> None:
    """Serve the page until the person interrupts.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    blocks, address = launch(workspace, port=port, host=host, open_browser=open_browser, auth=auth)
    print(f"{words('fr').app}: {address}", flush=True)  # noqa: T201  # the one line a person needs
    if "token=" in address:
        print("Other machines can reach this page. Whoever has this address can ask and add articles.")  # noqa: T201
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        blocks.close(verbose=False)


def _html(name: str) -> gr.HTML:
    return gr.HTML("", elem_id=name, js_on_load=None, apply_default_css=False)


def _values(event: gr.EventData) -> acts.Values:
    """Return what an event brought; its own attribute access raises on absent names."""
    return event._data if isinstance(event._data, dict) else {}  # noqa: SLF001
