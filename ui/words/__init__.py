"""The words of the page in each language, and how each language sets numbers, dates and spaces.

In comes a reader's language; out come words. To change what the page says, change ``french.py`` and ``english.py``;
to add a language, write its file and name it in ``choosing.py``.
"""

from ui.words.choosing import LANGUAGES, choose_language, words
from ui.words.scope import said_of_articles
from ui.words.vocabulary import NARROW, Words

__all__ = ["LANGUAGES", "NARROW", "Words", "choose_language", "said_of_articles", "words"]
