"""What the source says in errors: the fixed words of each sentence and of each command to type next, and their parts.

A sentence is a tuple of its fixed words, with a value between each two of them; ``("", " is empty.")`` is
``f"{name} is empty."``. What a name stands for is looked up in its function, its module and the functions called.
"""

from __future__ import annotations

import ast
import importlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support.places import ROOT

import rag.errors

Words = tuple[str, ...]

ERRORS = {name for name, value in vars(rag.errors).items() if isinstance(value, type)}
BESIDE = {"Damage": (0, 1), "Finding": (0, 2, 3), "_mended": (1, 3)}
"""What else takes such sentences → which of its values are ones."""
PARTS = {"damaged": (0,), "protected": (1,), "_other_file": (1,), "BrokenOff": (0,)}
"""What takes parts of sentences → which of its values are ones."""
UNKNOWN: set[Words] = {("", "")}


def sentences() -> Iterator[tuple[str, Words, bool]]:
    """Yield where it stands, its fixed words, and whether it is but a part of a sentence."""
    for folder in ("rag", "ui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from _of_file(path)


def _of_file(path: Path) -> Iterator[tuple[str, Words, bool]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for function in [tree, *(one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))]:
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or (isinstance(function, ast.Module) and _is_inside(call, tree)):
                continue
            called = getattr(call.func, "id", getattr(call.func, "attr", ""))
            places = (0, 1) if called in ERRORS else BESIDE.get(called, PARTS.get(called, ()))
            reader, where = _Reader(name, tree, function), f"{path.relative_to(ROOT)}:{call.lineno}"
            for value in (call.args[place] for place in places if place < len(call.args)):
                yield from ((where, words, called in PARTS) for words in reader.read(value))
            yield from ((where, words, True) for words in reader.parts)


def _is_inside(call: ast.Call, tree: ast.Module) -> bool:
    functions = (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))
    return any(call in ast.walk(one) for one in functions)


class _Reader:
    """Reads what an expression of a function may say."""

    def __init__(self, module: str, tree: ast.Module, function: ast.AST, depth: int = 0) -> None:
        self._module, self._tree, self._function, self._depth = module, tree, function, depth
        self._under_way: set[str] = set()  # names that stand for what holds them again
        self.parts: set[Words] = set()

    def read(self, node: ast.AST) -> set[Words]:
        """Return the fixed words of all that an expression may be; of what cannot be told, those of a mere value."""
        match node:
            case ast.Constant(value=str(text)):
                return {(text,)}
            case ast.JoinedStr(values=values):
                return self._joined(values)
            case ast.IfExp(body=body, orelse=orelse):
                return self.read(body) | self.read(orelse)
            case ast.Name(id=name):
                return self._named(name)
            case ast.Call(func=ast.Attribute(value=text, attr="format")):
                return {tuple(_split(words[0])) if len(words) == 1 else words for words in self.read(text)}
            case ast.Call(func=ast.Name(id=name)) if self._depth < 2:
                return self._returned(name)
            case ast.Call(func=ast.Attribute(attr="get"), args=[_, otherwise]):
                return self.read(otherwise)
        return UNKNOWN

    def _joined(self, values: list[ast.expr]) -> set[Words]:
        choices: list[list[Words]] = []
        for value in values:
            if isinstance(value, ast.FormattedValue):
                said = self.read(value.value) if value.conversion == -1 and value.format_spec is None else UNKNOWN
                self.parts |= {words for words in said if any(" " in one.strip() for one in words)}
                choices.append([("", "")])
            else:
                choices.append(list(self.read(value)))
        found = set()
        for chosen in itertools.product(*choices):
            whole: list[str] = [""]
            for words in chosen:
                whole[-1] += words[0]
                whole.extend(words[1:])
            found.add(tuple(whole))
        return found

    def _named(self, name: str) -> set[Words]:
        if name in self._under_way:
            return UNKNOWN
        self._under_way.add(name)
        found: set[Words] = set()
        for node in ast.walk(self._function):
            if isinstance(node, ast.Assign) and any(getattr(one, "id", "") == name for one in node.targets):
                found |= self.read(node.value)
        self._under_way.discard(name)
        if found:
            return found
        value: Any = getattr(importlib.import_module(self._module), name, None)
        return {(value,)} if isinstance(value, str) else UNKNOWN

    def _returned(self, name: str) -> set[Words]:
        found: set[Words] = set()
        for function in ast.walk(self._tree):
            if isinstance(function, ast.FunctionDef) and function.name == name:
                inside = _Reader(self._module, self._tree, function, self._depth + 1)
                for node in ast.walk(function):
                    if isinstance(node, ast.Return) and node.value is not None:
                        found |= inside.read(node.value)
                self.parts |= inside.parts
        return found or UNKNOWN


def _split(template: str) -> list[str]:
    """Return the fixed words of a template for ``str.format``."""
    words, rest = [], template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        words.append(before)
        rest = rest.partition("}")[2]
    return [*words, rest]
