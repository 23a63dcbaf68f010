"""What is kept of a conversation, and the JSON that a turn is kept as."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from rag.values import Answer


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as a list shows it. ``created`` and ``changed`` are ISO times in UTC."""

    identifier: str
    title: str
    library: str
    article: str
    created: str
    changed: str
    turns: int


@dataclass(frozen=True, slots=True)
class Note:
    """Words of an article that a reader picked, and what the reader remarks on them.

    Attributes:
        start: with ``end``, where the words stand: ``quote == article.text[start:end]``.
        remark: empty where the words were only pinned.
        created: an ISO time in UTC.
    """

    identifier: str
    article: str
    title: str
    start: int
    end: int
    quote: str
    remark: str
    created: str


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One exchange as it is kept.

    Attributes:
        answer: as far as it was written; None when the question failed before a word.
        problem: what went wrong and the command to type next, both empty when nothing did.
        rating: ``""``, ``"up"`` or ``"down"``, with the reader's own ``reason``.
    """

    question: str
    answer: Answer | None = None
    whole_article: bool = False
    problem: tuple[str, str] = ("", "")
    rating: str = ""
    reason: str = ""


_TURN = TypeAdapter(KeptTurn)
_Row = TypeVar("_Row", Summary, Note)
UNREADABLE = KeptTurn("", problem=("This turn cannot be read: the file of the conversations is damaged.", "rag doctor"))
"""What stands in the place of a turn that is lost."""


def from_row(kind: type[_Row], row: Iterable[object]) -> _Row:
    """Return a row as a value; what a damaged file holds in the place of a text or a number counts as none."""
    values: list[Any] = [_value(field.type, value) for field, value in zip(fields(kind), row, strict=True)]
    return kind(*values)


def _value(wanted: object, value: object) -> str | int:
    if wanted == "int":
        return value if isinstance(value, int) else 0
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def turn_to_json(turn: KeptTurn) -> str:
    """Return a turn as JSON."""
    return _TURN.dump_json(turn).decode()


def turn_from_json(stored: object) -> KeptTurn:
    """Return a turn as far as this version knows it, whichever version wrote it.

    What is missing has its default; what cannot be read is left out, with no more around it than cannot do without it.
    """
    if not isinstance(stored, str):
        return UNREADABLE
    try:
        turn = json.loads(stored)
    except (ValueError, RecursionError):  # damaged, or of another program
        return KeptTurn("")
    while True:
        try:
            return _TURN.validate_python(turn)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
        place = problem["loc"][:-1] if problem["type"] == "missing" else problem["loc"]
        if not place:
            return KeptTurn("")
        around = turn
        for step in place[:-1]:
            around = around[step]
        del around[place[-1]]


def of_first_version(turn: KeptTurn) -> KeptTurn:
    """Return a turn of the first version as today's: marks stood in the text then, and sentences had no offsets."""
    answer = turn.answer
    if answer is None:
        return turn
    ours = "|".join(str(citation.n) for citation in answer.citations)
    text = re.sub(rf" \[(?:{ours})\]", "", answer.text) if ours else answer.text
    sentences, done = [], 0
    for sentence in answer.sentences:
        found = text.find(sentence.text, done)
        start, done = (done, done) if found < 0 else (found, found + len(sentence.text))
        sentences.append(replace(sentence, start=start, end=done))
    return replace(turn, answer=replace(answer, text=text, sentences=tuple(sentences)))
