"""What a model wrote for one question: what of it the article says, what it says of the expected answer, how quickly.

The sentences counted are the model's own, not the quotes that stand beneath. What is covered is
counted on all that a reader is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from rag.evaluation.question_sets import Asked
from rag.evaluation.resampling import mean
from rag.events import Event, Finished, Replaced
from rag.language import content_stems
from rag.values import Answer, Verdict

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Written:
    """One answer of a model.

    Attributes:
        verdicts: on the sentences that it wrote itself.
        replaced: whether quotes stand in the place of some of them, or of all.
        covered: part of the expected answer's words with meaning that the answer as shown holds; None where nothing is
            expected, 0 where it is refused.
        first_token_s: seconds from the question to its first word; 0 where it wrote nothing, or refused.
        total_s: seconds from the question to the end.
        tokens_per_s: that it wrote, from the first on; 0 likewise.
    """

    verdicts: tuple[Verdict, ...]
    replaced: bool
    covered: float | None
    first_token_s: float = 0.0
    total_s: float = 0.0
    tokens_per_s: float = 0.0


def written(asked: Asked, events: Sequence[Event]) -> Written:
    """Return what a model wrote, out of the events of its answer."""
    answer = next(event.answer for event in events if isinstance(event, Finished))
    own = [sentence for sentence in answer.sentences if not sentence.quoted]
    wrote = bool(answer.tokens.answer) and not answer.refused  # the mark of a refusal tells nothing of speed
    writing = answer.timings.total_s - answer.timings.first_token_s
    rate = answer.tokens.answer / writing if wrote and writing > 0 else 0.0
    return Written(
        tuple(one.supported for one in own),
        any(isinstance(event, Replaced) for event in events) or (answer.from_evidence and not (own or answer.refused)),
        _covered(asked, answer),
        answer.timings.first_token_s if wrote else 0.0,
        answer.timings.total_s,
        rate,
    )


def covered_share(expected: str, text: str, language: str) -> float | None:
    """Return the part of the expected words with meaning that a text holds; None where none are expected."""
    wanted = frozenset(content_stems(expected, language))
    return len(wanted & frozenset(content_stems(text, language))) / len(wanted) if wanted else None


def _covered(asked: Asked, answer: Answer) -> float | None:
    shown = "" if answer.refused else answer.marked_text(marks=False)
    return covered_share(asked.expected, shown, asked.language or "fr") if asked.answerable else None


def figures(answers: Sequence[Written]) -> dict[str, float | None]:
    """Return the figures of all answers together; None where they cannot give one."""
    verdicts = [verdict for one in answers for verdict in one.verdicts]
    wrote = [one for one in answers if one.tokens_per_s]
    return {
        "covered": mean([one.covered for one in answers if one.covered is not None]),
        "sentences": mean([len(one.verdicts) for one in answers if one.verdicts]),
        **{f"sentences_{verdict}": mean([one == verdict for one in verdicts]) for verdict in VERDICTS},
        "replaced": mean([one.replaced for one in answers]),
        "first_token_s_p50": _median([one.first_token_s for one in wrote]),
        "total_s_p50": _median([one.total_s for one in answers]),
        "tokens_per_s": mean([one.tokens_per_s for one in wrote]),
    }


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if len(values) else None
