"""An answer in the terminal: while it is made, what is being done and the text as it comes; then the answer itself.

Whoever reads a file or a pipe gets the finished answer alone. On a terminal what was shown meanwhile is wiped out and
the answer takes its place, with the words that answer in bold, and without what turned out to be a model's thoughts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.answer.notices import CONFIDENCE, in_language
from rag.cli.terminal import printable
from rag.cli.words import Words, words
from rag.events import Cited, Event, Finished, Token, Working
from rag.values import Answer, Citation, Sentence

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.live import Live
    from rich.text import Text

MARK, DOUBT, QUIET, STRONG, STRUCK = "blue", "yellow", "dim", "bold", "dim strike"  # NO_COLOR leaves the last three


class Begun:
    """What has come of an answer so far.

    Attributes:
        doing: what is being done while no text comes.
        text: as it comes, with its marks.
        citations: that stand in it, by their numbers.
        answer: whole; None while it is being made.
    """

    def __init__(self, said: Words) -> None:
        from rich.text import Text

        self._said = said
        self.doing = said.searching
        self.text: Text = Text()
        self.citations: dict[int, Citation] = {}
        self.answer: Answer | None = None

    def add(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case Working(stage="thought"):
                self.text.truncate(0)
                self.citations.clear()
            case Working():
                doing = getattr(self._said, event.stage).format(position=event.position)
                percent = self._said.percent.format(number=round(100 * event.done)) if event.done else ""
                self.doing = f"{doing}{percent}"
            case Token():
                self.text.append(printable(event.text))
            case Cited():
                self.citations[event.citation.n] = event.citation
                self.text.append(f" [{event.citation.n}]", MARK)
            case Finished():
                self.answer = event.answer


class Screen:
    """Where answers are shown: standard output, with what is being done on the terminal that is there.

    Args:
        console: to print on; None for standard output.
    """

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or plain_console()
        self._words = words()
        self._live: Live | None = None
        self._advised: set[str] = set()  # once is enough

    @contextmanager
    def busy(self, doing: str = "") -> Iterator[None]:
        """Show what is being done, on a terminal, while the block runs."""
        from rich.live import Live
        from rich.spinner import Spinner

        there = self.console if self.console.is_terminal else plain_console(stderr=True)
        if self._live is not None or not there.is_terminal or there.is_dumb_terminal:
            yield
            return
        with Live(Spinner("dots", doing or self._words.opening), console=there, transient=True) as live:
            self._live = live
            try:
                yield
            finally:
                self._live = None

    def show(self, events: Iterable[Event]) -> Answer:
        """Show an answer as its events come, and return it; of one that breaks off, what had come stays.

        Raises:
            RagError: what ended the events.
        """
        begun = Begun(self._words)
        try:
            answer = self.follow(events, begun)
        except BaseException:
            if begun.text.plain.strip():
                self.write(begun.text)
                self._print_citations(begun.citations.values())
            raise
        self._print_answer(answer)
        return answer

    def follow(self, events: Iterable[Event], begun: Begun | None = None) -> Answer:
        """Return the answer, with nothing shown but what is being done meanwhile.

        Raises:
            ValueError: the events end without the finished one.
        """
        begun = begun or Begun(self._words)
        with self.busy(begun.doing):
            for event in events:
                begun.add(event)
                self._draw(begun)
        if begun.answer is None:
            raise ValueError("the events of an answer end with the finished one")
        return begun.answer

    def write(self, text: str | Text, style: str | None = None) -> None:
        """Print a text as it stands."""
        self.console.print(printable(text) if isinstance(text, str) else text, style=style)

    def _draw(self, begun: Begun) -> None:
        if self._live is None:
            return
        from rich.spinner import Spinner

        if begun.text.plain.strip() and self._live.console is self.console:
            self._live.update(Tail(begun.text.copy()))
        elif not isinstance(now := self._live.renderable, Spinner):
            self._live.update(Spinner("dots", begun.doing))
        else:
            now.update(text=begun.doing)

    def _print_answer(self, answer: Answer) -> None:
        if answer.refused:
            self._print_refusal(answer)
            return
        for sentence in answer.sentences:
            if sentence.struck:
                self.write(f"✗ {_short(sentence.text)}", STRUCK)
        self.write(marked(answer))
        self.write("")
        self._print_citations(answer.citations)
        doubted = [sentence for sentence in answer.sentences if sentence.supported not in {"yes", "unchecked"}]
        for sentence in doubted:
            self.write(f"{_doubt(sentence, answer.language)} {_short(sentence.text)}", DOUBT)
        if answer.confidence and all(sentence.struck for sentence in doubted):
            self.write(f"{in_language(CONFIDENCE[answer.confidence], answer.language)}.", QUIET)
        for notice in (*answer.notices, *(one for one in answer.advice if one not in self._advised)):
            self.write(notice, QUIET)
        self._advised.update(answer.advice)

    def _print_refusal(self, answer: Answer) -> None:
        self.write(answer.text)
        if answer.nearest:
            french = answer.language == "fr"
            self.write("")
            self.write("Ce que l'article dit de plus proche :" if french else "What the article says that is closest:")
        for quote in answer.nearest:
            self.write(f"  {_short(quote.text)}", QUIET)

    def _print_citations(self, citations: Iterable[Citation]) -> None:
        from rich.text import Text

        for citation in citations:
            page = f", p. {citation.page}" if citation.page else ""
            place = f"{citation.title}{page}, {citation.start}-{citation.end}"
            said = printable(f"{' '.join(citation.quote.split())}  ({place})")
            self.write(Text.assemble((f"[{citation.n}] ", MARK), said))


class Tail:
    """The end of a text that grows, as much of it as the terminal holds."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the last lines."""
        from rich.segment import Segment

        lines = console.render_lines(self._text, options.update(height=None), pad=False)
        for line in lines[-max(1, console.height - 2) :]:
            yield from line
            yield Segment.line()


def plain_console(*, stderr: bool = False) -> Console:
    """Return a console that prints text as it stands: no markup, and only on a terminal line ends of its own."""
    from rich.console import Console

    there = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=not there)


def marked(answer: Answer) -> Text:
    """Return what stands of an answer with its marks, as ``marked_text`` has it, and the words that answer in bold.

    None are bold where it is doubtful that the article answers.
    """
    from rich.text import Text

    text = Text(printable(answer.text))
    for start, end in answer.words if answer.confidence != "unsure" else ():
        text.stylize(STRONG, start, end)
    pieces = text.divide([sentence.end for sentence in answer.sentences])
    whole = Text()
    for piece, sentence in zip(pieces, (*answer.sentences, None), strict=False):
        if sentence is None or not sentence.struck:
            whole.append_text(piece)
            for number in sentence.citations if sentence else ():
                whole.append(f" [{number}]", MARK)
    whole.rstrip()
    return whole[len(whole.plain) - len(whole.plain.lstrip()) :]


def _doubt(sentence: Sentence, language: str) -> str:
    """Return what the check found wanting in a sentence, in the reader's language."""
    said = {
        "no": ("Absent de l'article", "Not found in the article"),
        "contradicted": ("Contredit par l'article", "Contradicted by the article"),
        "partly": ("Appuyé en partie seulement", "Only partly supported"),
    }[sentence.supported][0 if language == "fr" else 1]
    items = ", ".join(sentence.missing)
    if not items:
        return f"{said}."
    return f"{said}\u00a0: {items}." if language == "fr" else f"{said}: {items}."


def _short(text: str, length: int = 200) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"
