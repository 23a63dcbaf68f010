"""The page in Gradio, as far as it goes without a browser."""

import re
import socket
import subprocess
import sys

import pytest
from support.pages import opened

from rag.errors import SettingsError
from ui.drawing import Drawing
from ui.tab import Tab


def test_a_taken_port_is_one_sentence_and_a_free_one(door):
    from ui.app import launch

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"The port {port} on 127.0.0.1 is taken.") as caught:
            launch(door, port=port)
    assert re.fullmatch(r"rag chat --port \d+", caught.value.remedy)
    assert str(port) not in caught.value.remedy


def test_closing_what_is_served_ends_what_the_page_does(door, monkeypatch):
    from ui import app

    server = app.listen("127.0.0.1", 0)
    monkeypatch.setattr(app, "listen", lambda *_: server)
    chat, _ = app._serve(door, port=server.getsockname()[1], host="127.0.0.1", open_browser=False, auth=None)
    tab = opened(chat.page)
    next(chat.page.ask(tab, "Lent ?"))
    chat.blocks.close(verbose=False)
    assert tab.running.over
    assert list(chat.page.cards.follow(tab.library, tab.shown)) == []


def test_gradio_is_imported_without_writing_its_stubs():
    program = "import ui.app, gradio.component_meta as meta; print(meta.create_or_modify_pyi.__module__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ui.gradio_without_stubs"


def test_what_the_first_question_needs_is_loaded_once(page, door):
    for _ in range(2):
        page.warm_up()
    page._warming.join(5)
    assert door.warmed == 1


def test_nothing_is_done_after_the_page_is_drawn_since_gradio_draws_it_once_more_at_the_end(page, door):
    drawing, tab = Drawing(page), Tab()
    assert len(list(drawing.opened(tab))) > 1
    assert door.warmed == 0
    list(drawing.ahead(tab))
    page._warming.join(5)
    assert door.warmed == 1
