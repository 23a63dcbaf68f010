"""``model.json`` and ``in-use.json``: read whoever wrote them, refused in one sentence where they are not ours."""

from __future__ import annotations

import json
import re

import pytest
from support.places import ROOT

from rag.errors import ModelError
from rag.models.catalogue import CATALOGUE
from rag.models.installed import (
    ADAPTER_FILE,
    ADAPTERS,
    IN_USE,
    MANIFEST,
    Installed,
    choices,
    read_manifest,
    resolve_llm,
)

SAID = {
    "name": "petit",
    "kind": "llm",
    "origin": "who/petit@0123",
    "licence": "apache-2.0",
    "bytes": 12,
    "hashes": {"petit.gguf": "ab" * 32},
}


@pytest.fixture
def place(tmp_path):
    place = tmp_path / "petit"
    place.mkdir()
    return place


def test_a_manifest_is_read_whatever_else_it_says(place):
    (place / MANIFEST).write_text(json.dumps({**SAID, "mood": "new"}), encoding="utf-8")
    assert read_manifest(place) == Installed(
        "petit", "llm", place / "petit.gguf", "who/petit@0123", "apache-2.0", 12, {"petit.gguf": "ab" * 32}
    )


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "[]",
        json.dumps({**SAID, "kind": "oracle"}),
        json.dumps({**SAID, "bytes": "many"}),
        json.dumps({**SAID, "hashes": {}}),
        json.dumps({name: value for name, value in SAID.items() if name != "licence"}),
    ],
    ids=["no file", "empty", "a list", "unknown kind", "no number", "no file named", "a part missing"],
)
def test_a_folder_without_a_manifest_of_ours_is_one_sentence(place, content):
    if content is not None:
        (place / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="is not a model that was installed here") as caught:
        read_manifest(place)
    assert caught.value.remedy == f"remove the folder {place}"


@pytest.mark.parametrize(
    ("content", "chosen"),
    [('{"llm": "petit"}', {"llm": "petit"}), (None, {}), ("{", {}), ("[]", {}), ('{"llm": []}', {})],
)
def test_a_choice_that_cannot_be_read_is_none(tmp_path, content, chosen):
    if content is not None:
        (tmp_path / IN_USE).write_text(content, encoding="utf-8")
    assert choices(tmp_path) == chosen


@pytest.mark.parametrize("kind", ["embedder", "reranker", "llm"])
def test_a_model_may_be_named_by_its_folder_and_answers_if_it_writes(tmp_path, place, kind):
    (place / MANIFEST).write_text(json.dumps({**SAID, "kind": kind}), encoding="utf-8")
    if kind == "llm":
        assert resolve_llm(tmp_path, str(place)) == resolve_llm(tmp_path, "petit") == read_manifest(place)
        return
    for wanted in ("petit", str(place)):
        with pytest.raises(ModelError, match=f"petit is no language model: it is installed as {kind}") as caught:
            resolve_llm(tmp_path, wanted)
        assert caught.value.remedy


@pytest.mark.parametrize("name", sorted(folder.name for folder in ADAPTERS.iterdir() if folder.is_dir()))
def test_an_adapter_of_ours_lies_beside_the_terms_of_the_model_it_is_made_from(name):
    folder, known = ADAPTERS / name, CATALOGUE[name]
    assert (folder / ADAPTER_FILE).is_file()
    notice = (folder / "NOTICE.md").read_text(encoding="utf-8")
    assert known.repository in notice
    terms = re.findall(r"\b[A-Z_]+\.txt\b", notice)
    assert terms
    assert all(len((folder / one).read_text(encoding="utf-8")) > 1000 for one in terms)
    family = known.licence.split()[0]
    for page in ("README.md", "models.md"):
        assert re.search(rf"{family}.s terms|{family} Terms of Use", (ROOT / page).read_text(encoding="utf-8"))
