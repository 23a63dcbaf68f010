"""What keeps a library safe, as it is typed: verified, copied, put back, and its texts taken out."""

from __future__ import annotations

import json
import sqlite3

import pytest
from support.harbour import PORT


@pytest.fixture
def press(rag, tmp_path):
    """Give the file of a library with one article."""
    file = tmp_path / "port.txt"
    file.write_text(PORT, encoding="utf-8")
    assert rag("add", file, "-l", "press").code == 0
    return tmp_path / "indexes" / "press" / "library.sqlite"


def change(file, statement):
    with sqlite3.connect(file) as connection:
        connection.execute(statement)
    connection.close()


def test_a_library_is_copied_and_comes_back(rag, press, tmp_path):
    copy = tmp_path / "copy.sqlite"
    ran = rag("backup", copy, "-l", "press")
    assert (ran.code, ran.err) == (0, "")
    assert f"rag restore {copy}" in ran.out
    assert rag("remove", "port.txt", "-l", "press").code == 0
    restored = rag("restore", copy, "-l", "press")
    assert (restored.code, restored.err) == (0, "")
    assert "Restored the library press: 1 article." in restored.out
    assert json.loads(rag("list", "-l", "press", "--json").out)["press"][0]["source"] == "port.txt"
    again = rag("restore", copy, "-l", "press")
    assert (again.code, again.out, again.err.count("\n")) == (1, "", 1)
    assert "--replace" in again.err
    assert rag("restore", copy, "-l", "press", "--replace").code == 0


def test_a_file_that_was_cut_to_nothing_is_kept_and_a_copy_takes_its_place(rag, press, tmp_path):
    rag("backup", tmp_path, "-l", "press")
    press.write_bytes(b"")
    ran = rag("verify", "-l", "press")
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "rag restore BACKUP --library press" in ran.err
    assert press.read_bytes() == b""
    assert "damaged-1" in rag("restore", tmp_path / "press.sqlite", "-l", "press").out
    assert "is sound: 1 article" in rag("verify", "-l", "press").out


def test_what_verify_mended_is_told_and_what_it_could_not_is_one_sentence_with_what_helps(rag, press, tmp_path):
    change(press, "UPDATE passages SET vector = zeroblob(length(vector))")
    ran = rag("verify", "-l", "press")
    assert (ran.code, ran.err) == (0, "")
    assert "Mended: " in ran.out
    assert "is sound" in ran.out
    assert "Mended" not in rag("verify", "-l", "press").out
    change(press, "UPDATE articles SET text = replace(text, 'digue', 'dique')")
    ran = rag("verify", "-l", "press")
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert f"rag add {tmp_path / 'port.txt'} --library press" in ran.err


def test_texts_are_exported_exactly(rag, press, tmp_path):
    ran = rag("export", tmp_path / "texts", "-l", "press")
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'texts' / 'port.txt'}\n")
    assert (tmp_path / "texts" / "port.txt").read_bytes() == PORT.encode()
    assert rag("export", tmp_path / "one", "port.txt", "-l", "press").code == 0
    assert rag("export", tmp_path / "one", "nothing", "-l", "press").code == 1


def test_each_file_that_could_not_be_read_is_named_whatever_its_error_says(rag, tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.html").write_text(f"<html><body>{'<div>' * 3000}<p>{PORT}</p>", encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    ran = rag("add", tmp_path, "-l", "press")
    assert ran.code == 1
    assert [line.split(" ")[1] for line in ran.err.splitlines()] == ["a.html:", "b.html:", "empty.txt"]
