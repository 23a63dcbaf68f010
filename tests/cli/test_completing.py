"""The Tab key completes commands, options and the names of what there is."""

from __future__ import annotations

import pytest

from rag.cli.completing import known_names


@pytest.fixture
def offered(rag, monkeypatch):
    """Return what bash is offered for a line that ends where the Tab key is pressed."""

    def complete(line: str) -> list[str]:
        monkeypatch.setenv("_RAG_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        ran = rag()
        assert ran.err == ""
        return ran.out.split()

    return complete


def test_commands_and_options_are_completed(offered):
    assert offered("rag ver") == ["verify"]
    assert offered("rag models r") == ["remove"]
    assert "--library" in offered("rag ask --li")


def test_libraries_and_models_are_completed_by_name(offered, tmp_path):
    for name in ("presse", "prose", ".cache"):
        (tmp_path / "indexes" / name).mkdir(parents=True)
    assert offered("rag ask --library pr") == ["presse", "prose"]
    assert offered("rag models pull gemma-3-270") == ["gemma-3-270m"]
    assert offered("rag ask --model quo") == offered("rag models use quo") == ["quotes"]
    assert known_names("nothing-begins-so") == []


def test_what_cannot_be_read_offers_nothing(offered, tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_INDEXES", str(tmp_path / "absent"))
    (tmp_path / "models" / "broken").mkdir(parents=True)
    (tmp_path / "models" / "broken" / "model.json").write_text("{", encoding="utf-8")
    assert offered("rag ask --library pr") == []
    assert offered("rag models use br") == []
