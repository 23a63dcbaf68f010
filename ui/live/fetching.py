"""A download under way: in a thread of its own, looked at by any number of tabs, stopped when a reader says so.

The offline guard lets connections through for the thread that downloads and for no other, so the steps are taken in one
thread from the first to the last.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from rag.errors import RagError
from ui.door import Step
from ui.live.running import close
from ui.state import DownloadState, Problem

_LOG = logging.getLogger(__name__)
BREATH_S = 0.25  # at most four pictures a second
WINDOW_S = 5.0  # the rate is that of the last seconds


class Download:
    """One download.

    Args:
        name: of the model.
        steps: takes it; closing the iterator stops it.
        unexpected: the sentence shown when something fails that no reader can mend.
        clock: seconds, for the rate.
    """

    def __init__(
        self,
        name: str,
        steps: Callable[[], Iterator[Step]],
        unexpected: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state = DownloadState(name)
        self._steps = steps
        self._unexpected = unexpected
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="download", daemon=True)

    def start(self) -> Download:
        """Begin; return this object."""
        self._thread.start()
        return self

    @property
    def state(self) -> DownloadState:
        """How far it is now."""
        with self._changed:
            return self._state

    def stop(self) -> None:
        """Stop after the bytes that are arriving; what has arrived is kept."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait until it is over."""
        self._thread.join(timeout)

    def follow(self) -> Iterator[DownloadState]:
        """Yield how far it is now, then each time it went on, until it is over."""
        seen: DownloadState | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda before=seen: self._state is not before)  # type: ignore[misc]
                seen = self._state
            yield seen
            if seen.over:
                return
            with self._changed:
                self._changed.wait_for(lambda: self._state.over, timeout=BREATH_S)

    def _run(self) -> None:
        end = replace(self._state, over=True, problem=self._unexpected)
        try:
            stopped = self._fetch()
            end = replace(self._state, over=True, stopped=stopped)
        except RagError as error:
            _LOG.info("A download failed: %s", error)
            end = replace(self._state, over=True, problem=Problem.of(error).message)
        finally:  # an unforeseen error goes to the terminal; the page gets one sentence
            self._advance(end)

    def _fetch(self) -> bool:
        """Take the steps; return whether they were stopped: a wish that comes after the last one changes nothing."""
        steps = self._steps()
        for step in steps:
            self._advance(
                replace(self._state, stage=step.stage, done=step.done, total=step.total, rate=self._rate(step))
            )
            if self._stop.is_set():
                close(steps)
                return True
        return False

    def _rate(self, step: Step) -> float:
        """Return the bytes a second of the last seconds; 0 until there are two moments to compare."""
        if self._state.stage != step.stage:
            self._seen.clear()
        now = self._clock()
        if not self._seen or now - self._seen[-1][0] >= BREATH_S:
            self._seen.append((now, step.done))
        while now - self._seen[0][0] > WINDOW_S and len(self._seen) > 2:
            self._seen.popleft()
        then, done = self._seen[0]
        return max(0.0, (step.done - done) / (now - then)) if now > then else 0.0

    def _advance(self, state: DownloadState) -> None:
        with self._changed:
            self._state = state
            self._changed.notify_all()
