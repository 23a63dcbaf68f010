"""Which stretches of a text are taken, so that no other fact is read out of them; pure."""

from __future__ import annotations

from collections.abc import Iterable


class Stretches:
    """Marks characters of one text: asking and marking cost what the stretch is long, however many there are.

    Args:
        length: of the text, in characters.
        taken: stretches ``(start, end)`` that are taken from the beginning.
    """

    def __init__(self, length: int, taken: Iterable[tuple[int, int]] = ()) -> None:
        self._marks = bytearray(length)
        for start, end in taken:
            self.take(start, end)

    def take(self, start: int, end: int) -> None:
        """Mark a stretch as taken."""
        self._marks[start:end] = b"\x01" * (end - start)

    def meets(self, start: int, end: int) -> bool:
        """Return whether a character between two offsets is taken."""
        return self._marks.find(1, start, end) >= 0
