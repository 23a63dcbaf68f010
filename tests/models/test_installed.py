"""``model.json`` and ``in-use.json``: read whoever wrote them, refused in one sentence where they are not ours."""

from __future__ import annotations

import json

import pytest

from rag.errors import ModelError
from rag.models.installed import IN_USE, MANIFEST, Installed, choices, read_manifest

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
