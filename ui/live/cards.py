"""Cards of articles, made one after the other in a thread of its own once their articles are opened, and kept.

A reader who asks goes first: between two parts of a card it is waited until nothing else is to be done. The article
that was opened last comes next. A card that takes too long stays as it is by then.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator

from rag.card import Card
from rag.errors import RagError
from ui.live.running import close

_LOG = logging.getLogger(__name__)
KEPT = 64
LONGEST_S = 60.0  # of work on one card

Key = tuple[str, str]  # library, article


class Cards:
    """Makes and keeps cards.

    Args:
        make: yields the card of an article of a library as it grows.
        give_way: returns once nobody waits for anything else.
    """

    def __init__(self, make: Callable[[str, str], Iterator[Card]], give_way: Callable[[], None]) -> None:
        self._make = make
        self._give_way = give_way
        self._cards: OrderedDict[Key, Card] = OrderedDict()
        self._whole: set[Key] = set()
        self._wanted: list[Key] = []
        self._closed = False
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()

    def card(self, library: str, article: str) -> Card | None:
        """Return the card of an article as far as it is made."""
        with self._changed:
            return self._cards.get((library, article))

    def follow(self, library: str, article: str) -> Iterator[Card]:
        """Have the card of an article made; yield it whenever it has grown, until it is whole or cannot be made."""
        key, shown = (library, article), None
        with self._changed:
            if key not in self._whole and key not in self._wanted and not self._closed:
                self._wanted.append(key)
                self._begin()
        while True:
            card, over = self._grown(key, shown)
            if card is not None and card is not shown:
                shown = card
                yield card
            if over:
                return

    def _grown(self, key: Key, shown: Card | None) -> tuple[Card | None, bool]:
        """Wait until a card is another than the one shown, or over; return it, and whether it is over."""
        with self._changed:
            self._changed.wait_for(lambda: key not in self._wanted or self._cards.get(key) is not shown)
            return self._cards.get(key), key not in self._wanted

    def close(self, timeout: float | None = None) -> None:
        """Make no more cards, and wait until the one under way has stopped."""
        with self._changed:
            self._closed, self._wanted = True, []
            thread = self._thread
            self._changed.notify_all()
        if thread:
            thread.join(timeout)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="cards", daemon=True)
            self._thread.start()

    # ── In the thread that makes them ───────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        key: Key | None = None
        try:
            while key := self._next():
                self._one(key)
        finally:  # after an unforeseen error, which goes to the terminal, nobody waits for it
            with self._changed:
                if self._thread is threading.current_thread():
                    self._thread = None
                self._wanted = [other for other in self._wanted if other != key]
                self._changed.notify_all()

    def _next(self) -> Key | None:
        with self._changed:
            if not self._wanted:
                self._thread = None
                return None
            return self._wanted[-1]

    def _one(self, key: Key) -> None:
        worked, whole = 0.0, False
        steps: Iterator[Card] = iter(())
        try:
            self._give_way()
            steps = self._make(*key)
            while worked < LONGEST_S and not self._closed:
                begun = time.monotonic()
                card = next(steps, None)
                worked += time.monotonic() - begun
                if card is None:
                    whole = True
                    break
                self._keep(key, card)
                self._give_way()
        except RagError as error:  # the pane of the article tells what is wrong with it
            _LOG.info("No card was made of an article: %s", error)
        finally:
            close(steps)
            self._end(key, whole=whole or worked >= LONGEST_S)

    def _keep(self, key: Key, card: Card) -> None:
        with self._changed:
            self._cards[key] = card
            self._cards.move_to_end(key)
            while len(self._cards) > KEPT:
                old, _ = self._cards.popitem(last=False)
                self._whole.discard(old)
            self._changed.notify_all()

    def _end(self, key: Key, *, whole: bool) -> None:
        with self._changed:
            if whole and key in self._cards:
                self._whole.add(key)
            self._wanted = [other for other in self._wanted if other != key]
            self._changed.notify_all()
