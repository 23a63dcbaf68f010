"""Reads a set of questions about articles, to measure with.

A set is a folder with two files of one JSON object a line: ``articles.jsonl`` (``doc_id``, ``title``, ``lang``,
``paragraphs``) and ``questions.jsonl`` (``id``, ``question``, ``lang``, ``answerable``, ``doc_id``, ``paragraph``,
``answers``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rag.errors import ArticleError
from rag.values import Article, Block

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a set; ``paragraph`` is None where the set names none."""

    identifier: str
    text: str
    answerable: bool
    article: str
    paragraph: int | None
    answers: tuple[str, ...]


def read_set(folder: Path, questions: str = "questions.jsonl") -> tuple[list[Article], list[Asked]]:
    """Return the articles and questions of a set; the paragraphs are the articles' blocks.

    Args:
        folder: of the set.
        questions: name of the file with the questions; a set without it has none.

    Raises:
        ArticleError: the folder does not hold a set, or a line of it is not what it should be.
    """
    articles = list(_read(folder / "articles.jsonl", _article))
    path = folder / questions
    return articles, list(_read(path, _asked)) if path.is_file() else []


def _article(row: dict[str, Any]) -> Article:
    blocks, start = [], 0
    for paragraph in row["paragraphs"]:
        blocks.append(Block("paragraph", start, start + len(paragraph)))
        start += len(paragraph) + 2
    text = "\n\n".join(row["paragraphs"])
    date = row.get("date") or ""
    return Article(row["doc_id"], row["title"], text, row["lang"], date, row["doc_id"], tuple(blocks))


def _asked(row: dict[str, Any]) -> Asked:
    answers = tuple(str(answer) for answer in row.get("answers") or ())
    return Asked(str(row["id"]), row["question"], bool(row["answerable"]), row["doc_id"], row.get("paragraph"), answers)


def _read(path: Path, make: Callable[[dict[str, Any]], Row]) -> Iterator[Row]:
    """Yield what each line of a file of JSON objects stands for."""
    if not path.is_file():
        raise ArticleError(f"There is no {path.name} in {path.parent}.", "rag eval DIR with a folder of that shape")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield make(json.loads(line))
        except json.JSONDecodeError as error:
            raise ArticleError(f"Line {number} of {path} is not JSON: {error.msg}.", "mend that line") from None
        except KeyError as error:
            raise ArticleError(f"Line {number} of {path} lacks {error}.", "add it to that line") from None
        except (TypeError, AttributeError):
            raise ArticleError(f"Line {number} of {path} is no object of a set.", "mend that line") from None
