"""The order in which the program is built, written once: each module knows only those before it."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LAYERS = """
errors nouns offline settings
numerals units quantities dates moments
lexicon sentences language negations
decoding drafts hidden plain_text markdown web_page articles
chunking embedding store vectors library ingesting
matching thesaurus naming mentions openings pronouns antecedents following
answer_kinds questions retrieving selecting overview evidence reranking
prompting notices
gguf_file llm_stop llm_text llm_queue llm_reading llm_state llm_template llm_bindings llm_sampling llm_engine
llm llm_server quoting
facts recognising supporting checking narrowing citing answering
catalogue downloading installed installing conversations
question_sets evaluating assembly doctor
cli_models cli_eval cli
""".split()
UI_MAY_IMPORT = {
    "rag", "rag.errors", "rag.nouns", "rag.offline", "rag.settings",
    "rag.conversations",  # what the page keeps
    "rag.ingesting",  # the formats it may upload
}  # fmt: skip
CONCRETE = {"SentenceTransformerEmbedder", "CrossEncoderReranker", "LlamaCppModel", "ServerModel"}
BUILT_IN = {"rag", "ui", *sys.stdlib_module_names}

TOOLS = {"screenshots"}  # of those who work on the page, with the development extra

RAG = sorted((ROOT / "rag").glob("*.py"))
UI = sorted((ROOT / "ui").glob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Yield every module a file imports, those in functions and under TYPE_CHECKING included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            names = [alias.name for alias in node.names]
            inside = [f"{node.module}.{name}" for name in names if (ROOT / node.module / f"{name}.py").is_file()]
            yield from inside or [node.module]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


@pytest.mark.parametrize("path", [path for path in RAG if path.stem != "__init__"], ids=lambda path: path.stem)
def test_each_module_knows_only_the_layers_before_it(path):
    assert path.stem in LAYERS, f"give {path.name} its place in LAYERS"
    before = {f"rag.{name}" for name in LAYERS[: LAYERS.index(path.stem)]}
    later = {name for name in imports(path) if name.split(".")[0] == "rag"} - before
    assert not later, f"{path.name} imports {sorted(later)}, which come after it"


def test_every_name_in_the_order_is_a_module():
    assert set(LAYERS) == {path.stem for path in RAG} - {"__init__"}
    assert len(LAYERS) == len(set(LAYERS))


@pytest.mark.parametrize("path", RAG, ids=lambda path: path.stem)
def test_nothing_inside_imports_the_door_or_the_page(path):
    allowed = {"ui.app"} if path.stem == "cli" else set()
    assert "rag" not in set(imports(path))
    assert {name for name in imports(path) if name.split(".")[0] == "ui"} <= allowed


@pytest.mark.parametrize("path", UI, ids=lambda path: path.stem)
def test_the_page_knows_the_door_and_the_nouns_only(path):
    assert {name for name in imports(path) if name.split(".")[0] == "rag"} <= UI_MAY_IMPORT


@pytest.mark.parametrize("path", UI, ids=lambda path: path.stem)
def test_only_one_file_of_the_page_knows_gradio(path):
    assert ("gradio" in {name.split(".")[0] for name in imports(path)}) == (path.stem == "app")


@pytest.mark.parametrize("path", [*RAG, *UI], ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_only_the_assembly_makes_embedders_and_models(path):
    calls = {
        getattr(node.func, "id", getattr(node.func, "attr", ""))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert path.stem == "assembly" or not calls & CONCRETE


def test_every_package_that_is_imported_is_declared():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = project.partition("\ndependencies = [")[2].partition("\n]")[0]
    declared = {plain(name) for name in re.findall(r'^ *"([A-Za-z0-9._-]+)', listed, re.MULTILINE)}
    providers = importlib.metadata.packages_distributions()
    missing = {}
    for path in [path for path in [*RAG, *UI] if path.stem not in TOOLS]:
        for package in {name.split(".")[0] for name in imports(path)} - BUILT_IN:
            if not {plain(name) for name in providers.get(package, [package])} & declared:
                missing[package] = path.name
    assert not missing


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
