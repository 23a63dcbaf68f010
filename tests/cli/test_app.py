"""The command line: the shape of its JSON is a contract, and every bad input is one sentence and exit code 1."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys

import pytest
from support.fakes import HashedWords, Scripted
from support.harbour import PORT
from support.places import ROOT

from rag import load_settings, open_workspace
from rag.cli.app import COMMANDS
from rag.cli.showing import Screen
from rag.cli.words import line
from rag.events import Finished, Working
from rag.models.installed import list_models
from rag.opening import embedder_in
from rag.values import Answer, Sentence

QUESTION = "Combien de pays devraient rejoindre la coalition ?"


@pytest.fixture
def port(tmp_path):
    path = tmp_path / "port.txt"
    path.write_text(PORT, encoding="utf-8")
    return path


def broken_gguf(folder):
    (folder / "model.gguf").write_bytes(b"GGUF\x03\x00\x00\x00" + b"\xff" * 200)
    return folder / "model.gguf"


def missing_gguf(folder):
    return folder / "absent.gguf"


def everything(folder) -> dict[str, bytes]:
    """Return every file below a folder with what it holds, but for SQLite's own notes of who is reading."""
    kept = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


# ── The contract of rag ask --json ──────────────────────────────────────────────────────────────────────────────────

NUMBER = (int, float)
SHAPE = {
    "question": str,
    "answer": str,
    "refused": bool,
    "model": str,
    "sentences": [{"text": str, "citations": [int], "supported": str, "struck": bool, "quoted": bool}],
    "citations": [{"n": int, "article": str, "title": str, "start": int, "end": int, "quote": str, "page": int}],
    "passages": [
        {"article": str, "start": int, "end": int, "text": str, "score": NUMBER, "dense": NUMBER, "lexical": NUMBER}
    ],
    "timings": {"retrieve_s": NUMBER, "first_token_s": NUMBER, "total_s": NUMBER},
}


def names(shape) -> list[str]:
    """Return the names in a shape, in their order, those within each after it."""
    shape = shape[0] if isinstance(shape, list) else shape
    return [one for name, inner in shape.items() for one in (name, *names(inner))] if isinstance(shape, dict) else []


def test_the_readme_tells_every_name_of_the_shape():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    told = page.partition("```\nquestion, ")[2].partition("```")[0]
    told = re.sub(r"\([^)]*\)|\[n\]", "", f"question, {told}")
    assert re.findall(r"\w+", told) == names(SHAPE)


def assert_shape(value, shape, place="answer"):
    if isinstance(shape, dict):
        assert list(value) == list(shape), place
        for name, inner in shape.items():
            assert_shape(value[name], inner, f"{place}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), place
        for number, one in enumerate(value):
            assert_shape(one, shape[0], f"{place}[{number}]")
    else:
        assert isinstance(value, shape), place
        assert isinstance(value, bool) == (shape is bool), place


def ask(rag, *words) -> dict:
    ran = rag("ask", *words, "--json")
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


@pytest.fixture
def meaning(rag, monkeypatch, bundled):
    """Let ``rag`` use the real embedder."""
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: bundled)


def test_an_answer_keeps_the_contract_and_points_at_exact_characters(rag, meaning, example):
    answer = ask(rag, QUESTION, "--indexes", example)
    assert_shape(answer, SHAPE)
    assert answer["question"] == QUESTION
    assert not answer["refused"]
    assert answer["sentences"]
    assert answer["citations"]
    assert answer["passages"]
    workspace = open_workspace(load_settings(indexes=example))
    for one in (*answer["citations"], *answer["passages"]):
        text = workspace.article("example", one["article"]).text
        assert text[one["start"] : one["end"]] == one.get("quote", one.get("text"))
    workspace.close()
    numbers = [citation["n"] for citation in answer["citations"]]
    assert len(numbers) == len(set(numbers))
    assert {n for sentence in answer["sentences"] for n in sentence["citations"]} == set(numbers)
    assert {sentence["supported"] for sentence in answer["sentences"]} <= {
        "yes",
        "partly",
        "no",
        "contradicted",
        "unchecked",
    }
    timings = answer["timings"]
    assert 0 <= timings["retrieve_s"] <= timings["first_token_s"] <= timings["total_s"]
    scores = [passage["score"] for passage in answer["passages"]]
    assert all(score == score for score in scores)


