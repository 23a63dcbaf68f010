"""Conversations on disk, each its reader's own.

In come turns, saved while their answers stream; out come lists, turns and whole conversations as JSON or Markdown.
What is kept of a turn may grow in ``turn.py``: what an earlier version wrote, or a later one, is read as far as it is
known.
"""

from rag.conversations.store import Conversations
from rag.conversations.turn import KeptTurn, Summary

__all__ = ["Conversations", "KeptTurn", "Summary"]
