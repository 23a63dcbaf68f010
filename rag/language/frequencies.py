"""How common a word is in ordinary French and English paragraphs, from a table counted once."""

from __future__ import annotations

import lzma
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "frequencies.tsv.xz"
UNSEEN_SHARE = 2e-6


@lru_cache(maxsize=1)
def _background() -> dict[tuple[str, str], float]:
    with lzma.open(TABLE, "rt", encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return {(language, stem): float(share) for language, stem, share in rows}


def background_share(stem: str, language: str) -> float:
    """Return the share of ordinary paragraphs that hold the stem; a very small one for what was never seen."""
    return _background().get((language, stem), UNSEEN_SHARE)
