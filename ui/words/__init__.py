"""The words of the page in each language, and how each language sets numbers, dates and spaces.

In comes a reader's language; out come words. To add a language, write its file and name it in ``choosing.py``.
"""
