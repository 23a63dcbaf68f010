"""How often the check of answers catches a changed fact, and how often it doubts a true sentence.

    python -m benchmarks.bench_checking [--held-back] [--show KIND] [--articles 300]

True sentences of real articles, French and English, each cited by the answer it is, are

- changed in one number, date, name, unit or negation (see :mod:`benchmarks.perturbing`): caught when the verdict is
  not "yes";
- left as they are, or paraphrased lightly (see :mod:`benchmarks.paraphrasing`): flagged when the verdict is not "yes".

"en>fr" is an English sentence citing its French original or translation (news, translated by people), and "fr>en" the
other way: no goal is set for them, and translations are free enough that a true one is sometimes doubted.

The articles come in two halves, told by their names; the lookup of facts was written looking at the first, and
``--held-back`` measures the second. Intervals are Wilson's at 95 %.
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
from dataclasses import dataclass
from pathlib import Path

from benchmarks.paraphrasing import PARAPHRASES
from benchmarks.perturbing import CHANGES, Pool
from rag.check import Checker
from rag.language import split_sentences
from rag.opening import open_reader
from rag.settings import load_settings
from rag.values import Article, Citation

DATA = Path("../shared/data")
GOALS = {"number": 0.97, "date": 0.97, "name": 0.95, "unit": None, "negation": 0.70, "miscited": None}
MOST_FLAGGED = 0.03
SENTENCES_PER_ARTICLE = 4
PARAGRAPHS_PER_TEXT = 6
SENTENCES_PER_TEXT = 20
LANGUAGES = ("fr", "en", "en>fr", "fr>en")


@dataclass(frozen=True)
class Case:
    """A true sentence, what it cites, and the text its names could have come from."""

    article: Article
    citation: Citation
    said: str
    context: str


def read_cases(language: str, *, held_back: bool, most: int) -> Iterator[Case]:
    """Yield sentences of articles of one half, each citing itself, or its translation for "en>fr" and "fr>en"."""
    if ">" in language:
        yield from _translated(*language.split(">"), held_back=held_back, most=most)
        return
    chance = random.Random(11)
    for article in read_articles(language, held_back=held_back, most=most):
        for start, end in pick_sentences(article, chance):
            said = article.text[start:end]
            yield Case(article, Citation(1, article.identifier, article.title, start, end, said), said, article.text)


def _translated(spoken: str, written: str, *, held_back: bool, most: int) -> Iterator[Case]:
    """Yield news sentences of one language that cite their human translation, in texts of twenty sentences."""
    with lzma.open(DATA / "train/parallel_fr_en.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if '"ntrex"' in line]
    chosen = list(range(0, len(rows), SENTENCES_PER_TEXT))[held_back::2]
    for start in chosen[: max(most // 12, 1)]:
        part = rows[start : start + SENTENCES_PER_TEXT]
        article = Article(f"news-{start}", "", "\n".join(row[written] for row in part), written)
        context = "\n".join(row[spoken] for row in part)
        at = 0
        for row in part:
            end = at + len(row[written])
            yield Case(article, Citation(1, article.identifier, "", at, end, row[written]), row[spoken], context)
            at = end + 1


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


def measure(cases: list[Case], language: str) -> Tally:
    """Return the tally of one language."""
    chance = random.Random(13)
    reader = open_reader(load_settings())
    spoken = language[:2]
    tally = Tally()
    pool = Pool.of(sorted({case.context for case in cases}))
    checkers = {case.article.identifier: Checker({case.article.identifier: case.article}, reader) for case in cases}
    citations = defaultdict(list)
    for case in cases:
        citations[case.article.identifier].append(case.citation)
    for case in cases:
        checker = checkers[case.article.identifier]
        for kind, change in CHANGES.items():
            changed = change(case.said, case.context, pool, spoken, chance)
            if changed and changed != case.said:
                verdict, missing = checker.check(changed, [case.citation])
                tally.add(kind, right=verdict != "yes", shown=f"{case.citation.quote}\n    -> {changed} {missing}")
        elsewhere = chance.choice(citations[case.article.identifier])
        if elsewhere != case.citation:
            verdict, missing = checker.check(case.said, [elsewhere])
            tally.add("miscited", right=verdict != "yes", shown=f"{elsewhere.quote}\n    -> {case.said} {missing}")
        for kind, paraphrase in PARAPHRASES.items():
            same = paraphrase(case.said, spoken, chance)
            if same and (kind == "untouched" or same != case.said):
                verdict, missing = checker.check(same, [case.citation])
                shown = f"{case.citation.quote}\n    -> {same} {verdict} {missing}"
                tally.add(kind, right=verdict == "yes", shown=shown)
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
    for kind, least in GOALS.items():
        low, high = interval(tally.right[kind], tally.total[kind])
        goal = f">= {least:.2f}" if least else ""
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
    parser.add_argument("--language", choices=LANGUAGES, help="only this one")
    parser.add_argument("--show", default="", help="a kind whose mistakes to print")
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"{DATA} is not here: nothing to measure on.")
        return
    for language in (options.language,) if options.language else LANGUAGES:
        started = time.perf_counter()
        cases = list(read_cases(language, held_back=options.held_back, most=options.articles))
        tally = measure(cases, language)
        articles = {case.article.identifier for case in cases}
        for shown in tally.wrong[options.show][:40] if options.show else ():
            print(shown)
        print_table(f"{language} {len(articles)} articles, {time.perf_counter() - started:.0f} s", tally)


if __name__ == "__main__":
    main()
