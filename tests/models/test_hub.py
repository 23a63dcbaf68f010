"""A model is fetched whole and verified, or not installed at all, whatever the network and the disk do."""

from __future__ import annotations

import errno
import hashlib
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest
from support.hub import Hub, running
from support.places import ROOT
from typer.testing import CliRunner

from rag import offline
from rag.cli import models
from rag.errors import DownloadError, ModelError, RagError
from rag.models import catalogue, installed, installing
from rag.models.fetching import Pulling, Remote
from rag.models.installed import Installed

pytest.importorskip("gguf")
from support.gguf_writer import write_gguf

NAME = "ministral-3-3b"
KNOWN = catalogue.CATALOGUE[NAME]
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024


@pytest.fixture(scope="session")
def content(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("gguf") / "model.gguf"
    return write_gguf(path, "Plus de trente pays devraient rejoindre la coalition. " * 10).read_bytes()


@pytest.fixture
def hub(content, monkeypatch):
    """A hub that holds the standard model, which the catalogue knows by its size and hash."""
    known = replace(KNOWN, revision="", sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    small = replace(catalogue.CATALOGUE["e5-small-full"], bytes=1000)
    entries = {**catalogue.CATALOGUE, NAME: known, "e5-small-full": small}
    monkeypatch.setattr(catalogue, "CATALOGUE", entries)
    monkeypatch.setattr(installed, "CATALOGUE", entries)
    monkeypatch.setattr("rag.models.fetching.PAUSE_S", 0)
    monkeypatch.setattr("rag.models.fetching.SPARE_BYTES", 0)
    folder = {
        "config.json": b"{}",
        "modules.json": b"[]",
        "1_Pooling/config.json": b"{}",
        "model.safetensors": bytes(5000),
        "pytorch_model.bin": b"a pickle",
        "onnx/model.onnx": b"not wanted",
        "README.md": b"not wanted",
    }
    files = {known.repository: {known.file: content, "other-Q8_0.gguf": b"GGUF other"}, small.repository: folder}
    with running(Hub(files)) as served:
        monkeypatch.setenv("HF_ENDPOINT", served.endpoint)
        yield served


def pull(folder: Path, name: str = NAME) -> list[object]:
    return list(installing.pull(folder, name))


def nothing_installed(folder: Path) -> bool:
    return installed.installed_models(folder) == () and not list(folder.glob("*/*.gguf"))


def test_a_model_is_fetched_checked_and_installed_with_its_licence(hub, tmp_path, content):
    first, *progress, last = pull(tmp_path)
    assert isinstance(first, Remote)
    assert first.licence == "apache-2.0"
    assert isinstance(last, Installed)
    assert last.path.read_bytes() == content
    assert last.origin.startswith(KNOWN.repository + "@")
    assert [step.done for step in progress if isinstance(step, Pulling)][-1] == len(content)
    assert list(tmp_path.iterdir()) == [tmp_path / NAME]
    assert installed.in_use(tmp_path, "llm") == last
    before = len(hub.requests)
    assert pull(tmp_path) == [last]
    assert len(hub.requests) == before


def test_an_embedder_comes_without_what_is_not_needed(hub, tmp_path):
    *_, last = pull(tmp_path, "e5-small-full")
    assert last.path == tmp_path / "e5-small-full"
    names = {str(path.relative_to(last.path)) for path in last.path.rglob("*") if path.is_file()}
    assert names == {"config.json", "modules.json", "1_Pooling/config.json", "model.safetensors", "model.json"}


def test_a_cut_connection_is_taken_up_where_it_broke(hub, tmp_path, content):
    hub.cut_after = [100_000, 150_000]
    *_, last = pull(tmp_path)
    assert last.path.read_bytes() == content
    assert [asked for _, _, asked in hub.requests[1:]] == ["", "bytes=100000-", "bytes=250000-"]


def test_an_interrupted_download_goes_on_the_next_time(hub, tmp_path, content):
    steps = installing.pull(tmp_path, NAME)
    hub.cut_after = [200_000]
    assert isinstance(next(steps), Remote)
    assert isinstance(next(steps), Pulling)
    steps.close()  # what Ctrl-C does
    (part,) = tmp_path.rglob("*.part")
    present = part.stat().st_size
    assert 0 < present < len(content)
    assert nothing_installed(tmp_path)
    *_, last = pull(tmp_path)
    assert last.path.read_bytes() == content
    assert hub.requests[-1][2] == f"bytes={present}-"


def test_a_server_that_ignores_ranges_sends_everything_again(hub, tmp_path, content):
    hub.cut_after, hub.ranges = [100_000], False
    *_, last = pull(tmp_path)
    assert last.path.read_bytes() == content


def test_a_begun_download_of_another_commit_is_not_mixed_in(hub, tmp_path, content):
    growing = tmp_path / installing.FETCHING / NAME
    growing.mkdir(parents=True)
    (growing / f"{KNOWN.file}.part").write_bytes(b"GGUF of another commit")
    (growing / ".revision").write_text("f" * 40)
    *_, last = pull(tmp_path)
    assert last.path.read_bytes() == content


def test_a_server_that_writes_a_few_bytes_at_a_time_is_waited_for(hub, tmp_path, content):
    hub.chunk = 1500
    *_, last = pull(tmp_path)
    assert last.path.read_bytes() == content


def test_server_errors_that_pass_are_borne(hub, tmp_path):
    hub.statuses = [503, 200, 502, 500]
    assert isinstance(pull(tmp_path)[-1], Installed)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("5xx at look-up", "answered 503"),
        ("5xx at download", "broke off at 0 %"),
        ("cut for good", "broke off at 5 %"),
        ("silent", "stopped answering"),
        ("wrong hash", "arrived damaged"),
        ("truncated", "broke off"),
        ("too long", "more of"),
        ("other file", "another file than the catalogue knows"),
        ("not a GGUF", "not a GGUF"),
        ("repository gone", "does not have"),
        ("file gone", "no file like"),
        ("leads elsewhere", "leads elsewhere"),
        ("no space announced", "disk is too full"),
        ("no network", "cannot be reached"),
    ],
)
def test_each_failure_is_one_clear_sentence_and_installs_nothing(hub, tmp_path, content, monkeypatch, failure, words):
    with pytest.raises(DownloadError, match=words) as caught:
        with_failure(failure, hub, content, monkeypatch, tmp_path)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    assert nothing_installed(tmp_path)


