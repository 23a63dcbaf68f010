"""``make train-reader``: reads the data, trains, and writes a checkpoint; goes on where it was interrupted.

The weights at the end of each stage are averaged (``training.averaging``): the last stage refuses more near misses and
finds fewer sentences than the one before, and the average does both about as well as the better of the two. The average
becomes what the program reads by ``training.reader.export``, and its probabilities are set by
``training.reader.calibrating``.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import torch

from rag.index.onnx_embedding import OnnxEmbedder
from training.averaging import average
from training.questioner.made import QUESTIONS
from training.reader.batches import Batch, batches
from training.reader.losses import losses
from training.reader.network import Reader, Shape
from training.reader.sources import STAGES, Made, Places, Stage, drawn, examples
from training.schedule import share_of_rate

WEIGHTS = {"answers": 1.0, "ranking": 0.5, "span": 0.5, "evidence": 1.0, "verdict": 1.5}
"""What each part of the loss counts."""

AVERAGE = "average.pt"  # the checkpoint that is exported
TOLD, SAVED = 25, 240  # steps between two lines, seconds between two checkpoints


def main() -> None:
    """Make the examples and train."""
    parser = argparse.ArgumentParser(prog="python -m training.reader", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--embedder", type=Path, default=Path("models/e5-small"))
    parser.add_argument("--work", type=Path, default=Path("build/reader"), help="folder of checkpoints")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="made by training.questioner")
    parser.add_argument("--pairs", type=int, default=128, help="of 200 tokens, in a step")
    parser.add_argument("--device", default="cpu", help='where to train: "cpu", or "cuda" for a GPU')
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    torch.set_num_threads(os.cpu_count() or 1)
    places = Places(options.data, options.embedder, options.work, options.questions)
    made = examples(places, OnnxEmbedder(options.embedder), options.seed)
    train(made, options)


def train(made: Made, options: argparse.Namespace) -> None:
    """Train until the steps are over, from the last checkpoint on."""
    reader = Reader(options.embedder, Shape()).to(options.device).train()
    learned = list(reader.learned())
    optimizer = torch.optim.AdamW(learned, weight_decay=0.01, betas=(0.9, 0.98))
    checkpoint, step = options.work / "checkpoint.pt", 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True, map_location=options.device)
        reader.load_state_dict(state["reader"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    started = saved = time.perf_counter()
    seen: dict[str, list[float]] = {}
    steps = sum(stage.steps for stage in STAGES)
    for batch, rate in _endless(made, options, step):
        if step >= steps:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate
        shown = batch.to(options.device)
        parts = losses(reader(shown.question, shown.kind, shown.passage), shown)
        total = torch.stack([WEIGHTS[name] * value for name, value in parts.items()]).sum()
        optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        step += 1
        for name, value in parts.items():
            seen.setdefault(name, []).append(float(value.detach()))
        if step % TOLD == 0:
            means = [f"{name} {sum(values[-TOLD:]) / len(values[-TOLD:]):.3f}" for name, values in sorted(seen.items())]
            print(f"{time.perf_counter() - started:7.0f} s  step {step:5}  {'  '.join(means)}", flush=True)
        if step >= steps or time.perf_counter() - saved > SAVED:
            saved = time.perf_counter()
            _save(reader, optimizer, step, checkpoint)
        if number := ended_stage(step):
            _save(reader, optimizer, step, options.work / f"stage-{number}.pt")
    ends = [options.work / f"stage-{number}.pt" for number in range(1, len(STAGES) + 1)]
    average(ends, [stage.weight for stage in STAGES], options.work / AVERAGE)


def ended_stage(step: int) -> int:
    """Return the number of the stage that ends after so many steps, from 1 on; 0 where none does."""
    ends = list(accumulate(stage.steps for stage in STAGES))
    return ends.index(step) + 1 if step in ends else 0


def _endless(made: Made, options: argparse.Namespace, step: int) -> Iterator[tuple[Batch, float]]:
    """Yield batches with their learning rates; what is drawn depends on the seed and on the step a round begins at."""
    while True:
        chance = random.Random(options.seed * 100003 + step)
        stage, _ = stage_at(step)
        for batch in batches(drawn(made, chance, stage.shares), options.pairs, chance):
            here, part = stage_at(step)
            if here is not stage:
                break
            yield batch, stage.rate * share_of_rate(part)
            step += 1


def stage_at(step: int) -> tuple[Stage, float]:
    """Return the stage that a step belongs to, and which part of it is done; the last one after all."""
    for stage in STAGES:
        if step < stage.steps:
            return stage, step / stage.steps
        step -= stage.steps
    return STAGES[-1], 1.0


def _save(reader: Reader, optimizer: torch.optim.Optimizer, step: int, checkpoint: Path) -> None:
    partial = checkpoint.with_suffix(".partial")
    learned = {name: value.data for name, value in reader.named_parameters() if value.requires_grad}
    torch.save({"reader": learned, "optimizer": optimizer.state_dict(), "step": step}, partial)
    partial.replace(checkpoint)


if __name__ == "__main__":
    main()
