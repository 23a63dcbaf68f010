"""Which words running French and English text writes with a capital, from a table counted once.

``python -m benchmarks.train_capitals`` makes the table.
"""

from __future__ import annotations

import lzma
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "capitals.tsv.xz"


@lru_cache(maxsize=1)
def _shares() -> dict[tuple[str, str], float]:
    with lzma.open(TABLE, "rt", encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return {(language, stem): int(percent) / 100 for language, stem, percent in rows}


def capital_share(stem: str, language: str) -> float | None:
    """Return how often a stem has a capital inside sentences, in [0, 1]; None where it was hardly seen there."""
    return _shares().get((language, stem))
