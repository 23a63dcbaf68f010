"""Reads a set of questions about articles, or of pairs of sentences, to measure with.

A set of questions is a folder with two files of one JSON object a line: ``articles.jsonl`` (``doc_id``, ``title``,
``lang``, ``paragraphs``) and ``questions.jsonl`` (``id``, ``question``, ``lang``, ``answerable``, ``doc_id``,
``paragraph``, ``answers``). Questions as readers ask them say more: ``kind``, by which what a reader meets is told
apart; ``must_all``, where an answer needs all of ``answers``; ``answer``, in the words of whoever wrote the question.

A set of pairs is a folder with ``pairs.jsonl`` (``id``, ``premise``, ``hypothesis``, ``lang``, ``label``); what stands
before the first hyphen of an ``id`` is the source of the pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from rag.errors import ArticleError
from rag.values import Article, Block

Row = TypeVar("Row")
Name = Annotated[str, Field(coerce_numbers_to_str=True)]
Optional = Annotated[Name, BeforeValidator(lambda given: "" if given is None else given)]
Label = Literal["entailment", "compatible", "neutral", "contradiction"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a set.

    Attributes:
        paragraph: index of the one with the evidence; None where the set names none.
        answers: pieces of the article of which any is evidence, or all together where ``must_all``.
        kind: of question; empty where the set names none.
        language: of the question, ISO 639-1; empty where the set does not say.
        expected: the answer in a few words; empty where the set has none.
    """

    identifier: Annotated[Name, Field(validation_alias="id")]
    text: Annotated[str, Field(validation_alias="question")]
    answerable: bool
    article: Annotated[str, Field(validation_alias="doc_id")]
    paragraph: int | None = None
    answers: Annotated[tuple[Name, ...], BeforeValidator(lambda given: given or ())] = ()
    must_all: bool = False
    kind: Optional = ""
    language: Annotated[Optional, Field(validation_alias="lang")] = ""
    expected: Annotated[Optional, Field(validation_alias="answer")] = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences of a set, and whether the first says the second."""

    identifier: Annotated[Name, Field(validation_alias="id")]
    premise: str
    hypothesis: str
    label: Label
    language: Annotated[str, Field(validation_alias="lang")]

    @property
    def source(self) -> str:
        """The collection that the pair was taken from."""
        return self.identifier.partition("-")[0]


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """One article of a set; ``date`` is empty where the set names none."""

    doc_id: str
    title: str
    lang: str
    paragraphs: tuple[str, ...]
    date: Optional = ""

    def article(self) -> Article:
        """Return it as the product reads articles; the paragraphs are its blocks."""
        blocks, start = [], 0
        for paragraph in self.paragraphs:
            blocks.append(Block("paragraph", start, start + len(paragraph)))
            start += len(paragraph) + 2
        text = "\n\n".join(self.paragraphs)
        return Article(self.doc_id, self.title, text, self.lang, self.date, self.doc_id, tuple(blocks))


ASKED = TypeAdapter(Asked)
ARTICLE_LINE = TypeAdapter(ArticleLine)
PAIR = TypeAdapter(Pair)
PAIRS = "pairs.jsonl"


def read_set(folder: Path, questions: str = "questions.jsonl") -> tuple[list[Article], list[Asked]]:
    """Return the articles and questions of a set; the paragraphs are the articles' blocks.

    Args:
        folder: of the set.
        questions: name of the file with the questions; a set without it has none.

    Raises:
        ArticleError: the folder does not hold a set, or a line of it is not what it should be.
    """
    articles = [line.article() for line in _read(folder / "articles.jsonl", ARTICLE_LINE)]
    path = folder / questions
    return articles, list(_read(path, ASKED)) if path.is_file() else []


def read_pairs(folder: Path) -> list[Pair]:
    """Return the pairs of a set; none where the folder holds no file of them.

    Raises:
        ArticleError: a line is not what it should be.
    """
    path = folder / PAIRS
    return list(_read(path, PAIR)) if path.is_file() else []


def _read(path: Path, adapter: TypeAdapter[Row]) -> Iterator[Row]:
    """Yield what each line of a file of JSON objects stands for."""
    if not path.is_file():
        raise ArticleError(f"There is no {path.name} in {path.parent}.", "rag eval DIR with a folder of that shape")
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield adapter.validate_json(line)
            except ValidationError as error:
                problem, remedy = _problem(error)
                raise ArticleError(f"Line {number} of {path} {problem}.", remedy) from None


def _problem(error: ValidationError) -> tuple[str, str]:
    """Return what is first wrong with a line, and what to do."""
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    match first["type"]:
        case "missing":
            return f"lacks {place!r}", "add it to that line"
        case "json_invalid":
            return f"is not JSON: {first['ctx']['error']}", "mend that line"
    return f"has no usable {place!r}: {first['msg'].lower()}" if place else "is no object of a set", "mend that line"
