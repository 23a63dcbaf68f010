"""What the memory of the program does while a library is filled, with the real embedder.

    python -m benchmarks.bench_memory ../shared/data/dev/wikinews-fr [--articles 1281]

The articles are written as files and added as ``rag add`` of a folder does. One JSON object a line is printed after 1,
100, 200, 400, 800 articles and the last: articles, passages, resident memory and what of it is this process's alone, in
megabytes, and the processor time so far, in seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil

from rag.evaluation import read_set
from rag.events import Ingested
from rag.index import Library, add_files
from rag.opening import open_embedder
from rag.settings import load_settings

TOLD = (1, 100, 200, 400, 800)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", type=Path, help="folder of a set of articles")
    parser.add_argument("--articles", type=int, default=sys.maxsize, help="added at most")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        count = written(arguments.set, files, arguments.articles)
        embedder = open_embedder(load_settings())
        with closing(Library(Path(folder) / "library", embedder)) as library:
            added = 0
            for step in add_files(lambda: library, [files]):
                added += isinstance(step, Ingested)
                if isinstance(step, Ingested) and added in {*TOLD, count}:
                    print(json.dumps({"articles": added, "passages": library.count_passages(), **used()}), flush=True)


def written(given: Path, folder: Path, most: int) -> int:
    """Write the articles of a set as files into a folder; return how many they are."""
    folder.mkdir()
    articles = read_set(given)[0][:most]
    for number, article in enumerate(articles):
        (folder / f"{number:05}.txt").write_text(f"{article.title}\n\n{article.text}", encoding="utf-8")
    return len(articles)


def used() -> dict[str, int]:
    """Return the memory of this process and the processor time it took."""
    memory = psutil.Process().memory_full_info()
    return {
        "resident": round(memory.rss / 1e6),
        "own": round(memory.uss / 1e6),
        "processor": round(time.process_time()),
    }


if __name__ == "__main__":
    main()
