"""Nothing that an article holds reaches the terminal as a control character or an escape sequence."""

from __future__ import annotations

import json

import pytest
from support.places import ROOT

from rag.cli.terminal import printable, say_json

ESCAPES = "\x1b[2J\x1b]0;titre\x07\x1b[31mLe port\x9b1m a rouvert\x08\x7f\r."


def test_no_control_character_is_printed_but_tab_and_line_feed():
    assert printable("a\tb\nc") == "a\tb\nc"
    assert not any(ord(one) < 32 or 127 <= ord(one) < 160 for one in printable(ESCAPES))
    assert printable("Été : 3 °C, naïve 漢 😀") == "Été : 3 °C, naïve 漢 😀"


@pytest.mark.parametrize("around", ["\u202e", "\u202d"])
def test_no_title_turns_what_is_printed_after_it_around(around):
    assert printable(f"{around}eltit, 105 characters") == "\ufffdeltit, 105 characters"
    assert printable("\u200fשלום\u200e, \u2067مرحبا\u2069") == "\u200fשלום\u200e, \u2067مرحبا\u2069"


def test_json_keeps_every_character_and_prints_none_that_controls(capsys):
    say_json({"text": ESCAPES})
    out = capsys.readouterr().out
    assert json.loads(out) == {"text": ESCAPES}
    assert not any(one != "\n" and (ord(one) < 32 or 127 <= ord(one) < 160) for one in out)


@pytest.mark.parametrize("command", [("list",), ("ask", "Quand le port a-t-il rouvert ?"), ("remove",)])
def test_no_command_prints_the_escape_sequences_of_an_article(rag, tmp_path, command):
    file = tmp_path / "escape.txt"
    file.write_text(
        f"Titre\x1b[31m rouge\n\nLe port \x1b[5ma rouvert samedi 3 juin 2024.{' Il pleut.' * 20}\n", encoding="utf-8"
    )
    added = rag("add", file)
    assert added.code == 0
    if command == ("remove",):
        command = ("remove", "escape.txt")
    ran = rag(*command)
    assert ran.code == 0
    for said in (added.out, added.err, ran.out, ran.err):
        assert "\x1b" not in said


def test_every_command_writes_through_the_same_functions():
    for path in (ROOT / "rag" / "cli").glob("*.py"):
        if path.name != "terminal.py":
            source = path.read_text(encoding="utf-8")
            assert "typer.echo" not in source
            assert "typer.secho" not in source
            assert " print(" not in source


def test_an_error_and_what_to_do_are_told_in_the_language_of_the_system(rag, monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    ran = rag("list", "--library", "absente")
    assert ran.code == 1
    assert ran.err.startswith("rag: Il n'y a pas de bibliothèque absente dans ")
    assert ran.err.rstrip().endswith("À faire\u00a0: rag add CHEMIN --library absente")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert rag("list", "--library", "absente").err.rstrip().endswith("Next: rag add PATH --library absente")