def with_failure(failure, hub, content, monkeypatch, folder):
    known = catalogue.CATALOGUE[NAME]
    files, size = hub.files[known.repository], len(content)
    if failure == "silent":
        monkeypatch.setattr("rag.models.hub.SILENCE_S", 0.05)
    if failure == "no space announced":
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 1000))
    if failure == "not a GGUF":
        catalogue.CATALOGUE[NAME] = replace(known, sha256="")
    changes = {
        "5xx at look-up": lambda: hub.statuses.extend([503] * 20),
        "5xx at download": lambda: hub.statuses.extend([200] + [500] * 20),
        "cut for good": lambda: hub.cut_after.extend([size // 20 + 1] + [0] * 20),
        "wrong hash": lambda: hub.sent.update({known.file: content[:-1] + bytes([content[-1] ^ 1])}),
        "truncated": lambda: hub.sent.update({known.file: content[:-1000]}),
        "too long": lambda: hub.sent.update({known.file: content + b"more"}),
        "other file": lambda: files.update({known.file: content + b"another"}),
        "not a GGUF": lambda: files.update({known.file: b"PK\x03\x04 a zip" * 100}),
        "repository gone": lambda: hub.files.pop(known.repository),
        "file gone": lambda: files.pop(known.file),
        "leads elsewhere": lambda: files.update({"../../outside.gguf": b"GGUF"}),
    }
    changes.get(failure, lambda: None)()
    with socket.create_server(("127.0.0.1", 0)) as nobody:  # accepts, and never answers
        if failure in {"silent", "no network"}:
            monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        if failure == "no network":
            nobody.close()
        pull(folder)


def test_a_disk_that_fills_up_on_the_way_is_said_so(hub, tmp_path):
    """A real full disk: the process may not write files beyond 100 kB."""
    pytest.importorskip("resource")
    program = f"""
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
from pathlib import Path
from rag.models import catalogue, hub, installing
from rag.errors import DownloadError
from dataclasses import replace
catalogue.CATALOGUE[{NAME!r}] = replace(catalogue.CATALOGUE[{NAME!r}], revision="", sha256="")
try:
    list(installing.pull(Path({str(tmp_path)!r}), {NAME!r}))
except DownloadError as error:
    sys.exit(str(error))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert "disk is too full" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert nothing_installed(tmp_path)
    *_, last = pull(tmp_path)  # there is room again
    assert isinstance(last, Installed)


def test_other_trouble_with_the_disk_is_not_called_a_full_disk(hub, tmp_path, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr("rag.models.hub._stream", refuse)
    with pytest.raises(OSError, match="broken disk"):
        pull(tmp_path)


def test_the_network_is_closed_again_after_a_download(hub, tmp_path):
    pull(tmp_path)
    from huggingface_hub import constants

    assert constants.HF_HUB_OFFLINE
    with pytest.raises(RagError, match="offline"):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)


# ── The models folder ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def own_file(tmp_path, content) -> Path:
    path = tmp_path / "Mon Modèle.Q4_K_M.gguf"
    path.write_bytes(content)
    return path


def test_a_file_of_ones_own_is_installed_chosen_verified_and_removed(tmp_path, own_file, hub):
    folder = tmp_path / "models"
    own = installing.add(folder, own_file)
    assert own.name == "mon-modele.q4-k-m"
    pull(folder)
    assert installed.in_use(folder, "llm") == own  # it was alone when the other came, and goes on answering
    assert installing.use(folder, own.name) == installed.resolve_llm(folder, "") == own
    assert [soundness for _, soundness in installing.verify(folder)] == ["sound", "sound"]
    installing.remove(folder, own.name)
    assert own_file.is_file()
    assert installed.resolve_llm(folder, "").name == NAME


@pytest.mark.parametrize(
    ("damage", "soundness"), [("flip", "changed"), ("cut", "truncated"), ("delete", "missing"), ("none", "sound")]
)
def test_verify_sees_what_became_of_a_file(tmp_path, hub, content, damage, soundness):
    *_, model = pull(tmp_path)
    if damage == "flip":
        model.path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "cut":
        model.path.write_bytes(content[:-1])
    elif damage == "delete":
        model.path.unlink()
    assert [found for _, found in installing.verify(tmp_path)] == [soundness]


def test_a_begun_download_can_be_removed(tmp_path, hub):
    steps = installing.pull(tmp_path, NAME)
    next(steps), next(steps)
    steps.close()
    installing.remove(tmp_path, NAME)
    assert not list(tmp_path.rglob("*.part"))
    with pytest.raises(ModelError, match="not installed"):
        installing.remove(tmp_path, NAME)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("proxy", ["http://[::1", "http://a:b:c", "socks5://127.0.0.1:1", "nonsense://x"])
def test_a_proxy_that_is_none_is_told_in_one_sentence(tmp_path, hub, monkeypatch, name, proxy):
    monkeypatch.setattr(offline._STATE, "set_aside", {name: proxy})
    with pytest.raises(
        DownloadError, match=rf"What leads out of this machine \({name}\) cannot be used: .*[^.]\. Next: "
    ):
        pull(tmp_path)


@pytest.mark.parametrize("content_of", [b"", b"GGUF", b"PK\x03\x04"])
def test_a_file_that_is_no_model_is_not_added(tmp_path, content_of):
    path = tmp_path / "a.gguf"
    path.write_bytes(content_of)
    with pytest.raises(ModelError):
        installing.add(tmp_path / "models", path)
    assert installed.installed_models(tmp_path / "models") == ()


def test_a_name_that_is_nearly_right_is_offered(tmp_path):
    with pytest.raises(ModelError, match=r"Did you mean .*ministral-3-3b"):
        pull(tmp_path, "ministral-3b")


def test_the_list_says_what_fits_and_what_is_installed(tmp_path, own_file, monkeypatch, hub):
    folder = tmp_path / "models"
    installing.add(folder, own_file)
    import psutil

    monkeypatch.setattr(psutil, "virtual_memory", lambda: Usage(4e9, 0, 4e9))
    rows = {row.name: row for row in installed.list_models(folder, 8192)}
    assert rows["luth-2-0.8b"].fits
    assert not rows["ministral-3-8b"].fits
    assert rows["mon-modele.q4-k-m"].in_use
    assert not rows["qwen3.5-4b"].reuses_prefix
    assert rows["ministral-3-8b"].memory == pytest.approx(5.2e9 + 8192 * 139_264 + 0.3e9, rel=0.01)


def test_a_file_that_is_gone_does_not_hide_the_other_models(tmp_path, own_file):
    folder = tmp_path / "models"
    installing.add(folder, own_file).path.unlink()
    rows = {row.name: row for row in installed.list_models(folder, 8192)}
    assert "rag models verify" in rows["mon-modele.q4-k-m"].note
    assert {"ministral-3-3b", "e5-small", "camembert-reranker"} <= rows.keys()


def test_a_name_that_is_nearly_that_of_an_installed_model_is_offered(tmp_path, own_file):
    folder = tmp_path / "models"
    installing.add(folder, own_file)
    with pytest.raises(ModelError, match=r"Did you mean mon-modele\.q4-k-m\?"):
        installed.find_installed(folder, "mon-modele.q4")


# ── The command line ────────────────────────────────────────────────────────────────────────────────────────────


def run(folder: Path, *words: str):
    return CliRunner().invoke(models.app, list(words), env={"RAG_MODELS": str(folder)}, catch_exceptions=True)


def test_the_commands_from_pull_to_remove(tmp_path, hub):
    assert "apache-2.0" in run(tmp_path, "pull", NAME).output
    assert "answers from now on" in run(tmp_path, "use", NAME).output
    assert f"{NAME}: sound" in run(tmp_path, "verify").output
    assert "in use" in run(tmp_path, "list").output
    assert "own sentences answer" in run(tmp_path, "use", "quotes").output
    assert installed.in_use(tmp_path, "llm") is None
    assert "in use" not in run(tmp_path, "list").output
    assert "is removed" in run(tmp_path, "remove", NAME).output
    assert isinstance(run(tmp_path, "remove", NAME).exception, ModelError)


def test_verify_fails_when_a_model_is_damaged(tmp_path, hub, content):
    *_, model = pull(tmp_path)
    model.path.write_bytes(content[:-1])
    result = run(tmp_path, "verify")
    assert isinstance(result.exception, ModelError)
    assert f"rag models pull {NAME}" in str(result.exception)
