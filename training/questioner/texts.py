"""The texts that questions are made about: news and encyclopaedias, French and English."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.questioner.examples import LONGEST_TEXT, SENTENCE, Told, around
from training.reader.cloze import names_of
from training.reader.examples import plain_sentences, read_lines, read_text

LEAST, ENOUGH = 120, 450  # characters of a paragraph that is asked about, and of a text that is not made longer
NEAR = 4  # paragraphs before and after, which belong to the same text more often than not
TITLED = "wikinews_fr"  # the source of pairs whose headings are titles of news
SETS = {"fr": "piaf-fr", "en": "squad2-en"}


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text, with the title of its text where it is known."""

    title: str
    text: str


def paragraphs(data: Path, language: str) -> list[Paragraph]:
    """Return the paragraphs that may be asked about and those around them, those of one text together.

    Of the sets with questions, only articles that training questions are asked of.
    """
    lines = [line.strip() for line in read_text(data / "train" / f"text_{language}.txt.xz")]
    found = [Paragraph("", line) for line in lines if len(line) > 60]
    folder = data / "dev" / SETS[language]
    trained = {line["doc_id"] for line in read_lines(folder / "train.jsonl")}
    for article in read_lines(folder / "articles.jsonl"):
        if article["doc_id"] in trained:
            title = re.sub(r"<[^>]+>", "", article["title"])
            found += [Paragraph(title, " ".join(text.split())) for text in article["paragraphs"]]
    for line in read_lines(data / "train" / f"pairs_{language}.jsonl.xz"):
        if line["source"] == TITLED and line["kind"] == "title":
            found.append(Paragraph(line["question"], " ".join(line["passage"].split())))
    return found


def sentences_to_ask_about(
    found: list[Paragraph], language: str, count: int, chance: random.Random
) -> Iterator[tuple[int, Told]]:
    """Yield so many sentences with the number of their paragraph; some paragraphs are asked about more than once.

    Args:
        found: all paragraphs of a language.
        language: of them.
        count: of sentences.
        chance: of what is chosen.
    """
    told = [at for at, one in enumerate(found) if len(one.text) >= LEAST and (one.title or _telling(one.text))]
    for number in range(count if told else 0):
        at = told[number % len(told)] if count > len(told) else chance.choice(told)
        one = found[at]
        spans = [
            span
            for span in plain_sentences(one.text)
            if span[1] - span[0] in SENTENCE and one.text[span[0]].isupper() and one.text[span[1] - 1] in ".!?»”"
        ]
        if spans:
            start, end = chance.choice(spans)
            text = around(one.text, start, end)
            after = at + 1
            while (
                len(text) < ENOUGH and after < len(found) and found[after].title == one.title and chance.random() < 0.7
            ):
                text, after = f"{text} {found[after].text}", after + 1
            yield at, Told(one.title, text[: LONGEST_TEXT + 200], one.text[start:end], language)


def _telling(text: str) -> bool:
    """Return whether a paragraph tells facts, as novels, laws and manuals seldom do: by its names and its numbers."""
    return (
        bool(re.search(r"(?<![\w(.,])\d+", text))
        and len(names_of(text)) >= 2
        and not re.search(r"[{}<>=_]|\w\(\)", text)
    )


def beside(found: list[Paragraph], at: int) -> list[str]:
    """Return the paragraphs around one, nearest first."""
    near = sorted(range(max(at - NEAR, 0), min(at + NEAR + 1, len(found))), key=lambda other: abs(other - at))
    return [found[other].text for other in near if other != at and found[other].title == found[at].title]
