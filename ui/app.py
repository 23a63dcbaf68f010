"""The page in Gradio: components, events, launch. The only file that knows the framework."""

import logging
import socket
import threading
import webbrowser
from collections.abc import Iterator
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from rag.errors import SettingsError
from ui.page import Door, Page, Tab
from ui.serving import Doorkeeper, browser_name
from ui.words import LANGUAGES, choose_language, words

UPLOAD_MEGABYTES = 20
BRIDGE = "window.askTheArticle.connect((name, data) => trigger(name === 'ask' ? 'ask' : 'act', data));"

Update = dict[Any, Any]


class Chat:
    """The components of the page and what happens when a reader touches them."""

    def __init__(self, door: Door) -> None:
        self.page = Page(door)
        with gr.Blocks(title=words("fr").app, fill_height=True, fill_width=True, analytics_enabled=False) as blocks:
            self._lay_out()
            self._connect(blocks)
        self.blocks = blocks

    def _lay_out(self) -> None:
        said = words("fr")
        self.tab = gr.State(Tab())
        self.hash = gr.Textbox(visible=False)
        self.wanted = gr.Textbox(visible=False)
        self.bridge = gr.HTML("", js_on_load=BRIDGE, elem_id="bridge", apply_default_css=False)
        self.header = gr.HTML("", elem_id="header", js_on_load=None, apply_default_css=False)
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="turns"):
                    self.past = gr.HTML("", elem_id="past", js_on_load=None, apply_default_css=False)
                    self.live = gr.HTML("", elem_id="live", js_on_load=None, apply_default_css=False)
                with gr.Row(elem_id="composer"):
                    self.question = gr.Textbox(
                        label=said.question_label,
                        placeholder=said.question_hint,
                        lines=1,
                        max_lines=6,
                        max_length=2000,
                        autofocus=True,
                        container=False,
                        elem_id="question-box",
                        scale=1,
                    )
                    self.send = gr.Button(said.send, elem_id="send", variant="primary", scale=0)
                    self.stop = gr.Button(said.stop, elem_id="stop", visible=False, scale=0)
            with gr.Column(elem_id="article"):
                self.reader = gr.HTML("", elem_id="reader", js_on_load=None, apply_default_css=False)

    def _connect(self, blocks: gr.Blocks) -> None:
        everything = [
            self.header, self.past, self.live, self.reader, self.question, self.send, self.stop,
        ]  # fmt: skip
        quiet = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
        blocks.load(
            self.open,
            [self.tab, self.hash, self.wanted],
            everything,
            js="() => window.askTheArticle.greet()",
            **quiet,
        )
        for trigger in (self.question.submit, self.send.click):
            trigger(self.ask, [self.tab, self.question], everything, **quiet)
        self.bridge.ask(self.ask_chip, [self.tab], everything, **quiet)
        self.bridge.act(self.act, [self.tab], everything, trigger_mode="multiple", **quiet)
        self.stop.click(self.stop_answer, [self.tab], None, **quiet)

    # ── Handlers ────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, tab: Tab, _anchor: str, wanted: str, request: gr.Request) -> Iterator[Update]:
        """Show the page for the first time, in the reader's language."""
        headers = {key.lower(): value for key, value in request.headers.items()}
        language = wanted if wanted in LANGUAGES else choose_language(headers.get("accept-language", ""))
        self.page.open(tab, browser_name(headers), language)
        yield self._whole(tab)

    def ask(self, tab: Tab, question: str) -> Iterator[Update]:
        """Answer a question that was typed."""
        for number, draft in enumerate(self.page.ask(tab, question)):
            if number == 0:
                first = {self.past: self.page.past_html(tab), self.question: "", **self._buttons(running=True)}
                yield {**first, self.live: self.page.live_html(tab, draft)}
            else:
                yield {self.live: self.page.live_html(tab, draft)}
        if tab.running is None:
            yield {self.past: self.page.past_html(tab), self.live: "", **self._buttons(running=False)}

    def ask_chip(self, tab: Tab, event: gr.EventData) -> Iterator[Update]:
        """Answer a question that was clicked."""
        yield from self.ask(tab, str(event.question))

    def act(self, tab: Tab, event: gr.EventData) -> Iterator[Update]:
        """Do what a button in the conversation, the article or a panel says."""
        match event.act:
            case "language":
                tab.words = words(str(event.language))
                yield self._whole(tab)
            case "show":
                self.page.show(tab, str(event.article))
                yield {self.reader: self.page.reader_html(tab)}
            case "again" if tab.drafts and tab.running is None:
                tab.editing = True
                yield from self.ask(tab, tab.drafts[-1].question)
            case "edit" if tab.drafts and tab.running is None:
                tab.editing = True
                yield {self.question: tab.drafts[-1].question}
            case "rate":
                self.page.rate(tab, int(event.turn), str(event.rating))
                yield {self.past: self.page.past_html(tab)}
            case "earlier":
                tab.first = 0
                yield {self.past: self.page.past_html(tab)}
            case _:
                yield {}

    def stop_answer(self, tab: Tab) -> None:
        """Stop the answer under way."""
        self.page.stop(tab)

    def _whole(self, tab: Tab) -> Update:
        said = tab.words
        return {
            self.header: self.page.header_html(tab),
            self.past: self.page.past_html(tab),
            self.reader: self.page.reader_html(tab),
            self.question: gr.update(label=said.question_label, placeholder=said.question_hint),
            self.send: gr.update(value=said.send),
            self.stop: gr.update(value=said.stop),
        }

    def _buttons(self, *, running: bool) -> Update:
        return {self.send: gr.update(visible=not running), self.stop: gr.update(visible=running)}


def create_app(workspace: Door) -> gr.Blocks:
    """Return the page over a workspace, not yet served."""
    return Chat(workspace).blocks


def launch(
    workspace: Door, *, port: int = 7860, host: str = "127.0.0.1", open_browser: bool = False
) -> tuple[gr.Blocks, str]:
    """Serve the page in the background; return it and its address.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    _claim(host, port)
    blocks = create_app(workspace)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    blocks.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        inbrowser=False,
        share=False,
        show_error=False,
        run_history=False,
        footer_links=[],
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        max_threads=200,
        max_file_size=f"{UPLOAD_MEGABYTES}mb",
        theme=gr.themes.Base(),
        app_kwargs={
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
            "middleware": [Middleware(Doorkeeper)],
        },
    )
    address = f"http://{host}:{port}/"
    if open_browser:
        webbrowser.open(address)
    return blocks, address


def main(workspace: Door, *, port: int = 7860, open_browser: bool = True, host: str = "127.0.0.1") -> None:
    """Serve the page until the person interrupts.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    blocks, address = launch(workspace, port=port, host=host, open_browser=open_browser)
    print(f"{words('fr').app}: {address}")  # noqa: T201  # the one line a person needs
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        blocks.close()


def _claim(host: str, port: int) -> None:
    """Fail with a sentence when the port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            with socket.socket() as other:
                other.bind(("127.0.0.1", 0))
                free = other.getsockname()[1]
            raise SettingsError(f"The port {port} on {host} is taken.", f"rag chat --port {free}") from None
