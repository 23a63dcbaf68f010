"""Short answers of our own, and the headers that go with every answer.

Whatever would let another origin read an answer (CORS) is taken away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_COMMON = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


def with_headers(send: Send, headers: Headers) -> Send:
    """Return what sends an answer with these headers and the common ones."""

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [*message["headers"], *headers]
            kept = [(key, value) for key, value in given if not key.lower().startswith(b"access-control-")]
            message = {**message, "headers": [*kept, *_COMMON]}
        await send(message)

    return forward


async def respond(
    send: Send, status: int, content: str | bytes, kind: str = "text/plain; charset=utf-8", more: Headers | None = None
) -> None:
    """Send a whole answer."""
    body = content.encode() if isinstance(content, str) else content
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-cache"),
        *(more or []),
    ]
    await with_headers(send, headers)({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": body})


def bounded(receive: Receive, most: int) -> Receive:
    """Return what receives a body up to ``most`` bytes, and then as if the browser had gone."""
    left = most

    async def received() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return received
