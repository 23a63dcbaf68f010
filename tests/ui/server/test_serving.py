"""The doorkeeper: who may ask, which routes are open, what the browser is allowed."""

import asyncio
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from gradio.data_classes import FileData

from rag.translation import in_language
from ui.server import Doorkeeper, Uploads, browser_name, serving
from ui.server.attempts import TRIES
from ui.server.dressing import dress, policy

SECRET = "s" * 24
ROOT = f"/{SECRET}"
READER = f"ask_the_article={'a' * 32}"
HTML = '<!doctype html><html\n\tlang="en"><head><meta property="og:image" content="https://far.away/x"/></head><body><script>1</script><script type="module" src="./a.js"></script></body></html>'  # noqa: E501


async def inner(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": HTML.encode()})


HANDLERS = {1: SimpleNamespace(inputs=[SimpleNamespace(), SimpleNamespace(data_model=FileData)])}


def keeper(app=inner, **more):
    return Doorkeeper(app, secret=SECRET, handlers=HANDLERS, **more)


def request(path="/", method="GET", query="", app=None, body=b"", **headers):
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
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive():
        return next(given, {"type": "http.disconnect"})

    asyncio.run((app or keeper())(scope, receive, send))
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
    app = keeper(local=False)
    assert request(app=app, host="192.168.1.7:7860")[0] == 200
    assert request(app=app, host="[fe80::1]:7860")[0] == 200
    assert request(app=app, host="evil.example:7860")[0] == 403


JOIN = {"path": f"{ROOT}/gradio_api/queue/join", "method": "POST", "body": b'{"session_hash": "abc"}', "cookie": READER}


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://127.0.0.1:9999",
        "http://localhost:7",
        "https://127.0.0.1:7",
        "http://[::1]:7",
    ],
)
def test_another_origin_can_neither_write_nor_read(origin):
    assert request(**JOIN, origin=origin)[0] == 403
    assert request(f"{ROOT}/gradio_api/queue/data", cookie=READER, origin=origin)[0] == 403
    assert request("/", origin=origin)[0] == 403


def test_the_page_s_own_origin_may_write():
    assert request(**JOIN, origin="http://127.0.0.1:7")[0] == 200
    assert request(**{**JOIN, "host": "[::1]:7"}, origin="http://[::1]:7")[0] == 200
    assert request(**JOIN)[0] == 200, "a program on this machine that says no origin"


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_what_a_browser_says_comes_from_elsewhere_is_refused_but_for_a_link_to_the_page(site):
    assert request(f"{ROOT}/gradio_api/queue/data", cookie=READER, sec_fetch_site=site)[0] == 403
    assert request("/assets/index.js", sec_fetch_site=site, sec_fetch_mode="no-cors")[0] == 403
    assert request("/", sec_fetch_site=site, sec_fetch_mode="navigate")[0] == 200
    assert request("/assets/index.js", sec_fetch_site="same-origin")[0] == 200


