"""Conversations and notes on disk, each its reader's own.

In come turns, saved while their answers stream, and notes; out come lists, turns, notes and whole conversations as JSON
or Markdown.
What is kept of a turn may grow in ``turn.py``: what an earlier version wrote, or a later one, is read as far as it is
known.
"""

from rag.conversations.database import searchable
from rag.conversations.markdown import notes_to_markdown
from rag.conversations.store import Conversations
from rag.conversations.turn import KeptTurn, Note, Summary

__all__ = ["Conversations", "KeptTurn", "Note", "Summary", "notes_to_markdown", "searchable"]
