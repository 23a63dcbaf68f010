"""Answers under way: each runs in its own thread, whether or not a page is looking.

So a closed tab loses nothing, a reloaded page takes up the same answer where it is, and two tabs can watch one. A page
follows an answer by iterating over :meth:`Running.follow`, which yields the latest exchange, never faster than a reader
can see; events that came in between are folded together.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

from rag.errors import RagError
from rag.events import Event
from ui.state import Exchange, Problem, fold
from ui.state.exchange import stopped

_LOG = logging.getLogger(__name__)
BREATH_S = 0.04  # at most 25 pictures a second


class Running:
    """One answer under way; it begins as soon as it is made, so that whoever finds it can wait for it.

    Args:
        exchange: what is known before the first event: the question.
        events: the stream; closing it stops the model.
        keep: called with the exchange as it grows and once at the end, from the answer's own thread.
        unexpected: the sentence shown when something fails that no reader can mend.
        number: of the turn in its conversation.
    """

    def __init__(
        self,
        exchange: Exchange,
        events: Callable[[], Iterator[Event]],
        keep: Callable[[Exchange], None],
        unexpected: str,
        number: int = 0,
    ) -> None:
        self.number = number
        self._exchange = exchange
        self._events = events
        self._keep = keep
        self._unexpected = unexpected
        self._changed = threading.Condition()
        self._version = 0
        self._over = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="answer", daemon=True)
        self._thread.start()

    @property
    def exchange(self) -> Exchange:
        """What is known now."""
        with self._changed:
            return self._exchange

    @property
    def over(self) -> bool:
        """Whether the answer is finished and kept."""
        with self._changed:
            return self._over

    def stop(self) -> None:
        """Ask the model to stop; what it wrote so far stays."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the answer is finished and kept."""
        self._thread.join(timeout)

    def follow(self) -> Iterator[Exchange]:
        """Yield the exchange now, then each time it changed, until the answer is over; the last one is complete."""
        seen = -1
        while True:
            seen, exchange, over = self._wait_beyond(seen)
            yield exchange
            if over:
                return
            with self._changed:
                self._changed.wait_for(lambda: self._over, timeout=BREATH_S)

    def _wait_beyond(self, seen: int) -> tuple[int, Exchange, bool]:
        with self._changed:
            self._changed.wait_for(lambda: self._version > seen or self._over)
            return self._version, self._exchange, self._over

    def _run(self) -> None:
        try:
            self._answer()
        except RagError as error:
            self._advance(replace(self._exchange, problem=Problem.of(error)))
        finally:  # an unforeseen error goes to the terminal; the page gets one sentence and stays usable
            if not self._exchange.done:
                self._advance(replace(self._exchange, problem=Problem(self._unexpected)))
            self._finish()

    def _answer(self) -> None:
        events = self._events()
        for event in events:
            self._advance(fold(self._exchange, event))
            if self._stop.is_set() and not self._exchange.done:
                close(events)
                self._advance(stopped(self._exchange))
                return

    def _advance(self, exchange: Exchange) -> None:
        with self._changed:
            self._exchange = exchange
            self._version += 1
            self._changed.notify_all()
        if not exchange.done:
            self._keep_safely(exchange)

    def _finish(self) -> None:
        try:
            self._keep_safely(self._exchange)
        finally:
            with self._changed:
                self._over = True
                self._version += 1
                self._changed.notify_all()

    def _keep_safely(self, exchange: Exchange) -> None:
        """Keep the exchange; a full or damaged disk keeps nobody from reading the answer."""
        try:
            self._keep(exchange)
        except RagError as error:
            _LOG.warning("An answer could not be kept: %s", error)


def close(stream: Iterator[object]) -> None:
    """Close a stream, which stops what it comes from; one that cannot be closed is left alone."""
    stop = getattr(stream, "close", None)
    if stop is not None:
        stop()
