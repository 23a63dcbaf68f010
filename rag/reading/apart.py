"""Reads files in a process of its own, where none holds up whoever uses the program meanwhile.

The parsers of HTML, of style sheets and of Markdown are not ours, and no test can promise that every text costs them
linear time or memory. So they run where time and memory are bounded by the system: a file that uses them up ends that
process and nothing else, and the person who brought it reads one sentence.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from rag.errors import ArticleError
from rag.offline import guard
from rag.reading.articles import begins_as_document, read_article
from rag.values import Article, Block

SECONDS = 30.0
"""Processor time for one file; a page of 20 MB takes some seconds."""

MEMORY = 1_000_000_000
"""Bytes for one file, where the system can bound them."""

_OURS = frozenset({".txt"})  # read by rules of our own, whose time is tested to be linear
_SERVE = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from rag.reading.apart import serve; serve()"


@contextmanager
def reading_apart() -> Iterator[Callable[[Path], Article]]:
    """Give what reads one file after another as :func:`~rag.reading.articles.read_article` does, in another process.

    It starts with the first file that needs it, and ends with the block. Of a file that takes more time or memory than
    any article needs, it raises an ArticleError too.
    """
    process = _ReadingProcess()
    try:
        yield process.read
    finally:
        process.end()


class _ReadingProcess:
    """Reads files in a process of its own, and starts another where one ended over a file."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def read(self, path: Path) -> Article:
        """Return the article of a file."""
        if path.suffix.lower() in _OURS and not begins_as_document(path):
            return read_article(path)
        said = self._ask(str(path))
        if said is None:
            self.end()
            raise ArticleError(
                f"{path.name} takes more time or memory to read than any article needs.",
                "save its text as a .txt file and add that",
            )
        if error := said.get("error"):
            raise ArticleError(*error)
        fields = said["article"]
        return Article(**{**fields, "blocks": tuple(Block(*block) for block in fields["blocks"])})

    def _ask(self, path: str) -> dict[str, Any] | None:
        """Return what the process says of a file, or None if it ended over it."""
        if self._process is None:
            self._process = _start()
        asked, answered = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        try:
            asked.write(json.dumps(path) + "\n")
            asked.flush()
            line = answered.readline()
        except BrokenPipeError:
            return None
        return json.loads(line) if line.endswith("\n") else None

    def end(self) -> None:
        """End the process, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  # this very program
        [sys.executable, "-I", "-c", _SERVE, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="ascii",
    )


def serve() -> None:
    """Read the files named on the standard input, a line each; write each article, or why there is none, as JSON."""
    guard()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a parser prints is no answer
    _bound_memory()
    for line in sys.stdin:
        _bound_time()
        answers.write(json.dumps(_said(Path(json.loads(line)))) + "\n")
        answers.flush()


def _said(path: Path) -> dict[str, Any]:
    """Return the article of a file, or why there is none."""
    try:
        article = asdict(read_article(path))
        return {"article": {**article, "blocks": [list(one.values()) for one in article["blocks"]]}}
    except ArticleError as error:
        return {"error": [error.message, error.remedy]}
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # told for what it is, and one bad file among many stops nothing
        what = f"{path.name} could not be read, by a fault of this program ({type(error).__name__})."
        return {"error": [what, "save its text as a .txt file and add that"]}


def _bound_memory() -> None:
    """Let the system refuse this process more memory than a file may need; not every system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return


def _bound_time() -> None:
    """Let the system end this process once the next file has used up its time; not every system can."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
