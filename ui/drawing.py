"""What is drawn again after an event, and in which order: generators of the parts that changed.

Each yield gives every part of its event: its text, or ``None`` where it stays as it is. A part that has not changed is
not given again, for its reader may have changed it since by another event, which the old text would be drawn over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ui.page import Page
from ui.state import Notice
from ui.tab import Tab
from ui.views import Views

Drawn = list[str | None]
KEPT: Drawn = [None]  # of one part


class Drawing:
    """Draws what changes.

    Args:
        page: what acts on the tabs.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._views = Views(page)

    def opened(self, tab: Tab) -> Iterator[Drawn]:
        """Draw the bar of a new tab at once, then the whole page: the first time, the article's index is built.

        An answer that was under way before a reload is followed here, since a second event could draw over what the
        reader has opened meanwhile.

        Nothing is done after the last picture: Gradio sends it once more when the generator has ended, over whatever
        was drawn since. A first question that was answered in between vanished so.
        """
        views = self._views
        yield [views.header(tab), "", "", "", views.opening(tab), "", ""]
        self._page.open(tab)
        yield from self.whole(tab)

    def ahead(self, tab: Tab) -> Iterator[str]:
        """Load what a question needs; draw how far the model has read the article that would be asked."""
        self._page.warm_up()
        for _ in self._page.read_ahead(tab):
            yield self._views.ahead(tab)
        yield self._views.ahead(tab)

    def card(self, tab: Tab) -> Iterator[str]:
        """Draw the card of the article in the reader pane, as it is made; last the one that is wanted by then."""
        yield self._views.card(tab)
        for _ in self._page.cards.follow(tab.library, tab.shown) if tab.shown else ():
            yield self._views.card(tab)
        yield self._views.card(tab)

    def further(self, tab: Tab) -> Iterator[str]:
        """Draw what may be asked after the last answer, as soon as that is known."""
        views, shown = self._views, ""
        article = views.answered_from(tab) if tab.exchanges and tab.running is None else ""
        for _ in self._page.cards.follow(tab.library, article) if article else ():
            if (now := views.further(tab)) != shown:
                yield (shown := now)
        yield views.further(tab)

    def answer(self, tab: Tab, question: str | None) -> Iterator[Drawn]:
        """Ask; draw the bar and the turns before it once, the turn under way as it grows."""
        drawn = None
        for exchange in self._page.ask(tab, question or ""):
            before = self._turns(tab)[:3] if tab.running is not drawn else KEPT * 3
            drawn = tab.running
            yield [*before, self._views.live(tab, exchange)]
        yield self._turns(tab)

    def article(self, tab: Tab, _: str = "") -> Iterator[Drawn]:
        """Draw the bar and the article."""
        yield [self._views.header(tab), self._views.reader(tab)]

    def turns(self, tab: Tab, _: str = "") -> Iterator[Drawn]:
        """Draw the finished turns."""
        yield [self._views.past(tab)]

    def panel(self, tab: Tab, file: str = "") -> Iterator[Drawn]:
        """Draw the list at the side and the panel, and hand a file to the browser."""
        yield [self._views.side(tab), self._views.panel(tab), file]

    def notes(self, tab: Tab, _: str = "") -> Iterator[Drawn]:
        """Draw the finished turns, in which pinned citations show, and the panel."""
        yield [self._views.past(tab), self._views.panel(tab)]

    def outbox(self, _: Tab, file: str = "") -> Iterator[Drawn]:
        """Hand the browser a file, or word that something is kept; what is drawn meanwhile stays."""
        yield [file]

    def side(self, tab: Tab, _: str = "") -> Iterator[Drawn]:
        """Draw the list at the side."""
        yield [self._views.side(tab)]

    def models(self, tab: Tab, _: str = "") -> Iterator[Drawn]:
        """Draw the bar, the panel and the download under way, as long as it goes on."""
        views, models = self._views, self._page.models
        under_way = bool(models.downloading)
        yield [views.header(tab), views.panel(tab), views.fetching(tab)]
        for state in models.follow(tab) if under_way else ():
            before: Drawn = [views.header(tab), views.panel(tab)] if state.over else KEPT * 2
            yield [*before, views.fetching(tab)]

    def whole(self, tab: Tab, _: str = "") -> Iterator[Drawn]:
        """Draw the whole page, and the answer that is under way in what is then shown."""
        yield self.everything(tab)
        if tab.running:
            for exchange in self._page.follow(tab):
                yield [*KEPT * 3, self._views.live(tab, exchange), *KEPT * 3]
            yield [*self._turns(tab), *KEPT * 3]

    def files(self, tab: Tab, paths: Sequence[Path], kept_back: str = "") -> Iterator[Drawn]:
        """Add files; draw in the panel how far it is, then the whole page."""
        yield from self._added(tab, self._page.shelf.add_files(tab, paths, kept_back))

    def text(self, tab: Tab, text: str | None) -> Iterator[Drawn]:
        """Add a pasted text; draw in the panel how far it is, then the whole page."""
        yield from self._added(tab, self._page.shelf.add_text(tab, text) if text and text.strip() else iter(()))

    def everything(self, tab: Tab, notice: Notice | None = None) -> Drawn:
        """Return the whole page as it is now."""
        views = self._views
        return [*self._turns(tab), views.reader(tab), views.asked(tab), views.panel(tab, notice)]

    def _turns(self, tab: Tab) -> Drawn:
        views = self._views
        return [views.header(tab), views.side(tab), views.past(tab), views.live(tab)]

    def _added(self, tab: Tab, told: Iterator[Notice]) -> Iterator[Drawn]:
        notice = None
        for notice in told:
            yield [*KEPT * 6, self._views.panel(tab, notice)]
        yield self.everything(tab, notice)
        yield KEPT * 7  # Gradio sends the last picture once more, over what was drawn since
