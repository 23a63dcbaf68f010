"""Where uploads lie: with their user alone, and not longer than they must."""

import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from ui.server import Uploads


def test_the_folder_is_its_user_s_alone_and_new_at_each_start(tmp_path):
    one, two = Uploads(tmp_path), Uploads(tmp_path)
    assert one.folder != two.folder
    assert stat.S_IMODE(one.folder.stat().st_mode) == stat.S_IMODE(two.folder.stat().st_mode) == 0o700


def test_what_was_not_put_in_its_place_is_erased_once_nothing_arrives(tmp_path):
    uploads = Uploads(tmp_path)
    with uploads.arriving():
        with suppress(ConnectionError), uploads.arriving():
            (uploads.folder / "tmp1").write_text("broken off", encoding="utf-8")
            raise ConnectionError
        assert (uploads.folder / "tmp1").exists(), "another may still be writing"
        (uploads.folder / "hash").mkdir()
        (uploads.folder / "hash" / "port.txt").write_text("arrived", encoding="utf-8")
    assert [path.name for path in uploads.folder.rglob("*") if path.is_file()] == ["port.txt"]


def test_all_is_erased_at_the_end(tmp_path):
    uploads = Uploads(tmp_path)
    (uploads.folder / "port.txt").write_text("arrived", encoding="utf-8")
    uploads.close()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_start_left_goes_with_the_next_and_nothing_else(tmp_path):
    program = "import os, pathlib, sys; from ui.server import Uploads; print(Uploads(pathlib.Path(sys.argv[1])).folder)"
    left = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True).stdout
    alive = Uploads(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "ask-the-article-99999999-link").symlink_to(outside)
    (tmp_path / "ask-the-article-notes").mkdir()
    Uploads(tmp_path)
    assert not Path(left.strip()).exists()
    assert alive.folder.is_dir()
    assert outside.is_dir()
    assert (tmp_path / "ask-the-article-notes").is_dir()
