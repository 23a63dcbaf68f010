"""Uploads over the page's own server, without a browser: where they lie, who can read them, when they are erased."""

import os
import stat
from pathlib import Path

import pytest
from httpx import HTTPStatusError
from support.browser import served
from support.gradio_probe import Reader

from ui.server import Uploads

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
    reader.act("upload", [None, [given], None])
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


@pytest.mark.parametrize("more", [{}, {"is_stream": True}], ids=str)
def test_a_file_that_no_browser_sent_is_neither_read_nor_erased(reader, door, tmp_path, monkeypatch, more):
    own = tmp_path / "own.md"
    own.write_text("Un texte que nul n'a envoyé.", encoding="utf-8")
    given = {"path": str(own), "meta": {"_type": "gradio.FileData"}, **more}
    with pytest.raises(HTTPStatusError, match="400"):
        reader.act("upload", [None, [given], None])
    monkeypatch.setattr(Uploads, "holds", lambda *_: True)  # nor by Gradio itself, if it came so far
    with pytest.raises(AssertionError, match="'success': False"):
        reader.act("upload", [None, [given], None])
    assert own.exists()
    assert [path for path in files() if path.name == own.name] == []


NONSENSE = [
    {"files": {"files": (None, "no file")}},
    {"content": b"--b\r\nnonsense", "headers": {"content-type": "multipart/form-data; boundary=b"}},
    {"content": b"{", "headers": {"content-type": "application/json"}},
]


def test_nonsense_leaves_the_terminal_quiet(reader, capfd):
    for given in ([], [5], [None] * 9, [{"path": 5}] * 3, {"a": 1}, None):
        with pytest.raises(HTTPStatusError, match="400"):
            reader.act("load", given)
    for number in (999, -1, 1.5, "x"):
        body = {"data": [], "fn_index": number, "session_hash": "abc"}
        assert reader.client.post(f"{reader.api}/queue/join", json=body).status_code == 400
    for nonsense in NONSENSE:
        for name in ("", "?upload_id=x"):
            assert reader.client.post(f"{reader.api}/upload{name}", **nonsense).status_code in {200, 400, 500}
    for words in (None, 5, "\ud800"):
        reader.act("load", [None, words, words])
        reader.act("submit", [None, words])
    assert capfd.readouterr().err == ""
