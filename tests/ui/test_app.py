"""The page without a browser: its tabs, its answers under way, its door, its launch."""

import asyncio
import re
import socket
import subprocess
import sys
import threading

import pytest
from support.fake_door import FakeDoor, Step

from rag.errors import ModelError, SettingsError
from rag.events import Finished, Retrieved, Token, Working
from rag.values import Answer, Evidence
from ui.acts import perform
from ui.door import Tab
from ui.html.models import progress_html
from ui.html.turns import Draft
from ui.live.ahead import Ahead, Place
from ui.live.fetching import Download, Fetched
from ui.live.running import Running
from ui.page import Page
from ui.server.serving import Doorkeeper, browser_name, dress, policy
from ui.words.french import FRENCH


@pytest.fixture
def door(tmp_path):
    return FakeDoor(tmp_path)


@pytest.fixture
def page(door):
    return Page(door)


def opened(page, reader="a" * 32, language="fr"):
    tab = Tab()
    page.greet(tab, reader, language)
    page.open(tab)
    return tab


# ── Tabs ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_question_becomes_a_turn_and_the_next_one_knows_it(page, door):
    tab = opened(page)
    drafts = list(page.ask(tab, "  La\ndigue ? "))
    assert drafts[-1].done
    assert [draft.question for draft in tab.drafts] == ["La digue ?"]
    list(page.ask(tab, "Et la lune ?"))
    _, history, _ = door.asked[-1]
    assert [turn.question for turn in history] == ["La digue ?"]
    assert history[0].answer.startswith("Réponse 1")


def test_an_empty_question_asks_nothing(page, door):
    assert list(page.ask(opened(page), " \n ")) == []
    assert door.asked == []


def test_a_second_question_does_not_disturb_the_answer_under_way(page, door):
    tab = opened(page)
    first = page.ask(tab, "Lent ?")
    next(first)
    assert list(page.ask(tab, "La digue ?")) == []
    door.go.set()
    assert list(first)[-1].answer.text == "Un début et une fin."
    assert len(door.asked) == 1


def test_stopping_keeps_what_was_written_and_closes_the_stream(page, door):
    tab = opened(page)
    drafts = page.ask(tab, "Lent ?")
    for draft in drafts:
        if draft.text:
            page.stop(tab)
            break
    last = list(drafts)[-1]
    assert last.answer.stopped
    assert last.answer.text == "Un début "
    assert door.closed.wait(5)
    assert "Réponse arrêtée." in page.past_html(tab)


def test_an_error_is_shown_as_a_sentence_and_the_conversation_goes_on(page):
    tab = opened(page)
    assert list(page.ask(tab, "Panne ?"))[-1].problem.remedy == "rag verify exemple"
    assert list(page.ask(tab, "La digue ?"))[-1].answer


def test_an_unforeseen_error_shows_no_detail(page, monkeypatch):
    def broken(*_, **__):
        yield Token("Oui")
        raise KeyError("/secret/path")

    monkeypatch.setattr(page.door, "answer", broken)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    tab = opened(page)
    last = list(page.ask(tab, "La digue ?"))[-1]
    assert last.problem.message == tab.words.went_wrong
    assert "secret" not in page.past_html(tab)


def test_two_tabs_do_not_see_each_other(page):
    one, two = opened(page), opened(page, "b" * 32, "en")
    list(page.ask(one, "La digue ?"))
    assert two.drafts == []
    assert "digue mesure" not in page.past_html(two)
    assert "Ask a question" in page.past_html(two)


def test_only_an_article_of_the_library_can_be_opened(page, door):
    tab = opened(page)
    shown = tab.shown
    page.shelf.show(tab, "../../etc/passwd")
    assert tab.shown == shown
    other = list(door.kept)[1]
    page.shelf.show(tab, other)
    assert f'data-article="{other}"' in page.reader_html(tab)


# ── Answers under way ───────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_goes_on_without_anyone_looking_and_is_kept(door):
    kept = []
    running = Running(Draft("Lent ?"), lambda: door.answer("Lent ?", library="exemple"), kept.append, "Hélas.").start()
    door.go.set()
    running.join(5)
    assert kept[-1].answer.text == "Un début et une fin."
    assert [draft.answer.text for draft in running.follow()] == ["Un début et une fin."]


def test_two_followers_see_the_same_answer(door):
    running = Running(
        Draft("Lent ?"), lambda: door.answer("Lent ?", library="exemple"), lambda _: None, "Hélas."
    ).start()
    one, two = running.follow(), running.follow()
    next(one), next(two)
    door.go.set()
    assert list(one)[-1] is list(two)[-1]


# ── Reading ahead ───────────────────────────────────────────────────────────────────────────────────────────────

