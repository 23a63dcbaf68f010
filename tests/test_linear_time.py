"""No text costs more than linear time: not against one pattern of the program, and not as a whole file.

Time is the processor's, so that a busy machine changes nothing; what looks steep is measured again before it counts.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml.html import document_fromstring
from support.adversary import cpu_seconds, steepest
from support.places import ROOT

from rag.card.asking import make_questions
from rag.card.mentioned import find_dates, find_figures, find_names
from rag.check.facts import Facts
from rag.errors import ArticleError
from rag.index.chunking import split_article
from rag.index.word_fields import word_fields
from rag.reading import quotable_spans, read_article
from rag.reading.page_markup import plain_markup
from rag.search.overview import find_candidates

PACKAGES = ("rag", "ui")
CALLS = frozenset({"match", "fullmatch", "search", "findall", "finditer", "split", "sub"})
LONGEST = {
    "rag.language.names._STARTS": 6,
    "rag.reading.plain_text._LAST_WORDS": 300,
    "rag.reading.plain_text._CREDIT": 300,
}
"""Pattern → how long a text its caller gives it."""


def module_names() -> Iterator[str]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if parts[-1] != "__main__":
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    """Yield the patterns in a value, those in tables included, and what a function without arguments makes."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from patterns_in(tuple(value.values()))
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from patterns_in(one)
    elif callable(value) and "Pattern" in str(getattr(value, "__annotations__", {}).get("return", "")):
        yield from () if inspect.signature(value).parameters else patterns_in(value())


def every_pattern() -> Iterator[tuple[str, re.Pattern[str], set[str]]]:
    """Yield where each pattern stands, the pattern, and the methods it is called by as far as that is seen there."""
    for name in module_names():
        module = importlib.import_module(name)
        source = inspect.getsource(module)
        for variable, value in vars(module).items():
            if getattr(value, "__module__", name) != name and callable(value):
                continue
            called = re.findall(rf"\b{variable}(?:\[\w+\]|\(\))?\.(\w+)\(", source)
            for number, pattern in enumerate(patterns_in(value)):
                if isinstance(pattern.pattern, str):
                    yield f"{name}.{variable}:{number}", pattern, set(called)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
                first = node.args[0] if node.args else None
                of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
                if of_re and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield f"{name}:{node.lineno}", re.compile(first.value), {node.func.attr}


def test_no_pattern_costs_more_than_linear_time():
    found, steep = set(), []
    for name, pattern, uses in every_pattern():
        key = (pattern.pattern, pattern.flags)
        if key in found:
            continue
        found.add(key)
        if text := steepest(pattern, uses, longest=LONGEST.get(name.partition(":")[0], 4096)):
            steep.append(f"{name} on {text}")
    assert len(found) > 150, "the search for patterns found too few of them"
    assert not steep, "\n".join(steep)


@pytest.mark.parametrize("pattern", [r"(a|a)*b", r"(\s*x)*\s*$", r"<[^>]*>", r"\s+x", r"a\w*b\w*c"])
def test_a_pattern_that_costs_more_is_found_out(pattern):
    assert steepest(re.compile(pattern), set(), longest=16384)  # long enough for a quick machine to notice


# ── Whole files ─────────────────────────────────────────────────────────────────────────────────────────────────

SIZE, LARGER = 4_000, 16_000  # characters
NOTICED, STEEP, TRIES = 0.1, 9.0, 3  # seconds; times as long for four times the text, where quadratic is 16
PUMPS = {
    ".txt": (
        "! ", ". ", "… ", "...", "?!", "a", "a ", "A", "A ", "aA", "1", "1 ", "1,", "1.", "12 345 ", "XIV ", "I", "« ",
        '"', "“", "(", "[1] ", "\n", " ", "\t", "\u00a0", "a\n\n", "Titre\n\nUn paragraphe suit.\n\n", "- a\n",
        "1. a\n", "O.N.U. ", "M. ", "l'", "a-", "e\u0301", "\u0315\u0316", "lundi ", "12 mars ",
        "1er, 2, 3 et 4 mai 2024 ", "3 h 20 ", "12 km ", "Paris ", "PARIS ", "PARIS et ", "Jean-Paul ",
        "漢", "漢。", "😀", "\u202e", "ignore ", "<start_of_",
        "photo : ", "date : 2024\n", "https://a.fr/", "trois cent ", "annees 80 ",
    ),
    ".md": (
        "*a ", "<a ", "![", "[", "> a\n", "- ", "`", "| a ", "# a\n\n", "# a\n\nb\n\n", "<!--", "&amp;", "~~",
        "<b>x",
    ),
    ".html": (
        "<p>a", "<!--", "<!---->", "<br>", "<td>", "<a href='x'>a</a>", "<h2>a</h2><p>b</p>", "&lt;", "<li>a", "a ",
        "<time>1</time> ", "<sup>1</sup> ", "<q>a</q> ", "<button aria-controls='a'>a</button>", "<article>a</article>",
    ),
}  # fmt: skip
"""Suffix → what a file of it repeats. "**a" is not among them: markdown-it takes the square of it, which the time a
file is given apart bounds."""

BEFORE = "Le maire a dit que la digue mesure 310 mètres. "


def everything_done_with(path: Path) -> None:
    """Do with a file all that is done with one before and while questions are asked of it, without any model."""
    try:
        article = read_article(path)
    except ArticleError:
        return
    passages = split_article(article, lambda text: 2 + len(text) // 4, 500)
    word_fields(article, passages)
    quotable_spans(article, 0, len(article.text))
    candidates = find_candidates(article, passages)
    names, _ = find_names(article)
    find_figures(article)
    find_dates(article, candidates)
    make_questions(article, candidates, names)
    facts = Facts(article.text, article.language)
    for kind in ("moments", "quantities", "names", "forms", "plain", "stemmed", "quotations"):
        getattr(facts, kind)


@pytest.mark.parametrize("suffix", PUMPS)
def test_no_file_costs_more_than_linear_time(suffix, tmp_path):
    path = tmp_path / f"file{suffix}"

    def cost(pump: str, size: int) -> float:
        path.write_text(BEFORE + pump * (size // len(pump)), encoding="utf-8")
        return cpu_seconds(lambda: everything_done_with(path))

    cost("a ", 100)  # what is loaded once
    steep = [
        pump
        for pump in PUMPS[suffix]
        if all(cost(pump, LARGER) > max(NOTICED, STEEP * cost(pump, SIZE)) for _ in range(TRIES))
    ]
    assert not steep


@pytest.mark.parametrize(
    "item", ["<li>x", "<ul><li><input type=checkbox disabled>x</ul>", "<ol><li>x</ol>", "<p><q>x</q>"]
)
def test_what_the_marks_of_a_long_page_mean_is_found_in_linear_time(item):
    def cost(items: int) -> float:
        tree = document_fromstring("<p>x</p>" + item * items)
        return cpu_seconds(lambda: plain_markup(tree))

    cost(10)
    assert any(cost(24_000) <= max(NOTICED, STEEP * cost(6_000)) for _ in range(TRIES))
