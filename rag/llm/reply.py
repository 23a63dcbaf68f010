"""What an OpenAI-compatible server sends, line by line, becomes the text of an answer; pure.

Servers differ: some stream, some ignore the wish and send one object; some wrap the text in parts, some add thoughts,
some report an error where the text should stand. What is not understood is skipped, never shown.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from rag.llm.pieces import NewText, OneChoice
from rag.llm.server_words import parsed, said

LONGEST_ODDMENT = 1 << 20  # characters of what is no stream; more than any answer in one object
_LINE_END = re.compile(rb"\r\n|\n|\r(?!\Z)")  # one at the end of what has come may be half of another
_FILTERED = frozenset({"content_filter", "safety", "recitation", "blocklist", "prohibited_content", "spii"})


class Reply:
    """One answer of a server, fed line by line.

    Args:
        limit: tokens that it was allowed; 0 where that is not looked at.

    Attributes:
        error: what the server says went wrong, on one line; empty while nothing did.
        cut: whether the text ends at the length it was allowed, or a part of it came damaged and is lost.
        filtered: whether a content filter ended it.
        thought: whether the model sent thoughts apart from its text.
        called: whether the model called a tool.
        ended: whether the server said that the answer is whole; ``done`` whether it said that nothing more comes.
        went_on: whether there was more text behind an end, as where every piece is called the last one.
    """

    def __init__(self, limit: int = 0) -> None:
        self._limit = limit
        self.error = ""
        self.cut = False
        self.filtered = False
        self.thought = False
        self.called = False
        self.ended = False
        self.done = False
        self.went_on = False
        self._data = ""  # of an event whose object goes over several lines
        self._loose = ""  # lines outside events: one object, or a page of HTML
        self._of_error = False  # whether the event under way is called an error
        self._named = False  # or anything else
        self._choices = OneChoice()
        self._new = NewText()
        self._join = codecs.getincrementaldecoder("utf-16-le")("replace").decode  # halves of a character meet here

    def feed(self, line: str) -> str:
        """Return the text that a line adds; empty for one without any."""
        if line.startswith(":"):  # a comment, which keeps the connection open
            return ""
        if not line.strip():
            self._lose()
            self._of_error = self._named = False
            return ""
        field, colon, value = line.partition(":")
        if colon and field == "event":
            self._of_error, self._named = "error" in value, bool(value.strip())
        elif colon and field == "data":
            return self._event(value.strip())
        elif colon and field == "error":  # as llama-server tells it in a stream, before September 2025
            self.error = self.error or said(value.strip().encode())
        elif not (colon and field in {"id", "retry"}):
            return self._oddment(line)
        return ""

    def finished(self) -> str:
        """Return the text that is left at the end; sets ``error`` where the server sent something else altogether."""
        rest = "".join(map(self._piece, self._choices.rest()))
        rest += self._new.rest() + self._join(b"", final=True)
        if self._loose and not (self.error or self.ended):
            values = parsed(self._loose)
            if isinstance(values, dict):
                rest += self._object(values)
                self.ended = True
            elif not isinstance(values, list):
                self.error = f"it sent what is no answer of a model: {said(self._loose.encode())}"
        return rest

    def _event(self, data: str) -> str:
        if data == "[DONE]":
            self._lose()
            self.ended = self.done = True
            return ""
        if self._data and isinstance(values := parsed(data), dict) and values.keys() & {"choices", "error"}:
            self._lose()  # of an event that nothing closed before the next one
        self._data = f"{self._data}\n{data}" if self._data else data
        values = parsed(self._data)
        if values is None and not self._of_error:
            return ""
        whole, self._data = self._data, ""
        if self._of_error:
            self.error = self.error or said(whole.encode())
            return ""
        return self._object(values) if isinstance(values, dict) else ""

    def _lose(self) -> None:
        """Give up an event whose object did not come whole."""
        self.cut = self.cut or self._data.startswith("{")
        self._data = ""

    def _oddment(self, line: str) -> str:
        values = None if self._loose else parsed(line)
        if isinstance(values, dict):  # one object a line, or the whole answer in one
            return self._object(values)
        if len(self._loose) < LONGEST_ODDMENT:
            self._loose += f"{line}\n"
        return ""

    def _object(self, values: dict[str, Any]) -> str:
        pieces = self._choices.of(values.get("choices"))
        wrong = values.get("error") or next((piece["error"] for piece in pieces if piece.get("error")), None)
        told = any(isinstance(values.get(name), str) for name in ("detail", "message", "msg", "error_msg"))
        told = told or (values.get("success") is False and bool(values.get("errors")))
        silent = told and "choices" not in values and not self._named  # a named event tells what the server is doing
        silent = silent or (values.get("choices", ()) is None and "usage" not in values)
        if wrong or silent or values.get("object") == "error":
            self.error = self.error or said(json.dumps({"error": wrong} if wrong else values).encode())
            return ""
        usage = values.get("usage")
        written = usage.get("completion_tokens") if isinstance(usage, dict) else None
        if isinstance(written, int) and 0 < self._limit <= written:  # some call that the end of the answer
            self.cut = True
        return "".join(map(self._piece, pieces))

    def _piece(self, choice: dict[str, Any]) -> str:
        finish = str(choice.get("finish_reason") or "").lower()
        self.cut = self.cut or finish in {"length", "max_tokens", "abort", "error"}
        self.filtered = self.filtered or finish in _FILTERED
        before, self.ended = self.ended, self.ended or bool(finish)
        message = choice["delta"] if "delta" in choice else choice.get("message")  # some repeat the whole beside it
        message = message if isinstance(message, dict) else choice
        self.thought = self.thought or any(message.get(name) for name in ("reasoning_content", "reasoning", "thinking"))
        self.called = self.called or bool(message.get("tool_calls") or message.get("function_call"))
        content = message.get("content") or message.get("text") or message.get("refusal") or ""
        text = "".join(map(self._text, content if isinstance(content, list) else [content]))
        joined = self._join(text.encode("utf-16-le", "surrogatepass"))
        new = self._new.of(joined, whole=message is choice.get("message"))
        self.went_on = self.went_on or (before and bool(new))
        return new

    def _text(self, part: object) -> str:
        """Return the text of a part of the content; thoughts, pictures and calls have none."""
        if isinstance(part, str):
            return part
        if not isinstance(part, dict):
            return ""
        kind, text = part.get("type", "text"), part.get("text")
        self.thought = self.thought or kind in {"thinking", "reasoning"}
        return text if kind in {"text", "output_text"} and isinstance(text, str) else ""


def lines_of(pieces: Iterable[bytes]) -> Iterator[str]:
    r"""Yield the lines of what arrives in pieces. ``\n``, ``\r`` and both end one: JSON holds others."""
    rest = b""
    for piece in pieces:
        *lines, rest = _LINE_END.split(rest + piece)
        yield from (line.decode("utf-8", "replace").removeprefix("\ufeff") for line in lines)
    if rest:
        yield rest.rstrip(b"\r").decode("utf-8", "replace").removeprefix("\ufeff")
