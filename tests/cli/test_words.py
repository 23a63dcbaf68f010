"""What the terminal says by itself is said in the person's language, on every line of every command."""

from __future__ import annotations

import ast
import re
from typing import get_args, get_type_hints

import pytest
from support.harbour import PORT
from support.places import ROOT

from rag.cli import models
from rag.cli.words import line, percent, system_language
from rag.events import Ingested, Ingesting
from rag.models import CATALOGUE
from rag.models.fetching import Pulling
from rag.models.installing import Soundness
from rag.translation import LINE, filled, templates

SOURCES = sorted((ROOT / "rag" / "cli").glob("*.py"))
MEASURING = "evaluation.py"  # figures for whoever changes the program, in English as its documents are
WORD = re.compile(r"[^\W\d_]{2,}")


def calls(*names: str):
    """Yield the calls of functions of these names in the command line, with the file that holds each."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
                yield path, node


def given() -> set[str]:
    """Return every text that is given to be said in the person's language."""
    literal = {
        one.value
        for _, call in calls("line")
        if call.args
        for one in ast.walk(call.args[0])
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
    stages = {stage for event in (Ingesting, Pulling) for stage in get_args(get_type_hints(event)["stage"])}
    statuses = {*get_args(get_type_hints(Ingested)["status"]), *get_args(Soundness)}
    notes = {known.note for known in CATALOGUE.values() if known.note}
    return {
        *literal,
        *stages,
        *statuses,
        *notes,
        models.MEMORY,
        models.CHOOSE,
        *models.DOES.values(),
        *models.KINDS.values(),
    }


def test_every_line_has_its_french():
    known = {one.fixed for one in templates("fr", LINE)}
    assert len(given()) > 60, "the search for lines found too few of them"
    assert not {text for text in given() if tuple(re.split(r"\{\w+\}", text)) not in known}


def test_no_line_is_written_in_one_language_only():
    spoken = set()
    for path, call in calls("say", "show_progress", "print"):
        inner = [one for one in ast.walk(call) if isinstance(one, ast.Call) and one is not call]
        told = {below for one in inner for below in ast.walk(one)}
        texts = {one.value for one in ast.walk(call) if isinstance(one, ast.Constant) and one not in told}
        words = {text for text in texts if isinstance(text, str) and WORD.search(text) and text.strip(": ") != "rag"}
        spoken |= {f"{path.name}:{call.lineno}: {text}" for text in words if path.name != MEASURING}
    assert not spoken


@pytest.mark.parametrize(
    ("template", "values", "french"),
    [
        ("Removed {title} from the library {library}.", {"title": "'l’été'", "library": "press"},
         "«\u00a0l’été\u00a0» est retiré de la bibliothèque press."),
        ("{number} GB", {"number": "2.50"}, "2,50 Go"),
        ("{name} is removed.", {"name": "{name} in {folder}"}, "{name} in {folder} est retiré."),
        ("A {brace} that is no value", {}, "A {brace} that is no value"),
    ],
)  # fmt: skip
def test_a_line_is_filled_in_whatever_its_values_hold(template, values, french):
    assert filled(template, "fr", **values) == french
    assert filled(template, "xx", **values) == (template.format(**values) if values else template)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LC_ALL": "fr_FR.UTF-8"}, "fr"),
        ({"LC_ALL": "C.UTF-8", "RAG_LANGUAGE": "fr"}, "fr"),
        ({"LC_ALL": "fr_CA.UTF-8", "RAG_LANGUAGE": "en"}, "en"),
    ],
)
def test_the_language_is_the_one_that_is_set_else_the_systems(monkeypatch, environment, language):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert system_language() == language
    assert percent(0.5) == ("50\u00a0%" if language == "fr" else "50%")
    assert line("1 article") == "1 article"


def test_adding_listing_checking_and_removing_speak_french(rag, tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_LANGUAGE", "fr")
    assert rag("list").out == "Il n'y a pas encore de bibliothèque. À faire\u00a0: rag add CHEMIN\n"
    for name in ("port.txt", "copie.txt"):
        (tmp_path / name).write_text(PORT, encoding="utf-8")
    added = rag("add", tmp_path / "port.txt", "-l", "press").out
    assert added.startswith("ajouté\u00a0: «\u00a0")
    assert added.endswith(" dans press\n")
    again = rag("add", tmp_path / "copie.txt", "-l", "press").out
    assert again.startswith("inchangé\u00a0: «\u00a0")
    assert "copie.txt contient le même texte que port.txt, qui reste." in again
    assert re.search(r"^press  \(1 article\)\n.* \d+ caractères  \[port\.txt\]\n$", rag("list").out)
    assert rag("verify", "-l", "press").out.startswith("La bibliothèque press est saine\u00a0: 1 article, ")
    assert rag("rebuild", "-l", "press").out.endswith("La bibliothèque press est refaite\u00a0: 1 article.\n")
    made = tmp_path / "press.sqlite"
    assert (
        rag("backup", made, "-l", "press").out == f"Écrit\u00a0: {made}. Pour la remettre\u00a0: rag restore {made}\n"
    )
    assert rag("remove", "port.txt", "-l", "press").out.endswith("\u00a0» est retiré de la bibliothèque press.\n")
    assert rag("restore", made, "-l", "press").out == "La bibliothèque press est remise en place\u00a0: 1 article.\n"
