"""``make train-answerer``: reads the data, trains, and writes a checkpoint; goes on where it was interrupted.

A checkpoint becomes what llama.cpp applies to the model by ``training.answerer.export``.
"""

from __future__ import annotations

import argparse
import os
import pickle
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from training.answerer.batches import Batch, Lesson, Tokenizer, batches
from training.answerer.examples import Example, varied
from training.answerer.network import Answerer
from training.answerer.sources import drawn, examples, held_out
from training.questioner.made import QUESTIONS
from training.schedule import share_of_rate

MODEL = Path("models/gemma-3-270m/gemma-3-270m-q4_k_m.gguf")
ROUND = 1500  # examples that are drawn at a time
CHOICES = 0.4  # of the examples with an answer that teach which evidence to choose, not what to write
TOLD, SAVED = 10, 180  # steps between two lines, seconds between two checkpoints


def main() -> None:
    """Make the examples and train."""
    parser = argparse.ArgumentParser(prog="python -m training.answerer", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--model", type=Path, default=MODEL, help="GGUF file of a model of the Gemma 3 family")
    parser.add_argument("--work", type=Path, default=Path("build/answerer"), help="folder of checkpoints")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="made by training.questioner")
    parser.add_argument("--steps", type=int, default=400, help="of the whole training")
    parser.add_argument("--tokens", type=int, default=5000, help="in a step")
    parser.add_argument("--rate", type=float, default=6e-4, help="highest learning rate")
    parser.add_argument("--rank", type=int, default=32, help="of the low-rank matrices")
    parser.add_argument("--device", default="cpu", help='where to train: "cpu", or "cuda" for a GPU')
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not options.model.is_file():
        raise SystemExit(f"{options.model} is missing. Next: rag models pull gemma-3-270m")
    options.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    torch.set_num_threads(os.cpu_count() or 1)
    train(_made(options), options)


def _made(options: argparse.Namespace) -> list[Example]:
    """Return every example, made once."""
    kept = options.work / "examples.pickle"
    if not kept.is_file():
        kept.write_bytes(pickle.dumps(examples(options.data, options.work, options.questions, options.seed)))
    made: list[Example] = pickle.loads(kept.read_bytes())
    return made


def train(made: list[Example], options: argparse.Namespace) -> None:
    """Train until the steps are over, from the last checkpoint on."""
    tokenizer = Tokenizer(options.model)
    answerer = Answerer(options.model, options.rank).to(options.device)
    learned = list(answerer.learned())
    optimizer = torch.optim.AdamW(learned, lr=options.rate, weight_decay=0.0, betas=(0.9, 0.98))
    checkpoint, step = options.work / "checkpoint.pt", 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True, map_location=options.device)
        answerer.load_state_dict(state["answerer"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    started = saved = time.perf_counter()
    seen: list[tuple[float, float]] = []
    for batch in _endless(made, tokenizer, options, step):
        if step >= options.steps:
            break
        for group in optimizer.param_groups:
            group["lr"] = options.rate * share_of_rate(step / options.steps)
        said, chosen = answerer.losses(batch.to(options.device), tokenizer.numbers)
        optimizer.zero_grad()
        (said + chosen).backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        step += 1
        seen.append((said.item(), chosen.item()))
        if step % TOLD == 0:
            means = [sum(one) / TOLD for one in zip(*seen[-TOLD:], strict=True)]
            told = f"loss {means[0]:.3f} of tokens, {means[1]:.3f} of choices"
            print(f"{time.perf_counter() - started:7.0f} s  step {step:5}  {told}", flush=True)
        if step >= options.steps or time.perf_counter() - saved > SAVED:
            saved = time.perf_counter()
            _save(answerer, optimizer, step, checkpoint)
    _tell_held_out(answerer, made, tokenizer, options)


def _endless(made: list[Example], tokenizer: Tokenizer, options: argparse.Namespace, step: int) -> Iterator[Batch]:
    """Yield batches without end; what is drawn depends on the seed and on the step a round begins at."""
    while True:
        chance = random.Random(options.seed * 100003 + step)
        shown = [varied(one, chance) for one in drawn(made, ROUND, chance)]
        lessons = [Lesson.of(one, tokenizer, choice=chance.random() < CHOICES) for one in shown]
        for batch in batches(lessons, options.tokens, chance):
            yield batch
            step += 1


@torch.no_grad()
def _tell_held_out(answerer: Answerer, made: list[Example], tokenizer: Tokenizer, options: argparse.Namespace) -> None:
    """Print the mean losses of what was never trained on."""
    chance = random.Random(0)
    shown = [varied(one, chance) for one in made if held_out(one)]
    lessons = [Lesson.of(one, tokenizer, choice=choice) for one in shown for choice in (True, False)]
    said = words = chosen = choices = 0.0
    for batch in batches(lessons, options.tokens, chance):
        of_words, of_choices = answerer.losses(batch.to(options.device), tokenizer.numbers)
        said, words = said + of_words.item() * int(batch.told.sum()), words + int(batch.told.sum())
        here = int(batch.right.any(1).sum())
        chosen, choices = chosen + of_choices.item() * here, choices + here
    print(f"held out: loss {said / max(words, 1):.3f} of tokens, {chosen / max(choices, 1):.3f} of choices")


def _save(answerer: Answerer, optimizer: torch.optim.Optimizer, step: int, checkpoint: Path) -> None:
    partial = checkpoint.with_suffix(".partial")
    learned = {name: value.data for name, value in answerer.named_parameters()}
    torch.save({"answerer": learned, "optimizer": optimizer.state_dict(), "step": step}, partial)
    partial.replace(checkpoint)


if __name__ == "__main__":
    main()
