"""What the pages and the docstrings name is there: files, modules, commands of make, the faces of the rooms."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.places import ROOT

CODE = [path for folder in ("rag", "ui", "tests", "benchmarks", "examples") for path in (ROOT / folder).rglob("*.py")]
PAGES = [
    path
    for folder in (".", "docs", "benchmarks", "indexes")
    for path in (ROOT / folder).glob("*.md")
    if path.name != "CHANGELOG.md"  # it tells of what was
]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
NAMES = {path.name for path in [*CODE, *ROOT.glob(".ci/*"), *(ROOT / "ui").rglob("*.*")]}

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PATH = re.compile(r"(?<![\w./-])(?:(?:rag|ui|tests|benchmarks|examples|docs|indexes|\.ci)/[\w./-]*\w|[a-z_]+\.py\b)")
ROLE = re.compile(r":\w+:`~?((?:rag|ui)(?:\.\w+)+)`")
NEAR = re.compile(r":(?:class|func|data):`(\w+)`")  # a name of the same file
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
TARGET = re.compile(r"^make ([a-z-]+)", re.MULTILINE)
MODULE = re.compile(r"python -m ((?:benchmarks|rag|ui)[.\w]*)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def quoted(page: Path) -> Iterator[str]:
    """Yield what stands between backquotes on a page, outside its blocks of code."""
    yield from re.findall(r"`([^`\n]+)`", FENCE.sub("", page.read_text(encoding="utf-8")))


def docstrings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def gone(text: str) -> set[str]:
    """Return the paths that a text names and that are not there."""
    return {path for path in PATH.findall(text) if not (ROOT / path).exists() and path not in NAMES}


def is_there(dotted: str) -> bool:
    """Return whether a dotted name is a module, or stands in one."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if file.is_file():
            return all(part in file.read_text(encoding="utf-8") for part in parts[length:])
    return False


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_a_page_names_is_there(page):
    assert not gone("\n".join(quoted(page)))
    assert not [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_a_page_names_can_be_typed(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    typed = "\n".join([*FENCE.findall(text), *quoted(page)])
    assert set(TARGET.findall(typed)) <= targets
    assert all(map(is_there, MODULE.findall(typed)))


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_every_file_that_a_docstring_names_is_there(path):
    said = "\n".join(docstrings(path))
    code = path.read_text(encoding="utf-8")
    assert not [name for name in NEAR.findall(said) if not re.search(rf"\b{name}\b(?!`)", code)]
    assert not gone("\n".join(re.findall(r"``([^`]+)``", said)))
    assert not [name for name in ROLE.findall(said) if not is_there(name)]


def test_the_searches_see_what_is_not_there():
    assert gone("rag/answering.py, tests/answer, nowhere.py and ui/page.py") == {"rag/answering.py", "nowhere.py"}
    assert is_there("rag.values.Article")
    assert not is_there("rag.values.Draft")
    assert not is_there("rag.nouns.Article")


def test_the_table_of_rooms_has_every_room_and_true_faces():
    rows = re.findall(r"^\| (`.+?) \|.*\| (.*) \|$", ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE)
    faces = {room.strip("`"): re.findall(r"`(\w+)`", face) for room, face in rows}
    inits = [file for folder in ("rag", "ui") for file in (ROOT / folder).rglob("*/__init__.py")]
    packages = {name_of(file.parent): file for file in inits}
    assert len(packages) > 15
    assert set(packages) <= set(faces)
    for room, file in packages.items():
        assert faces[room]
        assert all(f'"{name}"' in file.read_text(encoding="utf-8").partition("__all__")[2] for name in faces[room]), (
            room
        )
