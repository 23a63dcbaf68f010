"""The conversation as a page: turns, what one can do with an answer, and why the answer is what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from rag.conversations import as_quoted, ask_several
from rag.values import PROGRAM_MODEL, QUOTES_MODEL, Answer, Citation, Hit
from ui.html.answer import confidence_of, is_short, paragraphs, progress_of, said_of, summary_of
from ui.html.environment import render
from ui.html.surroundings import Around, nowhere
from ui.state import Exchange
from ui.words import Words, said_of_articles

Pinned = frozenset[tuple[str, int, int]]
"""Where the reader's notes stand: an article, and from where to where in its text."""
Drawn = dict[int, tuple[tuple[object, ...], str]]
"""Turns as they were drawn: number → all that one depends on, and its HTML."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What stands in an empty conversation."""

    examples: tuple[str, ...]
    many: bool = False  # the question goes to all articles
    empty: bool = False  # the library has none


def welcome_html(welcome: Welcome, words: Words) -> str:
    """Return the page of a conversation without turns: what to do, and example questions."""
    return render("welcome", welcome=welcome, words=words)


def turns_html(
    exchanges: Sequence[Exchange],
    words: Words,
    *,
    first: int = 0,
    several: bool = False,
    editing: bool = False,
    around: Around = nowhere,
    pinned: Pinned = frozenset(),
    drawn: Drawn | None = None,
) -> str:
    """Return finished turns from number ``first`` on.

    They do not change when a question is asked, so the browser has nothing to draw again at that moment. Where the
    library holds several articles, each citation names its own; where the last question is being edited, it says so;
    what of the citations stands among the notes shows as ``pinned``. What is in ``drawn``, which is kept up to date, is
    not drawn again: of a long conversation it would take longer than all else before an answer's first word.
    """
    drawn = {} if drawn is None else drawn
    shown = exchanges[first:]  # another event may count one more meanwhile, or draw these too
    turns = []
    for number, exchange in enumerate(shown, start=first):
        last = number == first + len(shown) - 1
        edited = last and editing
        depends = (exchange, words.language, last, several, edited, pinned)
        before, turn = drawn.get(number, ((), ""))
        if before != depends:
            turn = turn_html(
                exchange, words, number=number, last=last, several=several, editing=edited, around=around, pinned=pinned
            )
            drawn[number] = depends, turn
        turns.append(turn)
    for number in drawn.keys() - range(first, first + len(shown)):
        drawn.pop(number, None)
    return "".join([render("earlier", first=first, words=words) if first else "", *turns])


def turn_html(
    exchange: Exchange,
    words: Words,
    *,
    number: int,
    last: bool = True,
    several: bool = False,
    editing: bool = False,
    around: Around = nowhere,
    pinned: Pinned = frozenset(),
) -> str:
    """Return one exchange: the question, the answer as far as it is known, and what can be done with it."""
    answer = exchange.answer
    return render(
        "turn",
        exchange=exchange,
        answer=answer,
        short=bool(answer and is_short(answer)),
        number=number,
        last=last,
        editing=editing,
        pinned=pinned,
        several=several,
        sources=sources_of(exchange.citations) if several else (),
        around=[(citation, around(citation)) for citation in exchange.citations],
        understood=understood(exchange),
        paragraphs=paragraphs(exchange, words),
        progress=progress_of(exchange, words),
        summary=summary_of(answer, words) if answer else ("", ""),
        confidence=confidence_of(answer, words) if answer else (0, ""),
        copied=copy_text(answer, words) if answer else "",
        facts=facts_of(exchange, words),
        hits=[(hit, is_used(hit, answer), scores_of(hit, words)) for hit in answer.hits or exchange.hits]
        if answer
        else [],
        words=words,
    )


def sources_of(citations: Sequence[Citation]) -> list[tuple[Citation, str]]:
    """Return the first citation of each article that is cited, with the numbers of all that stand in it."""
    found: dict[str, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.article, []).append(citation)
    return [(cited[0], ", ".join(str(one.n) for one in cited)) for cited in found.values()]


