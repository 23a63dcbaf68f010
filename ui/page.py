"""What one open page does, apart from the framework that shows it.

:class:`Page` acts on tabs through the door of ``rag``: each act changes the tab; what the tab looks like then is said
in ``ui.views``. Conversations are written to disk as they stream; answers under way belong to their conversation, not
to the tab, so a reloaded page takes them up where they are.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from rag.conversations import Conversations
from rag.errors import RagError, UnknownConversation
from rag.values import Turn
from ui.door import Door
from ui.html import load_templates
from ui.live import Ahead, Cards, Place, Running, Warming
from ui.models import Models
from ui.shelf import Shelf
from ui.state import Exchange, Notice, Problem
from ui.state.exchange import is_small_talk, kept, restored
from ui.tab import Tab
from ui.words import words

SHOWN_TURNS = 30  # earlier ones are a click away, so that a long conversation stays light
SPARE_TURNS = 10  # they go ten at a time: when turns move, the browser draws all of them again
SAVE_EVERY_S = 0.5
CLOSING_S = 5.0
QUESTION_CHARACTERS = 2000
REASON_CHARACTERS = 500
REMARK_CHARACTERS = 2000


class Page:
    """Acts on tabs.

    Args:
        door: the workspace.
        local: whether only this machine can open the page; then it may say where files lie.
    """

    def __init__(self, door: Door, *, local: bool = True) -> None:
        self.door = door
        self.kept = Conversations(door.settings.conversations)
        self.models = Models(door, local=local)
        self.shelf = Shelf(door)
        self.ahead = Ahead(lambda place: door.prepare(library=place.library, article=place.article))
        self.cards = Cards(door.card, self._give_way)
        self.local = local
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()
        self._warming = Warming(self._load)

    # ── Opening ─────────────────────────────────────────────────────────────────────────────────────────────────

    def greet(self, tab: Tab, reader: str, language: str, identifier: str = "") -> None:
        """Make a tab ready to speak: whose it is, in which language, what its address names.

        That is the conversation it showed before a reload, or an article and a place in it (``article=…:120-180``).
        """
        tab.reader, tab.words = reader, words(language)
        named, _, article = identifier.partition("article=")
        tab.conversation, tab.linked = named[:32], article.partition(":")[0][:32]

    def open(self, tab: Tab) -> None:
        """Open the first library with its first article, and the conversation that was open before a reload."""
        if not (tab.linked and self.shelf.find(tab, tab.linked)):
            self.shelf.use(tab, self.door.default_library())
        if not (tab.conversation and self.resume(tab, tab.conversation)):
            tab.conversation = ""

    def warm_up(self) -> None:
        """Load what the first question needs, once, when the first page has been shown: it would hold that up."""
        self._warming.start()

    def _load(self) -> None:
        self.door.warm_up()
        load_templates()

    def resume(self, tab: Tab, identifier: str) -> bool:
        """Open a kept conversation, and the answer under way in it; return whether that could be done."""
        with self._lock:
            running = self._running.get(identifier)
        if running and running.over:  # asked before its turns are read: one that ends meanwhile is not among them
            running = None
        try:
            summary = self.kept.summary(tab.reader, identifier)
            turns = self.kept.turns(tab.reader, identifier)
        except RagError as error:
            tab.mishap = Problem.of(error)
            return False
        tab.conversation, tab.editing, tab.running = identifier, False, running
        tab.exchanges = [restored(turn, tab.words.interrupted) for turn in turns]
        if running:
            del tab.exchanges[running.number :]
            self._settle(tab)
        tab.first = max(0, len(tab.exchanges) - SHOWN_TURNS)
        if summary.library in self.door.libraries():
            self.shelf.use(tab, summary.library, summary.article)
        return True

    def begin(self, tab: Tab) -> None:
        """Leave the conversation for an empty one."""
        tab.conversation, tab.exchanges, tab.running, tab.first, tab.editing = "", [], None, 0, False

    def close(self) -> None:
        """Stop all that goes on and wait a while for it: a process that ends while llama.cpp computes crashes."""
        with self._lock:
            answers = list(self._running.values())
        for answer in answers:
            answer.stop()
        for one in (self.ahead, self.cards, self.models, self._warming):
            one.close(CLOSING_S)
        for answer in answers:
            answer.join(CLOSING_S)

    def _give_way(self) -> None:
        """Wait until what the first question needs is loaded and no question is being answered."""
        self.warm_up()
        with self._lock:
            waited: list[Warming | Running] = [self._warming, *self._running.values()]
        for one in waited:
            one.join()

    # ── Asking ──────────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, tab: Tab, question: str) -> Iterator[Exchange]:
        """Ask a question; yield its answer as it grows: after the one that another tab is still waiting for here."""
        question = " ".join(question[:QUESTION_CHARACTERS].split())
        alone, tab.alone = tab.alone, False
        self._settle(tab)
        if not question or tab.running:
            return
        while elsewhere := self._refreshed(tab):
            yield from self.follow(tab)
            if tab.running or tab.exchanges[-1:] != [elsewhere.exchange]:
                return  # the reader has left for another conversation meanwhile
        if tab.editing and tab.exchanges:
            tab.exchanges.pop()
        tab.editing = False
        if len(tab.exchanges) - tab.first >= SHOWN_TURNS + SPARE_TURNS:
            tab.first = len(tab.exchanges) - SHOWN_TURNS
        if not tab.conversation:
            tab.conversation = self._begin(tab, question)
        history, place = () if alone else self.history(tab), self._place(tab)
        answer = partial(self.door.answer, question, history, library=place.library, article=place.article)
        running = Running(
            Exchange(question),
            lambda: self._warming.before(self.ahead.answered(place, answer())),
            self._keeper(tab.reader, tab.conversation, len(tab.exchanges)),
            tab.words.went_wrong,
            number=len(tab.exchanges),
        )
        with self._lock:
            self._running[tab.conversation] = running
        tab.running = running
        yield from self.follow(tab)

    def follow(self, tab: Tab) -> Iterator[Exchange]:
        """Yield the answer under way until it is whole, then count it among the tab's turns."""
        running = tab.running
        if running is None:
            return
        yield from running.follow()
        if tab.running is running:
            self._settle(tab)

    def _settle(self, tab: Tab) -> None:
        """Count the answer that was under way among the tab's turns, if it is over."""
        running = tab.running
        if running is None or not running.over:
            return
        with self._lock:
            if self._running.get(tab.conversation) is running:
                del self._running[tab.conversation]
        tab.exchanges.append(running.exchange)
        tab.running = None

    def stop(self, tab: Tab) -> None:
        """Stop the answer under way, if there is one."""
        if tab.running:
            tab.running.stop()

    def history(self, tab: Tab) -> tuple[Turn, ...]:
        """Return the turns the next answer may refer to."""
        return tuple(
            Turn(exchange.question, exchange.answer.marked_text(marks=False))
            for exchange in tab.exchanges
            if exchange.answer and exchange.answer.text and not is_small_talk(exchange.answer)
        )

    def rate(self, tab: Tab, number: int, rating: str, reason: str = "") -> None:
        """Keep what the reader thought of an answer; the same rating twice takes it back."""
        if not (0 <= number < len(tab.exchanges) and rating in {"up", "down"}):
            return
        again = tab.exchanges[number].rating == rating
        exchange = replace(tab.exchanges[number], rating="" if again else rating)
        tab.exchanges[number] = exchange
        if tab.conversation:
            turn = replace(kept(exchange), reason="" if again else reason[:REASON_CHARACTERS])
            self.kept.save(tab.reader, tab.conversation, number, turn)

    def delete(self, tab: Tab, identifier: str) -> None:
        """Erase a conversation; as long as the tab remembers it, that can be taken back.

        Raises:
            LibraryError: the reader has no such one.
        """
        summary, turns = self.kept.summary(tab.reader, identifier), self.kept.turns(tab.reader, identifier)
        self.kept.delete(tab.reader, identifier)
        shown = identifier == tab.conversation
        if shown:
            self.begin(tab)

        def undo() -> None:
            self.kept.restore(tab.reader, summary, turns)
            if shown and not tab.conversation:
                self.resume(tab, identifier)

        tab.undo = undo
        tab.notice = Notice(tab.words.deleted.format(title=summary.title or tab.words.untitled))

    # ── Notes ───────────────────────────────────────────────────────────────────────────────────────────────────

    def note(self, tab: Tab, identifier: str, start: int, end: int) -> None:
        """Keep words of an article of the library as a note."""
        note = self.kept.notes.add(tab.reader, self.door.article(tab.library, identifier), start, end)
        if note:
            tab.notice = Notice(tab.words.noted)

    def pin(self, tab: Tab, identifier: str, start: int, end: int) -> None:
        """Keep what is cited as a note, once."""
        if (identifier, start, end) not in self.kept.notes.places(tab.reader):
            self.kept.notes.add(tab.reader, self.door.article(tab.library, identifier), start, end)

    def unnote(self, tab: Tab, identifier: str) -> None:
        """Erase a note; as long as the tab remembers it, that can be taken back."""
        note = self.kept.notes.delete(tab.reader, identifier)
        if note:
            tab.undo = lambda: self.kept.notes.restore(tab.reader, note)
            tab.notice = Notice(tab.words.unnoted)

    def _refreshed(self, tab: Tab) -> Running | None:
        """Take over what another tab added to this conversation; return the answer that is under way in it."""
        if not tab.conversation:
            return None
        editing, turns = tab.editing, len(tab.exchanges)
        try:
            known = self.kept.summary(tab.reader, tab.conversation).turns <= len(tab.exchanges)
        except UnknownConversation:
            known = False
        except RagError:  # what is shown stays, whether or not it could be kept
            known = True
        with self._lock:
            elsewhere = tab.conversation in self._running
        if (elsewhere or not known) and not self.resume(tab, tab.conversation):
            self.begin(tab)
        tab.editing = editing and not tab.running and len(tab.exchanges) == turns  # the last question is edited
        return tab.running

    def _begin(self, tab: Tab, title: str) -> str:
        try:
            return self.kept.begin(tab.reader, title, library=tab.library, article=tab.scope)
        except RagError:
            return ""  # a full or damaged disk keeps nobody from reading the answer

    def _keeper(self, reader: str, identifier: str, number: int) -> Callable[[Exchange], None]:
        last = time.monotonic()  # nothing is written to disk before the first words are shown

        def keep(exchange: Exchange) -> None:
            nonlocal last
            if identifier and (exchange.done or time.monotonic() - last >= SAVE_EVERY_S):
                self.kept.save(reader, identifier, number, kept(exchange))
                last = time.monotonic()

        return keep

    # ── Reading ahead ───────────────────────────────────────────────────────────────────────────────────────────

    def read_ahead(self, tab: Tab) -> Iterator[None]:
        """Let the model read the article that the tab would ask; yield while there is something to show of it.

        The tab's last call counts: it ends the earlier ones. When all articles are asked, none is read ahead, for the
        model gets the passages that a question needs and not a whole article.
        """
        before, tab.wish = tab.wish, None
        if tab.scope and self.door.has_language_model():
            tab.wish = self.ahead.wish(self._place(tab))
        if before:
            self.ahead.drop(before)
        if tab.wish:
            yield from self.ahead.follow(tab.wish)

    def _place(self, tab: Tab) -> Place:
        return Place(self.door.model_name(), tab.library, tab.scope)
