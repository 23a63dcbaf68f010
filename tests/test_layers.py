"""The order in which the house is built, written once: each room, and each file in it, knows only those before it."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from support.places import ROOT

ROOMS = {
    "rag.translation": "",
    "rag.errors": "",
    "rag.values": "",
    "rag.events": "",
    "rag.settings": "",
    "rag.offline": "",
    "rag.machine": "",
    "rag.private_files": "",
    "rag.language": """
        characters lexicon stretches units countries capitals numerals quantities calendar_names dates words detection
        sentences names
    """,
    "rag.reading": """
        encodings misread decoding parsed_document styles cascade tabs formulas block_collector layout hidden frames
        prose quotable titles plain_marks plain_text notes numbering tables page_markup element_sizes dialogs
        pull_quotes teasers article_part web_page web_archive
        front_matter markdown_dialects markdown page_layout page_ornaments printed_text ink pdf archive symbol_fonts
        word_package word_styles word_document open_document book articles pages apart
    """,
    "rag.question": "indirect analysis intents sizes follow_ups understanding",
    "rag.index": """
        embedding onnx_embedding derived_files word_index word_fields schema connecting reserve database records store
        vectors passage_index chunking contexts batches verifying library adding backing_up
    """,
    "rag.reader": "reader word_table adapter heads state_cache meeting onnx_reader",
    "rag.search": """
        terms calibration reading reranking result coverage overview chronology surveying own_data quotes retrieval
        evidence whole searching
    """,
    "rag.check": "facts name_lookup fact_lookup premises verdicts checker",
    "rag.llm": """
        sampling stopping chat_model prompt evidence_prompt evidence quoting control_marks visible_text pieces
        server_words reply offered_models asking server_address server_errors server
    """,
    "rag.llm.llama": """
        bindings queue saved_states chat_template prefix gguf memory sampler vocabulary options engine opinion model
    """,
    "rag.models": """
        known catalogue fetching hub wheels packed graph_writing encoder_graph reader_graph unpacking installed
        installing
    """,
    "rag.bill_of_materials": "",
    "rag.answer": """
        sentences marks notices faults emphasis narrowing agreeing citations writing own_data small_talk speaking
        assistant
    """,
    "rag.card": "card places mentioned verbs clauses asking making",
    "rag.evaluation": """
        wording resampling calibration question_sets written readers report measuring entailment showing
    """,
    "rag.conversations": "turn quotations outline markdown word database notes store",
    "rag.opening": "",
    "rag.example": "",
    "rag.workspace": "",
    "rag.doctor": "",
    "rag.cli": """
        words commands completing options terminal questions contract showing talking asking libraries evaluation models
        app __main__
    """,
    "ui.gradio_without_stubs": "",
    "ui.words": "vocabulary scope french english choosing",
    "ui.door": "",
    "ui.state": "problem download exchange",
    "ui.html": "typography environment surroundings answer article card conversation panels models",
    "ui.live": "running warming ahead cards fetching",
    "ui.tab": "",
    "ui.shelf": "",
    "ui.models": "",
    "ui.page": "",
    "ui.exporting": "",
    "ui.views": "",
    "ui.acts": "",
    "ui.drawing": "",
    "ui.server": "staying addresses connections uploads listening attempts sessions dressing responding serving",
    "ui.chat": "",
    "ui.app": "",
}
"""Room → its files in order; a room without files is one file. A package's ``__init__`` comes last in it."""

SIDE_BY_SIDE = {"rag.cli": "ui.app"}  # the command line opens the page, and nothing else of it
UI_MAY_IMPORT = {
    "rag", "rag.errors", "rag.values", "rag.events", "rag.offline", "rag.settings",
    "rag.card",  # what it shows of an article
    "rag.conversations",  # what the page keeps
    "rag.reading",  # the formats it may upload
    "rag.translation",  # errors in the reader's language
}  # fmt: skip
CONCRETE = {
    "OnnxEmbedder", "SentenceTransformerEmbedder", "OnnxReader", "CrossEncoderReranker", "LlamaCppModel", "ServerModel",
}  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 300, 50
BUILT_IN = {"rag", "ui", *sys.stdlib_module_names}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for folder in ("rag", "ui") for path in sorted((ROOT / folder).rglob("*.py"))}
DOORS = {"rag", "ui"}
RANK = {
    name: number
    for number, name in enumerate(
        name for room, files in ROOMS.items() for name in (*(f"{room}.{file}" for file in files.split()), room)
    )
}
EVERY = pytest.mark.parametrize("name", SOURCES)
EVERY_IN_ITS_PLACE = pytest.mark.parametrize("name", [name for name in SOURCES if name not in DOORS])


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Yield every (module, name) a file imports, those in functions and under TYPE_CHECKING included."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            for alias in node.names:
                inside = f"{module}.{alias.name}"
                yield (inside, "") if inside in SOURCES else (module, alias.name)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            yield from ((str(one.value), "") for one in node.args if isinstance(one, ast.Constant))


