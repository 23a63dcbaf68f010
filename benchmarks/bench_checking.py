"""How often the check of answers catches a changed fact, and how often it doubts a true sentence.

    python -m benchmarks.bench_checking [--held-back] [--show KIND] [--articles 300]

True sentences of real articles, French and English, each cited by the answer it is, are

- changed in one number, date, name, unit or negation (see :mod:`benchmarks.perturbing`): caught when the verdict is
  not "yes";
- left as they are, or paraphrased lightly (see :mod:`benchmarks.paraphrasing`): flagged when the verdict is not "yes".

The articles come in two halves, told by their names. The rules were written looking at the first; ``--held-back``
measures the second. Intervals are Wilson's at 95 %.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import math
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.paraphrasing import PARAPHRASES
from benchmarks.perturbing import CHANGES, Pool
from rag.checking import Checker
from rag.embedding import SentenceTransformerEmbedder
from rag.language import split_sentences
from rag.nouns import Article, Citation

DATA = Path("../shared/data")
GOALS = {"number": 0.97, "date": 0.97, "name": 0.95, "unit": None, "negation": 0.70}
MOST_FLAGGED = 0.03
SENTENCES_PER_ARTICLE = 6
PARAGRAPHS_PER_TEXT = 6


def read_articles(language: str, *, held_back: bool, most: int) -> list[Article]:
    """Return articles of one half, at most so many of each source, in a fixed random order."""
    sources = {
        "fr": ("dev/wikinews-fr/articles.jsonl", "dev/piaf-fr/articles.jsonl"),
        "en": ("dev/squad2-en/articles.jsonl", "train/text_en.txt.xz"),
    }[language]
    chosen: list[Article] = []
    for source in sources:
        mine = [one for one in _read(DATA / source, language) if _second_half(one.identifier) == held_back]
        random.Random(7).shuffle(mine)
        chosen += mine[: most if "text" in source else most // 2]
    return chosen[:most]


def _second_half(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def _read(path: Path, language: str) -> Iterator[Article]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            paragraphs = [line.strip() for _, line in zip(range(6000), lines, strict=False)]
        for number, start in enumerate(range(0, len(paragraphs), PARAGRAPHS_PER_TEXT)):
            text = "\n\n".join(paragraphs[start : start + PARAGRAPHS_PER_TEXT])
            yield Article(f"text-{number}", "", text, language)
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Article(row["doc_id"], row["title"], "\n\n".join(row["paragraphs"]), language, row.get("date", ""))


def pick_sentences(article: Article, chance: random.Random) -> list[tuple[int, int]]:
    """Return some sentences of an article that are long enough to say something."""
    spans = [
        (start, end)
        for start, end in split_sentences(article.text, article.language)
        if 50 <= end - start <= 400 and article.text[end - 1] in ".!?»" and "\n" not in article.text[start:end]
    ]
    return chance.sample(spans, min(len(spans), SENTENCES_PER_ARTICLE))


class Tally:
    """Counts verdicts by kind, and keeps what went wrong to be looked at."""

    def __init__(self) -> None:
        self.right: dict[str, int] = defaultdict(int)
        self.total: dict[str, int] = defaultdict(int)
        self.wrong: dict[str, list[str]] = defaultdict(list)

    def add(self, kind: str, *, right: bool, shown: str) -> None:
        """Count one verdict."""
        self.total[kind] += 1
        self.right[kind] += right
        if not right:
            self.wrong[kind].append(shown)


def measure(articles: list[Article], language: str) -> Tally:
    """Return the tally of one language."""
    chance = random.Random(11)
    embedder = SentenceTransformerEmbedder()
    tally = Tally()
    pool = Pool.of([article.text for article in articles])
    for article in articles:
        checker = Checker({article.identifier: article}, embedder)
        for start, end in pick_sentences(article, chance):
            original = article.text[start:end]
            citation = Citation(1, article.identifier, article.title, start, end, original)
            for kind, change in CHANGES.items():
                changed = change(original, article.text, pool, language, chance)
                if changed and changed != original:
                    verdict, missing = checker.check(changed, [citation])
                    tally.add(kind, right=verdict != "yes", shown=f"{original}\n    -> {changed} {missing}")
            for kind, paraphrase in PARAPHRASES.items():
                same = paraphrase(original, language, chance)
                if same and (kind == "untouched" or same != original):
                    verdict, missing = checker.check(same, [citation])
                    tally.add(kind, right=verdict == "yes", shown=f"{original}\n    -> {same} {verdict} {missing}")
    return tally


def interval(right: int, total: int) -> tuple[float, float]:
    """Return Wilson's interval of a proportion at 95 %."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def print_table(language: str, tally: Tally) -> None:
    """Print one language: changed facts caught, then true sentences flagged."""
    print(f"\n{language}  {'kind':<22}{'sentences':>10}{'caught':>10}   95 %           goal")
    for kind in CHANGES:
        low, high = interval(tally.right[kind], tally.total[kind])
        goal = f">= {GOALS[kind]:.2f}" if GOALS[kind] else ""
        share = tally.right[kind] / max(tally.total[kind], 1)
        print(f"    {kind:<22}{tally.total[kind]:>10}{share:>10.3f}   {low:.3f}-{high:.3f}    {goal}")
    print(f"    {'true sentences':<22}{'sentences':>10}{'flagged':>10}")
    wrong = sum(tally.total[kind] - tally.right[kind] for kind in PARAPHRASES)
    rows = [(kind, tally.total[kind] - tally.right[kind], tally.total[kind]) for kind in PARAPHRASES]
    for kind, flagged, total in [*rows, ("all true", wrong, sum(tally.total[kind] for kind in PARAPHRASES))]:
        low, high = interval(flagged, total)
        print(f"    {kind:<22}{total:>10}{flagged / max(total, 1):>10.3f}   {low:.3f}-{high:.3f}    <= {MOST_FLAGGED}")


def main() -> None:
    """Measure both languages and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--held-back", action="store_true", help="measure the half the rules were not written on")
    parser.add_argument("--articles", type=int, default=300, help="of each language")
    parser.add_argument("--language", choices=("fr", "en"), help="only this one")
    parser.add_argument("--show", default="", help="a kind whose mistakes to print")
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"{DATA} is not here: nothing to measure on.")
        return
    for language in (options.language,) if options.language else ("fr", "en"):
        started = time.perf_counter()
        articles = read_articles(language, held_back=options.held_back, most=options.articles)
        tally = measure(articles, language)
        for shown in tally.wrong[options.show][:40] if options.show else ():
            print(shown)
        print_table(f"{language} {len(articles)} articles, {time.perf_counter() - started:.0f} s", tally)


if __name__ == "__main__":
    main()
