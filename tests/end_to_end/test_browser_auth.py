"""The page with a name and a password: nothing is told to who lacks them, everything works for who has them."""

import pytest
from support.browser import Watch, ask, expect, finished, free_port
from support.fake_door import HARBOUR, QUOTE

from rag.conversations import Conversations
from ui.app import launch

pytestmark = pytest.mark.browser

REFUSED = "the server responded with a status of 4"  # what Chromium writes of the refusals that are tested


@pytest.fixture
def address(door):
    """Give the address of a page that asks for a name and a password."""
    blocks, address = launch(door, port=free_port(), auth=("marie", "phare"))
    yield address
    blocks.close(verbose=False)


@pytest.fixture
def page(chrome, address):
    context = chrome.new_context(locale="fr-FR")
    context.set_default_timeout(60_000)
    watch = Watch(forgiven=(REFUSED,)).over(context)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()
    assert not watch.foreign + watch.errors


def log_in(page, password):
    name, secret = page.locator("input:not([type=password]), textarea").first, page.locator("input[type=password]")
    name.fill("marie")
    secret.fill(password)
    page.get_by_role("button").first.click()


def test_without_the_password_nothing_is_told(page, address, door):
    page.locator("input[type=password]").wait_for()
    expect(page.locator("#reader, #header, #question-box")).to_have_count(0)
    served = page.content() + page.request.get(address).text()
    assert HARBOUR.partition("\n")[0] not in served
    root = page.evaluate("window.gradio_config.root")
    for path in ("/gradio_api/queue/join", "/gradio_api/upload"):
        sent = {"fn_index": 0, "data": [None, "", ""], "session_hash": "a"}  # as the page does when it opens
        assert page.request.post(root + path, data=sent).status == 401
    log_in(page, "wrong")
    page.get_by_text("Incorrect").wait_for()
    expect(page.locator("#reader")).to_have_count(0)
    assert door.asked == []


def test_with_it_the_page_answers_and_knows_the_reader(page, door):
    log_in(page, "phare")
    page.locator("body.settled").wait_for(state="attached")
    ask(page, "Quelle est la longueur de la digue ?")
    assert QUOTE in finished(page).inner_text()
    (kept,) = Conversations(door.settings.conversations).listed("marie")
    assert kept.turns == 1