def test_a_refusal_keeps_the_contract_too(rag, meaning, example):
    answer = ask(rag, "Quelle est la capitale du Japon ?", "--indexes", example)
    assert_shape(answer, SHAPE)
    assert answer["refused"]
    assert answer["sentences"] == answer["citations"] == []
    assert answer["answer"]


def test_a_models_marks_become_citations_and_made_up_ones_vanish(rag, meaning, example, monkeypatch):
    model = Scripted(Working("reading", 0.5), "Plus de 30 ", "pays y prendraient part [", "1", "][99]. ")
    monkeypatch.setattr("rag.workspace.Workspace.model", lambda _: model)
    answer = ask(rag, QUESTION, "--indexes", example)
    assert_shape(answer, SHAPE)
    assert answer["model"] == "scripted"
    assert "99" not in answer["answer"]
    (sentence,) = answer["sentences"]
    assert sentence["text"] == "Plus de 30 pays y prendraient part."
    assert sentence["citations"] == [citation["n"] for citation in answer["citations"]]
    assert len(answer["citations"]) == 1


# ── What a person types first ───────────────────────────────────────────────────────────────────────────────────────


def test_asking_in_plain_text_shows_the_answer_and_where_it_stands(rag, meaning, example):
    ran = rag("ask", QUESTION, "--indexes", example)
    assert ran.code == 0
    assert "[1]" in ran.out
    assert "30" in ran.out
    assert "rag models pull" in ran.out


def test_articles_go_in_are_listed_and_go_out(rag, port):
    added = rag("add", port, "--library", "press")
    assert (added.code, added.err) == (0, "")
    assert "added: 'Le port de Bréhal rouvre'" in added.out
    (entry,) = json.loads(rag("list", "--json").out)["press"]
    assert (entry["source"], entry["language"]) == ("port.txt", "fr")
    assert entry["identifier"] in rag("list").out
    assert "unchanged" in rag("add", port, "-l", "press").out
    assert "1 article, " in rag("verify", "--library", "press").out
    assert rag("remove", "port.txt", "--library", "press").code == 0
    assert json.loads(rag("list", "--library", "press", "--json").out) == {"press": []}
    assert port.read_text(encoding="utf-8") == PORT


def test_a_model_reads_an_article_that_is_added_alone_and_not_a_folder(rag, port, tmp_path, monkeypatch):
    model = Scripted()
    monkeypatch.setattr("rag.workspace.Workspace.model", lambda _: model)
    folder = tmp_path / "many"
    folder.mkdir()
    for name in ("un", "deux"):
        (folder / f"{name}.txt").write_text(PORT.replace("Bréhal", name), encoding="utf-8")
    assert rag("add", folder).code == 0
    assert model.prompts == []
    assert rag("add", port).code == 0
    assert len(model.prompts) == 1
    (folder / "deux.txt").write_text(PORT.replace("Bréhal", "Granville"), encoding="utf-8")
    assert rag("add", folder).code == 0
    assert len(model.prompts) == 2  # the one that changed


@pytest.mark.parametrize("named", [broken_gguf, missing_gguf], ids=["broken", "missing"])
def test_a_model_that_cannot_be_opened_leaves_the_article_added(rag, port, tmp_path, monkeypatch, named):
    monkeypatch.setenv("RAG_MODEL", str(named(tmp_path)))
    ran = rag("add", port, "-l", "press")
    assert ran.code == 0
    assert "added: 'Le port de Bréhal rouvre'" in ran.out
    assert ran.err.startswith("rag: The article was added, but no model read it: ")
    assert ran.err.count("\n") == 1
    assert " Next: " in ran.err
    monkeypatch.delenv("RAG_MODEL")
    assert "1 article, " in rag("verify", "-l", "press").out


def test_ones_own_articles_are_asked_before_the_example(rag, example, port):
    rag("add", port, "--indexes", example)
    titles = {
        citation["title"] for citation in ask(rag, "Combien mesure la digue ?", "--indexes", example)["citations"]
    }
    assert titles == {"Le port de Bréhal rouvre"}


