"""Our indexing and search beside txtai and LlamaIndex, with the same embedder and the same articles, in one run.

Run with ``make bench-search``. The two libraries are installed into ``build/bench-search/.venv``, at the first run, on
top of what this program has; nothing is reached after that. Each engine runs in a process of its own: they index one
after the other, and take turns at the questions. Each works as its own introduction has it, and all are given the
titles. txtai is given paragraphs, since it splits nothing; LlamaIndex splits as it does by itself. Ours is measured
twice: up to the passages, which is all the others give, and up to the answer, when they are read, quoted or refused.

Passages are of different lengths, so that characters a second are what compares, and recall is measured twice: by the
paragraphs the passages overlap, as ``rag eval`` does, and by whether they hold an accepted answer word for word, which
favours long ones. Without the sets of questions, the first sentences of the article that comes with the program are
asked: that shows that all runs, no more.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.search_engines import ENGINES
from rag.evaluation import read_set
from rag.evaluation.measuring import rank_paragraphs
from rag.evaluation.question_sets import Asked
from rag.evaluation.wording import holds_answer
from rag.language import split_sentences
from rag.offline import SWITCHES
from rag.opening import standard_embedder
from rag.reading import read_article
from rag.settings import load_settings
from rag.values import Article

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "build" / "bench-search"
EXAMPLE = ROOT / "indexes" / "example" / "coalition.md"
PEERS = (
    "torch==2.13.0",
    "txtai==9.14.0",
    "llama-index-core==0.14.25",
    "llama-index-embeddings-huggingface==0.8.0",
)


@dataclass
class Measured:
    """What one engine gave; seconds are those of the wall and of the processor, right is the first, or one of five."""

    passages: int
    indexing: tuple[float, float]
    asking: list[tuple[float, float]] = field(default_factory=list)
    paragraphs: list[tuple[bool, bool]] = field(default_factory=list)
    answers: list[tuple[bool, bool]] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)


def is_ours(name: str) -> bool:
    """Return whether an engine is this program, as far as it is measured."""
    return name.startswith("ours")


class Child:
    """An engine in a process of its own."""

    def __init__(self, name: str, python: Path) -> None:
        switches = {**os.environ, **SWITCHES}
        if not is_ours(name):
            del switches["TOKENIZERS_PARALLELISM"]  # it does not keep anything offline, and slows a tokenizer down
        self._log = BUILT / f"{name}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [python, "-m", "benchmarks.search_engines", name],
                cwd=ROOT,
                env=switches,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def tell(self, message: object) -> dict[str, Any]:
        """Send a line and return the answer to it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"An engine stopped; why stands in {self._log.relative_to(ROOT)}.")
        return dict(json.loads(line))

    def end(self) -> None:
        """Let the process end."""
        self._process.communicate()


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", type=Path, default=ROOT / ".." / "shared" / "data" / "dev" / "piaf-fr")
    parser.add_argument("--articles", type=int, default=0, help="the first of the set; 0: all")
    parser.add_argument("--limit", type=int, default=300, help="questions, spread evenly; 0: all")
    arguments = parser.parse_args()
    articles, asked = read_set(arguments.set) if arguments.set.is_dir() else bundled()
    articles = articles[: arguments.articles or None]
    known = {article.identifier: article for article in articles}
    asked = [one for one in asked if one.answerable and one.paragraph is not None and one.article in known]
    limit = arguments.limit or len(asked)
    asked = asked[:: max(len(asked) // limit, 1)][:limit]
    python = peers_python()
    load = os.getloadavg()[0]
    measured = measure(python, standard_embedder(load_settings().models), articles, asked)
    report(measured, articles, len(asked))
    print(f"load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end, on {os.cpu_count()} cores")


def bundled() -> tuple[list[Article], list[Asked]]:
    """Return the article that comes with the program, and the first sentence of each paragraph as a question."""
    article = read_article(EXAMPLE)
    asked = []
    for number, block in enumerate(article.blocks):
        text = article.text[block.start : block.end]
        spans = split_sentences(text, article.language) if block.kind == "paragraph" else []
        for start, end in spans[:1]:
            sentence = text[start:end]
            asked.append(Asked(f"{number}", sentence, answerable=True, article=article.identifier, paragraph=number))
    return [article], asked


def peers_python() -> Path:
    """Return the Python of the environment with the other libraries, which is made where it is not whole yet."""
    folder = BUILT / ".venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / ".ready"
    wanted = "\n".join((*PEERS, sys.version))
    if ready.is_file() and ready.read_text(encoding="utf-8") == wanted:
        return python
    print(f"Installing {', '.join(PEERS)} into {folder.relative_to(ROOT)}", flush=True)
    venv.create(folder, with_pip=True, clear=True)
    own, theirs = (sysconfig.get_path("purelib", vars={"base": str(base)}) for base in (sys.prefix, folder))
    Path(theirs, "program.pth").write_text(f"{own}\n", encoding="utf-8")  # torch and all it has are not fetched again
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    ready.write_text(wanted, encoding="utf-8")
    return python


def measure(python: Path, model: Path, articles: Sequence[Article], asked: Sequence[Asked]) -> dict[str, Measured]:
    """Return what each engine gave."""
    known = {article.identifier: article for article in articles}
    first: dict[str, Any] = {"model": str(model.resolve()), "articles": [asdict(article) for article in articles]}
    for article in first["articles"]:
        article["blocks"] = [[block["kind"], block["start"], block["end"]] for block in article["blocks"]]
    children, measured = {}, {}
    for name in ENGINES:
        children[name] = Child(name, Path(sys.executable) if is_ours(name) else python)
        said = children[name].tell(first)
        measured[name] = Measured(said["passages"], said["spent"])
        print(f"{name}: {said['passages']} passages in {said['spent'][0]:.1f} s", file=sys.stderr)
    for name, child in children.items():
        for one in asked[:3]:
            child.tell(one.text)
        print(f"{name} is ready", file=sys.stderr)
    for one in asked:
        for name, child in children.items():
            said = child.tell(one.text)
            measured[name].asking.append(said["spent"])
            judge(measured[name], one, [tuple(place) for place in said["places"]], known)
    for child in children.values():
        child.end()
    return measured


def judge(measured: Measured, asked: Asked, places: list[tuple[str, int, int]], known: dict[str, Article]) -> None:
    """Note whether the paragraph that answers, and an accepted answer, are among what was found first."""
    ranked = rank_paragraphs(places, known)
    wanted = (asked.article, asked.paragraph)
    measured.paragraphs.append((wanted in ranked[:1], wanted in ranked[:5]))
    held = [
        holds_answer(known[name].text[start:end], asked.answers or (asked.text,)) for name, start, end in places[:5]
    ]
    measured.answers.append((any(held[:1]), any(held)))
    measured.lengths += [end - start for _, start, end in places[:1]]


def report(measured: dict[str, Measured], articles: Sequence[Article], questions: int) -> None:
    """Print a row an engine, and what was hoped for; after a bar, the same by the processor's time."""
    characters = sum(len(article.text) for article in articles)
    print(f"{len(articles)} articles of {characters} characters, {questions} questions")
    print(
        "| | passages, their length | passages a second | characters a second | p50, p95 ms | of the processor"
        " | recall@1, @5 | answer@1, @5 |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, one in measured.items():
        (p50, busy50), (p95, busy95) = np.percentile(one.asking, (50, 95), axis=0) * 1000
        (paragraph, paragraphs), (answer, answers) = np.mean(one.paragraphs, axis=0), np.mean(one.answers, axis=0)
        wall, busy = one.indexing
        print(
            f"| {name} | {one.passages}, {np.mean(one.lengths):.0f} | {one.passages / wall:.1f}"
            f" | {characters / wall:.0f} ({characters / busy:.0f} a second of the processor) | {p50:.0f}, {p95:.0f}"
            f" | {busy50:.0f}, {busy95:.0f} | {paragraph:.3f}, {paragraphs:.3f} | {answer:.3f}, {answers:.3f} |"
        )
    for own in [name for name in measured if is_ours(name)]:
        for name in [name for name in measured if not is_ours(name)]:
            compare(own, measured[own], name, measured[name])


def compare(own: str, ours: Measured, name: str, peer: Measured) -> None:
    """Print how ours stands beside another engine; in brackets, by the time of the processor."""
    indexing, busy = np.array(peer.indexing) / np.array(ours.indexing)
    points = 100 * (np.mean(ours.paragraphs, axis=0) - np.mean(peer.paragraphs, axis=0))[0]
    (p50, busy50), (p95, busy95) = np.percentile(ours.asking, (50, 95), axis=0) / np.percentile(
        peer.asking, (50, 95), axis=0
    )
    print(
        f"{own} beside {name}: indexing {indexing:.2f} x as fast ({busy:.2f} x; at least 1.5), recall@1 {points:+.1f}"
        f" points (at least +5), p50 {p50:.2f} x ({busy50:.2f} x), p95 {p95:.2f} x ({busy95:.2f} x; at most 1)"
    )


if __name__ == "__main__":
    main()
