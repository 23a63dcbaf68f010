"""From the facts of a sentence and what the reader says of it to one verdict; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.check.facts import CITED, NOWHERE
from rag.values import Verdict

THRESHOLDS = Path(__file__).parent / "data" / "thresholds.json"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities of the reader from which something is taken to be so, in [0, 1].

    Attributes:
        entailed: that a text says the sentence.
        contradicted: that a text says the contrary.
        partly: that a text says the sentence, where that is not enough to let it stand, but too much to call it absent.
    """

    entailed: float
    contradicted: float
    partly: float


@lru_cache(maxsize=1)
def load_thresholds() -> Thresholds:
    """Return what was fitted on claims the reader was not trained on, by ``training/reader/thresholds.py``."""
    return Thresholds(**json.loads(THRESHOLDS.read_text(encoding="utf-8")))


def decide(
    facts: Sequence[tuple[str, int]],
    *,
    entailed: float,
    contradicted: float,
    elsewhere: float = 0.0,
    thresholds: Thresholds | None = None,
) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict on a sentence, and what of it differs or was found nowhere.

    Args:
        facts: of the sentence that are not at once found in the cited text, each with where it stands.
        entailed: the probability that the cited text, or that with what stands around it, says the sentence.
        contradicted: that the cited text says the contrary.
        elsewhere: that another part of the articles says it.
        thresholds: of these probabilities; None: those that were fitted.
    """
    thresholds = thresholds or load_thresholds()
    missing = tuple(dict.fromkeys(text for text, level in facts if level == NOWHERE))
    differing = tuple(dict.fromkeys(text for text, level in facts if level != CITED))
    if contradicted >= thresholds.contradicted:
        return "contradicted", differing
    if missing:
        return "no", missing
    if entailed >= thresholds.entailed and not differing:
        return "yes", ()
    return ("partly" if max(entailed, elsewhere) >= thresholds.partly else "no"), ()
