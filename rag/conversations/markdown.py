"""A conversation as Markdown, to take away."""

from __future__ import annotations

from collections.abc import Iterable

from rag.conversations.turn import KeptTurn, Summary
from rag.values import Answer


def to_markdown(summary: Summary, turns: Iterable[KeptTurn]) -> str:
    """Return a conversation with its questions as headings and citations as footnotes of each answer."""
    parts = [f"# {plain(summary.title)}\n", f"{summary.created[:10]} · {plain(summary.library)}\n"]
    for turn in turns:
        parts.append(f"## {plain(turn.question)}\n")
        if turn.answer:
            parts += [_marked(turn.answer), ""]
            parts += [f"{plain(notice)}\n" for notice in turn.answer.notices]
            parts += [f"{c.n}. {plain(c.title)} ({c.start}-{c.end}): {plain(c.quote)}" for c in turn.answer.citations]
            parts.append("")
        elif turn.problem[0]:
            parts.append(f"{plain(turn.problem[0])}\n")
    return "\n".join(parts)


def plain(text: str) -> str:
    """Return ``text`` on one line with the signs escaped that Markdown or HTML would act on."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_[]<>#|!" else c for c in text)


def _marked(answer: Answer) -> str:
    """Return the text of an answer, escaped, with ``[n]`` after each sentence that cites."""
    parts, done = [], 0
    for sentence in answer.sentences:
        written = _escaped(answer.text[sentence.start : sentence.end])
        parts += [_escaped(answer.text[done : sentence.start]), f"~~{written}~~" if sentence.struck else written]
        parts += [f" [{n}]" for n in sentence.citations]
        done = sentence.end
    return "".join([*parts, _escaped(answer.text[done:])])
