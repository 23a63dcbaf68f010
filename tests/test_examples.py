"""The programs of ``examples/`` run as a reader would run them, over the bundled article and a file of their own."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from support.places import EXAMPLE, ROOT

REAL = pytest.mark.usefixtures("bundled")  # the programs embed; refusals are calibrated on what a real embedder says

QUESTION = "Combien de pays devraient rejoindre la coalition ?"
EXAMPLES = {path.stem for path in (ROOT / "examples").glob("*.py")}
RUN_HERE = {"ask", "stream_events", "add_and_list"}


def run(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(ROOT / "examples" / f"{name}.py"), *words]
    return subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)


def test_every_example_is_run_here():
    assert EXAMPLES == RUN_HERE


@REAL
def test_ask_prints_the_answer_and_the_very_characters_it_cites(example):
    done = run("ask", QUESTION)
    assert done.returncode == 0, done.stderr
    cited = re.findall(r"^\[\d+\] (.+) \(\d+-\d+\)$", done.stdout, re.MULTILINE)
    assert any("30 pays" in quote for quote in cited)
    assert all(quote in EXAMPLE.read_text(encoding="utf-8") for quote in cited)


@REAL
def test_events_come_in_the_order_that_is_promised(example):
    done = run("stream_events", QUESTION)
    assert done.returncode == 0, done.stderr
    kinds = [line.split()[0] for line in done.stdout.splitlines()]
    assert kinds[0] == "found"
    assert {"text", "citation", "check"} <= set(kinds[1:-1])
    assert kinds[-1] == "finished"


@REAL
def test_what_is_added_is_listed(tmp_path):
    file = tmp_path / "digue.txt"
    file.write_text("La digue\n\nLa digue mesure 310 mètres.\n", encoding="utf-8")
    done = run("add_and_list", "press", str(file))
    assert done.returncode == 0, done.stderr
    added, listed = done.stdout.splitlines()
    assert added == "added: digue.txt"
    assert "La digue" in listed


@REAL
def test_an_error_is_one_sentence_with_the_next_command(tmp_path):
    done = run("add_and_list", "press", str(tmp_path / "nowhere.txt"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"There is no file .*nowhere\.txt\. Next: .+\n", done.stderr)
