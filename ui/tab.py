"""The tab of one reader: what it shows, and whose it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ui.html import Drawn
from ui.live import Running, Wish
from ui.state import Exchange, Notice, Problem
from ui.words import Words, words


@dataclass
class Tab:
    """One browser tab.

    Attributes:
        reader: the random name of the browser, or the account; conversations belong to it.
        scope: the article that is asked, or empty for all of the library; ``wish`` that it be read ahead.
        shown: the article in the reader pane; ``linked`` the one that the page's address named when it was opened.
        conversation: its identifier once a question was asked.
        exchanges: the finished ones, oldest first; ``running`` the answer under way.
        first: number of the first turn that is shown; ``drawn`` how each that is shown was drawn last.
        editing: whether the next question replaces the last one; ``alone`` whether it is asked as typed, not
            with the question before it.
        panel: which panel the drawer shows; ``query`` is what is searched in it, ``notice`` what it says about what was
            just done, ``looks`` counts how often it was opened on the models.
        mishap: why the turns are not what the reader asked for, where that was not said yet.
        sought: what is searched in the conversations at the side.
        undo: what takes back what was just erased, where that can be.
    """

    reader: str = ""
    words: Words = field(default_factory=lambda: words("fr"))
    library: str = ""
    scope: str = ""
    wish: Wish | None = None
    shown: str = ""
    linked: str = ""
    conversation: str = ""
    exchanges: list[Exchange] = field(default_factory=list)
    running: Running | None = None
    first: int = 0
    drawn: Drawn = field(default_factory=dict)
    editing: bool = False
    alone: bool = False
    panel: str = ""
    query: str = ""
    notice: Notice | None = None
    looks: int = 0
    mishap: Problem | None = None
    sought: str = ""
    undo: Callable[[], None] | None = None
