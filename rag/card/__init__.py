"""An article at a glance: what it says in three sentences, its figures, names, places and dates, what can be asked.

In come an article with its passages, and a search; out comes a :class:`Card`, which grows as it is made. How questions
are made of sentences is changed in ``asking.py``; that each is answerable is for the reader to say, nowhere else.
"""

from rag.card.card import Asked, Card, Mentioned
from rag.card.making import make_card

__all__ = ["Asked", "Card", "Mentioned", "make_card"]
