"""A file of one's own becomes a model: what is no whole model is refused with the reason, and names are readable."""

from __future__ import annotations

import pytest
from support.gguf_heads import write_head

from rag.errors import ModelError
from rag.models import installed, installing

NO_MODEL = {
    "an adapter": ("lora.gguf", {"general__type": "adapter", "adapter__type": "lora"}, "an adapter"),
    "a projector": ("mmproj-f16.gguf", {"general__type": "mmproj"}, "a projector"),
    "an old projector": ("projector.gguf", {"general__architecture": "clip"}, "a projector"),
    "a table": ("imatrix.gguf", {"general__type": "imatrix"}, "a table"),
    "something newer": ("new.gguf", {"general__type": "telepathy"}, "kind 'telepathy'"),
    "the second part": ("m-00002-of-00003.gguf", {"split__no": 1, "split__count": 3}, "part 2 of 3"),
    "the first part alone": ("m-00001-of-00003.gguf", {"split__no": 0, "split__count": 3}, "m-00002-of-00003.gguf"),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_MODEL)
def test_what_is_no_whole_model_is_refused_with_the_reason_wherever_it_is_named(tmp_path, rag, monkeypatch, kind):
    name, values, words = NO_MODEL[kind]
    path = write_head(tmp_path / name, **values)
    with pytest.raises(ModelError) as caught:
        installing.add(tmp_path / "models", path)
    assert words in caught.value.message
    assert caught.value.remedy
    assert installed.installed_models(tmp_path / "models") == ()
    ran = rag("chat", "--model", path, "--no-browser")
    assert ran.code == 1
    assert words in ran.err


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("a.gguf", {"general__architecture": "nomic-bert"}),
        ("b.gguf", {"general__architecture": "qwen3", "general__name": "Qwen3 Embedding 0.6B"}),
        ("bge-reranker-v2-m3.gguf", {"general__architecture": "xlm"}),
    ],
)
def test_a_model_that_writes_nothing_is_refused_wherever_it_is_named(tmp_path, rag, name, values):
    file = write_head(tmp_path / name, **values)
    with pytest.raises(ModelError, match="writes none") as caught:
        installing.add(tmp_path / "models", file)
    assert caught.value.remedy
    ran = rag("chat", "--no-browser", "--model", file)
    assert (ran.code, ran.out) == (1, "")
    assert f"{name} finds or sorts texts" in ran.err


@pytest.mark.parametrize("name", ["Albert-7B", "Liberty", "Qwen3", "Embedded-3B"])
def test_a_model_that_is_only_called_alike_is_installed(tmp_path, name):
    file = write_head(tmp_path / "m.gguf", general__name=name)
    assert installing.add(tmp_path / "models", file).name == "m"
    assert installed.resolve_llm(tmp_path / "models", str(file)).path == file


def test_what_an_addition_to_a_model_is_is_told_in_french(tmp_path, rag, monkeypatch):
    monkeypatch.setenv("RAG_LANGUAGE", "fr")
    for kind in ("an adapter", "a table"):
        name, values, _ = NO_MODEL[kind]
        told = rag("models", "add", write_head(tmp_path / name, **values)).err
        assert f"{name} n'est pas un modèle de langue mais un" in told
        assert " which " not in told


def test_a_model_in_parts_runs_from_where_they_are_and_is_not_installed(tmp_path):
    for number in (1, 2):
        write_head(tmp_path / f"m-0000{number}-of-00002.gguf", split__no=number - 1, split__count=2)
    with pytest.raises(ModelError, match="one of 2 parts") as caught:
        installing.add(tmp_path / "models", tmp_path / "m-00001-of-00002.gguf")
    assert "--model m-00001-of-00002.gguf" in caught.value.remedy


def test_a_file_of_another_kind_of_machine_is_told_as_such(tmp_path):
    with pytest.raises(ModelError, match="big-endian"):
        installing.add(tmp_path / "models", write_head(tmp_path / "big.gguf", order=">"))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("été.gguf", "ete"),
        ("e\u0301te\u0301.gguf", "ete"),
        ("Mon modèle été (v2).gguf", "mon-modele-ete-v2"),
        ("Œuvre-Größe.Q4_K_M.gguf", "oeuvre-grosse.q4-k-m"),
        ("модель.gguf", "model"),
    ],
)
def test_a_name_keeps_its_letters(tmp_path, file, name):
    assert installing.add(tmp_path / "models", write_head(tmp_path / file)).name == name


def test_what_answers_by_itself_goes_on_answering_when_another_model_comes(tmp_path):
    folder = tmp_path / "models"
    for name in ("premier", "second", "troisième"):
        installing.add(folder, write_head(tmp_path / f"{name}.gguf"))
        assert installed.in_use(folder, "llm").name == "premier"
    installing.use(folder, "second")
    installing.add(folder, write_head(tmp_path / "quatrième.gguf"))
    assert installed.in_use(folder, "llm").name == "second"


def test_who_wants_quotes_keeps_them_when_a_model_comes(tmp_path):
    folder = tmp_path / "models"
    installing.add(folder, write_head(tmp_path / "premier.gguf"))
    installing.choose(folder, "llm", installed.NONE)
    installing.add(folder, write_head(tmp_path / "second.gguf"))
    assert installed.in_use(folder, "llm") is None
