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
        self._places: deque[Place] = deque()
        self._changed = Condition()

    @contextmanager
    def enter(self) -> Iterator[Place]:
        """Take the last place; leave the queue at the end of the block, whether its turn had come or not."""
        place = Place(self)
        with self._changed:
            self._places.append(place)
        try:
            yield place
        finally:
            with self._changed:
                self._places.remove(place)
                self._changed.notify_all()

    def is_empty(self) -> bool:
        """Return whether nobody holds a place."""
        with self._changed:
            return not self._places

    def ahead_of(self, place: Place) -> int:
        """Return how many come before ``place``; 0 when it is its turn."""
        with self._changed:
            return self._places.index(place)

    def wait(self, place: Place) -> int:
        """Wait until the queue moves, a quarter of a second at most; return how many are still ahead."""
        with self._changed:
            if self._places[0] is not place:
                self._changed.wait(PATIENCE_S)
            return self._places.index(place)


class Place:
    """A place in a :class:`FairQueue`."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue

    def turns(self) -> Iterator[int]:
        """Yield how many are ahead, again and again, until nobody is."""
        ahead = self._queue.ahead_of(self)
        while ahead:
            yield ahead
            ahead = self._queue.wait(self)
