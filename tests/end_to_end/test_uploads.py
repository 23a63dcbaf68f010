"""Uploads over the page's own server, without a browser: where they lie, who can read them, when they are erased."""

import os
import stat
from pathlib import Path

import pytest
from support.browser import served
from support.gradio_probe import Reader

FILES = {
    "program.exe": b"MZ\x00\x01",
    "photo.png": b"\x89PNG\r\n\x1a\n",
    "port.md": "# Le môle\n\nIl mesure 12 mètres.".encode(),
    "empty.txt": b"",
}


@pytest.fixture
def reader(door):
    with served(door) as address:
        yield Reader(address)


def folder():
    return Path(os.environ["GRADIO_TEMP_DIR"])


def files():
    return [path for path in folder().rglob("*") if path.is_file()]


def sent(reader, name):
    answer = reader.client.post(f"{reader.api}/upload", files={"files": (name, FILES[name])})
    assert answer.status_code == 200
    return answer.json()


def test_an_upload_is_its_user_s_alone_while_it_waits(reader):
    (path,) = sent(reader, "port.md")
    assert Path(path).is_relative_to(folder())
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700
    assert [stat.S_IMODE(each.stat().st_mode) for each in files()] == [0o600]


@pytest.mark.parametrize("name", FILES)
def test_what_was_added_or_refused_is_erased_and_told(reader, name):
    (path,) = sent(reader, name)
    given = {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}
    reader.act("upload", [None, [given]])
    assert not Path(path).exists()
    assert sent(reader, "port.md")  # what Gradio itself left behind goes with the next upload
    assert [each.name for each in files()] == ["port.md"]


def test_what_is_too_long_leaves_nothing(reader):
    large = {"files": ("large.txt", b"x" * (21 << 20))}
    assert reader.client.post(f"{reader.api}/upload", files=large).status_code == 413
    assert files() == []


def test_all_is_erased_with_the_page(door):
    with served(door) as address:
        sent(Reader(address), "port.md")
        assert files()
    assert not folder().exists()


def test_a_session_s_name_alone_opens_nothing(door):
    with served(door) as address:
        one, two = Reader(address), Reader(address)
        one.ask("La digue ?")
        two.session = one.session
        two.ask("Et la lune ?")
        assert "La digue ?" in one.past
        assert "La digue ?" not in two.past
        assert [turns for _, turns, _ in door.asked] == [(), ()], "the second reader's question follows nothing"