def test_a_question_can_be_kept_to_one_article(rag, port, tmp_path):
    (tmp_path / "autre.txt").write_text("Le port de Sète\n\nLa digue mesure 650 mètres.\n", encoding="utf-8")
    rag("add", port, tmp_path / "autre.txt")
    answer = ask(rag, "Combien mesure la digue ?", "--article", "autre.txt")
    assert {passage["text"] for passage in answer["passages"]} <= {"Le port de Sète\n\nLa digue mesure 650 mètres."}


def test_a_library_is_made_anew_for_another_embedder_by_itself_or_when_asked(rag, port, monkeypatch):
    rag("add", port, "-l", "press")
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: HashedWords(version=2))
    assert ask(rag, "Combien mesure la digue ?", "-l", "press")["citations"]
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: HashedWords(version=3))
    assert rag("rebuild", "--library", "press").code == 0
    assert ask(rag, "Combien mesure la digue ?", "-l", "press")["citations"]


def test_without_any_library_the_list_says_what_to_type(rag):
    ran = rag("list")
    assert (ran.code, "rag add PATH" in ran.out) == (0, True)


# ── Bad input: one sentence, exit code 1, nothing lost ──────────────────────────────────────────────────────────────


def binary(folder):
    (folder / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    return folder / "photo.txt"


def empty(folder):
    (folder / "empty.txt").write_bytes(b"")
    return folder / "empty.txt"


def text_named_gguf(folder):
    (folder / "notes.gguf").write_text("these are notes", encoding="utf-8")
    return folder / "notes.gguf"


def a_file(folder):
    (folder / "notes").write_text("not a folder", encoding="utf-8")
    return folder / "notes"


BAD = {
    "missing file": (lambda folder: ["add", folder / "nowhere.txt"], "nowhere.txt"),
    "empty file": (lambda folder: ["add", empty(folder)], "empty.txt is empty"),
    "binary file": (lambda folder: ["add", binary(folder)], "photo.txt is not a text file"),
    "empty folder": (lambda folder: ["add", (folder / "none").mkdir() or folder / "none"], "holds no file"),
    "unknown library": (lambda _: ["ask", QUESTION, "--library", "nobody"], "no library nobody"),
    "unknown library to verify": (lambda _: ["verify", "--library", "nobody"], "no library nobody"),
    "unknown library to list": (lambda _: ["list", "--library", "nobody"], "no library nobody"),
    "impossible name": (lambda folder: ["add", folder / "port.txt", "-l", "../up"], "cannot be the name"),
    "unknown article": (lambda _: ["remove", "nothing", "-l", "press"], "holds no article 'nothing'"),
    "unknown article to ask": (lambda _: ["ask", QUESTION, "-l", "press", "--article", "x"], "holds no article 'x'"),
    "broken model": (lambda folder: ["ask", QUESTION, "-l", "press", "--model", broken_gguf(folder)], "model.gguf"),
    "no model": (lambda folder: ["ask", QUESTION, "-l", "press", "--model", text_named_gguf(folder)], "notes.gguf"),
    "missing model": (lambda _: ["ask", QUESTION, "-l", "press", "--model", "absent"], "absent"),
    "empty question": (lambda _: ["ask", "  \n"], "question is empty"),
    "half a login": (lambda _: ["chat", "--auth", "marie"], "a name and a password"),
    "no login in the file": (lambda folder: ["chat", "--auth-file", a_file(folder)], "a name and a password"),
    "no file of a login": (lambda folder: ["chat", "--auth-file", folder / "absent"], "cannot be read"),
    "two logins": (lambda folder: ["chat", "--auth", "a:b", "--auth-file", a_file(folder)], "name an account each"),
    "indexes is a file": (lambda folder: ["add", folder / "port.txt", "--indexes", a_file(folder)], "cannot be made"),
}


def test_a_bad_file_is_told_at_the_end_and_the_others_are_added(rag, port, tmp_path):
    ran = rag("add", empty(tmp_path), port, tmp_path / "nowhere.txt", "-l", "press")
    assert (ran.code, "added: " in ran.out, "Traceback" in ran.err) == (1, True, False)
    told = [line for line in ran.err.splitlines() if line.startswith("rag: ")]
    assert [word in line for word, line in zip(("empty.txt is empty", "nowhere.txt"), told, strict=True)] == [
        True,
        True,
    ]


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_sentence_and_loses_nothing(rag, port, tmp_path, kind):
    rag("add", port, "-l", "press")
    words, expected = BAD[kind]
    command = words(tmp_path)
    before = everything(tmp_path / "indexes")
    ran = rag(*command)
    assert ran.code == 1
    assert expected in ran.err
    assert ran.err.startswith("rag: ")
    assert ran.err.count("\n") == 1
    assert " Next: " in ran.err
    assert "Traceback" not in ran.err + ran.out
    assert ran.out == ""
    assert everything(tmp_path / "indexes") == before


@pytest.mark.parametrize(
    ("name", "value"), [("RAG_PASSAGES", "many"), ("RAG_MODLE", "x.gguf"), ("RAG_EMBEDDER", "/nowhere/at/all")]
)
def test_a_bad_setting_is_one_sentence(rag, monkeypatch, name, value):
    monkeypatch.setattr("rag.opening.embedder_in", embedder_in)
    monkeypatch.setenv(name, value)
    ran = rag("ask", QUESTION)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert value in ran.err or name in ran.err


def test_the_program_itself_ends_with_one_sentence_and_1():
    command = [sys.executable, "-m", "rag.cli", "ask", " "]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == 'rag: The question is empty. Next: rag ask "Combien de pays ?"\n'


PROGRAM = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
import rag.opening
from rag.cli import main
from support.fakes import HashedWords
from support.word_reader import WordReader
rag.opening.embedder_in = lambda *_, **__: HashedWords()
rag.opening.reader_in = lambda _: WordReader()
sys.argv[0] = "rag"
main()
"""


@pytest.mark.parametrize("words", [("ask", QUESTION), ("list",), ("models", "list"), ("--help",)], ids=" ".join)
def test_who_no_longer_reads_what_is_printed_sees_no_error(example, words):
    """As with ``rag ask … | head``; some of it is printed by typer, some by rich."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", PROGRAM, *words]
    ran = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (141, "")


