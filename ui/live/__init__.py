"""What goes on in threads while pages look at it: answers, downloads, reading ahead, cards.

In comes a request; out comes a state that any number of tabs may look at, and that stops when a reader says so. How
often pages look, and what becomes of a thread that fails, is changed here; what a state holds, in ``ui.state``.
"""

from ui.live.ahead import Ahead, Place, Wish
from ui.live.cards import Cards
from ui.live.fetching import Download
from ui.live.running import Running
from ui.live.warming import Warming

__all__ = ["Ahead", "Cards", "Download", "Place", "Running", "Warming", "Wish"]
