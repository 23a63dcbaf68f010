"""A conversation and notes as paragraphs, each of a kind, whatever file is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from rag.answer.notices import CONFIDENCE, FOLLOWING, in_language
from rag.conversations.quotations import as_quoted, nested_characters
from rag.conversations.turn import KeptTurn, Note, Summary
from rag.values import Answer, Citation, Hit, Sentence

Kind = Literal["title", "facts", "question", "said", "answer", "source", "heading", "quote", "origin", "remark"]

VERDICTS = {
    "no": {"fr": "non appuyée sur {}", "en": "not supported by {}"},
    "contradicted": {"fr": "contredite par {}", "en": "contradicted by {}"},
    "partly": {"fr": "appuyée en partie seulement sur {}", "en": "only partly supported by {}"},
}
"""What is told after a sentence that a model wrote and that does not wholly stand in the article, or the articles."""
_ARTICLES = {"fr": ("l’article", "les articles"), "en": ("the article", "the articles")}
WITH_ITEMS = {"fr": "{said}\u00a0: {items}", "en": "{said}: {items}"}

SOURCE = {"fr": "{title} ({place})\u00a0: «\u00a0{quote}\u00a0»", "en": "{title} ({place}): “{quote}”"}
CHARACTERS = {"fr": "signes {start}-{end}", "en": "characters {start}-{end}"}
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")  # those before French punctuation stay


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of an answer.

    Attributes:
        text: of it; of a mark, ``[n]`` for each citation.
        strong: whether it is what answers.
        struck: whether the article does not support it.
        mark: whether it is no text of the answer but the marks after a sentence.
    """

    text: str
    strong: bool = False
    struck: bool = False
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of what is taken away.

    Attributes:
        kind: what it is; ``said`` is what the program tells beside an answer.
        text: of it; empty where it has ``runs``.
        runs: of an answer, which may hold line ends.
        number: of the citation that a ``source`` is.
    """

    kind: Kind
    text: str = ""
    runs: tuple[Run, ...] = ()
    number: int = 0


def outline(summary: Summary, turns: Sequence[KeptTurn], notes: Sequence[Note] = ()) -> Iterator[Paragraph]:
    """Yield a conversation: its questions, each with its answer and what that rests on, then the reader's notes."""
    yield Paragraph("title", summary.title)
    yield Paragraph("facts", f"{summary.created[:10]} · {summary.library}")
    for turn in turns:
        yield Paragraph("question", turn.question)
        if turn.answer:
            yield from _answered(turn, turn.answer)
        elif turn.problem[0]:
            yield Paragraph("said", turn.problem[0])
    if notes:
        yield Paragraph("heading", "Notes")
        yield from _noted(notes, language_of(turns))


def outline_of_notes(title: str, notes: Iterable[Note], language: str) -> Iterator[Paragraph]:
    """Yield the notes on an article in a language."""
    yield Paragraph("title", title)
    yield from _noted(notes, language)


def ask_several(found: Sequence[Hit]) -> bool:
    """Return whether passages of several articles were found for a question: then all of them are spoken of."""
    return len({hit.passage.article for hit in found}) > 1


def one_line(text: str) -> str:
    """Return a text on one line, with one space between its words."""
    return _SPACE.sub(" ", text).strip()


def language_of(turns: Iterable[KeptTurn]) -> str:
    """Return the language of the first answer that has one; empty where none has."""
    return next((turn.answer.language for turn in turns if turn.answer and turn.answer.language), "")


def _answered(turn: KeptTurn, answer: Answer) -> Iterator[Paragraph]:
    if answer.searched and answer.searched != turn.question:
        yield Paragraph("said", in_language(FOLLOWING, answer.language))
    yield Paragraph("answer", runs=tuple(_nested(tuple(_runs(answer)), answer.citations)))
    for notice in answer.notices:
        yield Paragraph("said", notice)
    if answer.confidence and not answer.refused and not any(map(_is_doubted, answer.sentences)):
        yield Paragraph("said", f"{in_language(CONFIDENCE[answer.confidence], answer.language)}.")
    for citation in answer.citations:
        yield Paragraph("source", _source(citation, answer.language), number=citation.n)


def _noted(notes: Iterable[Note], language: str) -> Iterator[Paragraph]:
    for note in notes:
        yield Paragraph("quote", note.quote)
        yield Paragraph("origin", f"{note.title} ({_characters(note, language)})")
        if note.remark.strip():
            yield Paragraph("remark", note.remark)


def _source(citation: Citation, language: str) -> str:
    """Return a source: the article, the page where there is one, where the characters stand in its text, and they."""
    page = f"p. {citation.page}, " if citation.page else ""
    quote = "".join(nested_characters(one_line(citation.quote), language))
    place = page + _characters(citation, language)
    return in_language(SOURCE, language).format(title=citation.title, place=place, quote=quote)


def _characters(place: Citation | Note, language: str) -> str:
    return in_language(CHARACTERS, language).format(start=place.start, end=place.end)


def _nested(runs: Sequence[Run], citations: Sequence[Citation]) -> Iterator[Run]:
    """Yield runs in which a line that is a quote in quotation marks has others within them."""
    lines = "".join(run.text for run in runs).split("\n")
    written = iter([sign for line in lines for sign in (*as_quoted(line, citations), "\n")])
    for run in runs:
        yield replace(run, text="".join(islice(written, len(run.text))))


def _is_doubted(sentence: Sentence) -> bool:
    """Return whether a sentence stands although the article does not say all of it."""
    return sentence.supported in VERDICTS and not sentence.struck


def _verdict(sentence: Sentence, language: str, *, several: bool) -> str:
    named = _ARTICLES.get(language, _ARTICLES["en"])[several]
    said = in_language(VERDICTS[sentence.supported], language).format(named)
    items = ", ".join(sentence.missing)
    return in_language(WITH_ITEMS, language).format(said=said, items=items) if items else said


def _runs(answer: Answer) -> Iterator[Run]:
    """Yield the text of an answer, after each sentence ``[n]`` for what it cites and what the check found wanting."""
    done = 0
    for sentence in answer.sentences:
        yield from _emphasised(answer, done, sentence.start)
        yield from _emphasised(answer, sentence.start, sentence.end, struck=sentence.struck)
        yield Run("".join(f" [{n}]" for n in sentence.citations), mark=True)
        if _is_doubted(sentence):
            yield Run(f" ({_verdict(sentence, answer.language, several=ask_several(answer.hits))})")
        done = sentence.end
    yield from _emphasised(answer, done, len(answer.text))


def _emphasised(answer: Answer, start: int, end: int, *, struck: bool = False) -> Iterator[Run]:
    done = start
    for left, right in answer.words if answer.confidence != "unsure" else ():
        if done <= left and right <= end:
            yield Run(answer.text[done:left], struck=struck)
            yield Run(answer.text[left:right], strong=True, struck=struck)
            done = right
    yield Run(answer.text[done:end], struck=struck)
