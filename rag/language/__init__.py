"""What French and English words, sentences, numbers, dates and names are.

Other languages go by the same rules, without lists. In comes any text with its language; out come exact offsets and
what is compared: stems, numbers, dates, names. Pure but for its tables under ``data/``. A rule here must be a rule of
the language, never of an example.
"""

from rag.language.detection import detect_language
from rag.language.sentences import split_sentences
from rag.language.words import Word, content_stems, fold, stop_words, words

__all__ = ["Word", "content_stems", "detect_language", "fold", "split_sentences", "stop_words", "words"]
