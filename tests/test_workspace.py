"""What is on the disk decides what is opened: the example, the reader's own library, the model that answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.bundled import bundled_reader
from support.fakes import HashedWords
from support.gguf_writer import write_gguf
from support.harbour import PORT
from support.word_reader import WordReader

from rag.errors import ArticleError, LibraryError, ModelError
from rag.events import Finished, Ingested, Ingesting, Unread, Working
from rag.example import EXAMPLE_QUESTIONS
from rag.index.library import STORE_FILE
from rag.llm.llama.model import LlamaCppModel
from rag.llm.quoting import QuotingModel
from rag.llm.server import ServerModel
from rag.models import installing
from rag.models.installed import Installed
from rag.settings import load_settings
from rag.translation import in_language
from rag.workspace import EXAMPLE_LIBRARY, OWN_LIBRARY, Workspace, open_workspace


@pytest.fixture
def opened(monkeypatch, embedder):
    """Open workspaces with an embedder that costs nothing; all are closed in the end."""
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: embedder)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())
    workspaces: list[Workspace] = []

    def opened(**settings) -> Workspace:
        workspaces.append(open_workspace(load_settings(**settings)))
        return workspaces[-1]

    yield opened
    for workspace in workspaces:
        workspace.close()


@pytest.fixture
def gguf(tmp_path) -> Path:
    (tmp_path / "models").mkdir()
    return write_gguf(tmp_path / "models" / "petit.gguf", PORT * 20)


@pytest.fixture
def port(tmp_path) -> Path:
    path = tmp_path / "port.txt"
    path.write_text(PORT, encoding="utf-8")
    return path


def add(workspace: Workspace, *paths: Path, **options) -> list[Ingesting | Ingested]:
    return list(workspace.add(paths, **options))


# ── Libraries ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_example_is_built_from_its_source_when_it_is_first_opened(opened, example, embedder):
    workspace = opened()
    assert workspace.libraries() == (EXAMPLE_LIBRARY,)
    assert not (example / EXAMPLE_LIBRARY / STORE_FILE).exists()
    (entry,) = workspace.articles(EXAMPLE_LIBRARY)
    assert (example / EXAMPLE_LIBRARY / STORE_FILE).is_file()
    assert (entry.language, entry.source) == ("fr", "coalition.md")
    workspace.close()
    embedder.encoded.clear()
    assert opened().articles(EXAMPLE_LIBRARY) == (entry,)
    assert embedder.encoded == []


def test_without_a_library_of_ones_own_the_example_answers(opened, example):
    workspace = opened()
    assert workspace.default_library() == EXAMPLE_LIBRARY
    assert workspace.library().name == EXAMPLE_LIBRARY
    *_, last = workspace.answer("Combien de pays prendront part à la coalition ?")
    assert isinstance(last, Finished)
    assert any("plus de 30" in citation.quote for citation in last.answer.citations)


def test_ones_own_library_is_the_default_as_soon_as_it_holds_something(opened, example, port):
    workspace = opened()
    workspace.library(OWN_LIBRARY, create=True)
    assert workspace.default_library() == EXAMPLE_LIBRARY
    (done,) = [event for event in add(workspace, port) if isinstance(event, Ingested)]
    assert workspace.default_library() == OWN_LIBRARY
    assert workspace.articles() == (done.entry,)
    workspace.remove(OWN_LIBRARY, done.entry.identifier)
    assert workspace.default_library() == EXAMPLE_LIBRARY


@pytest.mark.parametrize(
    ("there", "expected"),
    [((), OWN_LIBRARY), (("press", "zoo"), "press"), ((OWN_LIBRARY, "press"), "press"), ((OWN_LIBRARY,), OWN_LIBRARY)],
)
def test_without_the_example_another_library_is_the_default(opened, tmp_path, there, expected):
    workspace = opened()
    for name in there:
        workspace.library(name, create=True)
    assert workspace.default_library() == expected


@pytest.mark.parametrize("content", [b"", b"x" * 5000])
def test_a_damaged_library_of_others_is_passed_over_as_long_as_one_can_be_read(opened, tmp_path, content):
    folder = opened().settings.indexes
    for name in ("aaa", EXAMPLE_LIBRARY):
        (folder / name).mkdir(parents=True)
        (folder / name / STORE_FILE).write_bytes(content)
    assert opened().default_library() == EXAMPLE_LIBRARY  # so that it is told
    opened().library("press", create=True)
    assert opened().default_library() == "press"


def test_ones_own_library_is_not_passed_over_where_it_is_damaged(opened, example):
    (example / OWN_LIBRARY).mkdir()
    (example / OWN_LIBRARY / STORE_FILE).write_bytes(b"no database, whatever its name says. " * 500)
    workspace = opened()
    assert workspace.default_library() == OWN_LIBRARY
    with pytest.raises(LibraryError, match="damaged"):
        workspace.articles()


def test_no_folder_no_libraries_and_nothing_is_made_by_looking(opened, tmp_path):
    workspace = opened()
    assert workspace.libraries() == ()
    with pytest.raises(LibraryError) as caught:
        workspace.library()
    assert OWN_LIBRARY in caught.value.message
    assert not (tmp_path / "indexes").exists()


@pytest.mark.parametrize("name", ["..", "../ailleurs", "a/b", "/srv", ".caché", "-l", "a b", "é" * 3 + "/", "x" * 65])
def test_a_name_that_could_leave_the_folder_is_refused(opened, example, tmp_path, name):
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(LibraryError, match="cannot be the name"):
        opened().library(name, create=True)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_unknown_library_is_refused_with_those_there_are(opened, example):
    with pytest.raises(LibraryError, match=EXAMPLE_LIBRARY) as caught:
        opened().library("presse")
    assert "rag add PATH --library presse" in caught.value.remedy


def test_where_there_is_no_library_at_all_none_is_named(opened, tmp_path):
    with pytest.raises(LibraryError, match="nor any other") as caught:
        opened(indexes=tmp_path / "none").library("presse")
    assert in_language(caught.value.message, "fr").endswith("none, ni aucune autre.")


def test_an_open_library_is_the_same_every_time(opened, example):
    workspace = opened()
    assert workspace.library(EXAMPLE_LIBRARY) is workspace.library(EXAMPLE_LIBRARY) is workspace.library()


def test_only_the_example_comes_with_questions(opened, example):
    workspace = opened()
    assert workspace.examples(EXAMPLE_LIBRARY) == EXAMPLE_QUESTIONS["fr"]
    assert workspace.examples(EXAMPLE_LIBRARY, "en") == EXAMPLE_QUESTIONS["en"]
    assert workspace.examples(OWN_LIBRARY) == ()


def test_every_question_that_comes_with_the_example_is_answered(opened, example, bundled, monkeypatch):
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: bundled)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: bundled_reader())
    workspace = opened()
    for question in (*workspace.examples(EXAMPLE_LIBRARY, "fr"), *workspace.examples(EXAMPLE_LIBRARY, "en")):
        *_, last = workspace.answer(question)
        assert not last.answer.refused, question
        assert last.answer.citations, question


def test_a_text_that_is_pasted_stands_in_ones_own_library(opened):
    workspace = opened()
    *_, done = workspace.add_text(PORT, title="Mon texte")
    assert isinstance(done, Ingested)
    assert workspace.article(OWN_LIBRARY, done.entry.identifier).text == PORT
    assert [entry.title for entry in workspace.articles(OWN_LIBRARY)] == ["Mon texte"]


def test_a_bad_file_among_good_ones_is_told_and_keeps_none_of_them_out(opened, port, tmp_path):
    workspace = opened()
    events = list(workspace.add([port, tmp_path / "absent.txt"], library="presse"))
    assert [event.source for event in events if isinstance(event, Unread)] == ["absent.txt"]
    assert [entry.title for entry in workspace.articles("presse")] == ["Le port de Bréhal rouvre"]


def test_a_bad_file_alone_makes_no_library(opened, tmp_path):
    workspace = opened()
    with pytest.raises(ArticleError):
        add(workspace, tmp_path / "absent.txt", library="presse")
    assert workspace.libraries() == ()


def test_what_is_kept_for_an_evaluation_is_no_library(opened, tmp_path):
    (tmp_path / "indexes" / ".evaluation" / "0123").mkdir(parents=True)
    assert opened().libraries() == ()


# ── What answers ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_with_nothing_installed_the_article_speaks_for_itself(opened, example):
    workspace = opened()
    assert isinstance(workspace.model(), QuotingModel)
    assert workspace.model_name() == "quotes"
    assert not workspace.has_language_model()
    assert list(workspace.prepare(library=EXAMPLE_LIBRARY)) == []


@pytest.mark.parametrize("name", ["absent.gguf", "nobody-has-this-model"])
def test_a_model_that_is_named_but_missing_is_said_so_and_never_replaced_by_quotes(opened, monkeypatch, tmp_path, name):
    monkeypatch.setenv("RAG_MODEL", str(tmp_path / name) if name.endswith(".gguf") else name)
    workspace = opened()
    with pytest.raises(ModelError, match=name.split(".")[0]) as caught:
        workspace.model()
    assert caught.value.remedy


def test_a_file_that_is_no_gguf_is_said_so(opened, tmp_path):
    path = tmp_path / "faux.gguf"
    path.write_bytes(b"not a model at all")
    with pytest.raises(ModelError, match=r"faux\.gguf"):
        opened(model=str(path)).model()


def test_a_gguf_file_in_the_models_folder_answers(opened, gguf):
    workspace = opened()
    assert isinstance(workspace.model(), LlamaCppModel)
    assert workspace.model_name() == "petit"
    assert workspace.has_language_model()
    assert workspace.model() is workspace.model()


def test_of_two_gguf_files_none_is_chosen_unless_it_is_named(opened, gguf):
    other = gguf.with_name("autre.gguf")
    other.write_bytes(gguf.read_bytes())
    assert isinstance(opened().model(), QuotingModel)
    assert opened(model=str(other)).model_name() == "autre"


def test_a_server_that_is_named_goes_before_any_file(opened, gguf):
    workspace = opened(server="http://127.0.0.1:9/v1", model="qwen")
    assert isinstance(workspace.model(), ServerModel)
    assert workspace.has_language_model()


def test_only_a_server_on_this_machine_is_given_an_article_before_a_question(opened, example, monkeypatch):
    monkeypatch.setattr(ServerModel, "prepare", lambda *_: iter([Working("reading")]))
    assert list(opened(server="http://192.0.2.1:9/v1", model="qwen").prepare(library=EXAMPLE_LIBRARY)) == []
    (read,) = opened(server="http://127.0.0.1:9/v1", model="qwen").prepare(library=EXAMPLE_LIBRARY)
    assert read == Working("reading")


def test_closing_frees_the_libraries_and_they_can_be_opened_again(opened, example):
    workspace = opened()
    first = workspace.library(EXAMPLE_LIBRARY)
    workspace.close()
    assert workspace.library(EXAMPLE_LIBRARY) is not first
    assert workspace.articles(EXAMPLE_LIBRARY)


# ── The embedder ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("there", ["mine", "chosen", "models/e5-small", "home/models/e5-small"])
def test_the_embedder_is_the_one_named_else_the_one_in_use_else_the_standard_one(monkeypatch, tmp_path, there):
    asked = []

    def open_embedder(path: Path, _: object) -> HashedWords:
        asked.append(path)
        return HashedWords()

    monkeypatch.setattr("rag.opening.embedder_in", open_embedder)
    monkeypatch.setattr("rag.opening.home", lambda: tmp_path / "home")
    for folder in ("home/models/e5-small", "models/e5-small"):  # each comes before the one before it
        (tmp_path / folder).mkdir(parents=True)
        if folder == there:
            break
    if there == "chosen":
        mine = Installed("e5-base", "embedder", tmp_path / there, "", "", 0, {})
        monkeypatch.setattr("rag.opening.in_use", lambda _, kind: mine if kind == mine.kind else None)
    Workspace(load_settings(embedder=tmp_path / there if there == "mine" else None)).close()
    assert asked == [tmp_path / there]


def test_a_standard_embedder_that_is_not_there_is_one_sentence_with_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr("rag.opening.home", lambda: tmp_path / "home")
    with pytest.raises(ModelError, match=r"The embedder e5-small, .* is not installed") as caught:
        open_workspace(load_settings())
    assert caught.value.remedy == "make setup, or rag models pull e5-small"


def test_an_embedder_folder_that_holds_none_is_said_so(tmp_path):
    with pytest.raises(ModelError, match=r"modules\.json"):
        open_workspace(load_settings(embedder=tmp_path))


# ── Choosing what answers ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_model_that_answers_is_switched_and_the_choice_is_kept(opened, gguf, tmp_path):
    for name in ("un", "deux"):
        installing.add(tmp_path / "models", gguf.rename(gguf.with_name(f"{name}.gguf")))
        gguf = gguf.with_name(f"{name}.gguf")
    gguf.unlink()
    workspace = opened()
    assert {row.name for row in workspace.language_models() if row.installed} == {"un", "deux"}
    assert workspace.model_name() == "un"  # it was alone when the other came, and goes on answering
    workspace.choose_model("deux")
    assert workspace.model_name() == opened().model_name() == "deux"
    workspace.choose_model("")
    assert not workspace.has_language_model()
    assert not opened().has_language_model()


def test_quotes_can_be_chosen_where_one_model_is_there(opened, gguf, port, tmp_path):
    workspace = opened()
    assert workspace.model_name() == "petit"
    workspace.choose_model("")
    assert not opened().has_language_model()
    assert [row.name for row in workspace.language_models() if row.installed] == ["petit"]
    add(workspace, port)
    *_, last = workspace.answer("Combien mesure la digue ?", library=OWN_LIBRARY)
    assert not any("rag models" in notice for notice in (*last.answer.notices, *last.answer.advice))
    workspace.choose_model("petit")
    assert opened().model_name() == "petit"
    installing.add(tmp_path / "models", gguf.rename(tmp_path / "seul.gguf"))
    assert opened().model_name() == "seul"
    workspace.choose_model("")
    assert not opened().has_language_model()


def test_only_an_installed_language_model_can_be_chosen(opened, gguf):
    workspace = opened()
    for name in ("ministral-3-3b", "../petit", str(gguf)):
        with pytest.raises(ModelError, match="is not installed"):
            workspace.choose_model(name)
    assert workspace.model_name() == "petit"
    with pytest.raises(ModelError, match="was named when the program was started"):
        opened(model=str(gguf)).choose_model("")


def test_only_a_language_model_of_the_catalogue_is_installed(opened):
    with pytest.raises(ModelError, match="no language model called e5-small"):
        list(opened().install_model("e5-small"))


def test_quotes_can_be_named_and_then_no_model_is_advised(opened, port):
    workspace = opened(model="quotes")
    add(workspace, port, library="presse")
    *_, last = workspace.answer("Combien mesure la digue ?", library="presse")
    assert (last.answer.model, last.answer.advice) == ("quotes", ())


def test_nobody_is_told_to_install_a_model_where_some_are_and_none_was_chosen(opened, port, tmp_path):
    for name in ("one", "two"):
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        (folder / "model.json").write_text(
            '{"kind": "llm", "origin": "here", "licence": "", "bytes": 0, "hashes": {"a.gguf": ""}}', encoding="utf-8"
        )
    workspace = opened()
    add(workspace, port, library="presse")
    *_, last = workspace.answer("Combien mesure la digue ?", library="presse")
    assert (last.answer.model, last.answer.advice) == ("quotes", ())
