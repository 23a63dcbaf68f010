"""First come, first served, with the number of those ahead visible to each who waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

PATIENCE_S = 0.25  # how long a wait lasts before the waiting side is heard from again


class FairQueue:
    """A lock whose holders take turns in the order they came. One thread may enter and another leave."""

    def __init__(self) -> None:
        self._tickets: deque[Ticket] = deque()
        self._changed = Condition()

    @contextmanager
    def enter(self) -> Iterator[Ticket]:
        """Take the last place; leave the queue at the end of the block, whether its turn had come or not."""
        ticket = Ticket(self)
        with self._changed:
            self._tickets.append(ticket)
        try:
            yield ticket
        finally:
            with self._changed:
                self._tickets.remove(ticket)
                self._changed.notify_all()

    def is_empty(self) -> bool:
        """Return whether nobody holds a ticket."""
        with self._changed:
            return not self._tickets

    def ahead_of(self, ticket: Ticket) -> int:
        """Return how many come before ``ticket``; 0 when it is its turn."""
        with self._changed:
            return self._tickets.index(ticket)

    def wait(self, ticket: Ticket) -> int:
        """Wait until the queue moves, a quarter of a second at most; return how many are still ahead."""
        with self._changed:
            if self._tickets[0] is not ticket:
                self._changed.wait(PATIENCE_S)
            return self._tickets.index(ticket)


class Ticket:
    """A place in a :class:`FairQueue`."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue

    def turns(self) -> Iterator[int]:
        """Yield how many are ahead, again and again, until nobody is."""
        ahead = self._queue.ahead_of(self)
        while ahead:
            yield ahead
            ahead = self._queue.wait(self)
