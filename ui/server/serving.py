"""What stands between the network and the page: who may ask, and what the browser may do with what it gets.

One ASGI middleware, no framework, around all of the application. It refuses

- a ``Host`` header that is not this server's own (DNS rebinding: a page elsewhere that points its own name at
  127.0.0.1);
- what another origin sends or asks for, another port of the same machine included; and it takes every header away that
  would let one read an answer;
- what does not know the secret of this start. It is a part of each address that does anything, and stands in the page
  alone, so whoever cannot read the page cannot use it;
- routes that the page does not use, and a browser that keeps no cookie: its random name tells readers apart, and a
  session belongs to the browser that began it;
- bodies longer than the page ever sends, and passwords tried one after the other.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from rag.offline import is_this_machine
from rag.translation import in_language
from ui.server.attempts import Attempts
from ui.server.dressing import dress, policy
from ui.server.responding import Application, Message, Receive, Scope, Send, bounded, respond, with_headers
from ui.server.sessions import Takes, private_body, private_name, private_query
from ui.server.uploads import Uploads
from ui.shelf import PASTE_CHARACTERS, UPLOAD_FILES, UPLOAD_MEGABYTES
from ui.words import choose_language

Refusal = tuple[int, str]

NO_COOKIE = "This page tells readers apart by a cookie: allow it, then load the page again."

STATIC, FONTS = (Path(__file__).parents[1] / name for name in ("static", "fonts"))
COOKIE = "ask_the_article"
_API = "/gradio_api"
_NAME = re.compile(r"[0-9a-f]{32}")
_YEAR_S = 365 * 24 * 3600
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2"}
_ASSETS = {
    f"/page/{path.name}": path for folder in (STATIC, FONTS) for path in folder.iterdir() if path.suffix in _KINDS
}
_OPEN = re.compile(
    rf"/|/(?:assets|static|svelte)/.*|/(?:theme\.css|manifest\.json|favicon\.ico)/?|{_API}/(?:app_id|theme\.css)/?"
)
_ACTS = re.compile(
    rf"/log(?:in|out)/?|"
    rf"{_API}/(?:queue/(?:join|data)|upload|upload_progress|cancel|reset|user|login_check|heartbeat/[^/]+)/?"
)
_READER = "/page/reader"  # by which the page learns whether its browser is told apart from others
_FORMER = re.compile(rf"/[\w-]{{20,}}({_API}/app_id/?)")  # a page of an earlier start asks whether this is another
_MOST_BYTES = {  # of a body; JSON may need six for a character
    f"{_API}/upload": UPLOAD_FILES * (UPLOAD_MEGABYTES + 1) << 20,
    f"{_API}/queue/join": 6 * PASTE_CHARACTERS + (1 << 20),
}
_MOST_BYTES_ELSE = 1 << 16
_NAMING = {f"{_API}/queue/join", f"{_API}/cancel"}  # whose bodies name a session


def browser_name(headers: dict[str, str]) -> str:
    """Return the random name of the browser that sent these headers; empty if it has none yet."""
    name = _cookie(headers, COOKIE)
    return name if _NAME.fullmatch(name) else ""


class Doorkeeper:
    """The middleware.

    Args:
        app: the application behind.
        secret: of this start; ``app`` must tell its page that its root is ``/secret``.
        local: whether only this machine reaches the server. If not, any numeric address is answered too: a name can be
            pointed at us by a stranger, a number cannot.
        token: when not empty, the page opens only for a browser that brought it once, as ``?token=…``.
        uploads: where files arrive.
        handlers: of the page, by the numbers that its script says.
    """

    def __init__(
        self,
        app: Application,
        *,
        secret: str,
        handlers: Mapping[int, Takes],
        local: bool = True,
        token: str = "",
        uploads: Uploads | None = None,
    ) -> None:
        self._app = app
        self._root = f"/{secret}"
        self._local = local
        self._token = token
        self._uploads = uploads
        self._handlers = handlers
        self._attempts = Attempts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        scope, knows_secret = self._without_root(scope)
        path = scope["path"]
        refusal = self._refusal(scope, headers, knows_secret=knows_secret)
        if refusal:
            status, sentence = refusal
            await respond(send, status, in_language(sentence, _language(headers)))
        elif path == _READER:
            await respond(send, 200, "")
        elif path in _ASSETS:
            asset = _ASSETS[path]
            await respond(send, 200, asset.read_bytes(), _KINDS[asset.suffix])
        elif path == "/":
            await self._page(scope, receive, send, headers)
        else:
            await self._pass_on(scope, receive, with_headers(send, []), browser_name(headers))

    def _without_root(self, scope: Scope) -> tuple[Scope, bool]:
        """Return a request as the application knows it, and whether its address held the secret."""
        path = scope["path"]
        root, _, rest = path[1:].partition("/")
        if secrets.compare_digest(root.encode("utf-8", "replace"), self._root[1:].encode()):
            return {**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}, True
        former = _FORMER.fullmatch(path)
        return ({**scope, "path": former[1], "raw_path": former[1].encode()} if former else scope), False

    def _refusal(self, scope: Scope, headers: dict[str, str], *, knows_secret: bool) -> Refusal | None:
        host, path = _host_name(headers.get("host", "")), scope["path"]
        if not (host and (is_this_machine(host) or (not self._local and _is_number(host)))):
            return 403, "This address is not one this server answers to."
        if _is_elsewhere(scope, headers):
            return 403, "Another site may neither read nor write here."
        acts = bool(_ACTS.fullmatch(path))
        if not (acts or path in _ASSETS or path == _READER or _OPEN.fullmatch(path)):
            return 404, "There is nothing here."
        if self._token and not self._knows_token(scope, headers):
            return 403, "This page opens with the address that was printed in the terminal."
        if acts and not knows_secret:
            return 403, "The program was started anew since this page was opened: load the page again."
        if (acts or path == _READER) and not browser_name(headers):
            return 403, NO_COOKIE
        return None

    def _knows_token(self, scope: Scope, headers: dict[str, str]) -> bool:
        given = dict(part.partition("=")[::2] for part in scope["query_string"].decode("latin-1").split("&"))
        brought = given.get("token", "") or _cookie(headers, f"{COOKIE}_token")
        return secrets.compare_digest(brought.encode(), self._token.encode())

    # ── What is passed on ───────────────────────────────────────────────────────────────────────────────────────

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, browser: str) -> None:
        path = scope["path"].rstrip("/")
        most = _MOST_BYTES.get(path, _MOST_BYTES_ELSE)
        length = next((value for key, value in scope["headers"] if key.lower() == b"content-length"), b"0")
        if not (length.isdigit() and int(length) <= most):
            await respond(send, 413, "This is longer than the page ever sends.")
        elif path == f"{_API}/upload" and self._uploads:
            # of a field that is no file Gradio makes a 500, and the error is raised on when that is sent
            with self._uploads.arriving(), suppress(TypeError, AttributeError):
                await self._app(_private(scope, browser), bounded(receive, most), send)
        elif path == "/login" and scope["method"] == "POST":
            await self._login(scope, bounded(receive, most), send)
        elif scope["method"] == "POST" and path in _NAMING:
            await self._with_own_session(scope, bounded(receive, most), send, browser)
        else:
            await self._app(_private(scope, browser), bounded(receive, most), send)

    async def _with_own_session(self, scope: Scope, receive: Receive, send: Send, browser: str) -> None:
        """Pass a JSON body on, with the name of its session made the browser's own."""
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return  # gone, or too long without having said so
            body += message.get("body", b"")
            more = message.get("more_body", False)
        try:
            whole = private_body(bytes(body), browser, self._handlers, self._arrived)
        except ValueError:
            await respond(send, 400, "This is nothing the page ever sends.")
            return
        kept = [(key, value) for key, value in scope["headers"] if key.lower() != b"content-length"]
        given = iter([{"type": "http.request", "body": whole, "more_body": False}])

        async def receive_whole() -> Message:
            return next(given, None) or await receive()

        length = (b"content-length", str(len(whole)).encode())
        await self._app({**_private(scope, browser), "headers": [*kept, length]}, receive_whole, send)

    def _arrived(self, path: str) -> bool:
        return self._uploads is not None and self._uploads.holds(Path(path))

    async def _login(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a name and a password on, unless too many were tried."""
        address = (scope.get("client") or ("",))[0]
        if wait := self._attempts.wait(address):
            await respond(send, 429, f"Too many tries: wait {wait} seconds.", more=[(b"retry-after", b"%d" % wait)])
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self._attempts.right(address)
            await send(message)

        await self._app(scope, receive, watched)

    async def _page(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        """Serve the page itself: language, nonce and our own files written into Gradio's HTML."""
        nonce, cookies = secrets.token_urlsafe(16), []
        if not browser_name(headers):
            cookies.append(f"{COOKIE}={secrets.token_hex(16)}; Max-Age={_YEAR_S}; Path=/; HttpOnly; SameSite=Strict")
        if self._token:
            cookies.append(f"{COOKIE}_token={self._token}; Max-Age={_YEAR_S}; Path=/; HttpOnly; SameSite=Strict")
        language = _language(headers)
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        await self._app(scope, receive, collect)
        # behind a token, styles and scripts need the cookie too, so what says that none was kept must stand in the page
        page = dress(body.decode("utf-8"), nonce, language, unstyled=in_language(NO_COOKIE, language)).encode()
        kept = [(k, v) for k, v in start["headers"] if k.lower() not in {b"content-length", b"content-security-policy"}]
        kept += [(b"content-length", str(len(page)).encode()), (b"content-security-policy", policy(nonce).encode())]
        kept += [(b"set-cookie", cookie.encode()) for cookie in cookies]
        kept += [(b"cache-control", b"no-store")]
        await with_headers(send, kept)({**start, "headers": []})
        await send({"type": "http.response.body", "body": page})


def _is_elsewhere(scope: Scope, headers: dict[str, str]) -> bool:
    """Return whether a page of another origin sends this; such a page may lead a reader here, and nothing else."""
    origin = headers.get("origin", "")
    if origin and origin.lower() != f"http://{headers['host'].lower()}":
        return True
    leads_here = scope["path"] == "/" and scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
    return headers.get("sec-fetch-site", "none") not in {"none", "same-origin"} and not leads_here


def _language(headers: dict[str, str]) -> str:
    return choose_language(headers.get("accept-language", ""))


def _cookie(headers: dict[str, str], name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


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


def _private(scope: Scope, browser: str) -> Scope:
    """Return a request in whose address the names of sessions are the browser's own."""
    path, before = scope["path"], f"{_API}/heartbeat/"
    if path.startswith(before):
        path = before + private_name(path.removeprefix(before), browser)
    query = private_query(scope["query_string"], browser) if scope["query_string"] else b""
    return {**scope, "path": path, "raw_path": path.encode(), "query_string": query}
