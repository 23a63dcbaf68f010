"""Which language the page speaks to a reader."""

from __future__ import annotations

import re

from ui.words.english import ENGLISH
from ui.words.french import FRENCH
from ui.words.vocabulary import Words

LANGUAGES = ("fr", "en")


def choose_language(preferences: str) -> str:
    """Return ``fr`` or ``en`` for an ``Accept-Language`` header or a browser's language; French if neither is named."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(preferences.split(",")):
        tag, _, quality = part.strip().partition(";")
        match = re.fullmatch(r"\s*q=([\d.]+)\s*", quality)
        try:
            weight = float(match[1]) if match else 1.0
        except ValueError:
            weight = 0.0
        wanted.append((-weight, position, tag.split("-")[0].lower()))
    named = [tag for _, _, tag in sorted(wanted) if tag]
    if not named:
        return "fr"
    return next((tag for tag in named if tag in LANGUAGES), "en")


def words(language: str) -> Words:
    """Return the words of the page in ``language``; French for one that is neither French nor English."""
    return ENGLISH if language == "en" else FRENCH
