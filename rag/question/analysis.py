"""What a question asks for: its content words; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.language import Word, content_stems, words

# Words that mean something elsewhere and only carry grammar here: prepositions of several words, "to take place".
_GRAMMAR = re.compile(
    r"""\b(?:
        (?:à\ propos|au\ sujet|au\ sein|au\ moyen|à\ cause|à\ partir|à\ l['’](?:égard|aide)|en\ raison|en\ dépit
          |en\ matière|en\ termes|dans\ le\ cadre)(?=\ d|\ ?[?,])
      | en\ ce\ qui\ concerne
      | par\ rapport(?=\ (?:à|aux?)\b)
      | (?:in\ (?:terms|spite|case)|by\ means|on\ behalf|as\ a\ result)(?=\ of\b)
      | with\ (?:regard|respect)(?=\ to\b)
      | (?:avoir|ayant|a|ont|ait|aient|avait|avaient|eut?|eurent|aura|auront|aurait|auraient)
        (?:-t-(?:il|elle|on)|-(?:ils|elles))?\ lieu
      | (?:takes?|took|taken|taking)\ place(?!\ of\b)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    Attributes:
        text: as it is searched.
        language: ISO 639-1 code of ``text``.
        words: its content words, in order; a hyphenated word comes whole and by its parts.
        asked: as the reader typed it; ``text`` is together with the question before where it may go on from that.
        answer_language: ISO 639-1 code of ``asked``, which the answer is given in.
        follows: whether something was asked before.
    """

    text: str
    language: str
    words: tuple[Word, ...]
    asked: str = ""
    answer_language: str = ""
    follows: bool = False

    @property
    def readings(self) -> tuple[str, ...]:
        """What the reader is asked: the question with the one before it, and as typed where that says something."""
        if self.text == self.asked or not content_stems(self.asked, self.answer_language):
            return (self.text,)
        return (self.text, self.asked)


def analyse_question(text: str, language: str) -> Question:
    """Return the question taken apart."""
    found = words(_GRAMMAR.sub(lambda phrase: " " * len(phrase[0]), text), language)
    content = set(content_stems(text, language))
    kept = tuple(word for word in found if word.stem in content)
    return Question(text, language, kept, asked=text, answer_language=language)
