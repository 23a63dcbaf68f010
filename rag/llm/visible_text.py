"""Turns a model's tokens into the text a reader sees; pure, fed one token at a time.

Three things are cut at arbitrary places by tokens and are put together here: characters of several bytes, ``<think>``
blocks (which never reach the reader), and stop strings.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence

from rag.events import Working

# What opens a block of thought → what closes it, in the model families that write them as text.
THOUGHTS = {"<think>": "</think>", "[THINK]": "[/THINK]", "<|channel>thought": "<channel|>"}


class AnswerText:
    """The visible text of an answer, built from the bytes of its tokens.

    Attributes:
        thinking: whether the text is within a block of thought now.
        stopped: whether a stop string was met; nothing more comes after it.
    """

    def __init__(self, *, thinking: bool = False, stop: Sequence[str] = ()) -> None:
        self.thinking = thinking
        self.stopped = False
        self._stop = tuple(stop)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._pending = ""  # read, but it may yet turn out to be the start of a mark
        self._begun = False  # white space before the first word is dropped

    def feed(self, piece: bytes) -> str:
        """Return the text that became certain with these bytes of the next token; often empty."""
        self._pending += self._decode(piece)
        return self._advance(ending=False)

    def finish(self) -> str:
        """Return what was held back, at the end of the answer."""
        self._pending += self._decode(b"", final=True)
        return self._advance(ending=True)

    def _advance(self, *, ending: bool) -> str:
        visible: list[str] = []
        while self._pending and not self.stopped:
            marks = tuple(THOUGHTS.values()) if self.thinking else (*THOUGHTS, *THOUGHTS.values(), *self._stop)
            position, mark = _first(self._pending, marks)
            if not mark:
                held = 0 if ending else _held(self._pending, marks)
                visible.append(self._seen(self._pending[: len(self._pending) - held]))
                self._pending = self._pending[len(self._pending) - held :]
                break
            visible.append(self._seen(self._pending[:position]))
            self._pending = self._pending[position + len(mark) :]
            self.stopped = mark in self._stop and not self.thinking
            self.thinking = mark in THOUGHTS
        return "".join(visible)

    def _seen(self, text: str) -> str:
        if self.thinking:
            return ""
        text = text if self._begun else text.lstrip()
        self._begun = self._begun or bool(text)
        return text


class Counted:
    """The bytes of each token, counted as they are taken."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield each piece once."""
        for piece in self._pieces:
            self.count += 1
            yield piece


def shown(pieces: Iterable[bytes], text: AnswerText) -> Iterator[str | Working]:
    """Yield what a reader sees of the bytes of each token; :class:`Working` while the model thinks.

    Args:
        pieces: the bytes of each token, as the model writes them; left unfinished at a stop string.
        text: what puts them together.
    """
    for piece in pieces:
        if visible := text.feed(piece):
            yield visible
        elif text.thinking:
            yield Working("reading", done=1.0)  # so that closing works while nothing is shown
        if text.stopped:
            return
    if rest := text.finish():
        yield rest


def _first(text: str, marks: Sequence[str]) -> tuple[int, str]:
    """Return where the first of ``marks`` stands in ``text``, and which; ``(-1, "")`` if none does."""
    found = [(position, mark) for mark in marks if (position := text.find(mark)) >= 0]
    return min(found, default=(-1, ""))


def _held(text: str, marks: Sequence[str]) -> int:
    """Return the length of the longest end of ``text`` that one of ``marks`` may still complete."""
    longest = max(map(len, marks), default=1) - 1
    return next(
        (n for n in range(min(longest, len(text)), 0, -1) if any(mark.startswith(text[-n:]) for mark in marks)), 0
    )
