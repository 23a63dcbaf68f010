"""The shape of an answer that ``rag ask --json`` promises."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rag.values import Answer


def as_contract(answer: Answer) -> dict[str, Any]:
    """Return an answer in the shape that ``rag ask --json`` promises."""
    return {
        "question": answer.question,
        "answer": answer.marked_text(),
        "refused": answer.refused,
        "model": answer.model,
        "sentences": [
            {
                "text": one.text,
                "citations": list(one.citations),
                "supported": one.supported,
                "struck": one.struck,
                "quoted": one.quoted,
            }
            for one in answer.sentences
        ],
        "citations": [asdict(citation) for citation in answer.citations],
        "passages": [
            {
                "article": hit.passage.article,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": hit.score,
                "dense": hit.dense,
                "lexical": hit.lexical,
            }
            for hit in answer.hits
        ],
        "timings": asdict(answer.timings),
    }
