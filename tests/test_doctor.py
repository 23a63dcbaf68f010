"""The doctor looks at everything, and each thing that is wrong comes with the command that mends it."""

from __future__ import annotations

import importlib.metadata
import json
import os
from collections import namedtuple
from pathlib import Path

import pytest
from support.gguf_heads import write_head
from support.openai_server import running
from support.word_reader import WordReader

from rag import doctor
from rag.conversations.database import FILE
from rag.errors import ModelError
from rag.models.installed import MANIFEST
from rag.settings import load_settings

Disk = namedtuple("Disk", "total used free")  # noqa: PYI024
Memory = namedtuple("Memory", "total available")  # noqa: PYI024


@pytest.fixture
def healthy(monkeypatch, embedder, example):
    """Give a machine on which everything is right, whatever this one lacks."""
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: embedder)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())
    monkeypatch.setattr(doctor, "bindings", lambda: None)
    monkeypatch.setattr(doctor.importlib.metadata, "version", lambda _: "1.0")
    monkeypatch.setattr(doctor.psutil, "virtual_memory", lambda: Memory(16_000_000_000, 9_000_000_000))
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: Disk(0, 0, 50_000_000_000))
    monkeypatch.setattr(doctor, "refused", tuple)
    return monkeypatch


def findings(**options):
    return {one.check: one for one in doctor.examine(load_settings(**options))}


def test_where_all_is_right_nothing_is_bad_and_the_missing_model_is_a_note(healthy):
    found = findings()
    assert [one.check for one in found.values() if one.severity == "bad"] == []
    assert found["Library example"].result == "1 article"
    assert (found["Answers"].severity, found["Answers"].remedy) == ("note", "rag models pull ministral-3-3b")


def missing(name: str) -> str:
    if name == "gradio":
        raise importlib.metadata.PackageNotFoundError(name)
    return "1.0"


def unloadable() -> None:
    raise ModelError("llama.cpp cannot be loaded: no libgomp.", "apt install libgomp1")


def protect(patch, folder) -> None:
    """Let a folder and what is in it be read, and nothing there be written."""
    access = os.access

    def allowed(path, mode, **more):
        return not (mode & os.W_OK and Path(path).is_relative_to(folder)) and access(path, mode, **more)

    patch.setattr(os, "access", allowed)


