"""What was computed of texts, kept while there is room; what was used longest ago goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.reader.heads import Offsets


@dataclass(frozen=True, slots=True)
class ReadAlone:
    """A text as the lower layers leave it.

    Attributes:
        tokens: their numbers, shape (tokens,).
        state: of each token, shape (tokens, width).
        offsets: where each token stands in the text, shape (tokens, 2); what stands before the text is negative.
    """

    tokens: npt.NDArray[np.int64]
    state: npt.NDArray[np.float16]
    offsets: Offsets

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        return self.tokens.nbytes + self.state.nbytes + self.offsets.nbytes


class StateCache:
    """Texts read alone, by what was read; any number of threads may ask at once.

    Args:
        most_bytes: to keep.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[str, ReadAlone] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, text: str) -> ReadAlone | None:
        """Return what is kept of a text."""
        with self._lock:
            found = self._kept.get(text)
            if found is not None:
                self._kept.move_to_end(text)
            return found

    def put(self, text: str, read: ReadAlone) -> None:
        """Keep a text, and forget as many others as it takes."""
        with self._lock:
            before = self._kept.pop(text, None)
            self.bytes += read.bytes - (before.bytes if before else 0)
            self._kept[text] = read
            while self.bytes > self.most_bytes:
                self.bytes -= self._kept.popitem(last=False)[1].bytes
