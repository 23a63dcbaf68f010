"""Models by name: known, fetched, installed, chosen.

In comes a name or a file; out comes a verified folder under the models folder. ``fetching.py``, with its two sources
``hub.py`` and ``wheels.py``, is all that reaches beyond this machine, and only when a person asked for it. To offer
another model, add it to ``catalogue.py``.
"""

from rag.models.catalogue import CATALOGUE
from rag.models.installed import installed_models
from rag.models.installing import pull
from rag.models.known import KnownModel

__all__ = ["CATALOGUE", "KnownModel", "installed_models", "pull"]
