"""What is opened is what the settings and the models folder say, or one sentence why it is not."""

from __future__ import annotations

import pytest
from support.adapter_writer import write_adapter
from support.packed_writer import packed_bytes

from rag.errors import ModelError
from rag.models.reader_graph import FOLDER
from rag.opening import open_reader
from rag.settings import load_settings


def test_a_reader_without_the_embedder_it_stands_on_is_one_sentence_with_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr("rag.opening.home", lambda: tmp_path / "home")
    another = tmp_path / "models" / "another"
    another.mkdir(parents=True)
    for settings in (load_settings(), load_settings(embedder=another)):
        with pytest.raises(ModelError, match=r"The embedder e5-small, .* is not installed") as caught:
            open_reader(settings)
        assert caught.value.remedy == "rag models pull e5-small"


def test_what_an_earlier_version_installed_becomes_a_reader_when_it_is_opened(monkeypatch, tmp_path):
    packed = tmp_path / "models" / "e5-small" / "e5-small-q4.bin"
    packed.parent.mkdir(parents=True)
    packed.write_bytes(packed_bytes())
    monkeypatch.setattr("rag.models.fetching.SPARE_BYTES", 0)
    identities = set()
    for seed in (1, 2):
        adapter = write_adapter(tmp_path / "adapter.safetensors", packed, split=1, seed=seed)
        monkeypatch.setattr("rag.opening.ADAPTER", adapter)
        identities |= {open_reader(load_settings()).identity for _ in range(2)}
        assert len(list((packed.parent / FOLDER).iterdir())) == 2
    assert len(identities) == 2
