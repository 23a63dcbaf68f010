"""The errors a person can meet, each with what happened and the command to type next.

::

    RagError
    ├── SettingsError       a setting or an environment variable has no usable value
    ├── ArticleError        a file cannot be read as an article
    ├── LibraryError        a library is unknown, damaged, or does not hold what was asked
    │   ├── EmbedderChanged the library was built with another embedder
    │   └── DiskFull        the library's disk has no room for what was to be written
    ├── ModelError          a model is missing, damaged, too large, or refused to run
    │   └── ContextTooSmall the question does not fit the model's context window
    ├── DownloadError       a model could not be fetched whole and verified
    └── OfflineError        something tried to open a connection beyond this machine

Programming mistakes stay ``ValueError`` and ``TypeError``; they are never shown as one of these.
"""

from __future__ import annotations


class RagError(Exception):
    """Base of every error a person can mend.

    Attributes:
        message: one sentence that says what happened, with the values.
        remedy: the command to type next, or an empty string.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the message and, where there is one, the remedy."""
        return f"{self.message} Next: {self.remedy}" if self.remedy else self.message


class SettingsError(RagError):
    """A setting or an environment variable has no usable value."""


class ArticleError(RagError):
    """A file cannot be read as an article."""


class LibraryError(RagError):
    """A library is unknown, damaged, or does not hold what was asked."""


class UnknownConversation(LibraryError):
    """A conversation does not exist, or belongs to another reader."""


class EmbedderChanged(LibraryError):
    """The library was built with another embedder than the one now configured."""


class DiskFull(LibraryError):
    """The disk of a library has no room for what was to be written."""


class ModelError(RagError):
    """A model is missing, damaged, too large for this machine, or refused to run."""


class ContextTooSmall(ModelError):
    """The question alone does not fit the model's context window."""


class DownloadError(RagError):
    """A model could not be fetched whole and verified."""


class OfflineError(RagError, ConnectionRefusedError):
    """Something tried to open a connection beyond this machine.

    It is a ``ConnectionRefusedError`` too, so a library that probes a host treats it as an absent network.
    """