PLACE = Place("petit", "exemple", "a")


@pytest.fixture
def reading(page, door):
    """Give a page over a language model, with a tab that asks the first article and has begun to have it read."""
    door.language_model = True
    tab = opened(page)
    perform(page, tab, "scope", {"scope": next(iter(door.kept))})
    follow = page.read_ahead(tab)
    until(page, tab, "50", follow)
    return tab, follow


def until(page, tab, said, follow):
    """Follow a reading until the line above the question says something."""
    next(found for _ in follow if said in (found := page.ahead_html(tab)))


def test_the_article_is_read_before_the_first_question_and_once(page, door, reading):
    tab, follow = reading
    assert "Lecture de l’article… 50" in page.ahead_html(tab)
    other = opened(page, "b" * 32, "en")
    perform(page, other, "scope", {"scope": tab.scope})
    second = page.read_ahead(other)
    until(page, other, "Reading the article… 50%", second)
    door.read.set()
    list(follow), list(second)
    assert page.ahead_html(tab) == page.ahead_html(other) == ""
    assert list(page.read_ahead(tab)) == []
    assert door.prepared == [tab.scope]


def test_a_question_goes_before_the_reading_which_goes_on_afterwards(page, door, reading):
    tab, follow = reading
    answer = page.ask(tab, "Lent ?")
    next(answer)
    assert door.stepped_aside.wait(5)
    page.ahead.join(5)
    assert page.ahead_html(tab) == ""
    door.go.set()
    assert list(answer)[-1].answer.text == "Un début et une fin."
    until(page, tab, "50", follow)
    door.read.set()
    list(follow)
    assert door.prepared == [tab.scope] * 2


def test_what_an_answer_has_read_whole_is_not_read_again(page, door, reading, monkeypatch):
    def answer(question, *_, **__):
        yield Retrieved(question, (), Evidence((), {}, 0.9, sufficient=True), whole_article=True)
        yield Working("queued", position=2)
        yield Finished(Answer(question, "Oui.", False, "petit"))

    monkeypatch.setattr(door, "answer", answer)
    tab, follow = reading
    assert list(page.ask(tab, "La digue ?"))[-1].answer
    list(follow)
    assert list(page.read_ahead(tab)) == []
    assert door.prepared == [tab.scope]


def test_the_place_in_the_queue_does_not_count_the_reading():
    go = threading.Event()

    def reading(_):
        try:
            while not go.wait(0.01):
                yield Working("reading", 0.5)
        finally:
            go.wait(5)  # llama.cpp has not heard of it yet

    ahead = Ahead(reading)
    wish = ahead.wish(PLACE)
    follow = ahead.follow(wish)
    next(working for _ in follow if (working := ahead.progress(wish)))
    queued = [Working("queued", position=2), Working("queued", position=1)]
    assert list(ahead.answered(PLACE, iter(queued))) == queued[:1]
    go.set()
    list(follow)
    assert list(ahead.answered(PLACE, iter(queued))) == queued


def test_the_reading_stops_when_the_reader_moves_to_another_article_or_leaves(page, door, reading):
    tab, follow = reading
    first, second = list(door.kept)[:2]
    perform(page, tab, "scope", {"scope": second})
    moved = page.read_ahead(tab)
    until(page, tab, "50", moved)
    list(follow)
    assert door.prepared == [first, second]
    moved.close()
    page.ahead.join(5)
    assert door.stepped_aside.is_set()
    assert page.ahead_html(tab) == ""


def test_articles_of_several_readers_are_read_one_after_the_other(page, door, reading):
    tab, follow = reading
    other = opened(page, "b" * 32)
    perform(page, other, "scope", {"scope": list(door.kept)[1]})
    second = page.read_ahead(other)
    next(second)
    assert door.prepared == [tab.scope]
    assert page.ahead_html(other) == ""
    door.read.set()
    list(follow), list(second)
    assert door.prepared == list(door.kept)[:2]


def test_quotes_read_nothing_ahead_nor_does_a_question_to_all_articles(page, door):
    tab = opened(page)
    assert list(page.read_ahead(tab)) == []
    door.language_model = True
    assert tab.scope == ""
    assert list(page.read_ahead(tab)) == []
    assert door.prepared == []


def test_closing_stops_answers_and_readings_and_begins_none(page, door, reading):
    tab, follow = reading
    answer = page.ask(tab, "Lent ?")
    next(answer)
    page.close()
    assert door.stepped_aside.is_set()
    assert door.closed.is_set()
    assert list(answer)[-1].answer.stopped
    list(follow)
    assert door.prepared == [tab.scope]


