"""How the learning rate runs in a training, or in a stage of one."""

from __future__ import annotations

import math

WARMED = 0.04  # part of it in which the rate rises


def share_of_rate(part: float) -> float:
    """Return the learning rate as a part of the highest: up over the first steps, then down a cosine.

    Args:
        part: of the training that is done, in [0, 1].
    """
    return min(part / WARMED, 1.0) * (0.5 + 0.5 * math.cos(math.pi * min(part, 1.0))) + 1e-3
