"""What every question needs, loaded once, in a thread of its own; a question that comes sooner says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from rag.events import Event, Working
from ui.live.running import close

BREATH_S = 0.2


class Warming:
    """Loads once.

    Args:
        load: loads all that a first question would otherwise wait for.
    """

    def __init__(self, load: Callable[[], None]) -> None:
        self._load = load
        self._thread: threading.Thread | None = None
        self._closed = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to load, unless that was begun before or is wanted no more."""
        with self._lock:
            if self._thread is None and not self._closed:
                thread = threading.Thread(target=self._load, name="warm-up", daemon=True)
                thread.start()
                self._thread = thread  # only now: nobody can wait for a thread that has not begun

    def join(self, timeout: float | None = None) -> None:
        """Wait until all is loaded, if it was begun; give up after ``timeout`` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)

    def close(self, timeout: float | None = None) -> None:
        """Load nothing any more, and wait until what is being loaded is there."""
        with self._lock:
            self._closed = True
        self.join(timeout)

    def before(self, events: Iterator[Event]) -> Iterator[Event]:
        """Pass the events of an answer on; while it is still being loaded, say so."""
        try:
            while self._thread is not None and self._thread.is_alive():
                yield Working("opening")
                self.join(BREATH_S)
            yield from events
        finally:
            close(events)