def test_a_port_that_is_taken_is_one_sentence_with_a_free_one(rag, example):
    with socket.create_server(("127.0.0.1", 0)) as server:
        ran = rag("chat", "--port", str(server.getsockname()[1]), "--no-browser", "--indexes", example)
    assert ran.code == 1
    assert f"port {server_port(ran.err)}" in ran.err
    assert ran.err.count("\n") == 1


def test_a_login_reaches_the_page_whole(rag, example, monkeypatch):
    launched = []
    monkeypatch.setattr("ui.app.main", lambda *_, **options: launched.append(options))
    assert rag("chat", "--auth", "marie:ph:are", "--no-browser", "--indexes", example).code == 0
    assert rag("chat", "--no-browser", "--indexes", example).code == 0
    assert [options["auth"] for options in launched] == [("marie", "ph:are"), None]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ("Demandez à l’article\u00a0: http://a/?token=t", "D’autres machines peuvent ouvrir cette page.")),
        ("en", ("Ask the article: http://a/?token=t", "Other machines can reach this page.")),
    ],
)
def test_where_the_page_is_is_said_in_the_language_of_the_terminal(rag, example, monkeypatch, language, said):
    monkeypatch.setenv("RAG_LANGUAGE", language)
    monkeypatch.setattr("ui.app.main", lambda *_, tell, **__: tell(["http://a/?token=t", "http://b/?token=t"]))
    first, second, *others = rag("chat", "--no-browser", "--indexes", example).out.splitlines()
    assert (first, second.startswith(said[1]), others) == (said[0], True, ["http://b/?token=t"])
    monkeypatch.setattr("ui.app.main", lambda *_, tell, **__: tell(["http://c/"]))
    assert rag("chat", "--no-browser", "--indexes", example).out.splitlines() == [
        said[0].partition("http")[0] + "http://c/"
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("columns", [72, 80, 100])
def test_no_note_on_a_model_is_cut_off(rag, tmp_path, monkeypatch, language, columns):
    monkeypatch.setenv("RAG_LANGUAGE", language)
    monkeypatch.setenv("RAG_MODELS", str(tmp_path))
    monkeypatch.setenv("COLUMNS", str(columns))
    table = rag("models", "list").out
    told = "".join(table.split())
    for model in list_models(tmp_path, 8192):
        assert model.name in table
        assert all(word in told for word in line(model.note).split())


def test_a_login_may_come_from_a_file_or_the_environment(rag, example, tmp_path, monkeypatch):
    launched = []
    monkeypatch.setattr("ui.app.main", lambda *_, **options: launched.append(options["auth"]))
    (tmp_path / "account").write_text("marie:ph:are \nsecond line\n", encoding="utf-8")
    chat = ("chat", "--no-browser", "--indexes", example)
    rag(*chat, "--auth-file", tmp_path / "account")
    monkeypatch.setenv("RAG_AUTH", "jean:mer")
    rag(*chat)
    rag(*chat, "--auth", "a:b")
    assert launched == [("marie", "ph:are "), ("jean", "mer"), ("a", "b")]


def test_one_damaged_library_keeps_no_other_from_being_listed(rag, port, tmp_path):
    for name in ("press", "zoo"):
        rag("add", port, "-l", name)
    (tmp_path / "indexes" / "press" / "library.sqlite").write_bytes(b"\x00" * 5000)
    for words in ((), ("--json",)):
        ran = rag("list", *words)
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert "damaged" in ran.err
        assert "zoo" in ran.out
        assert PORT.partition("\n")[0] in ran.out


def server_port(sentence: str) -> str:
    return sentence.partition("port ")[2].split()[0]


@pytest.mark.parametrize("name", ["library.sqlite", "vectors.faiss"])
def test_a_damaged_library_is_a_sentence_or_mended(rag, port, tmp_path, name):
    rag("add", port, "-l", "press")
    ask(rag, "Combien mesure la digue ?", "-l", "press")
    path = tmp_path / "indexes" / "press" / name
    path.write_bytes(b"\x00" * 5000)
    ran = rag("ask", "Combien mesure la digue ?", "-l", "press")
    if name == "vectors.faiss":
        assert (ran.code, ran.err) == (0, "")
        assert "310" in ran.out
    else:
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert "damaged" in ran.err
        assert path.read_bytes() == b"\x00" * 5000


def test_a_question_that_is_no_unicode_is_answered_or_refused(rag, example):
    ran = rag("ask", f"Combien de pays {chr(0xDCE9)} ?", "--indexes", example, "--json")
    assert ran.code == 0
    assert "\\udc" not in ran.out


def test_a_terminal_without_our_characters_still_gets_the_answer(rag, port, monkeypatch):
    port.write_text(PORT.replace("rouvre", "rouvre 🚢"), encoding="utf-8")
    rag("add", port)
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", terminal)
    ran = rag("list")
    terminal.flush()
    assert (ran.code, ran.err) == (0, "")
    assert "Le port de Bréhal rouvre ?".encode("latin-1") in terminal.buffer.getvalue()


def test_stopping_with_the_keyboard_is_no_error_message(rag, example, monkeypatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rag.workspace.Workspace.answer", interrupt)
    ran = rag("ask", QUESTION, "--indexes", example)
    assert ran.code == 130
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("command", [*COMMANDS, "models"])
def test_every_command_explains_itself(rag, command):
    ran = rag(command, "--help")
    assert ran.code == 0
    assert "Usage: rag" in ran.out


@pytest.mark.parametrize(
    ("sentence", "language", "said"),
    [
        (Sentence("Il y a 13 pays.", (1,), "no", ("13",)), "fr", "Absent de l'article\u00a0: 13."),
        (Sentence("Il y a 9 pays.", (1,), "contradicted", ("9",)), "fr", "Contredit par l'article\u00a0: 9."),
        (Sentence("Rien de tel.", (), "no"), "fr", "Absent de l'article."),
        (Sentence("More or less.", (1,), "partly"), "en", "Only partly supported."),
        (Sentence("Moscow agrees.", (1,), "contradicted"), "en", "Contradicted by the article."),
    ],
)
def test_a_doubt_says_whether_the_article_is_silent_or_says_the_contrary(sentence, language, said, capsys):
    answer = Answer("?", sentence.text, refused=False, model="m", language=language, sentences=(sentence,))
    Screen().show([Finished(answer)])
    assert said in capsys.readouterr().out
