"""What a small model is given that was trained for this program: a title, numbered evidence, one question; pure.

``training/answerer`` trains with these very words, so they are part of what a trained adapter is: another text needs
another training. There are no instructions, since what is wanted was learned, and no chat template.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.llm.prompt import TITLE_CHARACTERS, neutralise
from rag.values import Turn

OPENS = "["
"""What comes before the number of a piece that answers, or 0 where none does: of what may follow on it at the beginning
of an answer, a trained model tells how likely each piece is to answer, and how likely none."""

REFUSAL_MARK = f"{OPENS}0]"

MOST_EVIDENCE = 6  # pieces
EVIDENCE_CHARACTERS = 1200  # of all pieces together
TURN_CHARACTERS = 300  # of an earlier question, and of its answer

_LABELS = {"fr": ("Titre : ", "Question : ", "Réponse :"), "en": ("Title: ", "Question: ", "Answer:")}
_MARKS = re.compile(r"(?<!\s)\s*\[\d+\]")


def compose_evidence_prompt(
    title: str, evidence: Sequence[str], question: str, *, language: str, previous: Turn | None = None
) -> str:
    """Return the text that a trained model goes on from; its answer begins on a line of its own.

    Args:
        title: of the article; may be empty.
        evidence: the pieces that may answer, to be numbered from 1; what :func:`fitting` returns is what was trained.
        question: as the reader asked it.
        language: ISO 639-1 code of the question; French words for French, English ones for any other.
        previous: the turn before, where there is one.
    """
    titled, asked, answered = _LABELS.get(language, _LABELS["en"])
    lines = [titled + _plain(title)[:TITLE_CHARACTERS]] if title.strip() else []
    lines += [f"[{number}] {_plain(piece)}" for number, piece in enumerate(evidence, 1)]
    if previous:
        earlier = _plain(_MARKS.sub("", previous.answer))
        lines += [asked + _plain(previous.question)[:TURN_CHARACTERS], f"{answered} {earlier[:TURN_CHARACTERS]}"]
    lines += [asked + _plain(question), answered, ""]
    return "\n".join(lines)


def fitting(evidence: Sequence[str]) -> tuple[str, ...]:
    """Return as many pieces, from the first on, as a trained model is used to; at least one, however long."""
    kept: list[str] = []
    for piece in evidence[:MOST_EVIDENCE]:
        if kept and sum(map(len, kept)) + len(piece) > EVIDENCE_CHARACTERS:
            break
        kept.append(piece)
    return tuple(kept)


def _plain(text: str) -> str:
    """Return a text on one line, without anything that looks like a mark of ours."""
    return neutralise(" ".join(text.split()))
