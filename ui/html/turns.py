"""From events to HTML: what a turn of the conversation looks like while it streams and once it stands.

The page is a fold: :func:`fold` takes a :class:`Draft` and an event and returns the next draft; :func:`turn_html`
turns a draft into markup. Both are pure. Whatever comes from a document, a question, a title or a model passes
through :func:`escape`; nothing else in these pages writes text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.events import Checked, Cited, Event, Finished, Retrieved, Token, Working
from rag.values import Answer, Citation, Hit, Passage, Quote, Sentence
from ui.words.vocabulary import NARROW, Words

_BOLD = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")
_FOLDER = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\\/\s'\"«»]+)+[\\/](?=[^\\/\s])")
_LINE_END = re.compile(r"\s*\n\s*")
_COMMAND = re.compile(r"\brag (?:[\w./-]+ ?)+$")
_MARK = re.compile(r"[ \u00a0\u202f]?\[(\d{1,3})\]")
_PARAGRAPH = "\0"  # cannot come from a text: escaping replaces it
_TOGETHER = re.compile(r"« [^\s*<>]{1,24}|[^\s*<>]{1,24} [?!;:»](?=\W|$)")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a reader sees it: one sentence, and the command to type next where there is one."""

    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One exchange as far as it is known: the question, then what the events have told so far.

    Attributes:
        marks: positions in ``text`` where a citation mark stands, in order.
        answer: the whole answer once it is finished; from then on it replaces ``text`` and ``marks``.
        rating: what the reader thought of it: ``""``, ``"up"`` or ``"down"``.
    """

    question: str
    searched: str = ""
    hits: tuple[Hit, ...] = ()
    whole_article: bool = False
    working: Working | None = None
    text: str = ""
    marks: tuple[tuple[int, Citation], ...] = ()
    sentences: tuple[Sentence, ...] = ()
    answer: Answer | None = None
    problem: Problem | None = None
    rating: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or self.problem is not None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations known so far, each number once."""
        if self.answer:
            return self.answer.citations
        return tuple({citation.n: citation for _, citation in self.marks}.values())


def fold(draft: Draft, event: Event) -> Draft:
    """Return the draft after ``event``."""
    match event:
        case Retrieved():
            return replace(
                draft,
                searched=event.searched,
                hits=event.hits,
                whole_article=event.whole_article,
            )
        case Working():
            return replace(draft, working=event)
        case Token():
            return replace(draft, text=draft.text + event.text, working=None)
        case Cited():
            return replace(draft, marks=(*draft.marks, (len(draft.text), event.citation)), working=None)
        case Checked():
            return replace(draft, sentences=(*draft.sentences[: event.index], event.sentence))
        case Finished():
            return replace(draft, answer=unmarked(event.answer), working=None)


def unmarked(answer: Answer) -> Answer:
    """Return the answer with the ``[n]`` of its own citations taken out of the text between its sentences."""
    numbers = {str(citation.n) for citation in answer.citations}

    def clean(gap: str) -> str:
        return _MARK.sub(lambda mark: "" if mark[1] in numbers else mark[0], gap)

    parts, cursor = [], 0
    for start, end, _ in locate(answer.text, answer.sentences):
        parts += [clean(answer.text[cursor:start]), answer.text[start:end]]
        cursor = end
    return replace(answer, text="".join([*parts, clean(answer.text[cursor:])]).strip())


def escape(text: str) -> str:
    """Return ``text`` safe inside an element or a quoted attribute, every character kept.

    A carriage return is written as a reference, since parsers turn it into a line feed; a NUL, which HTML cannot
    hold, becomes the replacement character, so offsets stay what they were.
    """
    return html.escape(text, quote=True).replace("\r", "&#13;").replace("\0", "\ufffd")


def without_paths(text: str) -> str:
    """Return ``text`` with the folders of this machine taken out of it; file names stay."""
    return _FOLDER.sub("", text)


def prose(text: str) -> str:
    """Return escaped text in which French punctuation stays with its word, without a character being changed."""
    return _TOGETHER.sub(r'<span class="nb">\g<0></span>', escape(text))


def inline(text: str) -> str:
    """Return a stretch of an answer as markup: escaped, line ends kept, ``**bold**`` honoured, nothing else."""
    return _BOLD.sub(r"<strong>\1</strong>", prose(text)).replace("\n", "<br>")


def commands(text: str) -> str:
    """Return a sentence as markup in which a command at its end stands out."""
    return _COMMAND.sub(r"<code>\g<0></code>", prose(text))


def mark_html(citation: Citation, words: Words) -> str:
    """Return a citation mark: a button that shows the exact words in the article."""
    label = words.citation.format(n=citation.n, quote=citation.quote)
    return (
        f'<button type="button" class="cite" data-n="{citation.n}" data-article="{escape(citation.article)}" '
        f'data-start="{citation.start}" data-end="{citation.end}" data-quote="{escape(citation.quote)}" '
        f'aria-label="{escape(label)}">{citation.n}</button>'
    )


def locate(text: str, sentences: tuple[Sentence, ...]) -> list[tuple[int, int, Sentence]]:
    """Return where each sentence stands in ``text``, in order; one that cannot be found is left out."""
    places, cursor = [], 0
    for sentence in sentences:
        start = text.find(sentence.text, cursor) if sentence.text else -1
        if start >= 0:
            cursor = start + len(sentence.text)
            places.append((start, cursor, sentence))
    return places


