"""What tests share stands in ``tests/support``: no test imports another, so that each can be moved or dropped alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support.places import ROOT

TESTS = ROOT / "tests"
FILES = {path.relative_to(TESTS).as_posix(): path for path in sorted(TESTS.rglob("*.py"))}


def imported(path: Path) -> set[str]:
    """Return every module a file imports, and every name it takes from one."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {"." * node.level + ".".join(filter(None, (node.module, alias.name))) for alias in node.names}
    return names


@pytest.mark.parametrize("name", FILES)
def test_no_test_imports_another(name):
    own = {path.stem for path in FILES.values() if path.stem.startswith("test_") or path.stem == "conftest"}
    assert len(own) > 40, "the search for tests found too few of them"
    tests = [one for one in imported(FILES[name]) if own & set(one.split(".")) or one.startswith((".", "tests."))]
    assert not tests


def test_what_is_shared_is_used():
    readers = [*FILES.values(), *(ROOT / "benchmarks").glob("*.py")]
    used = {one.split(".")[1] for path in readers for one in imported(path) if one.startswith("support.")}
    shared = {path.stem for path in (TESTS / "support").glob("*.py")}
    assert shared == used
