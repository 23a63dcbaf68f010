"""What a model has read of an article is its reader's alone, and lack of a place for it stops nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.llm.llama.saved_states import StateFolder, state_key


class Engine:
    """Writes as llama.cpp does: opens the file by its name, and empties it."""

    def __init__(self) -> None:
        self.tokens = [1, 2]

    def state_bytes(self) -> int:
        return 5

    def save(self, path: Path) -> bool:
        path.write_bytes(b"state")
        return True

    def restore(self, path: Path, tokens: Sequence[int]) -> bool:
        return path.read_bytes().startswith(b"state") and list(tokens) == self.tokens


@pytest.mark.skipif(os.name != "posix", reason="permissions are another thing on this system")
def test_states_are_their_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        states = StateFolder(tmp_path / "models" / "states", 1)
        assert states.save(Engine(), state_key("port"))
    finally:
        os.umask(before)
    (file,) = (tmp_path / "models" / "states").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert states.restore(Engine(), state_key("port"), [1, 2])


def test_where_no_folder_can_be_made_no_state_is_kept(tmp_path):
    (tmp_path / "models").write_text("not a folder", encoding="utf-8")
    assert not StateFolder(tmp_path / "models" / "states", 1).save(Engine(), state_key("port"))
