"""What one open page does, apart from the framework that shows it.

:class:`Page` acts on tabs through the door of ``rag``: each act changes the tab, and the ``*_html`` methods say what
the tab looks like then. Conversations are written to disk as they stream; answers under way belong to their
conversation, not to the tab, so a reloaded page takes them up where they are.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from rag.conversations import Conversations, KeptTurn
from rag.errors import RagError
from rag.reading import SUFFIXES
from rag.values import Turn
from ui.door import Door, Tab
from ui.html import conversation, panels
from ui.html.article import article_html
from ui.html.conversation import Welcome
from ui.html.models import Models, progress_html
from ui.html.turns import Draft, Problem, ahead_html, escape, problem_html, without_paths
from ui.live.ahead import Ahead, Place
from ui.live.running import Running, stopped
from ui.shelf import UPLOAD_FILES, UPLOAD_MEGABYTES, Shelf
from ui.words.choosing import words
from ui.words.vocabulary import Words

SHOWN_TURNS = 30  # earlier ones are a click away, so that a long conversation stays light
SPARE_TURNS = 10  # they go ten at a time: when turns move, the browser draws all of them again
SAVE_EVERY_S = 0.5
CLOSING_S = 5.0
REASON_CHARACTERS = 500


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
        self._local = local
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()
        self._warming: threading.Thread | None = None

    # ── Opening ─────────────────────────────────────────────────────────────────────────────────────────────────

    def greet(self, tab: Tab, reader: str, language: str, identifier: str = "") -> None:
        """Make a tab ready to speak: whose it is, in which language, which conversation it showed before a reload."""
        tab.reader, tab.words, tab.conversation = reader, words(language), identifier[:32]

    def open(self, tab: Tab) -> None:
        """Open the first library with its first article, and the conversation that was open before a reload."""
        self.shelf.use(tab, self.door.default_library())
        if not (tab.conversation and self.resume(tab, tab.conversation)):
            tab.conversation = ""

    def warm_up(self) -> None:
        """Load what the first question needs, once, when the first page has been shown: it would hold that up."""
        with self._lock:
            if self._warming is None:
                self._warming = threading.Thread(target=self.door.warm_up, name="warm-up", daemon=True)
                self._warming.start()

    def resume(self, tab: Tab, identifier: str) -> bool:
        """Open a kept conversation, and the answer under way in it; return whether the reader has such a one."""
        try:
            summary = self.kept.summary(tab.reader, identifier)
            turns = self.kept.turns(tab.reader, identifier)
        except RagError:
            return False
        with self._lock:
            tab.running = self._running.get(identifier)
        if tab.running and tab.running.over:
            tab.running = None
        tab.conversation, tab.editing = identifier, False
        tab.drafts = [drafted(turn, tab.words) for turn in turns]
        if tab.running:
            del tab.drafts[tab.running.number :]
        tab.first = max(0, len(tab.drafts) - SHOWN_TURNS)
        if summary.library in self.door.libraries():
            self.shelf.use(tab, summary.library, summary.article)
        return True

    def begin(self, tab: Tab) -> None:
        """Leave the conversation for an empty one."""
        tab.conversation, tab.drafts, tab.running, tab.first, tab.editing = "", [], None, 0, False

    def close(self) -> None:
        """Stop the model and wait a while for it: a process that ends while llama.cpp computes crashes."""
        with self._lock:
            answers = list(self._running.values())
        for answer in answers:
            answer.stop()
        self.ahead.close(CLOSING_S)
        for answer in answers:
            answer.join(CLOSING_S)

    # ── Asking ──────────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, tab: Tab, question: str) -> Iterator[Draft]:
        """Ask a question; yield the draft as it grows. An answer that is under way is not disturbed."""
        question = " ".join(question.split())
        self._settle(tab)
        if not question or tab.running or not self._refreshed(tab):
            return
        if tab.editing and tab.drafts:
            tab.drafts.pop()
        tab.editing = False
        if len(tab.drafts) - tab.first >= SHOWN_TURNS + SPARE_TURNS:
            tab.first = len(tab.drafts) - SHOWN_TURNS
        if not tab.conversation:
            tab.conversation = self._begin(tab, question)
        history, place = self.history(tab), self._place(tab)
        running = Running(
            Draft(question),
            lambda: self.ahead.answered(
                place, self.door.answer(question, history, library=place.library, article=place.article)
            ),
            self._keeper(tab.reader, tab.conversation, len(tab.drafts)),
            tab.words.went_wrong,
            number=len(tab.drafts),
        )
        with self._lock:
            self._running[tab.conversation] = running
        tab.running = running.start()
        yield from self.follow(tab)

    def follow(self, tab: Tab) -> Iterator[Draft]:
        """Yield the draft of the answer under way until it is whole, then count it among the tab's turns."""
        running = tab.running
        if running is None:
            return
        for draft in running.follow():
            yield self._without_paths(draft)
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
        tab.drafts.append(self._without_paths(running.draft))
        tab.running = None

    def stop(self, tab: Tab) -> None:
        """Stop the answer under way, if there is one."""
        if tab.running:
            tab.running.stop()

    def history(self, tab: Tab) -> tuple[Turn, ...]:
        """Return the turns the next answer may refer to."""
        return tuple(
            Turn(draft.question, draft.answer.text, draft.answer.searched)
            for draft in tab.drafts
            if draft.answer and draft.answer.text
        )

    def rate(self, tab: Tab, number: int, rating: str, reason: str = "") -> None:
        """Keep what the reader thought of an answer; the same rating twice takes it back."""
        if not (0 <= number < len(tab.drafts) and rating in {"up", "down"}):
            return
        again = tab.drafts[number].rating == rating
        draft = replace(tab.drafts[number], rating="" if again else rating)
        tab.drafts[number] = draft
        if tab.conversation:
            turn = replace(kept(draft), reason="" if again else reason[:REASON_CHARACTERS])
            self.kept.save(tab.reader, tab.conversation, number, turn)

    def _refreshed(self, tab: Tab) -> bool:
        """Take over what another tab added to this conversation; tell whether a question may be asked now."""
        if not tab.conversation:
            return True
        editing = tab.editing
        try:
            known = self.kept.summary(tab.reader, tab.conversation).turns == len(tab.drafts)
        except RagError:
            known = False
        with self._lock:
            elsewhere = tab.conversation in self._running
        if (elsewhere or not known) and not self.resume(tab, tab.conversation):
            self.begin(tab)
        tab.editing = editing
        return tab.running is None

    def _begin(self, tab: Tab, title: str) -> str:
        try:
            return self.kept.begin(tab.reader, title, library=tab.library, article=tab.scope)
        except RagError:
            return ""  # a full or damaged disk keeps nobody from reading the answer

    def _keeper(self, reader: str, identifier: str, number: int) -> Callable[[Draft], None]:
        last = time.monotonic()  # nothing is written to disk before the first words are shown

        def keep(draft: Draft) -> None:
            nonlocal last
            if identifier and (draft.done or time.monotonic() - last >= SAVE_EVERY_S):
                self.kept.save(reader, identifier, number, kept(self._without_paths(draft)))
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

    # ── Pictures ────────────────────────────────────────────────────────────────────────────────────────────────

    def header_html(self, tab: Tab) -> str:
        """Return the bar at the top."""
        said = tab.words
        model = self.door.has_language_model()
        status = said.answered_by.format(model=self.door.model_name()) if model else said.no_model
        online = said.online_server if self.door.settings.server else ""
        if self.models.downloading:
            online = said.online_download
        return panels.header_html(said, status, tab.conversation, online=online)

    def past_html(self, tab: Tab) -> str:
        """Return the finished turns, or the welcome."""
        live = tab.running is not None
        if not tab.drafts and not live:
            entries = self.door.articles(tab.library) if tab.library else ()
            examples = self.door.examples(tab.library, tab.words.language) if entries else ()
            welcome = Welcome(examples, many=len(entries) > 1 and not tab.scope, empty=not entries)
            return conversation.welcome_html(welcome, tab.words)
        return conversation.turns_html(tab.drafts, tab.words, first=tab.first)

    def live_html(self, tab: Tab, draft: Draft | None = None) -> str:
        """Return the turn under way, as it is now or as ``draft``; nothing when there is none."""
        if draft is None:
            if tab.running is None:
                return ""
            draft = self._without_paths(tab.running.draft)
        return conversation.turn_html(draft, tab.words, number=len(tab.drafts))

    def ahead_html(self, tab: Tab) -> str:
        """Return how far the tab's article is read ahead; nothing while it is not being read."""
        working = self.ahead.progress(tab.wish) if tab.wish and not tab.running else None
        return ahead_html(working, tab.words)

    def reader_html(self, tab: Tab) -> str:
        """Return the article in the reader pane."""
        if not tab.shown:
            return f'<p class="empty">{escape(tab.words.no_article)}</p>'
        try:
            return article_html(self.door.article(tab.library, tab.shown), tab.words)
        except RagError as error:
            return problem_html(Problem(without_paths(error.message), error.remedy), tab.words)

    def panel_html(self, tab: Tab, notice: str = "") -> str:
        """Return what the drawer shows; a notice is said once."""
        said = tab.words
        notice, tab.notice = notice or tab.notice, ""
        match tab.panel:
            case "conversations":
                found = self.kept.listed(tab.reader, tab.query)
                body = panels.conversations_html(found, said, tab.conversation, tab.query)
            case "articles":
                entries = self.door.articles(tab.library) if tab.library else ()
                hint = said.upload_hint.format(
                    count=UPLOAD_FILES, megabytes=UPLOAD_MEGABYTES, suffixes=", ".join(sorted(SUFFIXES))
                )
                body = panels.articles_html(entries, self.door.libraries(), tab, hint)
            case "models":
                body = self.models.html(said)
            case "offline":
                settings = self.door.settings if self._local else None
                body = panels.offline_html(said, settings, self.models.downloading)
            case _:
                return ""
        return panels.panel_html(said, tab.panel, body, notice)

    def fetching_html(self, tab: Tab) -> str:
        """Return the bar of the download under way, if there is one."""
        return progress_html(self.models.fetched, tab.words)

    def export(self, tab: Tab, identifier: str, kind: str) -> str:
        """Return a conversation as a file for the browser to save; empty when the reader has no such one."""
        try:
            if kind == "json":
                return panels.export_html(f"{identifier}.json", self.kept.as_json(tab.reader, identifier))
            return panels.export_html(f"{identifier}.md", self.kept.as_markdown(tab.reader, identifier))
        except RagError:
            return ""

    def _without_paths(self, draft: Draft) -> Draft:
        if draft.problem is None:
            return draft
        return replace(draft, problem=Problem(without_paths(draft.problem.message), draft.problem.remedy))


def kept(draft: Draft) -> KeptTurn:
    """Return a draft as the store keeps it; one that is under way as the stopped answer it would be now."""
    answer = draft.answer or (stopped(draft).answer if draft.text else None)
    problem = (draft.problem.message, draft.problem.remedy) if draft.problem else ("", "")
    return KeptTurn(draft.question, answer, draft.whole_article, problem, draft.rating)


def drafted(turn: KeptTurn, said: Words) -> Draft:
    """Return a kept turn as the page shows it; one that died before a word says so."""
    problem = Problem(*turn.problem) if turn.problem[0] else None
    if not turn.answer and not problem:
        problem = Problem(said.interrupted)
    return Draft(
        turn.question,
        hits=turn.answer.hits if turn.answer else (),
        whole_article=turn.whole_article,
        answer=turn.answer,
        problem=problem,
        rating=turn.rating,
    )
