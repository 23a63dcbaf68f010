"""Conversations and notes on disk, each its reader's own.

In come turns, saved while their answers stream, and notes; out come lists, turns, notes and whole conversations as
JSON, Markdown or a Word document. What is taken away is told in ``outline.py``, how it is written in the file of its
format. What is kept of a turn may grow in ``turn.py``: what an earlier version wrote, or a later one, is read as far as
it is known.
"""

from rag.conversations.database import searchable
from rag.conversations.markdown import to_markdown
from rag.conversations.outline import ask_several, outline_of_notes
from rag.conversations.quotations import as_quoted, nested_characters
from rag.conversations.store import Conversations
from rag.conversations.turn import KeptTurn, Note, Summary
from rag.conversations.word import to_word

__all__ = [
    "Conversations",
    "KeptTurn",
    "Note",
    "Summary",
    "as_quoted",
    "ask_several",
    "nested_characters",
    "outline_of_notes",
    "searchable",
    "to_markdown",
    "to_word",
]
