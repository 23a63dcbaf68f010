"""Makes questions about running text: ``python -m training.questioner``.

A language model learns from questions that people asked how to ask about a sentence, writes some about sentences of
running text, and those are kept that the answerer, as it comes with the program, answers from that sentence (round-trip
consistency, Alberti and others 2019, arXiv:1906.05416). Each part is made once. One H100 wrote 57,897 questions in
three minutes; two cores, with other work beside, 177 in two.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import torch

from training.answerer.__main__ import MODEL
from training.answerer.batches import Lesson, Tokenizer, batches, padded
from training.answerer.export import read_adapter
from training.answerer.network import Answerer
from training.questioner.examples import annotated_questions, parsed, set_questions, written_questions
from training.questioner.made import QUESTIONS, Made, read_made
from training.questioner.pieces import example_of
from training.questioner.sampling import sampled
from training.questioner.texts import Paragraph, paragraphs, sentences_to_ask_about
from training.schedule import share_of_rate

ADAPTER = Path("rag/models/adapters/gemma-3-270m/adapter.gguf")
LESSONS = {"written": 8, "piaf-fr": 2, "squad2-en": 3, "qamr": 1}  # times each is learned from
ANNOTATED = 9000  # questions of QAMR that are looked at
WANTED = {"fr": 48000, "en": 14000}  # questions about texts of each language
OTHER_LANGUAGE = 0.15  # of them, asked in the other of the two
READERS = 0.65  # of them, as a reader asks
LONGEST = 90  # tokens of a question with its answer
LEAST_LIKELY = 0.4  # that the answerer chooses the sentence, so that a question is kept


def main() -> None:
    """Learn, write and choose."""
    parser = argparse.ArgumentParser(prog="python -m training.questioner", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--model", type=Path, default=MODEL, help="GGUF file of a model of the Gemma 3 family")
    parser.add_argument("--work", type=Path, default=QUESTIONS.parent, help="folder of what is made")
    parser.add_argument("--device", default="cpu", help='where to compute: "cpu", or "cuda" for a GPU')
    parser.add_argument("--part", type=float, default=1.0, help="of the questions, to try with few")
    parser.add_argument("--tokens", type=int, default=5000, help="in a step")
    parser.add_argument("--texts", type=int, default=64, help="that are written at a time")
    parser.add_argument("--rate", type=float, default=8e-4, help="highest learning rate")
    parser.add_argument("--rank", type=int, default=32, help="of the low-rank matrices")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    make(Tokenizer(options.model), Answerer(options.model, options.rank).to(options.device), options)


def make(tokenizer: Tokenizer, model: Answerer, options: argparse.Namespace) -> None:
    """Make the questions, from the part on that is not made yet."""
    torch.manual_seed(options.seed)
    checkpoint, written, kept = (options.work / name for name in ("checkpoint.pt", "written.jsonl", QUESTIONS.name))
    if not checkpoint.is_file():
        learn(tokenizer, model, options)
        torch.save({name: value.data for name, value in model.named_parameters()}, checkpoint)
    found = {language: paragraphs(options.data, language) for language in WANTED}
    if not written.is_file():
        model.load_state_dict(torch.load(checkpoint, weights_only=True, map_location=options.device), strict=False)
        _keep(list(write(tokenizer, model, found, options)), written)
    if not kept.is_file():
        model.load_state_dict(read_adapter(ADAPTER), strict=False)
        _keep(list(consistent(list(read_made(written)), tokenizer, model, found, options)), kept)


def learn(tokenizer: Tokenizer, model: Answerer, options: argparse.Namespace) -> None:
    """Train the model to ask."""
    chance, train = random.Random(options.seed), options.data / "train"
    sources = {
        "written": list(written_questions(train / "answers.jsonl")),
        "piaf-fr": list(set_questions(options.data / "dev" / "piaf-fr")),
        "squad2-en": list(set_questions(options.data / "dev" / "squad2-en")),
        "qamr": list(annotated_questions(train / "qamr_en.jsonl.xz", ANNOTATED, chance)),
    }
    wanted = [one for name, ones in sources.items() for one in ones * LESSONS[name]]
    wanted = chance.sample(wanted, int(len(wanted) * options.part))
    lessons = [Lesson(tokenizer.prompt(one.prompt()), tokenizer.answer(one.target())) for one in wanted]
    ready = list(batches(lessons, options.tokens, chance))
    learned = list(model.learned())
    optimizer = torch.optim.AdamW(learned, lr=options.rate, weight_decay=0.0, betas=(0.9, 0.98))
    started, losses = time.perf_counter(), []
    for step, batch in enumerate(ready):
        for group in optimizer.param_groups:
            group["lr"] = options.rate * share_of_rate(step / len(ready))
        loss, _ = model.losses(batch.to(options.device), tokenizer.numbers)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        losses.append(loss.detach())
        if step % 50 == 49 or step + 1 == len(ready):
            mean = torch.stack(losses[-50:]).mean().item()
            print(
                f"{time.perf_counter() - started:7.0f} s  step {step + 1} of {len(ready)}, loss {mean:.3f}", flush=True
            )


def write(
    tokenizer: Tokenizer, model: Answerer, found: dict[str, list[Paragraph]], options: argparse.Namespace
) -> Iterator[Made]:
    """Yield questions that the model writes, those left out that cannot be trained on."""
    chance, asked = random.Random(options.seed), []
    for language, count in WANTED.items():
        other = next(one for one in WANTED if one != language)
        for at, told in sentences_to_ask_about(found[language], language, int(count * options.part), chance):
            asked_in = other if chance.random() < OTHER_LANGUAGE else language
            asked.append((at, told, asked_in, chance.random() < READERS or asked_in != language))
    with ThreadPoolExecutor() as pool:
        prompts = list(pool.map(lambda one: tokenizer.prompt(one[1].prompt(one[2], reader=one[3])), asked))
    order = sorted(range(len(asked)), key=lambda number: len(prompts[number]))
    started, kept = time.perf_counter(), 0
    for start in range(0, len(order), options.texts):
        numbers = order[start : start + options.texts]
        texts = sampled(model, [prompts[number] for number in numbers], tokenizer.end, LONGEST, options.seed + start)
        for number, tokens in zip(numbers, texts, strict=True):
            at, told, language, reader = asked[number]
            question = parsed(told, language, reader=reader, written=tokenizer.text(tokens))
            if question:
                kept += 1
                yield Made(at, question)
    print(f"{time.perf_counter() - started:7.0f} s  {kept} of {len(asked)} questions can be trained on", flush=True)


def choices_of(
    made: Sequence[Made], tokenizer: Tokenizer, found: dict[str, list[Paragraph]], chance: random.Random
) -> list[Lesson]:
    """Return for each question the choice among what would be shown, then for each the same without its sentence."""
    shown = [example_of(one.question, one.at, found[one.question.told.language], chance) for one in made]
    without = [replace(one, evidence=one.evidence[1:], answered=False) for one in shown]
    return [Lesson.of(one, tokenizer, choice=True) for one in [*shown, *without]]


@torch.no_grad()
def consistent(
    made: Sequence[Made],
    tokenizer: Tokenizer,
    model: Answerer,
    found: dict[str, list[Paragraph]],
    options: argparse.Namespace,
) -> Iterator[Made]:
    """Yield the questions that the answerer answers from their sentence, with how likely it does."""
    lessons = choices_of(made, tokenizer, found, random.Random(options.seed))
    likely = [0.0] * len(lessons)
    order = sorted(range(len(lessons)), key=lambda number: len(lessons[number]))
    for start in range(0, len(order), options.texts):
        numbers = order[start : start + options.texts]
        batch = padded([lessons[number] for number in numbers]).to(options.device)
        shares = model.choices(batch, tokenizer.numbers)
        for number, row in zip(numbers, shares.tolist(), strict=True):
            likely[number] = row[1] if number < len(made) else row[0]
            if number < len(made) and max(row) > row[1]:
                likely[number] = 0.0
    kept = 0
    for number, one in enumerate(made):
        if likely[number] >= LEAST_LIKELY:
            kept += 1
            yield replace(one, found=round(likely[number], 3), absent=round(likely[len(made) + number], 3))
    print(f"{kept} of {len(made)} questions are answered from their sentence", flush=True)


def _keep(made: Sequence[Made], path: Path) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in made)
    partial.replace(path)


if __name__ == "__main__":
    main()
