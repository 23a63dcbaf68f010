"""What a tab looks like now, part by part: what it holds and what the workspace says, handed to ``ui.html``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from typing import TypeVar

from rag import offline
from rag.conversations import Note, Summary
from rag.errors import RagError
from rag.reading import SUFFIXES
from rag.values import Citation, Entry
from ui import html
from ui.page import Page
from ui.shelf import UPLOAD_FILES, UPLOAD_MEGABYTES
from ui.state import Exchange, Notice, Problem
from ui.tab import Tab

Read = TypeVar("Read")
SURROUNDINGS = 2048  # of citations, kept: a turn is drawn many times while its answer grows


class Views:
    """Draws the parts of a page.

    Args:
        page: whose tabs are drawn.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._door = page.door
        self._around = lru_cache(maxsize=SURROUNDINGS)(self._find_around)

    def header(self, tab: Tab) -> str:
        """Return the bar at the top."""
        said, models, shown = tab.words, self._page.models, self._shown(tab)
        quoting: bool | None = None
        none = False
        try:
            model = self._door.has_language_model()
            status = said.answered_by.format(model=self._door.model_name()) if model else said.no_model
            quoting, none = models.quoting, models.none
        except RagError as error:
            status = Problem.of(error).told(said.language)
        online = said.online_server if self._door.settings.server else ""
        bar = html.Bar(
            status=status,
            online=said.online_download if models.downloading else online,
            subject=(shown.title or shown.source) if shown else "",
            facts=" · ".join(fact for fact in (said.date(shown.date), shown.source) if fact) if shown else "",
            conversation=tab.conversation,
            quoting=quoting,
            no_model=none and not models.downloading,
        )
        return html.header_html(bar, said)

    def side(self, tab: Tab) -> str:
        """Return the list of conversations at the side, and what keeps them from being read or kept."""
        found: Sequence[Summary] = ()
        problem: RagError | None
        try:
            found = self._page.kept.listed(tab.reader, tab.sought)
            problem = self._page.kept.hindered
        except RagError as error:
            problem = error
        return html.side_html(
            self._with_articles(tab, found),
            tab.words,
            current=tab.conversation,
            query=tab.sought,
            problem=Problem.of(problem) if problem else None,
        )

    def past(self, tab: Tab) -> str:
        """Return the finished turns, or the welcome; what went wrong with them is said once."""
        mishap, tab.mishap = tab.mishap, None
        return self._turns(tab) + (html.problem_html(mishap, tab.words) if mishap else "")

    def _turns(self, tab: Tab) -> str:
        if tab.exchanges or tab.running is not None:
            return html.turns_html(
                tab.exchanges,
                tab.words,
                first=tab.first,
                several=self._several(tab),
                editing=tab.editing,
                around=partial(self._around, tab.library),
                pinned=self._pinned(tab),
                drawn=tab.drawn,
            )
        entries: Sequence[Entry] = ()
        with suppress(RagError):  # the reader pane tells
            entries = self._entries(tab)
        examples = self._door.examples(tab.library, tab.words.language) if entries else ()
        welcome = html.Welcome(examples, many=len(entries) > 1 and not tab.scope, empty=not entries)
        return html.welcome_html(welcome, tab.words)

    def card(self, tab: Tab) -> str:
        """Return the card of the article in the reader pane, as far as it is made."""
        card = self._page.cards.card(tab.library, tab.shown)
        if card is None:
            return ""
        with suppress(RagError):  # the reader pane tells
            title = next((one.title or one.source for one in self._entries(tab) if one.identifier == tab.shown), "")
            examples = self._door.examples(tab.library, tab.words.language)
            around = partial(self._around, tab.library)
            return html.card_html(card, title, tab.words, questions=not examples, around=around)
        return ""

    def further(self, tab: Tab) -> str:
        """Return what may be asked after the last answer; nothing while there is none."""
        last = tab.exchanges[-1].answer if tab.exchanges and tab.running is None else None
        if last is None:
            return ""
        card = self._page.cards.card(tab.library, self.answered_from(tab))
        asked = [exchange.question for exchange in tab.exchanges]
        return html.further_html(html.next_questions(card, last, asked), card, tab.words)

    def answered_from(self, tab: Tab) -> str:
        """Return the article that the last answer comes from, else the one that is shown."""
        last = tab.exchanges[-1].answer if tab.exchanges else None
        return last.citations[0].article if last and last.citations else tab.scope or tab.shown

    def live(self, tab: Tab, exchange: Exchange | None = None) -> str:
        """Return the turn under way, as it is now or as ``exchange``; nothing when there is none."""
        if exchange is None and tab.running is not None:
            exchange = tab.running.exchange
        if exchange is None:
            return ""
        around = partial(self._around, tab.library)
        return html.turn_html(exchange, tab.words, number=len(tab.exchanges), several=self._several(tab), around=around)

    def asked(self, tab: Tab) -> str:
        """Return what says which article is asked, or all of them, and changes that."""
        with suppress(RagError):  # the reader pane tells
            return html.asked_html(self._entries(tab), tab.scope, tab.words)
        return ""

    def ahead(self, tab: Tab) -> str:
        """Return how far the tab's article is read ahead; nothing while it is not being read."""
        working = self._page.ahead.progress(tab.wish) if tab.wish and not tab.running else None
        return html.ahead_html(working, tab.words)

    def opening(self, tab: Tab) -> str:
        """Return what stands in the reader pane while the first article is opened."""
        return html.empty_html(tab.words.opening, busy=True)

    def reader(self, tab: Tab) -> str:
        """Return the article in the reader pane."""
        try:
            if not tab.shown:
                self._entries(tab)  # tells where it cannot be read
                return html.empty_html(_hint(tab))
            return html.article_html(self._door.article(tab.library, tab.shown), tab.words)
        except RagError as error:
            return html.problem_html(Problem.of(error), tab.words)

    def panel(self, tab: Tab, notice: Notice | None = None) -> str:
        """Return what the drawer shows; a notice is said once, and so is what cannot be read."""
        notice, tab.notice = notice or tab.notice, None
        match tab.panel:
            case "conversations":
                found: Sequence[Summary] = self._read(tab, lambda: self._page.kept.listed(tab.reader, tab.query), ())
                if (hindered := self._page.kept.hindered) and not (notice and notice.kind == "problem"):
                    tab.notice = tab.notice or Notice(Problem.of(hindered).told(tab.words.language), "problem")
                shown = html.conversations_html(
                    self._with_articles(tab, found), tab.words, current=tab.conversation, query=tab.query,
                    notice=self._said(tab, notice), undo=bool(tab.undo),
                )  # fmt: skip
            case "notes":
                notes: Sequence[Note] = self._read(tab, lambda: self._page.kept.notes.of(tab.reader, tab.shown), ())
                article = self._shown(tab)
                title = (article.title or article.source) if article else ""
                shown = html.notes_html(title, notes, tab.words, notice=self._said(tab, notice), undo=bool(tab.undo))
            case "articles":
                entries: Sequence[Entry] = self._read(tab, lambda: self._entries(tab), ())
                shown = html.articles_html(self._shelf(tab, entries), tab.words, notice=self._said(tab, notice))
            case "models":
                panel = self._read(tab, self._page.models.panel, self._page.models.nothing)
                shown = html.models_html(panel, tab.words, notice=self._said(tab, notice))
            case "offline":
                shown = html.offline_html(
                    tab.words,
                    refused=offline.refused(),
                    reached=offline.reached(),
                    settings=self._door.settings if self._page.local else None,
                    downloading=self._page.models.downloading,
                    notice=notice,
                )
            case "display":
                shown = html.display_html(tab.words, notice=notice)
            case _:
                return ""
        return shown

    def fetching(self, tab: Tab) -> str:
        """Return the bar of the download under way, if there is one."""
        return html.fetching_html(self._page.models.state, tab.words)

    def _find_around(self, library: str, citation: Citation) -> html.Surroundings:
        """Return what stands around a citation; nothing where its article is not to be had any more."""
        with suppress(RagError):
            return html.surroundings(self._door.article(library, citation.article), citation.start, citation.end)
        return html.Surroundings()

    def _pinned(self, tab: Tab) -> frozenset[tuple[str, int, int]]:
        """Return where the reader's notes stand; nothing where they cannot be read, which their panel tells."""
        with suppress(RagError):
            return self._page.kept.notes.places(tab.reader)
        return frozenset()

    def _entries(self, tab: Tab) -> Sequence[Entry]:
        """Return what the tab's library holds; one that does not exist yet holds nothing."""
        return self._door.articles(tab.library) if tab.library in self._door.libraries() else ()

    def _shown(self, tab: Tab) -> Entry | None:
        """Return what is known of the article in the reader pane."""
        with suppress(RagError):  # the reader pane tells
            return next((entry for entry in self._entries(tab) if entry.identifier == tab.shown), None)
        return None

    def _with_articles(self, tab: Tab, found: Sequence[Summary]) -> list[tuple[Summary, str]]:
        """Return conversations with the titles of the articles they ask, as far as the open library holds these."""
        entries: Sequence[Entry] = ()
        with suppress(RagError):  # the reader pane tells
            entries = self._entries(tab)
        titles = {entry.identifier: entry.title or entry.source for entry in entries}
        return [(summary, titles.get(summary.article, "")) for summary in found]

    def _read(self, tab: Tab, read: Callable[[], Read], otherwise: Read) -> Read:
        """Return what can be read; where it cannot, the tab will say why."""
        try:
            return read()
        except RagError as error:
            tab.notice = Notice(Problem.of(error).told(tab.words.language), "problem")
            return otherwise

    def _said(self, tab: Tab, notice: Notice | None) -> Notice | None:
        """Return a notice, with what could not be read since."""
        since, tab.notice = tab.notice, None
        if not (notice and since):
            return notice or since
        return replace(since, text=f"{notice.text} {since.text}", beside=notice.beside)

    def _several(self, tab: Tab) -> bool:
        with suppress(RagError):  # the reader pane tells
            return len(self._entries(tab)) > 1
        return False

    def _shelf(self, tab: Tab, entries: Sequence[Entry]) -> html.ArticlesPanel:
        return html.ArticlesPanel(
            entries=entries,
            libraries=self._door.libraries(),
            library=tab.library,
            scope=tab.scope,
            shown=tab.shown,
            hint=_hint(tab),
            query=tab.query,
        )


def _hint(tab: Tab) -> str:
    suffixes = ", ".join(sorted(SUFFIXES))
    return tab.words.upload_hint.format(count=UPLOAD_FILES, megabytes=UPLOAD_MEGABYTES, suffixes=suffixes)