def test_no_answer_lets_another_origin_read_it():
    async def generous(_, __, send):
        allowed = [(b"Access-Control-Allow-Origin", b"*"), (b"access-control-allow-credentials", b"true")]
        await send({"type": "http.response.start", "status": 200, "headers": allowed})
        await send({"type": "http.response.body", "body": HTML.encode()})

    for path in ("/", "/assets/index.js", f"{ROOT}/gradio_api/queue/data"):
        _, headers, _ = request(path, app=keeper(generous), cookie=READER)
        assert not [name for name, _ in headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("root", ["", "/" + "t" * 24, "/" + SECRET[:-1]])
def test_nothing_can_be_done_without_the_secret_of_this_start(root):
    assert request(**{**JOIN, "path": f"{root}/gradio_api/queue/join"})[0] in {403, 404}
    assert request(f"{root}/gradio_api/queue/data", cookie=READER)[0] in {403, 404}
    assert request(f"{root}/login", "POST", cookie=READER)[0] in {403, 404}


def test_a_page_of_an_earlier_start_learns_that_this_is_another():
    assert request(f"/{'t' * 24}/gradio_api/app_id")[0] == 200


@pytest.mark.parametrize(("language", "said"), [("fr", "par un cookie"), ("en-GB,fr;q=0.5", "by a cookie")])
def test_who_keeps_no_cookie_is_told_so_in_the_language_of_the_page(language, said):
    status, _, text = request("/page/reader", accept_language=language)
    assert (status, said in text) == (403, True)
    assert request("/page/reader", cookie=READER, accept_language=language)[::2] == (200, "")


def test_behind_a_token_who_keeps_no_cookie_reads_so_where_styles_and_scripts_are_refused():
    app = keeper(token="s3cret")  # noqa: S106  # a made-up one
    told = "allow it, then load the page again"
    page = request(app=app, query="token=s3cret", accept_language="en")[2]
    assert told in page
    for path in re.findall(r'(?:href|src)="(page/[^"]+)"', page):
        assert request(f"/{path}", app=app)[0] == 403
    assert re.search(r"\.unstyled\s*{\s*display: none", request("/page/chat.css")[2])
    assert told in re.search(r'<p class="unstyled">(.+?)</p>', page)[1]


def test_every_refusal_is_told_in_french_too():
    said = set(re.findall(r'return 40[34], "(.+)"', Path(serving.__file__).read_text(encoding="utf-8")))
    said.add(serving.NO_COOKIE)
    assert len(said) == 6
    assert all(in_language(one, "fr") != one for one in said)


def test_who_keeps_no_cookie_gets_no_session():
    assert request(**{**JOIN, "cookie": ""})[0] == 403
    assert request(**{**JOIN, "cookie": "ask_the_article=short"})[0] == 403
    assert request(f"{ROOT}/gradio_api/heartbeat/abc")[0] == 403


def echo(seen):
    async def app(scope, receive, send):
        message = await receive()
        seen.append((scope["path"], scope["query_string"].decode(), message.get("body", b"")))
        await inner(scope, receive, send)

    return keeper(app)


def test_a_session_s_name_said_by_another_browser_is_another_session():
    seen = []
    for cookie in (READER, READER, f"ask_the_article={'b' * 32}"):
        assert request(**{**JOIN, "cookie": cookie}, app=echo(seen))[0] == 200
        assert (
            request(f"{ROOT}/gradio_api/queue/data", query="session_hash=abc", cookie=cookie, app=echo(seen))[0] == 200
        )
        assert request(f"{ROOT}/gradio_api/heartbeat/abc", cookie=cookie, app=echo(seen))[0] == 200
    names = [json.loads(body)["session_hash"] for _, _, body in seen if body]
    assert names[0] == names[1] != names[2]
    assert [query.partition("=")[2] for _, query, _ in seen if query] == names
    assert [path.rpartition("/")[2] for path, _, _ in seen if "heartbeat" in path] == names
    assert "abc" not in str(seen)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"session_hash": 3}', b"[" * 100_000, b'{"a": ' + b"1" * 5000 + b"}"]
)
def test_what_the_page_never_sends_is_refused(body):
    assert request(**{**JOIN, "body": body})[0] == 400


def join(tmp_path, **values):
    """Return the status of a request to a handler, and the body that reached it."""
    seen = []

    async def app(scope, receive, send):
        seen.append((await receive())["body"])
        await inner(scope, receive, send)

    body = json.dumps({"session_hash": "abc", "fn_index": 1, "data": ["Combien ?", None], **values}).encode()
    served = keeper(app, uploads=Uploads(tmp_path))
    return request(**{**JOIN, "body": body}, app=served)[0], *seen


@pytest.mark.parametrize(
    "values",
    [
        {"fn_index": 2}, {"fn_index": -1}, {"fn_index": "1"}, {"fn_index": True}, {"fn_index": None}, {"data": None},
        {"data": []}, {"data": ["Combien ?"]}, {"data": {"a": 1}}, {"data": [float("nan"), None]},
        {"event_data": float("inf")}, {"data": ["Combien ?", 5]}, {"data": ["Combien ?", {"meta": 5}]},
    ],
)  # fmt: skip
def test_what_no_handler_of_the_page_takes_does_not_reach_gradio(tmp_path, values):
    assert join(tmp_path)[0] == 200
    assert join(tmp_path, **values) == (400,)


def test_half_a_character_is_told_as_one_that_cannot_be_read(tmp_path):
    status, body = join(tmp_path, data=["\ud83d Combien ?", None], event_data={"words": "\udc00"})
    assert status == 200
    assert json.loads(body)["data"][0] == "\ufffd Combien ?"
    assert json.loads(body)["event_data"] == {"words": "\ufffd"}


FILE = {"meta": {"_type": "gradio.FileData"}}


