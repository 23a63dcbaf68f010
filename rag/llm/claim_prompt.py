"""What a model trained for this program is given to judge whether a text says a sentence; pure.

``training/answerer`` trains with these very words, so they are part of what a trained adapter is.
"""

from __future__ import annotations

from rag.llm.prompt import neutralise

NOT_SAID, SAID, CONTRADICTED = 0, 1, 2
"""What the number means that a trained model chooses."""


def compose_claim_prompt(text: str, sentence: str) -> str:
    """Return the text that a trained model goes on from with the number of its verdict."""
    lines = ("Texte : " + _plain(text), "Phrase : " + _plain(sentence), "Verdict :", "")
    return "\n".join(lines)


def _plain(text: str) -> str:
    return neutralise(" ".join(text.split()))
