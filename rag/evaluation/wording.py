"""Does a quote hold an accepted answer, word for word? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.language import fold


def normal(text: str) -> str:
    """Return the words of a text, folded, with one blank between them."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(text)).split())


def holds_answer(quote: str, answers: Iterable[str]) -> bool:
    """Return whether a quote holds an accepted answer, word for word after normalisation."""
    words = f" {normal(quote)} "
    return any(f" {answer} " in words for answer in map(normal, answers) if answer)