def test_a_model_that_cannot_read_ahead_leaves_the_page_as_it_is(page, door, monkeypatch):
    def broken(**_):
        yield Working("reading", 0.5)
        raise ModelError("The model needs 9 GB of memory.", "rag models list")

    monkeypatch.setattr(door, "prepare", broken)
    door.language_model = True
    tab = opened(page)
    perform(page, tab, "scope", {"scope": next(iter(door.kept))})
    list(page.read_ahead(tab))
    assert page.ahead_html(tab) == ""
    assert list(page.ask(tab, "La digue ?"))[-1].answer


# ── Models ──────────────────────────────────────────────────────────────────────────────────────────────────────


def models_of(page, tab):
    tab.panel = "models"
    return page.panel_html(tab)


def test_what_answers_is_switched_and_the_panel_says_so(page, door):
    tab = opened(page)
    assert 'data-model="petit"' in models_of(page, tab)
    perform(page, tab, "choose", {"model": "petit"})
    assert door.model == "petit"
    assert "Répond désormais\u202f: petit" in models_of(page, tab)
    assert "petit" in page.header_html(tab)
    perform(page, tab, "choose", {"model": ""})
    assert not door.language_model
    perform(page, tab, "choose", {"model": "../../etc"})
    assert "is not installed" in models_of(page, tab)


def test_a_download_is_followed_to_its_end_and_answers_then(page, door):
    tab = opened(page)
    assert 'data-act="install" data-model="ministral-3-3b"' in models_of(page, tab)
    assert 'data-act="install" data-model="enorme"' not in models_of(page, tab)
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    follow = page.models.follow(tab)
    next(follow)
    assert 'data-act="cancel"' in models_of(page, tab)
    assert 'data-act="install"' not in models_of(page, tab)
    assert "En ligne pour un téléchargement" in page.header_html(tab)
    tab.panel = "offline"
    assert "Le téléchargement de ministral-3-3b" in page.panel_html(tab)
    tab.panel = "models"
    door.arrived.set()
    *_, last = follow
    assert last.over
    assert door.model == "ministral-3-3b"
    assert "Installé et vérifié" in models_of(page, tab)
    assert page.fetching_html(tab) == ""
    assert "Hors ligne" in page.header_html(tab)


def test_a_download_is_stopped_and_begun_again(page, door):
    tab = opened(page)
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    perform(page, tab, "cancel", {})
    page.models.download.join(5)
    assert door.closed.is_set()
    assert "ce qui est arrivé est gardé" in models_of(page, tab)
    assert door.installed == ["petit"]
    door.arrived.set()
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    page.models.download.join(5)
    assert door.installed == ["petit", "ministral-3-3b"]


def test_a_download_that_fails_is_a_sentence_with_the_next_step_and_no_path(page, door):
    tab = opened(page)
    door.broken_off.set()
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    page.models.download.join(5)
    said = models_of(page, tab)
    assert "The download broke off at 50 %" in said
    assert "Appuyez sur Installer pour reprendre" in said
    assert "/home" not in said


def test_a_second_look_at_the_models_ends_the_first(page, door):
    tab = opened(page)
    models_of(page, tab)
    perform(page, tab, "install", {"model": "ministral-3-3b"})
    first, second = page.models.follow(tab), page.models.follow(tab)
    next(first), next(second)
    assert list(first) == []
    door.arrived.set()
    assert list(second)[-1].over


def test_beyond_this_machine_nobody_switches_or_installs(door):
    page = Page(door, local=False)
    tab = opened(page)
    for name, values in (("choose", {"model": "petit"}), ("install", {"model": "ministral-3-3b"})):
        perform(page, tab, name, values)
    assert not door.language_model
    assert page.models.download is None
    assert 'data-act="choose"' not in models_of(page, tab)
    assert 'data-act="install"' not in models_of(page, tab)


def test_the_rate_is_that_of_the_last_seconds():
    now = iter([0.0, 1.0, 2.0, 10.0])
    steps = [Step("fetching", done, 1000) for done in (0, 100, 200, 1000)]
    download = Download("m", lambda: iter(steps), "", clock=lambda: next(now)).start()
    download.join(5)
    assert download.state.over
    assert download.state.rate == 100.0
    assert progress_html(Fetched("m", "fetching", 10**9, 2 * 10**9, 8.4e6), FRENCH).count("8\u202fMo/s") == 1


# ── The doorkeeper ──────────────────────────────────────────────────────────────────────────────────────────────

HTML = '<!doctype html><html\n\tlang="en"><head><meta property="og:image" content="https://far.away/x"/></head><body><script>1</script><script type="module" src="./a.js"></script></body></html>'  # noqa: E501