def copy_text(answer: Answer, words: Words) -> str:
    """Return an answer with what is to be known of it and its sources as plain text, for the clipboard."""
    pages = [f", p. {citation.page}" if citation.page else "" for citation in answer.citations]
    sources = [
        f"[{c.n}] {words.labelled(c.title + page, words.quoted(c.quote))}"
        for c, page in zip(answer.citations, pages, strict=True)
    ]
    _, confidence = confidence_of(answer, words)
    lines = ["".join(as_quoted(line, answer.citations)) for line in _told(answer, words).split("\n")]
    said = [*lines, *answer.notices, *([confidence] if confidence else [])]
    return "\n".join([answer.question, "", *said, *([""] if sources else []), *sources])


def _told(answer: Answer, words: Words) -> str:
    """Return what stands of an answer; after each sentence its marks and, where not all of it is supported, that."""
    written, done, several = [], 0, ask_several(answer.hits)
    for sentence in answer.sentences:
        if not sentence.struck:
            verdict = (
                "" if sentence.supported in {"yes", "unchecked"} else f" ({said_of(sentence, words, several=several)})"
            )
            written += [answer.text[done : sentence.end], *(f" [{n}]" for n in sentence.citations), verdict]
        done = sentence.end
    return "".join([*written, answer.text[done:]]).strip()


def understood(exchange: Exchange) -> str:
    """Return the question that was searched, where it is not the one that was typed; else nothing."""
    searched = exchange.answer.searched if exchange.answer else exchange.searched
    return searched if searched != exchange.question else ""


def facts_of(exchange: Exchange, words: Words) -> list[str]:
    """Return how an answer came about, in sentences: what wrote it, what was searched, what it cost."""
    return list(_facts(exchange, exchange.answer, words)) if exchange.answer else []


def _facts(exchange: Exchange, answer: Answer, words: Words) -> Iterator[str]:
    named = partial(said_of_articles, words=words, several=ask_several(answer.hits))
    by_itself = {QUOTES_MODEL: named(words.why_quotes), PROGRAM_MODEL: words.why_program}
    yield by_itself.get(answer.model) or words.why_model.format(model=answer.model)
    if searched := understood(exchange):
        yield words.labelled(words.why_searched, words.quoted(searched))
    if answer.confidence:
        yield named(words.why_probability, percent=round(100 * answer.probability))
    if exchange.whole_article:
        yield words.why_whole
    if answer.from_evidence:
        yield words.why_evidence
        if answer.only_quotes and not answer.refused:
            yield words.why_unsure
    if answer.unknown_marks:
        yield words.why_marks.format(count=answer.unknown_marks)
    if answer.tokens.prompt:
        yield words.why_tokens.format(**{name: words.number(count) for name, count in asdict(answer.tokens).items()})
    times = answer.timings
    yield words.why_times.format(
        retrieve=_seconds(times.retrieve_s, words),
        first=_seconds(times.first_token_s, words),
        total=_seconds(times.total_s, words),
    )


def _seconds(value: float, words: Words) -> str:
    return words.seconds.format(value=words.number(value, 2))


def is_used(hit: Hit, answer: Answer) -> bool:
    """Return whether an answer cites something of a passage that was found."""
    passage = hit.passage
    return any(
        citation.article == passage.article and citation.start < passage.end and passage.start < citation.end
        for citation in answer.citations
    )


def scores_of(hit: Hit, words: Words) -> str:
    """Return how well a passage was found, in words; nothing of one that was read without a search."""
    if not (hit.score or hit.lexical or hit.dense):
        return ""
    return (
        f"{words.why_score} {words.number(hit.score, 2)} · {words.why_lexical} {words.number(hit.lexical, 1)} · "
        f"{words.why_dense} {words.number(hit.dense, 2)}"
    )
