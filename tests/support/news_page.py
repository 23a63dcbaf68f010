"""A small page of a newspaper, into whose article something is put."""

from __future__ import annotations

FIRST = "Le tramway de Valmer roulera jusqu'à minuit à partir du printemps, a décidé le conseil de la ville mardi soir."
LAST = (
    "Les conducteurs demandent trente embauches ; la direction en promet douze, et un accord avant la fin de l'année."
)
TITLE = "Le tramway de Valmer"


def news_page(inner: str, *, style: str = "") -> str:
    """Return a page whose article holds a piece of HTML between two paragraphs.

    Args:
        inner: the piece.
        style: a style sheet of the page.
    """
    head = f"<meta charset='utf-8'><title>{TITLE}</title><style>{style}</style>"
    article = f"<article><h1>{TITLE}</h1><p>{FIRST}</p>{inner}<p>{LAST}</p></article>"
    return f"<!doctype html><html lang='fr'><head>{head}</head><body>{article}</body></html>"
