"""The conversation as a page: turns, what one can do with an answer, and why the answer is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rag.values import Answer, Hit
from ui.html import turns
from ui.html.turns import Draft, escape
from ui.words.vocabulary import Words

QUOTES = "quotes"  # what answers when no language model is installed


@dataclass(frozen=True, slots=True)
class Welcome:
    """What stands in an empty conversation."""

    examples: tuple[str, ...]
    many: bool = False  # the question goes to all articles
    empty: bool = False  # the library has none


def welcome_html(welcome: Welcome, words: Words) -> str:
    """Return the page of a conversation without turns: what to do, and example questions."""
    if welcome.empty:
        return f'<div class="welcome"><p>{escape(words.no_article)}</p>{_open_articles(words)}</div>'
    chips = "".join(
        f'<li><button type="button" class="chip" data-ask="{escape(question)}">{escape(question)}</button></li>'
        for question in welcome.examples
    )
    examples = f'<h3>{escape(words.examples)}</h3><ul class="chips">{chips}</ul>' if chips else ""
    text = words.welcome_many if welcome.many else words.welcome
    return f'<div class="welcome"><p>{escape(text)}</p>{examples}</div>'


def _open_articles(words: Words) -> str:
    return f'<button type="button" class="chip" data-panel="articles">{escape(words.upload)}</button>'


def turns_html(drafts: Sequence[Draft], words: Words, *, first: int = 0) -> str:
    """Return finished turns from number ``first`` on.

    They do not change when a question is asked, so the browser has nothing to draw again at that moment.
    """
    seen = {notice for draft in drafts[:first] if draft.answer for notice in draft.answer.notices}
    parts = []
    if first:
        label = words.earlier.format(count=first)
        parts.append(f'<button type="button" class="earlier" data-act="earlier">{escape(label)}</button>')
    for number, draft in enumerate(drafts[first:], start=first):
        last = number == len(drafts) - 1
        notices = draft.answer.notices if draft.answer else ()
        fresh = tuple(notice for notice in notices if notice not in seen)
        seen.update(fresh)
        parts.append(turn_html(draft, words, number=number, last=last, notices=fresh))
    return "".join(parts)


def turn_html(draft: Draft, words: Words, *, number: int, last: bool = True, notices: Sequence[str] = ()) -> str:
    """Return one exchange: the question, the answer as far as it is known, and what can be done with it."""
    answer = draft.answer
    language = f' lang="{escape(answer.language)}"' if answer and answer.language else ""
    parts = [turns.body_html(draft, words)]
    if answer:
        if answer.refused:
            parts.append(turns.nearest_html(answer.nearest, words))
        if answer.stopped:
            parts.append(f'<p class="notice">{escape(words.stopped)}</p>')
        parts += [f'<p class="notice">{turns.commands(notice)}</p>' for notice in notices]
    parts.append(turns.progress_html(draft, words))
    if draft.problem:
        parts.append(turns.problem_html(draft.problem, words))
    foot = foot_html(draft, words, number=number, last=last) if draft.done else ""
    kind = "refused" if answer and answer.refused else "answer"
    busy = "false" if draft.done else "true"
    return (
        f'<section class="turn" id="turn-{number}" aria-busy="{busy}">'
        f'<h3 class="question">{escape(draft.question)}</h3>'
        f'<div class="{kind}"{language}>{"".join(parts)}</div>{foot}</section>'
    )


def foot_html(draft: Draft, words: Words, *, number: int, last: bool) -> str:
    """Return what stands under a finished answer: the check in a line, the actions, the explanation."""
    buttons = []
    summary = why = ""
    if draft.answer:
        summary = turns.verdict_html(draft.answer, words)
        why = why_html(draft, words)
        done = f' data-done="{escape(words.copied)}" data-failed="{escape(words.copy_failed)}"'
        buttons.append(
            _button("copy", words.copy, number, done + f' data-copy="{escape(copy_text(draft.answer, words))}"')
        )
    if last:
        buttons += [_button("again", words.again, number), _button("edit", words.edit, number)]
    if draft.answer:
        for rating, label in (("up", words.helpful), ("down", words.unhelpful)):
            pressed = "true" if draft.rating == rating else "false"
            buttons.append(
                f'<button type="button" data-act="rate" data-turn="{number}" data-rating="{rating}" '
                f'data-label="{escape(words.reason_label)}" '
                f'aria-pressed="{pressed}">{escape(label)}</button>'
            )
    return f'<div class="foot">{summary}<div class="actions">{"".join(buttons)}</div>{why}</div>'


def _button(act: str, label: str, number: int, more: str = "") -> str:
    return f'<button type="button" data-act="{act}" data-turn="{number}"{more}>{escape(label)}</button>'


def copy_text(answer: Answer, words: Words) -> str:
    """Return an answer with its sources as plain text, for the clipboard."""
    places = {end: sentence for _, end, sentence in turns.locate(answer.text, answer.sentences)}
    parts, cursor = [], 0
    for end, sentence in places.items():
        marks = "".join(f" [{n}]" for n in sentence.citations)
        parts.append(answer.text[cursor:end] + marks)
        cursor = end
    body = "".join([*parts, answer.text[cursor:]])
    sources = [f"[{c.n}] {words.labelled(c.title, words.quoted(c.quote))}" for c in answer.citations]
    return "\n".join([answer.question, "", body, *([""] if sources else []), *sources])


def why_html(draft: Draft, words: Words) -> str:
    """Return the retrieval laid open: what was searched, each passage with its scores, the times."""
    answer = draft.answer
    if answer is None:
        return ""
    hits = answer.hits or draft.hits
    lines = [words.why_quotes if answer.model == QUOTES else words.why_model.format(model=answer.model)]
    if answer.searched and answer.searched != answer.question:
        lines.append(words.labelled(words.why_searched, words.quoted(answer.searched)))
    if draft.whole_article:
        lines.append(words.why_whole)
    if answer.unknown_marks:
        lines.append(words.why_marks.format(count=answer.unknown_marks))
    if answer.tokens.prompt:
        counts = {name: words.number(count) for name, count in asdict(answer.tokens).items()}
        lines.append(words.why_tokens.format(**counts))
    times = answer.timings
    lines.append(
        words.why_times.format(
            retrieve=_seconds(times.retrieve_s, words),
            first=_seconds(times.first_token_s, words),
            total=_seconds(times.total_s, words),
        )
    )
    facts = "".join(f"<li>{escape(line)}</li>" for line in lines)
    items = "".join(_hit_html(hit, answer, words) for hit in hits)
    return (
        f'<details class="why"><summary>{escape(words.why)}</summary><ul class="facts">{facts}</ul>'
        f'<ol class="hits">{items}</ol></details>'
    )


def _seconds(value: float, words: Words) -> str:
    return words.seconds.format(value=words.number(value, 2))


def _hit_html(hit: Hit, answer: Answer, words: Words) -> str:
    passage = hit.passage
    used = any(
        citation.article == passage.article and citation.start < passage.end and passage.start < citation.end
        for citation in answer.citations
    )
    state, label = ("used", words.why_used) if used else ("unused", words.why_unused)
    scores = (
        f"{words.why_score} {words.number(hit.score, 2)} · {words.why_lexical} {words.number(hit.lexical, 1)} · "
        f"{words.why_dense} {words.number(hit.dense, 2)}"
    )
    return (
        f'<li class="{state}"><span class="scores"><b>{escape(label)}</b> {escape(scores)}</span>'
        f"{turns.passage_html(passage)}</li>"
    )
