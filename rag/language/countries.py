"""Countries with the names of their people and of the cities that stand for their governments, French and English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "world.tsv"


@dataclass(frozen=True, slots=True)
class Country:
    """What a country, its people and its capital are called, each in every form that is usual.

    Attributes:
        names: language → names, as they are written.
        peoples: language → demonyms, feminine and combining forms included.
        capitals: language → its capital, and the seat or house that stands for its government.
    """

    names: dict[str, tuple[str, ...]]
    peoples: dict[str, tuple[str, ...]]
    capitals: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def load_countries() -> tuple[Country, ...]:
    """Return the countries of the table, in its order."""
    countries = []
    for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        cells = [tuple(filter(None, cell.split("|"))) for cell in (line.split("\t") + [""] * 6)[:6]]
        names, peoples, english_names, english_peoples, capitals, english_capitals = cells
        countries.append(
            Country(
                {"fr": names, "en": english_names},
                {"fr": peoples, "en": english_peoples},
                {"fr": capitals, "en": english_capitals},
            )
        )
    return tuple(countries)
