"""Which library tells sentences apart best, and how fast: ``python -m benchmarks.sentence_boundaries``.

Right counts the paragraphs of ``tests/language/tricky_sentences.txt`` of which every sentence is found with exact
offsets: the first 80 were before us when ``rag/language/sentences.py`` was written; the second 48 were written
afterwards, and the rules were measured on them once, unchanged; those of ``reports`` are faults that were found and
mended later. Time is for the 1,281 French news articles of wikinews-fr (1.77 million characters) on one core. Measured
in November 2026:

==========================  ========  ========  =========  =========  ==========  ==========  ==================
library                     first fr  first en  second fr  second en  reports fr  reports en  s / 1000 articles
==========================  ========  ========  =========  =========  ==========  ==========  ==================
syntok 1.4.4                   33/52     25/28      17/30      16/18        6/11         4/4                2.39
pysbd 0.3.4                    34/52     25/28      15/30      17/18        6/11         3/4                6.51
sentencex 1.0.32               33/52     26/28      19/30      17/18        4/11         2/4                0.05
``rag.language.sentences``     52/52     28/28      30/30      18/18       11/11         4/4                0.26
==========================  ========  ========  =========  =========  ==========  ==========  ==================

In an article they find 11.0, 10.8, 10.9 and 11.1 sentences. All three give exact offsets and cover the news texts.
What each of them misses in French: syntok parts "»" from the sentence it closes and ends sentences before "(" and
after "art."; pySBD, last released in 2021, and sentencex do not see the sentences inside « », and part "Dr.", "art. 3",
"av. J.-C." and, sentencex, "M." from what follows. Of 6,153 news paragraphs ours and sentencex differ in 357; 105 of
those differences, drawn by lot and read, were all for the better.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from rag.language import split_sentences

Spans = list[tuple[int, int]]
Splitter = Callable[[str, str], Spans]
Examples = dict[str, list[tuple[str, ...]]]

_ROOT = Path(__file__).resolve().parent.parent
_EXAMPLES = _ROOT / "tests" / "language" / "tricky_sentences.txt"
_NEWS = _ROOT.parent / "shared" / "data" / "dev" / "wikinews-fr" / "articles.jsonl"


def main() -> None:
    """Print one line per library: how many examples it gets right, and how long it takes for the news."""
    examples = _read_examples()
    articles = _read_news()
    if not articles:
        print(f"No articles at {_NEWS}: the speed is not measured.")
    print(f"{'library':<14}{''.join(f'{name:>12}' for name in examples)}{'s/1000':>10}{'sentences':>11}")
    for name, split in _splitters():
        right = "".join(f"{_right(split, key[-2:], of):>8}/{len(of):<3}" for key, of in examples.items())
        print(f"{name:<14}{right}{_timed(split, articles)}", flush=True)


def _read_examples() -> Examples:
    """Return the example paragraphs, each as its sentences, by part of the file and language: ``first fr``."""
    examples: Examples = {}
    part = ""
    for line in _EXAMPLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            part = line[3:].partition(":")[0]
        elif line and not line.startswith("#"):
            language, _, paragraph = line.partition("\t")
            examples.setdefault(f"{part} {language}", []).append(tuple(paragraph.split(" ¦ ")))
    return examples


def _read_news() -> list[str]:
    """Return the texts of the French news articles, or nothing where that set is absent."""
    if not _NEWS.exists():
        return []
    lines = _NEWS.read_text(encoding="utf-8").splitlines()
    return ["\n\n".join(json.loads(line)["paragraphs"]) for line in lines]


def _right(split: Splitter, language: str, paragraphs: list[tuple[str, ...]]) -> int:
    """Return how many paragraphs are split exactly where they should be."""
    count = 0
    for sentences in paragraphs:
        text = " ".join(sentences)
        found = [text[start:end] for start, end in split(text, language)]
        count += found == list(sentences)
    return count


def _timed(split: Splitter, articles: list[str]) -> str:
    """Return seconds per thousand articles and sentences per article, as two columns; nothing without articles."""
    if not articles:
        return ""
    split(articles[0], "fr")
    begin = time.perf_counter()
    sentences = sum(len(split(article, "fr")) for article in articles)
    seconds = time.perf_counter() - begin
    return f"{1000 * seconds / len(articles):>10.2f}{sentences / len(articles):>11.1f}"


def _splitters() -> Iterator[tuple[str, Splitter]]:
    """Yield the splitters to compare; a library that is not installed is left out and said to be."""
    for name, make in (("syntok", _syntok), ("pysbd", _pysbd), ("sentencex", _sentencex)):
        if find_spec(name):
            yield name, make()
        else:
            print(f"{name:<14}not installed: pip install {name}")
    yield "rag.language.sentences", split_sentences


def _syntok() -> Splitter:
    """Return syntok's splitter; it has one set of rules for all languages."""
    from syntok.segmenter import analyze

    def split(text: str, _language: str) -> Spans:
        return [
            (sentence[0].offset, sentence[-1].offset + len(sentence[-1].value))
            for paragraph in analyze(text)
            for sentence in paragraph
        ]

    return split


def _pysbd() -> Splitter:
    """Return pySBD's splitter."""
    from pysbd import Segmenter

    segmenters = {language: Segmenter(language=language, clean=False, char_span=True) for language in ("fr", "en")}

    def split(text: str, language: str) -> Spans:
        return _trimmed(text, [(span.start, span.end) for span in segmenters[language].segment(text)])

    return split


def _sentencex() -> Splitter:
    """Return sentencex's splitter."""
    from sentencex import get_sentence_boundaries

    def split(text: str, language: str) -> Spans:
        found = get_sentence_boundaries(language, text)
        return _trimmed(text, [(boundary["start_index"], boundary["end_index"]) for boundary in found])

    return split


def _trimmed(text: str, spans: Spans) -> Spans:
    """Return spans without the white space at their ends, and without those that hold nothing else."""
    trimmed = []
    for start, end in spans:
        sentence = text[start:end]
        if sentence.strip():
            trimmed.append((start + len(sentence) - len(sentence.lstrip()), start + len(sentence.rstrip())))
    return trimmed


if __name__ == "__main__":
    main()
