"""What the shell offers for the value of an option, once the person has let ``rag --install-completion`` do its part.

It is asked while a line is typed: nothing is opened for it, and what cannot be read offers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.errors import RagError
from rag.settings import load_settings
from rag.values import QUOTES_MODEL


def library_names(incomplete: str) -> list[str]:
    """Return the libraries whose names begin so."""
    try:
        folders = [path.name for path in load_settings().indexes.iterdir() if path.is_dir()]
    except (OSError, RagError):
        return []
    return _beginning(incomplete, (name for name in folders if not name.startswith(".")))


def installed_names(incomplete: str) -> list[str]:
    """Return the installed models whose names begin so."""
    from rag.models import installed_models

    try:
        return _beginning(incomplete, (model.name for model in installed_models(load_settings().models)))
    except (OSError, RagError):
        return []


def answering_names(incomplete: str) -> list[str]:
    """Return what can answer whose names begin so: the installed models, and the article's own sentences."""
    return sorted([*installed_names(incomplete), *_beginning(incomplete, [QUOTES_MODEL])])


def known_names(incomplete: str) -> list[str]:
    """Return the models of the catalogue whose names begin so."""
    from rag.models import CATALOGUE

    return _beginning(incomplete, CATALOGUE)


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))