def body_html(draft: Draft, words: Words) -> str:
    """Return the text of an answer as paragraphs, with its marks and verdicts."""
    answer = draft.answer
    text = answer.text if answer else draft.text
    sentences = answer.sentences if answer else draft.sentences
    places = locate(text, sentences)
    marks = _final_marks(answer, places) if answer else draft.marks
    chunks, cursor = [_stretch(text, 0, 0, marks, words)], 0
    for start, end, sentence in places:
        chunks.append(_between(text, cursor, start, marks, words))
        chunks.append(_sentence_html(sentence, _stretch(text, start, end, marks, words), words))
        cursor = end
    chunks.append(_between(text, cursor, len(text), marks, words))
    paragraphs = "".join(chunks).split(_PARAGRAPH)
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph.strip())


def _between(text: str, start: int, end: int, marks: tuple[tuple[int, Citation], ...], words: Words) -> str:
    """Return what stands outside sentences; there each line end begins a paragraph."""
    return _stretch(text, start, end, marks, words).replace("<br>", _PARAGRAPH) if end else ""


def _final_marks(answer: Answer, places: list[tuple[int, int, Sentence]]) -> tuple[tuple[int, Citation], ...]:
    by_number = {citation.n: citation for citation in answer.citations}
    marks = [(end, by_number[n]) for _, end, sentence in places for n in sentence.citations if n in by_number]
    placed = {citation.n for _, citation in marks}
    loose = [(len(answer.text), citation) for citation in answer.citations if citation.n not in placed]
    return (*marks, *loose)


def _stretch(text: str, start: int, end: int, marks: tuple[tuple[int, Citation], ...], words: Words) -> str:
    """Return ``text[start:end]`` with the marks that stand in ``]start, end]``, and at 0 those that open the text."""
    parts, cursor = [], start
    for position, citation in marks:
        if start < position <= end or end == position == 0:
            parts.append(_glued(text[cursor:position], mark_html(citation, words)))
            cursor = position
    return "".join([*parts, inline(text[cursor:end])])


def _glued(text: str, mark: str) -> str:
    """Return ``text`` and a mark that never begins a line of its own."""
    head, space, tail = text.rpartition(" ")
    if "**" in tail or "\n" in tail:
        return inline(text) + mark
    return f'{inline(head + space)}<span class="nb">{inline(tail)}{mark}</span>'


def _sentence_html(sentence: Sentence, inner: str, words: Words) -> str:
    label = getattr(words, f"supported_{sentence.supported}")
    if sentence.supported in {"yes", "unchecked"}:
        return f'<span class="sentence {sentence.supported}" title="{escape(label)}">{inner}</span>'
    if sentence.missing:  # where the sentence is partly supported, these words are there, but denied or not denied
        said = words.missing if sentence.supported == "no" else words.contradicted
        missing = said.format(items=", ".join(sentence.missing))
        label = f"{label}{NARROW if words.language == 'fr' else ''}; {missing}"
    return (
        f'<span class="sentence {sentence.supported}">{inner}</span> '
        f'<span class="verdict {sentence.supported}">{escape(label)}</span>'
    )


def verdict_html(answer: Answer, words: Words) -> str:
    """Return the line that sums up the check: how many sentences rest on the article."""
    checked = [sentence for sentence in answer.sentences if sentence.supported != "unchecked"]
    if answer.refused or not checked:
        return ""
    supported = sum(sentence.supported == "yes" for sentence in checked)
    if supported == len(checked):
        return f'<p class="summary yes">{escape(words.summary_all)}</p>'
    text = words.summary_some.format(supported=supported, total=len(checked))
    kind = "no" if any(sentence.supported == "no" for sentence in checked) else "partly"
    return f'<p class="summary {kind}">{escape(text)}</p>'


def nearest_html(places: Sequence[Quote], words: Words) -> str:
    """Return what comes nearest to a refused question, each a button that shows it in the article."""
    if not places:
        return ""
    items = "".join(f"<li>{passage_html(place, words.quoted(_lines(place.text)))}</li>" for place in places)
    return f'<p class="nearest">{escape(words.nearest)}</p><ul class="passages">{items}</ul>'


def passage_html(place: Quote | Passage, shown: str = "") -> str:
    """Return a stretch of an article as a button that shows it there."""
    return (
        f'<button type="button" class="passage" data-article="{escape(place.article)}" data-start="{place.start}" '
        f'data-end="{place.end}">{prose(shown or _lines(place.text))}</button>'
    )


def _lines(text: str) -> str:
    return _LINE_END.sub("\n", text.strip())


def progress_html(draft: Draft, words: Words) -> str:
    """Return what is being done while no word has come: searching, queued, opening, reading, writing."""
    working = draft.working
    if draft.done or (draft.text and not working):
        return ""
    bar = ""
    if working is None:
        label = words.thinking if draft.searched else words.searching
    elif working.stage == "queued":
        label = words.queued.format(position=working.position)
    elif working.stage == "loading":
        label = words.loading
    else:
        label = words.reading.format(percent=round(100 * working.done))
        bar = _bar(working.done)
    return f'<p class="working">{escape(label)}{bar}</p>'


def _bar(done: float) -> str:
    return f'<progress max="100" value="{round(100 * done)}" aria-hidden="true"></progress>'


def ahead_html(working: Working | None, words: Words) -> str:
    """Return the line that says how far the model has read before a question; nothing while it reads nothing."""
    if working is None or working.stage not in {"loading", "reading"}:
        return ""
    if working.stage == "loading" or not working.done:  # a server does not say how far it is
        return f'<p class="working">{escape(words.loading)}</p>'
    label = words.reading_ahead.format(percent=round(100 * working.done))
    return f'<p class="working">{_bar(working.done)}{escape(label)}</p>'


def problem_html(problem: Problem, words: Words) -> str:
    """Return an error as one calm sentence and the command to type next."""
    remedy = f"<br>{escape(words.next_step)} <code>{escape(problem.remedy)}</code>" if problem.remedy else ""
    return f'<p class="problem" role="alert">{escape(problem.message)}{remedy}</p>'
