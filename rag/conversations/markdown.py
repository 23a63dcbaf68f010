"""A conversation as Markdown, to take away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.answer.notices import CONFIDENCE, UNDERSTOOD, in_language
from rag.conversations.turn import KeptTurn, Note, Summary
from rag.values import Answer, Citation


def to_markdown(summary: Summary, turns: Iterable[KeptTurn], notes: Sequence[Note] = ()) -> str:
    """Return a conversation with its questions as headings, citations as footnotes of each answer, and notes."""
    parts = [f"# {plain(summary.title)}\n", f"{summary.created[:10]} · {plain(summary.library)}\n"]
    for turn in turns:
        parts.append(f"## {plain(turn.question)}\n")
        if turn.answer:
            parts += [*_before(turn), _marked(turn.answer), ""]
            parts += [f"{plain(notice)}\n" for notice in (*turn.answer.notices, *_confidence(turn.answer))]
            parts += [f"{c.n}. {plain(c.title)} ({_place(c)}): {plain(c.quote)}" for c in turn.answer.citations]
            parts.append("")
        elif turn.problem[0]:
            parts.append(f"{plain(turn.problem[0])}\n")
    return "\n".join([*parts, *(["## Notes\n", *map(_noted, notes)] if notes else [])])


def notes_to_markdown(title: str, notes: Iterable[Note]) -> str:
    """Return the notes on an article."""
    return "\n".join([f"# {plain(title)}\n", *map(_noted, notes)])


def _noted(note: Note) -> str:
    remark = f"{plain(note.remark)}\n\n" if note.remark.strip() else ""
    return f"> {plain(note.quote)}\n>\n> {plain(note.title)} ({note.start}-{note.end})\n\n{remark}"


def _place(citation: Citation) -> str:
    """Return where cited characters stand: the page, where there is one, and their offsets."""
    return f"{f'p. {citation.page}, ' if citation.page else ''}{citation.start}-{citation.end}"


def plain(text: str) -> str:
    """Return ``text`` on one line with the signs escaped that Markdown or HTML would act on."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_[]<>#|!" else c for c in text)


def _before(turn: KeptTurn) -> list[str]:
    """Return what was searched, where the question was completed."""
    answer = turn.answer
    if not answer or not answer.searched or answer.searched == turn.question:
        return []
    return [f"{in_language(UNDERSTOOD, answer.language).format(question=plain(answer.searched))}\n"]


def _confidence(answer: Answer) -> list[str]:
    if answer.refused or not answer.only_quotes or not answer.confidence:
        return []
    return [f"{in_language(CONFIDENCE[answer.confidence], answer.language)}."]


def _marked(answer: Answer) -> str:
    """Return the text of an answer, escaped, its answering words bold, ``[n]`` after each sentence that cites."""
    parts, done = [], 0
    for sentence in answer.sentences:
        parts.append(_emphasised(answer, done, sentence.start))
        written = _emphasised(answer, sentence.start, sentence.end)
        parts += [f"~~{written}~~" if sentence.struck else written, *(f" [{n}]" for n in sentence.citations)]
        done = sentence.end
    return "".join([*parts, _emphasised(answer, done, len(answer.text))])


def _emphasised(answer: Answer, start: int, end: int) -> str:
    parts, done = [], start
    for left, right in answer.words:
        if done <= left and right <= end:
            parts += [_escaped(answer.text[done:left]), f"**{_escaped(answer.text[left:right])}**"]
            done = right
    return "".join([*parts, _escaped(answer.text[done:end])])
