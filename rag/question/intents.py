"""What a question wants: something of the text, an overview, what is known of the article itself, or nothing of it.

It is learned, not listed: a multinomial logistic regression over the vector that the question is searched by, so it
costs nothing. ``training/intents`` holds the utterances and the command that fits it, ``make train-intents``. Whatever
is not sure is taken for a question about the text. The weights are for the vectors of one embedder; with any other one,
only what was learned by heart is known, word for word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from rag.language import fold
from rag.question.analysis import Question
from rag.values import Matrix, Vector

Intent = Literal[
    "content", "overview", "topic", "chronology",
    "title", "author", "date", "source", "photo", "length", "language",
    "greeting", "thanks", "capabilities", "translate", "compose", "opinion",
]  # fmt: skip
"""``content`` is a question that the text answers or not; ``topic`` asks what the text is about, ``overview`` to sum it
up; then the article's own data; then what is no question about it."""

CONTENT: Intent = "content"
OVERVIEWS: frozenset[Intent] = frozenset({"overview", "topic", "chronology"})
OWN_DATA: frozenset[Intent] = frozenset({"title", "author", "date", "source", "photo", "length", "language"})
MAY_POINT_BACK: frozenset[Intent] = OWN_DATA | {"opinion", "capabilities"}
"""Asked with a pronoun after another question, these may be of what that one was about."""
WEIGHTS = Path(__file__).parent / "data" / "intents.json"
_ARTICLE = re.compile(
    r"\b(?:articles?|artikels?|articulos?|textes?|texts?|textos?|documents?|dokuments?|documentos?|pages?|papier|reportage"
    r"|depeche|poeme|poem|story|piece)\b"
)


@dataclass(frozen=True, slots=True)
class IntentModel:
    """What was learned.

    Attributes:
        embedder: whose vectors the weights are for.
        threshold: least probability, of all intents but ``content`` together, at which a question is one of them.
        intents: in the order of the weights; the first one is ``content``.
        weights: shape (intents, dimensions).
        bias: shape (intents,).
        exact: utterance, as :func:`exact_key` gives it → its intent.
    """

    embedder: str
    threshold: float
    intents: tuple[Intent, ...]
    weights: Matrix
    bias: Vector
    exact: Mapping[str, Intent]

    def decide(self, question: str, vector: Vector, embedder: str) -> Intent:
        """Return what a question wants, nothing having been asked before.

        Args:
            question: as it was asked.
            vector: of the question, shape (dimensions,).
            embedder: name of what made the vector.
        """
        known = self.exact.get(exact_key(question))
        if known:
            return known
        if embedder != self.embedder or vector.shape != self.weights.shape[1:]:
            return CONTENT
        raised = self.weights @ vector + self.bias
        shares = np.exp(raised - raised.max())
        shares /= shares.sum()
        return self.intents[int(shares[1:].argmax()) + 1] if 1 - shares[0] >= self.threshold else CONTENT


def find_intent(question: Question, vector: Vector, embedder: str) -> Intent:
    """Return what a question wants.

    "What is it about?" and "who wrote it?" are about what was asked before, where something was.

    Args:
        question: taken apart.
        vector: of the question as it was asked, shape (dimensions,).
        embedder: name of what made the vector.
    """
    intent = load_intents().decide(question.asked, vector, embedder)
    if question.follows and not names_article(question.asked):
        completed = question.text != question.asked
        if intent == "topic" or (completed and intent in MAY_POINT_BACK):
            return CONTENT
    return intent


def names_article(question: str) -> bool:
    """Return whether a question names the article it is asked of: "l'article", "this text"."""
    return _ARTICLE.search(fold(question)) is not None


@lru_cache(maxsize=1)
def _request_words() -> frozenset[str]:
    asked = (key for key, intent in load_intents().exact.items() if intent in OVERVIEWS | OWN_DATA)
    return frozenset(word for key in asked for word in key.split())


def is_request_word(word: str) -> bool:
    """Return whether a word is one that overviews and an article's own data are asked for with, and so no topic."""
    folded = fold(word)
    return folded.isdigit() or folded in _request_words()


def exact_key(question: str) -> str:
    """Return the words of a question, folded, with one blank between them and every number in figures as one."""
    return " ".join("0" if word.isdigit() else word for word in re.findall(r"\w+", fold(question)))


@lru_cache(maxsize=1)
def load_intents() -> IntentModel:
    """Return what was learned.

    Raises:
        ValueError: it knows intents that the program does not.
    """
    held = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    known = frozenset(get_args(Intent))
    if not known.issuperset({*held["intents"], *held["exact"].values()}):
        raise ValueError(f"{WEIGHTS.name} knows intents that the program does not")
    return IntentModel(
        held["embedder"],
        held["threshold"],
        tuple(held["intents"]),
        np.array(held["weights"], dtype=np.float32),
        np.array(held["bias"], dtype=np.float32),
        held["exact"],
    )
