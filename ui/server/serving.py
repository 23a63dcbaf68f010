"""What stands between the network and the page: who may ask, and what the browser may do with what it gets.

One ASGI middleware, no framework. It refuses a ``Host`` header that is not this server's own (DNS rebinding: a page
elsewhere that points its own name at 127.0.0.1), refuses writes that another site sends, opens only the routes the
page uses, gives each browser a random name of its own, and sets a Content-Security-Policy that knows no origin but
this one. Inline scripts run only with a nonce drawn for each page, so markup that slipped into a page cannot.

``unsafe-eval`` stays allowed: Gradio compiles the templates of its HTML component in the browser.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.errors import SettingsError
from rag.offline import is_this_machine
from ui.html import shell_html
from ui.words import choose_language, words

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

STATIC = Path(__file__).parents[1] / "static"
COOKIE = "ask_the_article"
_START = "/gradio_api/startup-events"  # Gradio asks itself for it once, to begin; it tells nothing
_NAME = re.compile(r"[0-9a-f]{32}")
_YEAR_S = 365 * 24 * 3600
_KINDS = {".css": "text/css", ".js": "text/javascript"}
_ASSETS = {f"/page/{path.name}": path for path in sorted(STATIC.iterdir())}
_OPEN = re.compile(
    r"/|/(?:assets|static|svelte)/.*|/(?:theme\.css|manifest\.json|favicon\.ico|login|logout)/?|"
    r"/gradio_api/(?:queue/(?:join|data)|upload|upload_progress|cancel|reset|startup-events|app_id|theme\.css|"
    r"user|login|login_check|heartbeat/[^/]+)/?"
)


def policy(nonce: str) -> str:
    """Return the Content-Security-Policy of the page."""
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def browser_name(headers: dict[str, str]) -> str:
    """Return the random name of the browser that sent these headers; empty if it has none yet."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie and _NAME.fullmatch(cookie.value) else ""


class Doorkeeper:
    """The middleware.

    Args:
        app: the application behind.
        local: whether only this machine reaches the server. If not, any numeric address is answered too: a name can be
            pointed at us by a stranger, a number cannot.
        token: when not empty, the page opens only for a browser that brought it once, as ``?token=…``.
    """

    def __init__(self, app: Application, *, local: bool = True, token: str = "") -> None:
        self._app = app
        self._local = local
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal:
            await _respond(send, *refusal)
        elif scope["path"] in _ASSETS:
            asset = _ASSETS[scope["path"]]
            await _respond(send, 200, asset.read_text(encoding="utf-8"), _KINDS[asset.suffix])
        elif scope["path"] == "/":
            await self._page(scope, receive, send, headers)
        else:
            await self._app(scope, receive, _with_headers(send, []))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = _host_name(headers.get("host", ""))
        if not (host and (is_this_machine(host) or (not self._local and _is_number(host)))):
            return 403, "This address is not one this server answers to."
        origin = headers.get("origin", "")
        if scope["method"] not in {"GET", "HEAD"} and origin and _host_name(urlsplit(origin).netloc) != host:
            return 403, "Another site may not write here."
        if scope["path"] not in _ASSETS and not _OPEN.fullmatch(scope["path"]):
            return 404, "There is nothing here."
        if self._token and scope["path"] != _START and not self._knows(scope, headers):
            return 403, "This page opens with the address that was printed in the terminal."
        return None

    def _knows(self, scope: Scope, headers: dict[str, str]) -> bool:
        given = dict(part.partition("=")[::2] for part in scope["query_string"].decode("latin-1").split("&"))
        cookie = SimpleCookie(headers.get("cookie", "")).get(f"{COOKIE}_token")
        brought = given.get("token", "") or (cookie.value if cookie else "")
        return secrets.compare_digest(brought.encode(), self._token.encode())

    async def _page(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        """Serve the page itself: language, nonce and our own files written into Gradio's HTML."""
        nonce, cookies = secrets.token_urlsafe(16), []
        if not browser_name(headers):
            cookies.append(f"{COOKIE}={secrets.token_hex(16)}; Max-Age={_YEAR_S}; Path=/; HttpOnly; SameSite=Strict")
        if self._token:
            cookies.append(f"{COOKIE}_token={self._token}; Max-Age={_YEAR_S}; Path=/; HttpOnly; SameSite=Strict")
        language = choose_language(headers.get("accept-language", ""))
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, collect)
        page = dress(body.decode("utf-8"), nonce, language).encode()
        kept = [(k, v) for k, v in start["headers"] if k.lower() not in {b"content-length", b"content-security-policy"}]
        kept += [(b"content-length", str(len(page)).encode()), (b"content-security-policy", policy(nonce).encode())]
        kept += [(b"set-cookie", cookie.encode()) for cookie in cookies]
        kept += [(b"cache-control", b"no-store")]
        await _with_headers(send, kept)({**start, "headers": []})
        await send({"type": "http.response.body", "body": page})


def is_any(host: str) -> bool:
    """Return whether ``host`` means every address of this machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return not host


def claim(host: str, port: int) -> None:
    """Fail with a sentence when the port cannot be had.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            with socket.socket() as other:
                other.bind(("127.0.0.1", 0))
                free = other.getsockname()[1]
            raise SettingsError(f"The port {port} on {host} is taken.", f"rag chat --port {free}") from None


def dress(page: str, nonce: str, language: str) -> str:
    """Return Gradio's page in ``language``, with our styles and script, a nonce on each script, no foreign address.

    The shell is painted before Gradio's scripts have arrived, and covered by the bar that follows.
    """
    page = re.sub(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*", "", page)
    page = re.sub(r"<html\s+lang=\"en\"", f'<html lang="{language}"', page, count=1)
    script = '<script type="module" src="page/chat.js"></script>'  # it imports the others
    page = page.replace("<head>", f"<head>{script}", 1)
    styles = "".join(f'<link rel="stylesheet" href="page/{name}.css">' for name in ("chat", "article", "drawer"))
    page = page.replace("</head>", f"{styles}</head>", 1)
    shell = shell_html(words(language))
    page = re.sub(r"<body\b[^>]*>", lambda body: body[0] + shell, page, count=1)
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', page)


def _host_name(value: str) -> str:
    """Return the name in a ``Host`` header, without its port."""
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:/@\s]+)(?::\d+)?", value)
    return match[1].lower() if match else ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _with_headers(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    common = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"x-frame-options", b"DENY"),
    ]

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *headers, *common]}
        await send(message)

    return forward


async def _respond(send: Send, status: int, text: str, kind: str = "text/plain") -> None:
    body = text.encode()
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-cache"),
    ]
    await _with_headers(send, headers)({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": body})