WRONG = {
    "a package is missing": (
        lambda patch, _: patch.setattr(doctor.importlib.metadata, "version", missing), "gradio", "bad", "make setup"
    ),
    "llama.cpp does not load": (
        lambda patch, _: patch.setattr(doctor, "bindings", unloadable), "llama.cpp", "bad", "apt install libgomp1"
    ),
    "little memory": (
        lambda patch, _: patch.setattr(doctor.psutil, "virtual_memory", lambda: Memory(8_000_000_000, 900_000_000)),
        "Memory", "note", "close other programs"
    ),
    "little disk": (
        lambda patch, _: patch.setattr(doctor.shutil, "disk_usage", lambda _: Disk(0, 0, 1000)),
        "Disk", "bad", "free some space"
    ),
    "a folder is a file": (
        lambda _, folder: (folder / "models").write_text("x"), "Models", "bad", "RAG_MODELS"
    ),
    "the libraries can only be read": (
        lambda patch, folder: (findings(), protect(patch, folder / "indexes")), "Indexes", "note", "RAG_INDEXES"
    ),
    "a library is damaged": (
        lambda _, folder: (folder / "indexes" / "example" / "library.sqlite").write_bytes(b"notes " * 1000),
        "Library example", "bad", "rag restore BACKUP"
    ),
    "the model is missing": (
        lambda patch, _: patch.setenv("RAG_MODEL", "absent"), "Answers", "bad", "rag models"
    ),
    "the model is an addition to one": (
        lambda patch, folder: patch.setenv(
            "RAG_MODEL", str(write_head(folder / "mmproj.gguf", general__type="mmproj"))
        ),
        "Answers", "bad", "the model's own"
    ),
    "something tried to connect": (
        lambda patch, _: patch.setattr(doctor, "refused", lambda: ("hub.example",)), "Offline", "note", ""
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_found_and_comes_with_its_remedy(healthy, tmp_path, kind):
    spoil, check, severity, remedy = WRONG[kind]
    spoil(healthy, tmp_path)
    found = findings()
    assert found[check].severity == severity
    assert remedy in found[check].remedy
    others = [one.check for one in found.values() if one.severity == "bad" and one.check != check]
    assert others == []


def test_an_embedder_that_is_not_there_is_found_and_the_rest_still_looked_at(monkeypatch, tmp_path):
    found = findings(embedder=tmp_path / "nowhere")
    assert found["Embedder"].severity == "bad"
    assert "RAG_EMBEDDER" in found["Embedder"].remedy
    assert "Offline" in found


def test_the_command_ends_with_1_where_something_is_bad(rag, healthy):
    good = rag("doctor")
    assert (good.code, "FAIL" in good.out) == (0, False)
    healthy.setattr(doctor.shutil, "disk_usage", lambda _: Disk(0, 0, 1000))
    bad = rag("doctor")
    assert (bad.code, "FAIL  Disk" in bad.out) == (1, True)
    healthy.setenv("RAG_LANGUAGE", "fr")
    assert "ÉCHEC Disque" in rag("doctor").out


@pytest.mark.parametrize(
    ("models", "named", "severity", "said", "remedy"),
    [
        (["un-modele"], "", "good", "written by 127.0.0.1", ""),
        (["un-modele"], "un-modele", "good", "written by un-modele", ""),
        (["un-modele", "b"], "autre", "note", "lists no model called autre, but un-modele, b", "set RAG_MODEL to one"),
        ([], "autre", "good", "written by autre", ""),  # a server need not list what it has
        ([], "", "bad", "names no model that can chat", "set RAG_MODEL to the name of one"),
    ],
)
def test_a_server_that_was_named_is_asked_for_its_models(healthy, models, named, severity, said, remedy):
    with running() as server:
        server.models = {"data": [{"id": name} for name in models]}
        found = findings(server=server.url, model=named)["Answers"]
    assert found.severity == severity
    assert said in found.result
    assert found.remedy.startswith(remedy)
    assert server.bodies == []  # nothing of an article is sent


def test_a_server_that_is_not_there_or_wants_another_key_is_found(healthy):
    with running() as server:
        server.wanted = "Bearer right"
        refused = findings(server=server.url)["Answers"]
    gone = findings(server=server.url)["Answers"]
    assert (refused.severity, refused.remedy) == ("bad", "set RAG_SERVER_KEY to the server's key")
    assert (gone.severity, "did not answer" in gone.result) == ("bad", True)


def test_where_no_installed_model_is_chosen_one_is_named_to_choose(healthy, tmp_path):
    for name in ("petit", "grand"):
        place = tmp_path / "models" / name
        place.mkdir(parents=True)
        hashes = {f"{name}.gguf": "0" * 64}
        manifest = {"kind": "llm", "origin": "", "licence": "", "bytes": 1, "hashes": hashes}
        (place / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert findings()["Answers"].remedy == "rag models use grand"


def test_a_large_library_is_opened_and_not_read_whole(healthy):
    healthy.setattr(doctor, "LARGEST_READ", 0)
    found = findings()
    assert found["Library example"].severity == "good"
    assert "rag verify --library example" in found["Library example"].result


def test_what_is_wrong_most_often_is_looked_at_first(healthy):
    assert next(doctor.examine(load_settings())).check == "Answers"


@pytest.mark.parametrize(("content", "why"), [(b"", "the file is empty"), (b"x", "the file is no database")])
def test_damaged_conversations_are_told_with_what_helps(healthy, tmp_path, content, why):
    folder = tmp_path / "kept"
    assert findings(conversations=folder)["Conversations"].severity == "good"
    folder.mkdir()
    (folder / FILE).write_bytes(content)
    found = findings(conversations=folder)["Conversations"]
    assert (found.severity, found.remedy) == ("bad", f"move {folder / FILE} away")
    assert found.result == f"{folder / FILE} cannot be read ({why})"
    assert (folder / FILE).read_bytes() == content


def test_a_link_that_leads_nowhere_in_the_place_of_the_conversations_is_told(healthy, tmp_path):
    (tmp_path / FILE).symlink_to(tmp_path / "unplugged" / FILE)
    found = findings(conversations=tmp_path)["Conversations"]
    assert (found.severity, found.remedy) == ("bad", f"move {tmp_path / FILE} away")
    assert f"leads to {tmp_path / 'unplugged' / FILE}, which is not there" in found.result
