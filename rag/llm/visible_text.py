"""Turns a model's tokens into the text a reader sees; pure, fed one token at a time.

Three things are cut at arbitrary places by tokens and are put together here: characters of several bytes, blocks of
thought (which never reach the reader), and control tokens that a model or a server writes out as text.

The first mark that closes a thought ends it, however many were opened: models write ``<think>`` within thoughts, and
templates and models both open one. What stands before a further mark that closes was thought then, too.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence

from rag.events import Working
from rag.llm.control_marks import MARK, Sense, sense, unfinished, unsure


class AnswerText:
    """The visible text of an answer, built from the bytes of its tokens.

    Attributes:
        thinking: whether the text is within a block of thought now.
        stopped: whether a stop string was met, or a control token behind the answer; nothing more comes after it.
        thought: whether there was thought so far.
        disowned: how often what was visible turned out to be thought, since it was closed without having been opened.
    """

    def __init__(self, *, thinking: bool = False, stop: Sequence[str] = ()) -> None:
        self.thinking = thinking
        self.stopped = False
        self.thought = thinking
        self.disowned = 0
        self._stop = tuple(stop)
        self._stops = re.compile("|".join(map(re.escape, stop)) or "(?!)")
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._pending = ""  # read, but it may yet turn out to be the start of a mark
        self._begun = False  # white space before the first word is dropped
        self._framed = False  # whether the answer stands within a mark of its own
        self._other_end = ""  # what closes a thought besides marks that say so
        self._draft = False  # whether what is visible is closed as a thought: is it one, or was the mark a slip?

    def feed(self, piece: bytes) -> str:
        """Return the text that became certain with these bytes of the next token; often empty."""
        self._pending += self._decode(piece)
        return self._advance(held=max(unsure(self._pending), unfinished(self._pending, self._stop)))

    def finish(self) -> str:
        """Return what was held back, at the end of the answer."""
        self._pending += self._decode(b"", final=True)
        rest = self._advance(held=0)
        if self._draft and not self.thought:
            self._disown()
        return rest

    def _advance(self, *, held: int) -> str:
        visible: list[str] = []
        sure, self._pending = self._pending[: len(self._pending) - held], self._pending[len(self._pending) - held :]
        at, stop = 0, self._stops.search(sure)
        while not self.stopped:
            mark = MARK.search(sure, at)
            stop = self._stops.search(sure, at) if stop and stop.start() < at else stop
            found = min(
                (one for one in (None if self.thinking else stop, mark) if one), key=re.Match.start, default=None
            )
            self._show(sure[at : found.start() if found else len(sure)], visible)
            if found is None:
                break
            at = found.end()
            if found is stop:
                self.stopped = True
            else:
                self._heed(found, visible)
        return "".join(visible)

    def _heed(self, mark: re.Match[str], visible: list[str]) -> None:
        """Do what a mark asks for."""
        match sense(mark):
            case Sense.OPENS:
                self.thinking = self.thought = True
                self._other_end = f"</{mark[0].strip('<>').partition(' ')[0]}>"  # of an element called a thought inside
            case Sense.FRAMES if not (self.thinking or self._begun) or self._framed:
                self._framed = True
            case _ if self.thinking and mark[0] == self._other_end:
                self.thinking = False
            case Sense.CLOSES if self.thinking:
                self.thinking = False
            case Sense.CLOSES:
                self._draft, self._begun = self._draft or self._begun, False
            case Sense.CONTROL if not self.thinking:
                self.stopped = self._begun
            case Sense.TEXT | Sense.FRAMES:
                self._show(mark[0], visible)

    def _show(self, text: str, visible: list[str]) -> None:
        if self.thinking:
            return
        text = text if self._begun else text.lstrip()
        if text and self._draft:
            visible.clear()
            self._disown()
        self._begun = self._begun or bool(text)
        visible.append(text)

    def _disown(self) -> None:
        self.disowned += 1
        self._draft, self.thought = False, True


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


def shown(pieces: Iterable[bytes | Working], text: AnswerText) -> Iterator[str | Working]:
    """Yield what a reader sees of the bytes of each token; :class:`Working` while the model thinks.

    Args:
        pieces: the bytes of each token, as the model writes them; left unfinished where the text stops. What is
            :class:`Working` is handed on.
        text: what puts them together.
    """
    for piece in pieces:
        if isinstance(piece, Working):
            yield piece
            continue
        yield from _changes(text, text.disowned, text.feed(piece))
        if text.stopped:
            return
    yield from _changes(text, text.disowned, text.finish())


def _changes(text: AnswerText, disowned: int, visible: str) -> Iterator[str | Working]:
    if text.disowned > disowned:
        yield Working("thought")
    if visible:
        yield visible
    elif text.thinking:
        yield Working("reading", done=1.0)  # so that closing works while nothing is shown
