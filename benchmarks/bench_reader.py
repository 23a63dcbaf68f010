"""The reader beside the embedder: what reading passages for a question costs, for the first time and again.

    python -m benchmarks.bench_reader [--passages 20] [--characters 600] [--rounds 5]

The passages are windows over the bundled article. Embedder and reader take turns on the same passages, so that what
else the machine does meets them alike: what counts is the ratio. ``first`` reads passages it has never seen, ``again``
another question on the same ones, whose lower states are kept.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from rag.index.onnx_embedding import OnnxEmbedder
from rag.language import split_sentences
from rag.opening import open_reader, standard_embedder
from rag.reader import Readable
from rag.settings import load_settings

EXAMPLE = Path(__file__).resolve().parents[1] / "indexes" / "example" / "coalition.md"
TITLE = "La coalition"
QUESTIONS = ("Combien de pays devraient rejoindre la coalition ?", "Qui a annoncé la création de la coalition ?")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=20)
    parser.add_argument("--characters", type=int, default=600, help="of each passage")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    settings = load_settings()
    texts = windows(arguments.passages, arguments.characters)
    passages = [text.text for text in texts]
    embedder = OnnxEmbedder(standard_embedder(settings.models))
    began = time.perf_counter()
    open_reader(settings).read(QUESTIONS[0], texts[:1])
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; opened in {time.perf_counter() - began:.1f} s")
    embedder.encode_documents(passages[:2])
    taken: dict[str, list[float]] = {"embedder": [], "first": [], "again": []}
    for _ in range(arguments.rounds):
        reader = open_reader(settings)
        reader.read(QUESTIONS[0], [Readable("", "Bonjour.", ((0, 8),))])  # so that it is loaded
        taken["embedder"].append(timed(lambda: embedder.encode_documents(passages)))
        taken["first"].append(timed(lambda reader=reader: reader.read(QUESTIONS[0], texts)))
        taken["again"].append(timed(lambda reader=reader: reader.read(QUESTIONS[1], texts)))
    base = statistics.median(taken["embedder"])
    print(f"{len(texts)} passages of {arguments.characters} characters, median of {arguments.rounds}")
    for name, seconds in taken.items():
        print(
            f"{name:9} {statistics.median(seconds) * 1e3:7.0f} ms  {statistics.median(seconds) / base:.2f} x embedder"
        )


def windows(count: int, characters: int) -> list[Readable]:
    """Return overlapping stretches of the article with where their sentences stand."""
    text = EXAMPLE.read_text(encoding="utf-8")
    step = (len(text) - characters) // max(1, count - 1)
    cut = [text[start : start + characters] for start in range(0, step * count, step)]
    return [Readable(TITLE, one, tuple(split_sentences(one, "fr"))) for one in cut]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
