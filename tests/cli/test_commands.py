"""Every command explains itself, and says what was typed wrongly, in the person's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from rag.cli import commands
from rag.cli.app import app
from rag.cli.commands import texts_of
from rag.translation import LINE, filled, templates

ENGLISH = ("Usage:", "Show this message", "Options:", "Commands ", "Arguments:", "required", "default:", "Try ")


def every(command: Any) -> Iterator[Any]:
    """Yield a command and all that are within it."""
    yield command
    for inner in getattr(command, "commands", {}).values():
        yield from every(inner)


def test_every_help_has_its_french():
    texts = {text for command in every(get_command(app)) for _, text in texts_of(command)}
    known = {template.fixed for template in templates("fr", LINE)}
    assert len(texts) > 50, "the search for helps found too few of them"
    assert not {text for text in texts if (text,) not in known}
    assert not {fixed for fixed in commands._FIXED.values() if filled(fixed, "fr") == fixed} - {"Arguments", "Options"}


@pytest.mark.parametrize("words", [(), ("ask",), ("add",), ("models",), ("models", "pull"), ("eval",)], ids=" ".join)
def test_a_help_is_french_throughout(rag, monkeypatch, words):
    monkeypatch.setenv("RAG_LANGUAGE", "fr")
    ran = rag(*words, "--help")
    assert ran.code == 0
    assert f"Utilisation\u00a0: rag {' '.join(words)}".rstrip() in ran.out
    assert "Afficher cette aide." in ran.out
    assert not [word for word in ENGLISH if word in ran.out]


def test_a_help_is_english_again_where_the_person_is(rag, monkeypatch):
    monkeypatch.setenv("RAG_LANGUAGE", "fr")
    rag("models", "pull", "--help")
    monkeypatch.setenv("RAG_LANGUAGE", "en")
    shown = rag("models", "pull", "--help").out
    assert "Usage: rag models pull [OPTIONS]" in shown
    assert "[required]" in shown
    assert "Show this message and exit." in shown


@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        (("asc",), "La commande «\u00a0asc\u00a0» n'existe pas. Vouliez-vous dire 'ask'", "No such command 'asc'"),
        (("ask", "--fooo"), "L'option --fooo n'existe pas.", "No such option: --fooo"),
        (("models", "pull"), "Il manque l'argument «\u00a0NAME\u00a0».", "Missing argument 'NAME'."),
        (("chat", "--port"), "L'option «\u00a0--port\u00a0» veut une valeur.", "'--port' requires an argument."),
        (("chat", "--port", "x"), "il faut un nombre entier.", "valid integer"),
        (("chat", "--port", "0"), "il faut 1 au moins.", "greater than or equal to 1"),
        (
            ("eval", "x", "--show", "2", "--json"),
            "Impossible\u00a0: --show écrit un texte à lire",
            "--show prints text",
        ),
        (("remove", "a", "b"), "Un argument de trop\u00a0: b.", "extra argument(s) (b)"),
    ],
)
def test_what_was_typed_wrongly_is_told(rag, monkeypatch, words, french, english):
    for language, sentence in (("fr", french), ("en", english)):
        monkeypatch.setenv("RAG_LANGUAGE", language)
        ran = rag(*words)
        assert ran.code == 2
        assert sentence in " ".join(ran.err.replace("│", " ").replace("\n", " ").split(" ")).replace("  ", " ")
        assert "Traceback" not in ran.err


@pytest.mark.parametrize("name", ["RAG_MODEL", "RAG_SERVER", "RAG_INDEXES"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_help_names_what_of_the_environment_sets_the_same(rag, monkeypatch, name, language):
    monkeypatch.setenv("RAG_LANGUAGE", language)
    assert name in rag("ask", "--help").out
