"""Stopping a model from another thread than the one that waits for it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")


class StopFlag:
    """A request to stop that llama.cpp itself reads while it computes; any thread may set it.

    llama.cpp calls an abort callback before each operation of a graph, a thousand times per token. A Python function
    there would take the interpreter's lock each time, so the callback is C's ``strlen`` on a buffer of two bytes:
    false while the first is zero, true once it is set.
    """

    def __init__(self) -> None:
        self._bytes = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """Ask to stop."""
        self._bytes[0] = b"\x01"

    def __bool__(self) -> bool:
        return bool(self._bytes[0] != b"\x00")

    @property
    def address(self) -> ctypes.c_void_p:
        """Where llama.cpp reads the flag."""
        return ctypes.cast(self._bytes, ctypes.c_void_p)


class Stream(Generic[Item]):
    """An iterator that any thread may close while another waits for its next item.

    Closing a plain generator that is running raises ``ValueError``; closing this one makes llama.cpp itself stop.
    """

    def __init__(self, produce: Callable[[StopFlag], Iterator[Item]]) -> None:
        self._stop = StopFlag()
        self._items = produce(self._stop)

    def __iter__(self) -> Stream[Item]:
        return self

    def __next__(self) -> Item:
        return next(self._items)

    def stop(self) -> None:
        """Let the model write no more; what it tells of its end, the tokens, still comes."""
        self._stop.set()

    def close(self) -> None:
        """Stop the model: within a token while it writes, within one operation while it reads."""
        self._stop.set()
        close = getattr(self._items, "close", None)
        with suppress(ValueError):  # it is running in another thread, which sees the flag
            if close is not None:
                close()