def modules(name: str) -> set[str]:
    return {module for module, _ in imports(SOURCES[name])}


def of_this_house(name: str) -> set[str]:
    return {module for module in modules(name) if module.partition(".")[0] in {"rag", "ui"}}


def room(name: str) -> str:
    return max((one for one in ROOMS if name == one or name.startswith(f"{one}.")), key=len)


def test_every_file_was_seen_and_has_its_place():
    on_disk = {path for folder in ("rag", "ui") for path in (ROOT / folder).glob("**/*.py")}
    assert set(SOURCES.values()) == on_disk
    assert len(SOURCES) > 80, "the search for modules found too few of them"
    assert set(RANK) == set(SOURCES) - DOORS


@EVERY_IN_ITS_PLACE
def test_each_file_knows_only_what_comes_before_it(name):
    allowed = {SIDE_BY_SIDE.get(room(name), "")}
    doors = {"rag"} if name.startswith("ui.") else set()
    later = {one for one in of_this_house(name) - allowed - doors if RANK.get(one, sys.maxsize) >= RANK[name]}
    assert not later, f"{name} imports {sorted(later)}, which do not come before it"


@EVERY_IN_ITS_PLACE
def test_what_a_room_offers_is_taken_at_its_door(name):
    """So that a name is imported in one way only, and a room may move what stands behind its face."""
    offered = {
        (module, one): package
        for package in ROOMS
        if SOURCES[package].name == "__init__.py"
        for module, one in imports(SOURCES[package])
    }
    around = {one: package for one, package in offered.items() if not f"{room(name)}.".startswith(f"{package}.")}
    aside = [f"{'.'.join(one)}, offered by {around[one]}" for one in imports(SOURCES[name]) if one in around]
    assert not aside


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith("rag.")])
def test_nothing_inside_imports_the_door_or_the_page(name):
    assert "rag" not in modules(name)
    found = {one for one in of_this_house(name) if one.startswith("ui")}
    assert found <= {SIDE_BY_SIDE.get(room(name), "")}


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith("ui.")])
def test_the_page_knows_the_door_and_the_values_only(name):
    assert {one for one in of_this_house(name) if one.partition(".")[0] == "rag"} <= UI_MAY_IMPORT


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith("ui.")])
def test_only_the_components_and_their_launch_know_gradio(name):
    assert ("gradio" in {one.partition(".")[0] for one in modules(name)}) == (name in {"ui.chat", "ui.app"})


@EVERY
def test_only_one_file_makes_embedders_and_models(name):
    calls = {
        getattr(node.func, "id", getattr(node.func, "attr", ""))
        for node in ast.walk(parsed(SOURCES[name]))
        if isinstance(node, ast.Call)
    }
    assert name == "rag.opening" or not calls & CONCRETE


@pytest.mark.parametrize("name", [name for name, path in SOURCES.items() if path.name == "__init__.py"])
def test_every_room_says_what_comes_in_and_what_goes_out(name):
    said = ast.get_docstring(parsed(SOURCES[name])) or ""
    assert said
    if name not in DOORS:
        assert " come" in said, f"say in {name} what comes in"
        assert "out come" in said, f"say in {name} what goes out"


@EVERY
def test_files_and_functions_stay_short(name):
    text = SOURCES[name].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(parsed(SOURCES[name]))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert not long


def test_every_package_that_is_imported_is_declared():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = project.partition("\ndependencies = [")[2].partition("\n]")[0]
    declared = {plain(name) for name in re.findall(r'^ *"([A-Za-z0-9._-]+)', listed, re.MULTILINE)}
    providers = importlib.metadata.packages_distributions()
    missing = {}
    for name in SOURCES:
        for package in {one.partition(".")[0] for one in modules(name)} - BUILT_IN:
            if not {plain(provider) for provider in providers.get(package, [package])} & declared:
                missing[package] = name
    assert not missing


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
