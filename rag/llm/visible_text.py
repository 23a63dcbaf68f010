"""Turns a model's tokens into the text a reader sees; pure, fed one token at a time.

Three things are cut at arbitrary places by tokens and are put together here: characters of several bytes, ``<think>``
blocks (which never reach the reader), and control tokens that a model or a server writes out as text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence

from rag.events import Working

_FINAL = "final<|message|>"

# What opens a block of thought → what closes it, in the model families that write them as text.
THOUGHTS = {
    **{f"<{name}>": f"</{name}>" for name in ("think", "thinking", "thought", "reasoning", "seed:think")},
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<|channel>thought": "<channel|>",
    "<|channel|>": _FINAL,  # harmony: every channel but the final one is thought, or a call of a tool
    "<|start|>assistant<|channel|>": _FINAL,
}
_CLOSINGS = (*dict.fromkeys(THOUGHTS.values()), "assistantfinal")  # the last: harmony of which the tokens were taken
_OTHERS = ("</s>", "<end_of_turn>", "<|turn>", "<turn|>")  # control tokens that are spelled in another way
_CLOSED = re.compile("|".join(map(re.escape, _CLOSINGS)))
_MARKS = "|".join(
    [
        *map(re.escape, sorted((*THOUGHTS, *_CLOSINGS), key=len, reverse=True)),
        r"<[|｜][\w▁]{1,40}[|｜]>",  # <|im_end|>, <｜end▁of▁sentence｜>: how most templates spell control tokens
        *map(re.escape, _OTHERS),
    ]
)
_BEGUN = re.compile(r"<[|｜][\w▁]{0,40}[|｜]?")
_LITERAL = (*THOUGHTS, *_CLOSINGS, *_OTHERS)


class AnswerText:
    """The visible text of an answer, built from the bytes of its tokens.

    Attributes:
        thinking: whether the text is within a block of thought now.
        stopped: whether a stop string was met, or a control token behind the answer; nothing more comes after it.
        thought: whether a block of thought was opened or closed so far.
        disowned: whether what was visible turned out to be thought, since it was closed without having been opened.
    """

    def __init__(self, *, thinking: bool = False, stop: Sequence[str] = ()) -> None:
        self.thinking = thinking
        self.stopped = False
        self.thought = thinking
        self.disowned = False
        self._stop = tuple(stop)
        self._marks = re.compile("|".join([*map(re.escape, stop), _MARKS]))
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
            found = (_CLOSED if self.thinking else self._marks).search(self._pending)
            if found is None:
                marks = _CLOSINGS if self.thinking else (*_LITERAL, *self._stop)
                held = 0 if ending else _held(self._pending, marks, control=not self.thinking)
                visible.append(self._seen(self._pending[: len(self._pending) - held]))
                self._pending = self._pending[len(self._pending) - held :]
                break
            visible.append(self._seen(self._pending[: found.start()]))
            self._pending = self._pending[found.end() :]
            if found[0] in _CLOSINGS and not self.thought:
                visible.clear()  # the template, or the server, had opened the thought
                self.disowned, self._begun = self._begun, False
            self.thought = self.thought or found[0] in (*THOUGHTS, *_CLOSINGS)
            control = found[0] not in (*THOUGHTS, *_CLOSINGS)
            self.stopped = control and (self._begun or found[0] in self._stop)
            self.thinking = found[0] in THOUGHTS
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
        disowned, visible = text.disowned, text.feed(piece)
        if text.disowned and not disowned:
            yield Working("thought")
        if visible:
            yield visible
        elif text.thinking:
            yield Working("reading", done=1.0)  # so that closing works while nothing is shown
        if text.stopped:
            return
    if rest := text.finish():
        yield rest


def _held(text: str, marks: Sequence[str], *, control: bool) -> int:
    """Return the length of the longest end of ``text`` that a mark, or a control token, may still complete."""
    tail = text.rfind("<")
    if control and tail >= 0 and _BEGUN.fullmatch(text, tail):
        return len(text) - tail
    longest = max(map(len, marks)) - 1
    return next(
        (n for n in range(min(longest, len(text)), 0, -1) if any(mark.startswith(text[-n:]) for mark in marks)), 0
    )