async def inner(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": HTML.encode()})


def request(path="/", method="GET", query="", app=None, **headers):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "query_string": query.encode(),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in {"host": "127.0.0.1:7", **headers}.items()],
    }
    asyncio.run((app or Doorkeeper(inner))(scope, None, send))
    found = [(k.decode(), v.decode()) for k, v in sent[0]["headers"]]
    return sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:]).decode()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 200), ("localhost", 200), ("[::1]:80", 200), ("evil.example:7860", 403), ("", 403),
        ("127.0.0.1.evil.example", 403), ("evil.example@127.0.0.1", 403), ("192.168.1.7:7860", 403),
    ],
)  # fmt: skip
def test_only_this_machine_s_names_are_answered(host, status):
    assert request(host=host)[0] == status


def test_beyond_this_machine_numbers_are_answered_and_names_are_not():
    app = Doorkeeper(inner, local=False)
    assert request(app=app, host="192.168.1.7:7860")[0] == 200
    assert request(app=app, host="[fe80::1]:7860")[0] == 200
    assert request(app=app, host="evil.example:7860")[0] == 403


def test_another_site_cannot_write():
    assert request("/gradio_api/queue/join", "POST", origin="http://evil.example")[0] == 403
    assert request("/gradio_api/queue/join", "POST", origin="null")[0] == 403
    assert request("/gradio_api/queue/join", "POST", origin="http://127.0.0.1:7")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/docs", "/redoc", "/openapi.json", "/config", "/monitoring", "/monitoring/summary", "/deep_link", "/runs",
        *(
            f"/gradio_api/{name}"
            for name in (
                "info", "openapi.json", "call/ask", "run/ask", "api/ask", "runs", "run-history/buckets", "vibe-edit/",
                "proxy=https://a.hf.space/", "file=/etc/passwd", "component_server", "mcp/sse", "token",
            )
        ),
    ],
)  # fmt: skip
def test_routes_the_page_does_not_use_are_closed(path):
    assert request(path)[0] == 404


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/queue/data", "/assets/index.js", "/theme.css"])
def test_routes_the_page_uses_are_open(path):
    assert request(path)[0] == 200


def test_the_page_allows_its_own_origin_only_and_scripts_by_nonce():
    _, headers, body = request(accept_language="en-GB")
    found = dict(headers)
    nonce = re.search(r"'nonce-([^']+)'", found["content-security-policy"])[1]
    assert body.count(f'nonce="{nonce}"') == body.count("<script") == 3
    assert "http" not in found["content-security-policy"]
    assert "'unsafe-inline'" not in found["content-security-policy"].split("style-src")[0]
    assert 'lang="en"' in body
    assert "far.away" not in body
    assert found["x-content-type-options"] == "nosniff"
    assert nonce not in request()[2]


def test_the_language_of_the_page_follows_the_browser():
    assert 'lang="fr"' in dress(HTML, "n", "fr")
    assert 'lang="fr"' in request(accept_language="fr-CA,en")[2]


def test_each_browser_gets_a_name_once():
    cookies = [value for name, value in request()[1] if name == "set-cookie"]
    assert len(cookies) == 1
    assert {"HttpOnly", "SameSite=Strict"} <= {part.strip() for part in cookies[0].split(";")}
    name = browser_name({"cookie": cookies[0].split(";")[0]})
    assert re.fullmatch(r"[0-9a-f]{32}", name)
    assert [value for key, value in request(cookie=cookies[0].split(";")[0])[1] if key == "set-cookie"] == []
    assert browser_name({"cookie": "ask_the_article=short"}) == ""


def test_a_token_opens_the_page_once_and_the_cookie_after():
    app = Doorkeeper(inner, token="s3cret")  # noqa: S106  # a made-up one
    assert request(app=app)[0] == 403
    assert request(app=app, query="token=wrong")[0] == 403
    status, headers, _ = request(app=app, query="token=s3cret")
    assert status == 200
    cookie = "; ".join(value.split(";")[0] for name, value in headers if name == "set-cookie")
    assert request("/assets/x.js", app=app, cookie=cookie)[0] == 200


def test_the_policy_names_no_other_origin():
    assert "http" not in policy("n")
    assert "*" not in policy("n")


# ── Launch ──────────────────────────────────────────────────────────────────────────────────────────────────────


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


def test_gradio_is_imported_without_writing_its_stubs():
    program = "import ui.app, gradio.component_meta as meta; print(meta.create_or_modify_pyi.__module__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ui.server.gradio_without_stubs"


def test_what_the_first_question_needs_is_loaded_once(page, door):
    for _ in range(2):
        page.warm_up()
    page._warming.join(5)
    assert door.warmed == 1


def test_the_page_can_be_had_without_being_served(door):
    from ui.app import create_app

    blocks = create_app(door)
    assert not getattr(blocks, "is_running", False)
    assert blocks.fns, "a page that nothing happens on"
