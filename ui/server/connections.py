"""Connections that cost others nothing: how long one may take to ask, and how many may be open.

A connection that has not said what it wants costs a file descriptor, of which a process has about a thousand. So a head
is whole within seconds, a body goes on arriving, and where very many connections have not asked yet, the one that waits
longest is dropped: who asks at once always gets through.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE_S = 10.0  # for a whole head; and how often a body is looked at
LEAST_BYTES = 5_000  # of a body in that time: 500 bytes a second
MOST_WAITING = 128  # connections that have not asked yet
MOST_OPEN = 512


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 with bounds on what nobody has asked for yet.

    Args:
        waiting: the connections that have not asked yet, longest first; one for a server.
    """

    def __init__(self, *arguments: Any, waiting: dict[BoundedProtocol, None], **named: Any) -> None:  # noqa: ANN401  # uvicorn's own
        super().__init__(*arguments, **named)
        self._waiting = waiting
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        """Take a connection, in the place of one that waits longer where there are too many."""
        super().connection_made(transport)
        self._look()
        if len(self._waiting) > MOST_WAITING or (len(self.connections) > MOST_OPEN and self._waiting):
            next(iter(self._waiting)).drop()
        elif len(self.connections) > MOST_OPEN:
            self.drop()

    def data_received(self, data: bytes) -> None:
        """Read on; a connection that has asked waits no more."""
        self._bytes += len(data)
        super().data_received(data)
        if not self._wanting():
            self._rest()
        elif self._timer is None or (self._asked() and self in self._waiting):
            self._rest()
            self._look()

    def on_response_complete(self) -> None:
        """Go on to the next request; whoever was answered and has not said all yet has nothing more to ask."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            self._rest()
            self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._rest()
        super().connection_lost(exc)

    def drop(self) -> None:
        """Close the connection without a word."""
        self._rest()
        self.connections.discard(self)
        self.transport.abort()

    def _wanting(self) -> bool:
        """Return whether a request has begun, or is expected, and is not whole."""
        return self.conn.their_state in {h11.IDLE, h11.SEND_BODY}

    def _asked(self) -> bool:
        """Return whether a head is whole and not answered yet."""
        return self.conn.their_state is h11.SEND_BODY and not (self.cycle and self.cycle.response_complete)

    def _look(self) -> None:
        """Begin to wait, and look again in a while."""
        self._bytes = 0
        if not self._asked():
            self._waiting[self] = None
        self._timer = self.loop.call_later(PATIENCE_S, self._decide)

    def _decide(self) -> None:
        self._timer = None
        paused = self.flow.read_paused  # we are the slow ones
        if not self._wanting():
            self._rest()
        elif self._asked() and (paused or self._bytes >= LEAST_BYTES):
            self._look()
        else:
            self.drop()

    def _rest(self) -> None:
        self._waiting.pop(self, None)
        if self._timer:
            self._timer.cancel()
            self._timer = None
