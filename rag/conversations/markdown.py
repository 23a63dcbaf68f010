"""What is taken away as Markdown: questions as headings, citations as footnotes of each answer, notes as quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby, pairwise

from rag.conversations.outline import Paragraph, Run, one_line

_LINE_ENDS = re.compile(r"\n+")  # each line of an answer is a paragraph of its own


def to_markdown(paragraphs: Iterable[Paragraph]) -> str:
    """Return a conversation, or notes, as Markdown."""
    told = list(paragraphs)
    after = [*(second for _, second in pairwise(told)), None]
    return "".join(_written(one) + _end(one, following) for one, following in zip(told, after, strict=True))


def _written(one: Paragraph) -> str:
    match one.kind:
        case "title":
            return f"# {plain(one.text)}"
        case "question" | "heading":
            return f"## {plain(one.text)}"
        case "answer":
            return _LINE_ENDS.sub("\n\n", _marked(one.runs))
        case "source":
            return f"{one.number}. {plain(one.text)}"
        case "quote" | "origin":
            return f"> {plain(one.text)}"
        case _:
            return plain(one.text)


def _end(one: Paragraph, following: Paragraph | None) -> str:
    """Return what stands after a paragraph: sources follow each other directly, a quotation goes on to its origin."""
    if one.kind == "source" and following and following.kind == "source":
        return "\n"
    return "\n>\n" if one.kind == "quote" else "\n\n" if following else "\n"


def plain(text: str) -> str:
    """Return ``text`` on one line with the signs escaped that Markdown or HTML would act on."""
    return _escaped(one_line(text))


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_[]<>#|!" else c for c in text)


def _marked(runs: Iterable[Run]) -> str:
    """Return the text of an answer, escaped but for the marks of its citations, its answering words bold."""
    parts = []
    for struck, stretch in groupby(runs, key=lambda run: run.struck):
        text = "".join(_run(run) for run in stretch)
        parts.append(f"~~{text}~~" if struck and text else text)
    return "".join(parts)


def _run(run: Run) -> str:
    if run.mark:
        return run.text
    return f"**{_escaped(run.text)}**" if run.strong else _escaped(run.text)
