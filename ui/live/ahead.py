"""Articles that the model reads before the first question, one at a time, in a thread of its own.

Each tab wishes for the article it would ask. Tabs that wish for the same one share its reading; a wish ends when its
tab moves on or is closed, and what nobody wishes for any more is not read to its end. A question goes first: the
reading steps aside at once, and goes on afterwards from what the model still has in its memory.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rag.errors import RagError
from rag.events import Event, Finished, Retrieved, Working
from ui.live.running import close

_LOG = logging.getLogger(__name__)
BREATH_S = 0.25  # at most four pictures a second


@dataclass(frozen=True, slots=True)
class Place:
    """An article of a library, and the model that is to read it."""

    model: str
    library: str
    article: str


@dataclass(eq=False, slots=True)
class Wish:
    """That a tab's article be read; ``over`` once it is, or once the tab wants it no more."""

    place: Place
    over: bool = False


class Ahead:
    """Reads ahead what tabs wish for, in the order they wished.

    Args:
        prepare: reads an article; yields how far it is, several times a second; closing it stops it.
    """

    def __init__(self, prepare: Callable[[Place], Iterator[Working]]) -> None:
        self._prepare = prepare
        self._wishes: list[Wish] = []
        self._now: tuple[Place, Working] | None = None
        self._known: Place | None = None  # what the model has in its memory, read to the end
        self._questions = 0
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()

    def wish(self, place: Place) -> Wish:
        """Have an article read, once those wished for earlier are read and no question is being answered."""
        wish = Wish(place)
        with self._changed:
            wish.over = place == self._known
            self._wishes += [] if wish.over else [wish]
            self._begin()
        return wish

    def drop(self, wish: Wish) -> None:
        """Take a wish back. Its article is read no further, unless another tab wishes for it too."""
        with self._changed:
            self._end(lambda other: other is wish)

    def follow(self, wish: Wish) -> Iterator[None]:
        """Yield several times a second until the wish is over; closing this takes it back."""
        try:
            while not wish.over:
                yield
                with self._changed:
                    self._changed.wait_for(lambda: wish.over, timeout=BREATH_S)
        finally:
            self.drop(wish)

    def progress(self, wish: Wish) -> Working | None:
        """Return how far the reading of this wish's article is; None while it is not being read."""
        with self._changed:
            return self._now[1] if self._now and self._now[0] == wish.place and not wish.over else None

    def answered(self, place: Place, events: Iterator[Event]) -> Iterator[Event]:
        """Pass the events of an answer on; meanwhile nothing is read ahead.

        The model may be held by the reading for a moment yet: that is no other reader whom the question waits for.
        """
        whole = False
        self._make_way(place)
        try:
            for event in events:
                whole = event.whole_article if isinstance(event, Retrieved) else whole
                if isinstance(event, Finished) and whole and not event.answer.refused:
                    self._count_as_read(place)
                if not (isinstance(event, Working) and event.stage == "queued" and event.position == self._held()):
                    yield event
        finally:
            close(events)
            with self._changed:
                self._questions -= 1
                self._begin()

    def close(self, timeout: float | None = None) -> None:
        """Read nothing any more, and wait until what is being read has stopped."""
        with self._changed:
            self._questions += 1  # one that never ends
            self._end(lambda _: True)
        self.join(timeout)

    def join(self, timeout: float | None = None) -> None:
        """Wait until nothing is being read."""
        with self._changed:
            thread = self._thread
        if thread:
            thread.join(timeout)

    def _make_way(self, place: Place) -> None:
        with self._changed:
            self._questions += 1
            if place != self._known:
                self._known = None

    def _held(self) -> int:
        """Return how many places of the model's queue the reading takes: one, until it has stepped aside."""
        with self._changed:
            return int(self._now is not None)

    def _count_as_read(self, place: Place) -> None:
        with self._changed:
            self._known = place
            self._end(lambda wish: wish.place == place)

    # ── With the lock held ──────────────────────────────────────────────────────────────────────────────────────

    def _begin(self) -> None:
        if self._wishes and not self._questions and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)
            self._thread.start()

    def _end(self, which: Callable[[Wish], bool]) -> None:
        for wish in self._wishes:
            wish.over = which(wish)
        self._wishes = [wish for wish in self._wishes if not wish.over]
        self._changed.notify_all()

    # ── In the thread that reads ────────────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        try:
            while place := self._next():
                self._read(place)
        finally:  # after an unforeseen error, which goes to the terminal, the next wish begins anew
            with self._changed:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _next(self) -> Place | None:
        with self._changed:
            if not self._wishes or self._questions:
                self._thread = None
                return None
            place = self._wishes[0].place
            self._now = (place, Working("loading"))
            return place

    def _read(self, place: Place) -> None:
        stopped = False
        steps = self._prepare(place)
        try:
            for step in steps:
                stopped = not self._goes_on(place, step)
                if stopped:
                    break
        except RagError as error:  # the first question tells it to the person who asks
            _LOG.info("An article was not read ahead: %s", error)
        finally:
            close(steps)
            with self._changed:
                self._now = None
            if not stopped:
                self._count_as_read(place)

    def _goes_on(self, place: Place, step: Working) -> bool:
        with self._changed:
            self._now = (place, step)
            return not self._questions and any(wish.place == place for wish in self._wishes)
