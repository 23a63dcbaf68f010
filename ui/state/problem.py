"""What a reader is told of what was done, and of an error: without the folders of this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.errors import RagError
from rag.translation import in_language

_FOLDER = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\\/\s'\"«»]+)+[\\/](?=[^\\/\s])")


def without_paths(text: str) -> str:
    """Return ``text`` with the folders of this machine taken out of it; file names stay."""
    return _FOLDER.sub("", text)


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about what was just done, is being done, or could not be done; ``beside``: what all the same was."""

    text: str
    kind: Literal["done", "progress", "problem"] = "done"
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence, and the command to type next where there is one."""

    message: str
    remedy: str = ""

    @classmethod
    def of(cls, error: RagError) -> Problem:
        """Return what a reader is told of an error, in English."""
        return cls(without_paths(error.message), error.remedy)

    def told(self, language: str) -> str:
        """Return its sentence in a language."""
        return in_language(self.message, language)
