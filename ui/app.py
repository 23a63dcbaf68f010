"""The page in Gradio: components, events, launch. The only file that knows the framework.

Gradio carries the events and streams the answers; what is shown is our own escaped HTML in its HTML components. Clicks
inside that HTML reach the server through one component without a face, the bridge, whose events carry the names and
values of the button's ``data-`` attributes: they are treated as anyone's words.

Every handler gives each of its outputs a plain value each time, the old one where nothing changed. Gradio's ``skip()``
and ``update()`` make a new component on the server at each yield and keep the values of the old ones: measured, 0.4 MB
a turn. Only the few words of Gradio's own components are updated so, when a tab opens or changes its language.
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

from rag.offline import is_this_machine
from rag.reading import SUFFIXES
from ui import acts
from ui.door import Door, Tab
from ui.page import Page
from ui.server.serving import Doorkeeper, browser_name, claim, is_any
from ui.shelf import PASTE_CHARACTERS, UPLOAD_MEGABYTES
from ui.words.choosing import LANGUAGES, choose_language, words

QUESTION_CHARACTERS = 2000
BRIDGE = """
const events = ['ask', 'show', 'turn', 'panel', 'models', 'whole', 'language'];  // Gradio knows an event by its quotes
window.askTheArticle.connect((name, data) => events.includes(name) && trigger(name, data));
"""
CLEARED = "question => document.querySelector('#live [aria-busy=true]') ? question : ''"
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}

Drawn = list[str]


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
                self.ahead = _html("ahead")
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
        turns = [self.header, self.past, self.live]
        self.whole = [*turns, self.reader, self.panel]
        self.own = [self.question, self.send, self.stop, self.files, self.paste, self.add]
        greeting = "() => window.askTheArticle.greet()"
        opened = self.blocks.load(
            self.open,
            [self.tab, self.anchor, self.wanted],
            [*self.whole, *self.own],
            js=greeting,
            **QUIET,
        )
        for trigger in (self.question.submit, self.send.click):
            trigger(self.ask, [self.tab, self.question], turns, **QUIET)
            trigger(None, [self.question], [self.question], js=CLEARED, **QUIET)
        self.stop.click(self.stop_answer, [self.tab], None, **QUIET)
        often = {"trigger_mode": "multiple", **QUIET}
        self.bridge.ask(self.ask_clicked, [self.tab], turns, **QUIET)
        self.bridge.show(self.show, [self.tab], [self.reader], **often)
        self.bridge.turn(self.act_on_turns, [self.tab], [self.past], **often)
        self.bridge.panel(self.act_in_panel, [self.tab], [self.panel, self.outbox], **often)
        models = [self.header, self.panel, self.fetching]
        chosen = self.bridge.models(self.act_on_models, [self.tab], models, **often)
        moved = self.bridge.whole(self.act_on_all, [self.tab], self.whole, **often)
        self.bridge.language(self.speak, [self.tab], [*self.whole, *self.own], **often)
        uploaded = self.files.upload(self.add_files, [self.tab, self.files], self.whole, **QUIET)
        uploaded.then(None, None, [self.files], js="() => null", **QUIET)
        pasted = self.add.click(self.add_text, [self.tab, self.paste], self.whole, **QUIET)
        pasted.then(None, None, [self.paste], js="() => ''", **QUIET)
        for event in (opened, chosen, moved, uploaded, pasted):
            event.then(self.read_ahead, [self.tab], [self.ahead], **often)

    # ── Handlers ────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, tab: Tab, anchor: str, wanted: str, request: gr.Request) -> Iterator[list[Any]]:
        """Show the bar of a new tab at once, in the reader's language, then the article and the conversation.

        Opening the article may take a while: the first time, its index is built. An answer that was under way before a
        reload is followed here, since a second event could draw over what the reader has opened meanwhile.
        """
        headers = {key.lower(): value for key, value in request.headers.items()}
        language = wanted if wanted in LANGUAGES else choose_language(headers.get("accept-language", ""))
        self.page.greet(tab, request.username or browser_name(headers), language, anchor)
        opening = f'<p class="empty" aria-busy="true">{tab.words.opening}</p>'
        yield [self.page.header_html(tab), "", "", opening, "", *self._said(tab)]
        self.page.open(tab)
        for drawn in self._follow_all(tab):
            yield [*drawn, *self._said(tab)]
            self.page.warm_up()

    def read_ahead(self, tab: Tab) -> Iterator[str]:
        """Let the model read the article that would be asked, and show how far it is."""
        for _ in self.page.read_ahead(tab):
            yield self.page.ahead_html(tab)
        yield self.page.ahead_html(tab)

    def ask(self, tab: Tab, question: str) -> Iterator[Drawn]:
        """Answer a question: the turns before it are drawn once, the turn under way as it grows."""
        past = None
        for draft in self.page.ask(tab, question[:QUESTION_CHARACTERS]):
            if past is None:
                header, past = self.page.header_html(tab), self.page.past_html(tab)
            yield [header, past, self.page.live_html(tab, draft)]
        yield [self.page.header_html(tab), self.page.past_html(tab), self.page.live_html(tab)]

    def ask_clicked(self, tab: Tab, event: gr.EventData) -> Iterator[Drawn]:
        """Answer an example, or the last question again."""
        values = _values(event)
        question = acts.text(values, "ask", QUESTION_CHARACTERS)
        if not question and tab.drafts and tab.running is None:
            tab.editing, question = True, tab.drafts[-1].question
        yield from self.ask(tab, question)

    def stop_answer(self, tab: Tab) -> None:
        """Stop the answer under way."""
        self.page.stop(tab)

    def show(self, tab: Tab, event: gr.EventData) -> str:
        """Show another article."""
        acts.perform(self.page, tab, "show", _values(event))
        return self.page.reader_html(tab)

    def act_on_turns(self, tab: Tab, event: gr.EventData) -> str:
        """Do what changes the turns: rate an answer, show earlier ones, edit the last question."""
        values = _values(event)
        acts.perform(self.page, tab, acts.text(values, "act"), values)
        return self.page.past_html(tab)

    def act_in_panel(self, tab: Tab, event: gr.EventData) -> Drawn:
        """Do what changes the panel, or saves a file."""
        values = _values(event)
        name = acts.text(values, "act")
        outbox = acts.perform(self.page, tab, name, values)
        return [self.page.panel_html(tab), outbox]

    def act_on_models(self, tab: Tab, event: gr.EventData) -> Iterator[Drawn]:
        """Show the models, choose one, install one or stop that; follow the download that is under way."""
        values = _values(event)
        acts.perform(self.page, tab, acts.text(values, "act"), values)
        under_way = bool(self.page.models.downloading)
        drawn = [self.page.header_html(tab), self.page.panel_html(tab)]
        yield [*drawn, self.page.fetching_html(tab)]
        for fetched in self.page.models.follow(tab) if under_way else ():
            if fetched.over:
                drawn = [self.page.header_html(tab), self.page.panel_html(tab)]
            yield [*drawn, self.page.fetching_html(tab)]

    def act_on_all(self, tab: Tab, event: gr.EventData) -> Iterator[Drawn]:
        """Do what changes the whole page, and follow the answer that is under way in what is then shown."""
        values = _values(event)
        acts.perform(self.page, tab, acts.text(values, "act"), values)
        yield from self._follow_all(tab)

    def speak(self, tab: Tab, event: gr.EventData) -> list[Any]:
        """Change the language."""
        acts.perform(self.page, tab, "language", _values(event))
        return [*self._whole(tab), *self._said(tab)]

    def add_files(self, tab: Tab, files: list[str] | None) -> Iterator[Drawn]:
        """Add what was dropped or chosen."""
        paths = [Path(file) for file in files or []]
        wanted = [path for path in paths if path.suffix.lower() in SUFFIXES]
        yield from self._added(tab, self.page.shelf.add_files(tab, wanted))

    def add_text(self, tab: Tab, text: str) -> Iterator[Drawn]:
        """Add what was pasted."""
        yield from self._added(tab, self.page.shelf.add_text(tab, text) if text.strip() else iter(()))

    # ── Pictures ────────────────────────────────────────────────────────────────────────────────────────────────

    def _added(self, tab: Tab, told: Iterator[str]) -> Iterator[Drawn]:
        before, notice = self._whole(tab), ""
        for notice in told:
            yield [*before[:-1], self.page.panel_html(tab, notice)]
        yield self._whole(tab, notice)

    def _follow_all(self, tab: Tab) -> Iterator[Drawn]:
        drawn = self._whole(tab)
        yield drawn
        if tab.running:
            for draft in self.page.follow(tab):
                yield [*drawn[:2], self.page.live_html(tab, draft), *drawn[3:]]
            yield self._whole(tab)

    def _whole(self, tab: Tab, notice: str = "") -> Drawn:
        page = self.page
        turns = [page.header_html(tab), page.past_html(tab), page.live_html(tab)]
        return [*turns, page.reader_html(tab), page.panel_html(tab, notice)]

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
    chat, address = _serve(workspace, port=port, host=host, open_browser=open_browser, auth=auth)
    return chat.blocks, address


def _serve(
    workspace: Door, *, port: int, host: str, open_browser: bool, auth: tuple[str, str] | None
) -> tuple[Chat, str]:
    claim(host, port)
    local = is_this_machine(host) and not is_any(host)
    token = "" if local else secrets.token_urlsafe(18)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    chat = Chat(workspace, local=local)
    chat.blocks.launch(
        server_name=host,
        server_port=port,
        auth=auth,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        run_history=False,
        footer_links=[],
        _frontend=False,  # it need not try whether it can reach its own page, which wants a token
        ssl_verify=False,  # Gradio asks its own address whether it is up, and would read every certificate for that
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
    return chat, address


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
    chat, address = _serve(workspace, port=port, host=host, open_browser=open_browser, auth=auth)
    print(f"{words('fr').app}: {address}", flush=True)  # noqa: T201  # the one line a person needs
    if "token=" in address:
        print("Other machines can reach this page. Whoever has this address can ask and add articles.")  # noqa: T201
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        chat.blocks.close(verbose=False)
        chat.page.close()


def _html(name: str) -> gr.HTML:
    return gr.HTML("", elem_id=name, js_on_load=None, apply_default_css=False)


def _values(event: gr.EventData) -> acts.Values:
    """Return what an event brought; its own attribute access raises on absent names."""
    return event._data if isinstance(event._data, dict) else {}  # noqa: SLF001
