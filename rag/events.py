"""The events of one answer, in the order they come, and those of one file that is added.

The page, the command line, the examples and the tests are folds over these streams.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rag.errors import ArticleError
from rag.values import Answer, Citation, Entry, Evidence, Hit, Sentence, Tokens

Reason = Literal["unsupported", "repetition", "language", "echo", "endless"]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The search is done: what was searched, what was found, whether it is enough to answer."""

    searched: str
    hits: tuple[Hit, ...]
    evidence: Evidence
    whole_article: bool = False


@dataclass(frozen=True, slots=True)
class Working:
    """The model is not writing yet. ``done`` is in [0, 1]; ``position`` counts those ahead in the queue.

    The stage ``opening`` comes where the program was just started and what every question needs is still being loaded,
    ``indexing`` where a library is first made anew for another embedder. With the stage ``thought`` all that was
    written before turns out to be a model's thoughts: it is taken back, and the answer begins anew. The stage
    ``written`` comes from a model when it has ended, and is no event of an answer. It brings the tokens, whether it was
    ``cut`` at the length it was allowed, how likely what it wrote was to itself (1 where it does not say), how likely
    each piece of evidence was to answer (empty likewise), and the log-odds that none does.
    """

    stage: Literal["opening", "indexing", "queued", "loading", "reading", "thought", "written"]
    done: float = 0.0
    position: int = 0
    tokens: Tokens = field(default_factory=Tokens)
    cut: bool = False
    likelihood: float = 1.0
    marks: tuple[float, ...] = ()
    refusal: float = 0.0


@dataclass(frozen=True, slots=True)
class Token:
    """Text to append to the answer, free of citation marks."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation mark stands here in the answer."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Checked:
    """The sentence with this index (from 0) is complete and was checked."""

    index: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Replaced:
    """Of what the model wrote, these sentences do not stand; the article's own, which come next, stand in their place.

    ``reason`` is that the check accepted none of them, or why the model was stopped: it repeated itself, wrote in
    another language, wrote its prompt, or did not end its sentence.
    """

    sentences: tuple[int, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event. An answer of which no sentence was supported arrives here as refused."""

    answer: Answer


Event = Retrieved | Working | Token | Cited | Checked | Replaced | Finished


@dataclass(frozen=True, slots=True)
class Ingesting:
    """How far one file is: read, split, embedded, stored. ``done`` is in [0, 1]."""

    source: str
    stage: Literal["reading", "embedding", "storing"]
    done: float = 0.0


@dataclass(frozen=True, slots=True)
class Ingested:
    """One file is in the library.

    Attributes:
        entry: what the library lists of it.
        status: whether it is new, changed, or was there already.
        unreadable: how many of its characters could not be read; U+FFFD stands for each.
        copy: name of the file that came, where it holds the same text as the one the library has.
    """

    entry: Entry
    status: Literal["added", "replaced", "unchanged"]
    unreadable: int = 0
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """One file could not be read; the others are in the library all the same."""

    source: str
    error: ArticleError

    @property
    def about(self) -> str:
        """The name of the file where its error does not say it, else nothing."""
        return "" if self.source in self.error.message else self.source


Ingestion = Ingesting | Ingested | Unread
