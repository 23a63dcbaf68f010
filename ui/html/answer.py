"""The text of an answer: paragraphs in which each sentence has its verdict and each citation its mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from rag.conversations import as_quoted, ask_several
from rag.events import Working
from rag.values import Answer, Citation, Sentence
from ui.html.environment import render
from ui.state import Exchange, Problem
from ui.words import NARROW, Words, said_of_articles

_AFTER_SPACE = ("»", "?", "!", ";", ":")  # French sets a space before them, and none begins a line
STEPS = ("unsure", "likely", "sure")

Marks = tuple[tuple[int, Citation], ...]
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and the citation mark after it, which never begins a line without the word before it.

    Attributes:
        text: of it.
        mark: after it.
        strong: whether these words are the answer.
    """

    text: str
    mark: Citation | None = None
    strong: bool = False

    @property
    def glued(self) -> str:
        """The end of ``text`` that stays with the mark; empty where a line end or an emphasis stands in between."""
        head, _, tail = self.text.rpartition(" ")
        if tail in _AFTER_SPACE:
            tail = f"{head.rpartition(' ')[2]} {tail}"
        return "" if "**" in tail or "\n" in tail else tail

    @property
    def free(self) -> str:
        """What of ``text`` comes before ``glued``."""
        return self.text[: len(self.text) - len(self.glued)]


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of an answer with what is said of it, or what stands between sentences."""

    runs: tuple[Run, ...]
    verdict: str = ""
    said: str = ""
    struck: bool = False
    quoted: bool = False


@dataclass(slots=True)
class _Paragraphs:
    """Paragraphs as they fill: outside sentences each line end begins another one."""

    found: list[list[Piece]] = field(default_factory=lambda: [[]])

    def between(self, runs: Iterator[Run]) -> None:
        for run in runs:
            *before, last = run.text.split("\n")
            for line in before:
                self.found[-1].append(Piece((Run(line),)))
                self.found.append([])
            self.found[-1].append(Piece((Run(last, run.mark),)))

    def shown(self) -> list[list[Piece]]:
        return [pieces for pieces in self.found if any(_is_seen(piece) for piece in pieces)]


def paragraphs(exchange: Exchange, words: Words) -> list[list[Piece]]:
    """Return the text of an answer cut where a sentence ends, a mark stands or a paragraph begins.

    Where it is doubtful that the article answers, no words stand out as the answer: they seldom are.
    """
    answer = exchange.answer
    text = answer.text if answer else exchange.text
    sentences = answer.sentences if answer else exchange.sentences
    marks = _final_marks(answer) if answer else exchange.marks
    strong = answer.words if answer and answer.confidence != "unsure" else ()
    several = ask_several(answer.hits if answer else exchange.hits)
    filled, cursor = _Paragraphs(), 0
    filled.between(Run("", citation) for position, citation in marks if position == 0)
    for sentence in sentences:
        filled.between(_runs(text, cursor, sentence.start, marks, strong))
        runs = tuple(_runs(text, sentence.start, sentence.end, marks, strong))
        if sentence.start < sentence.end:
            said = said_of(sentence, words, several=several)
            filled.found[-1].append(Piece(runs, sentence.supported, said, sentence.struck, sentence.quoted))
        cursor = sentence.end
    filled.between(_runs(text, cursor, len(text), marks, strong))
    return [_nested(pieces, exchange.citations) for pieces in filled.shown()]


def _nested(pieces: list[Piece], citations: Sequence[Citation]) -> list[Piece]:
    written = iter(as_quoted("".join(run.text for piece in pieces for run in piece.runs), citations))
    return [
        replace(piece, runs=tuple(replace(run, text="".join(islice(written, len(run.text)))) for run in piece.runs))
        for piece in pieces
    ]


def _is_seen(piece: Piece) -> bool:
    return bool(piece.verdict) or any(run.mark or run.text.strip() for run in piece.runs)


def _runs(text: str, start: int, end: int, marks: Marks, strong: Ranges) -> Iterator[Run]:
    """Yield ``text[start:end]`` cut at the marks that stand in ``]start, end]``, and around the words that answer."""
    cursor = start
    for position, citation in marks:
        if start < position <= end:
            yield from _emphasised(text, cursor, position, strong, citation)
            cursor = position
    yield from _emphasised(text, cursor, end, strong)


def _emphasised(text: str, start: int, end: int, strong: Ranges, mark: Citation | None = None) -> Iterator[Run]:
    cursor = start
    for left, right in strong:
        if start <= left and right <= end:
            yield Run(text[cursor:left])
            yield Run(text[left:right], strong=True)
            cursor = right
    yield Run(text[cursor:end], mark)


def _final_marks(answer: Answer) -> Marks:
    """Return the marks of each sentence at its end, and at the end of all those that no sentence names."""
    by_number = {citation.n: citation for citation in answer.citations}
    marks = [(one.end, by_number[n]) for one in answer.sentences for n in one.citations if n in by_number]
    placed = {citation.n for _, citation in marks}
    loose = [(len(answer.text), citation) for citation in answer.citations if citation.n not in placed]
    return (*marks, *loose)


def said_of(sentence: Sentence, words: Words, *, several: bool) -> str:
    """Return the verdict on a sentence in words, with what it says that the article does not, or otherwise."""
    label = said_of_articles(getattr(words, f"supported_{sentence.supported}"), words, several=several)
    if sentence.supported in {"yes", "unchecked"} or not sentence.missing:
        return label
    said = words.differing if sentence.supported == "contradicted" else words.missing
    space = NARROW if words.language == "fr" else ""
    return f"{label}{space}; {said_of_articles(said, words, several=several, items=', '.join(sentence.missing))}"


def summary_of(answer: Answer, words: Words) -> tuple[str, str]:
    """Return what sums up the check and its kind: how many sentences rest on the article; empty if none was checked.

    Quotes rest on the article by nature, whether they answer or not: of them no more is said than what they are. A
    sentence can rest on the article and miss the question: where that is likely, nothing is told in green.
    """
    standing = [sentence for sentence in answer.sentences if not sentence.struck]
    if answer.refused or not standing:
        return "", ""
    checked = [one.supported for one in standing if one.supported != "unchecked" and not one.quoted]
    supported = checked.count("yes")
    if answer.only_quotes:
        sources = {citation.article for citation in answer.citations}
        exact = words.summary_exact if len(answer.citations) < 2 else words.summary_exacts
        return "exact", said_of_articles(exact, words, several=len(sources) > 1)
    if not checked:
        return "", ""
    several = ask_several(answer.hits)
    if supported == len(checked):
        kind = "unsure" if answer.confidence == "unsure" else "yes"
        return kind, said_of_articles(words.summary_all, words, several=several)
    kind = next((one for one in ("contradicted", "no") if one in checked), "partly")
    said = (words.summary_none, words.summary_one)[supported] if supported < 2 else words.summary_some
    return kind, said_of_articles(said, words, several=several, supported=supported, total=len(checked))


def is_short(answer: Answer) -> bool:
    """Return whether a small model's own few words answer, all of them supported, with the article's beneath."""
    standing = [sentence for sentence in answer.sentences if not sentence.struck]
    own = [sentence.supported for sentence in standing if not sentence.quoted]
    return answer.from_evidence and not answer.refused and set(own) == {"yes"} and len(own) < len(standing)


def confidence_of(answer: Answer, words: Words) -> tuple[int, str]:
    """Return how likely an answer is one: how many steps of three, and in words; 0 steps where nothing is to be said.

    Nothing is where the check found something a model wrote that the article does not say: that comes first then.
    """
    kind, _ = summary_of(answer, words)
    if not answer.confidence or kind not in {"exact", "yes", "unsure"}:
        return 0, ""
    label: str = getattr(words, f"confidence_{answer.confidence}")
    return STEPS.index(answer.confidence) + 1, label


def progress_of(exchange: Exchange, words: Words) -> tuple[str, int | None]:
    """Return what is being done while no word has come, and how many per cent of it are done where that is known."""
    working = exchange.working
    if exchange.done or (exchange.text and not working):
        return "", None
    if working is None:
        return words.thinking if exchange.searched else words.searching, None
    if working.stage == "queued":
        return words.queued.format(position=working.position), None
    if working.stage in {"opening", "loading"}:
        return words.warming if working.stage == "opening" else words.loading, None
    percent = round(100 * working.done)
    said = words.indexing if working.stage == "indexing" else words.reading
    return said.format(percent=percent), percent


def ahead_html(working: Working | None, words: Words) -> str:
    """Return the line that says how far the model has read before a question; nothing while it reads nothing."""
    if working is None or working.stage not in {"loading", "reading"}:
        return ""
    percent = None if working.stage == "loading" or not working.done else round(100 * working.done)
    said = words.loading if percent is None else words.reading_ahead.format(percent=percent)
    return render("ahead", said=said, percent=percent)  # a server does not say how far it is


def problem_html(problem: Problem, words: Words) -> str:
    """Return an error as one calm sentence and the command to type next."""
    return render("problem", problem=problem, words=words)
