"""Means and their 95 % intervals, by drawing the same number of cases again and again; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

RESAMPLES = 1000


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, or None of nothing."""
    return float(np.mean(values)) if len(values) else None


def intervals(cases: int, figures: Callable[[Sequence[int]], Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Return 95 % bootstrap intervals (Efron 1979, percentiles) by the figure's name, the same at every call.

    Args:
        cases: how many were measured.
        figures: what is computed of the cases with these numbers; a figure that a sample cannot give is left out.
    """
    generator = np.random.default_rng(1)
    samples: dict[str, list[float]] = {}
    for _ in range(RESAMPLES if cases else 0):
        for name, figure in figures(generator.integers(0, cases, cases).tolist()).items():
            samples.setdefault(name, []).append(figure)
    return {
        name: (float(np.percentile(found, 2.5)), float(np.percentile(found, 97.5))) for name, found in samples.items()
    }