def test_only_a_file_that_arrived_reaches_gradio(tmp_path):
    own, uploads = tmp_path / "own.txt", Uploads(tmp_path)
    arrived = uploads.folder / "ab" / "port.txt"
    arrived.parent.mkdir()
    for file in (own, arrived):
        file.write_text("Le port a rouvert.")
    (uploads.folder / "link.txt").symlink_to(own)
    elsewhere = [
        own, uploads.folder / ".." / "own.txt", uploads.folder / "link.txt", uploads.folder, "own.txt", "/etc/passwd",
        "http://127.0.0.1/port.txt", "/\0", "/" + "x" * 5000, "", None, 5,
    ]  # fmt: skip
    served = keeper(uploads=uploads)

    def status(*data):
        body = json.dumps({"session_hash": "abc", "fn_index": 1, "data": data}, default=str).encode()
        return request(**{**JOIN, "body": body}, app=served)[0]

    assert status("", {**FILE, "path": arrived}) == 200
    for path in elsewhere:
        for file in ({**FILE, "path": path}, {**FILE, "path": path, "is_stream": True}, {"path": path}):
            assert status("", file) == 400
            assert status(file, None) == status([[{"a": file}]], None) == 400
            assert status({**FILE, "path": arrived, "meta": file}, None) == 400
    uploads.close()


def test_what_names_no_session_is_passed_on_as_it_is():
    seen = []
    reset = {**JOIN, "path": f"{ROOT}/gradio_api/reset", "body": b'{"event_id": "x"}'}
    assert request(**reset, app=echo(seen))[0] == 200
    assert seen[0][2] == b'{"event_id": "x"}'


def test_a_body_that_is_longer_than_the_page_ever_sends_is_refused():
    assert request(**JOIN, content_length=str(1 << 30))[0] == 413
    assert request(f"{ROOT}/login", "POST", cookie=READER, content_length=str(1 << 20))[0] == 413
    assert request(**JOIN, content_length="-1")[0] == 413


def test_passwords_are_tried_a_few_times_and_then_seldom():
    async def login(scope, _, send):
        right = scope["query_string"] == b"right"
        await send({"type": "http.response.start", "status": 200 if right else 400, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = keeper(login)
    tries = [request(f"{ROOT}/login", "POST", "right", app=app, cookie=READER)[0] for _ in range(20)]
    assert tries == [200] * 20
    tries = [request(f"{ROOT}/login", "POST", "wrong", app=app, cookie=READER)[0] for _ in range(253)]
    assert tries == [400] * TRIES + [429] * (253 - TRIES)


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


@pytest.mark.parametrize(
    "path", [f"{ROOT}/gradio_api/queue/data", f"{ROOT}/theme.css", "/assets/index.js", "/theme.css"]
)
def test_routes_the_page_uses_are_open(path):
    assert request(path, cookie=READER)[0] == 200


def test_the_page_allows_its_own_origin_only_and_scripts_by_nonce():
    _, headers, body = request(accept_language="en-GB")
    found = dict(headers)
    nonce = re.search(r"'nonce-([^']+)'", found["content-security-policy"])[1]
    assert body.count(f'nonce="{nonce}"') == body.count("<script") == 4
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
    app = keeper(token="s3cret")  # noqa: S106  # a made-up one
    assert request(app=app)[0] == 403
    assert request(app=app, query="token=wrong")[0] == 403
    status, headers, _ = request(app=app, query="token=s3cret")
    assert status == 200
    cookie = "; ".join(value.split(";")[0] for name, value in headers if name == "set-cookie")
    assert request("/assets/x.js", app=app, cookie=cookie)[0] == 200


def test_the_policy_names_no_other_origin():
    assert "http" not in policy("n")
    assert "*" not in policy("n")


def test_the_fonts_come_from_here_with_their_licence_beside_them():
    from ui.server.dressing import FONTS
    from ui.server.serving import FONTS as FOLDER

    page = request()[2]
    for path in FOLDER.glob("*.woff2"):
        sent = []

        async def send(message, sent=sent):
            sent.append(message)

        async def receive():
            return {"type": "http.disconnect"}

        headers = [(b"host", b"127.0.0.1:7")]
        scope = {"type": "http", "path": f"/page/{path.name}", "method": "GET", "query_string": b"", "headers": headers}
        asyncio.run(keeper()(scope, receive, send))
        assert dict(sent[0]["headers"])[b"content-type"] == b"font/woff2"
        assert sent[1]["body"] == path.read_bytes()
        assert path.stat().st_size < 40_000
    assert all(f'href="page/{name}.woff2" as="font"' in page for name in FONTS)
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "OFL.txt").read_text(encoding="utf-8")
