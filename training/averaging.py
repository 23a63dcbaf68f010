"""Averages what several trainings learned that began alike: model soups (Wortsman and others 2022, arXiv:2203.05482).

    python -m training.averaging build/answerer/one.pt build/answerer/two.pt build/answerer/average.pt --weights 1 1

The checkpoints are the reader's or the answerer's; what comes of it is exported like any other.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch

LEARNED = ("reader", "answerer")
"""What a checkpoint calls the matrices that were trained, by who was."""


def main() -> None:
    """Average checkpoints."""
    parser = argparse.ArgumentParser(prog="python -m training.averaging", description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("target", type=Path)
    parser.add_argument("--weights", type=float, nargs="+", help="what each counts; all the same if left out")
    options = parser.parse_args()
    weights = options.weights or [1.0] * len(options.checkpoints)
    if len(weights) != len(options.checkpoints):
        parser.error("each checkpoint wants a weight")
    average(options.checkpoints, weights, options.target)


def average(checkpoints: Sequence[Path], weights: Sequence[float], target: Path) -> None:
    """Write a checkpoint with the weighted mean of what was learned by several.

    Raises:
        KeyError: they did not learn the same matrices.
    """
    states = [torch.load(one, weights_only=True, map_location="cpu") for one in checkpoints]
    (learned,) = (name for name in LEARNED if name in states[0])
    means = {
        name: sum(weight * state[learned][name] for weight, state in zip(weights, states, strict=True)) / sum(weights)
        for name in states[0][learned]
    }
    torch.save({learned: means}, target)


if __name__ == "__main__":
    main()
