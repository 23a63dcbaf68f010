"""Texts written against a regular expression, out of its own parts, and how its time grows with them."""

from __future__ import annotations

import importlib
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_POOL = "a1 -A\"é.,;:!?'(){}[]<>«»/_*\n"
_CATEGORIES = {"DIGIT": str.isdecimal, "SPACE": str.isspace, "WORD": lambda one: one.isalnum() or one == "_"}
_SAMPLES, _TEXTS, _LONGEST_SAMPLE = 8, 80, 40
_SIZES = (12, 24, 64, 256, 1024, 4096, 16384)  # a text that costs 2 to its length is found out while it is short
_NOTICED = 0.004  # seconds; what takes less tells nothing
_STEEP = 8.0  # times as long for four times the text: linear is 4, quadratic 16
_TRIES = 3

Use = Callable[[str], object]


def steepest(pattern: re.Pattern[str], uses: set[str], *, longest: int) -> str:
    """Return a text of which four times as much costs far more than four times as long; empty if none was found.

    Args:
        pattern: to be tried.
        uses: the methods it is called by.
        longest: how long a text its callers give it.
    """
    for use in _calls(pattern, uses):
        for before, pump, after in texts_against(pattern):
            if size := _grows_steeply(use, before, pump, after, longest):
                return f"{before!r} + {pump!r} × {size // len(pump)} + {after!r}"
    return ""


def cpu_seconds(act: Callable[[], object]) -> float:
    """Return the processor time that an act takes, whatever else the machine does."""
    start = time.process_time()
    act()
    return time.process_time() - start


def _calls(pattern: re.Pattern[str], uses: set[str]) -> Iterator[Use]:
    if not uses or uses - {"match", "fullmatch"}:
        yield lambda text: sum(1 for _ in pattern.finditer(text))
    if "match" in uses:
        yield pattern.match
    if not uses or "fullmatch" in uses:
        yield pattern.fullmatch


def _grows_steeply(use: Use, before: str, pump: str, after: str, longest: int) -> int:
    """Return the size at which a text costs too much, or 0."""

    def cost(size: int) -> float:
        text = before + pump * max(1, size // len(pump)) + after
        return cpu_seconds(lambda: use(text))

    for smaller, size in zip((1, *_SIZES), _SIZES, strict=False):
        if size > longest:
            break
        growth = _STEEP * max(1.0, size / smaller / 4)
        if cost(size) > _NOTICED and all(
            cost(size) > max(_NOTICED, growth * min(cost(smaller) for _ in range(_TRIES))) for _ in range(_TRIES)
        ):
            return size
    return 0


def texts_against(pattern: re.Pattern[str]) -> list[tuple[str, str, str]]:
    """Return texts as (beginning, what is repeated, end): pieces of what matches, repeated, and then no match."""
    chance = random.Random(ascii(pattern.pattern))
    tree = _PARSER.parse(pattern.pattern, pattern.flags)
    found: dict[tuple[str, str, str], None] = {}
    for _ in range(_SAMPLES):
        sample = _sample(tree, chance)[:_LONGEST_SAMPLE]
        for start in range(len(sample)):
            for length in (1, 2, 3):
                found[sample[:start], sample[start : start + length], "\x01"] = None
            found["", sample[: start + 1], "\x01"] = None
            found["", sample[start:], ""] = None
    texts = list(found)
    return chance.sample(texts, min(_TEXTS, len(texts)))


def _sample(tree: Any, chance: random.Random) -> str:
    """Return a text that a parsed expression may match, look-arounds aside."""
    return "".join(_piece(str(kind), value, chance) for kind, value in tree)


def _piece(kind: str, value: Any, chance: random.Random) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind in {"ANY", "NOT_LITERAL"}:
        return "a" if value != ord("a") else "b"
    if kind == "IN":
        return _member(value, chance)
    if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        least, most, inner = value
        return "".join(_sample(inner, chance) for _ in range(min(most, max(least, chance.choice((1, 1, 2))))))
    if kind == "SUBPATTERN":
        return _sample(value[-1], chance)
    if kind == "BRANCH":
        return _sample(chance.choice(value[1]), chance)
    return _sample(value, chance) if kind == "ATOMIC_GROUP" else ""


def _member(items: Any, chance: random.Random) -> str:
    """Return a character of a class."""
    kinds = [(str(kind), value) for kind, value in items]
    negated = ("NEGATE", None) in kinds
    literals = [chr(value) for kind, value in kinds if kind == "LITERAL"]
    candidates = [*_POOL, *literals, *(chr(value[0]) for kind, value in kinds if kind == "RANGE")]
    fitting = [one for one in candidates if any(_holds(one, *item) for item in kinds) != negated]
    return chance.choice(fitting or ["a"])


def _holds(character: str, kind: str, value: Any) -> bool:
    if kind == "LITERAL":
        return character == chr(value)
    if kind == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    if kind != "CATEGORY":
        return False
    name = str(value).removeprefix("CATEGORY_").removeprefix("UNI_")
    return bool(_CATEGORIES[name.removeprefix("NOT_")](character)) != name.startswith("NOT_")
