"""The first token of an answer that goes on from a text: it decides whether the model refuses."""

from __future__ import annotations

import numpy as np

from rag.llm.evidence_prompt import REFUSAL_MARK
from rag.llm.llama.engine import Engine


def first_token(engine: Engine, refused_above: float) -> int:
    """Return the token that begins a refusal where its log-odds lie above a bound, else the likeliest other one.

    Args:
        engine: that has read the prompt.
        refused_above: log-odds; 0 refuses where that is likelier than all else together.
    """
    refusal = engine.vocabulary.tokenize(REFUSAL_MARK, trusted=False)[0]
    logits = engine.logits().astype(np.float64)
    others = logits.copy()
    others[refusal] = -np.inf
    best = int(others.argmax())
    odds = logits[refusal] - others[best] - np.log(np.exp(others - others[best]).sum())
    return refusal if odds > refused_above else best
