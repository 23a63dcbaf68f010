"""The doorkeeper: who may ask, which routes are open, what the browser is allowed."""

import asyncio
import re

import pytest

from ui.server import Doorkeeper, browser_name
from ui.server.serving import dress, policy

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
