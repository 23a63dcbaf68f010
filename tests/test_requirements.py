"""What ``make setup`` installs is named with its version and with the checksums that pip holds its files against."""

from __future__ import annotations

import re

import pytest
from support.places import ROOT

FOLDER = ROOT / ".ci" / "requirements"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.txt"))}
INSTALLED = ("run", "dev", "torch", "llama")  # together, what may lie in the environment
CHECKSUM = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def requirements(name):
    """Return what a file names, as pin → checksums; a package may stand there once for each Python."""
    lines = [line.removesuffix(" \\") for line in FILES[name].read_text(encoding="utf-8").splitlines()]
    found, pin = {}, ""
    for line in lines:
        if line.startswith(" "):
            found[pin].append(line.strip())
        elif not line.startswith("#"):
            pin = line
            found[pin] = []
    return found


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def names(name):
    return {plain(pin.partition("==")[0]) for pin in requirements(name)}


@pytest.mark.parametrize("name", FILES)
def test_each_package_has_one_version_and_its_checksums(name):
    assert requirements(name)
    for pin, checksums in requirements(name).items():
        assert re.match(r"[\w.-]+==[\w.+!]+(?: ; .+)?$", pin), pin
        assert checksums, pin
        assert all(map(CHECKSUM.fullmatch, checksums)), pin


def test_no_package_stands_in_two_files():
    for one in INSTALLED:
        for other in INSTALLED:
            if one < other:
                assert not set(requirements(one)) & set(requirements(other))


def test_every_package_that_is_declared_is_among_them():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = project.partition("\ndependencies = [")[2].partition("\n[project.scripts]")[0]
    declared = {plain(name) for name in re.findall(r'^ *"([A-Za-z0-9._-]+)', listed, re.MULTILINE)}
    known = set().union(*map(names, INSTALLED))
    assert len(declared) > 40
    assert declared - {"ask-the-article"} <= known


def test_the_set_up_asks_for_the_versions_that_stand_there():
    setup = (ROOT / ".ci" / "setup.py").read_text(encoding="utf-8")
    wanted = dict(re.findall(r'^(TORCH|LLAMA) = "(.+)"', setup, re.MULTILINE))
    assert list(requirements("torch-cpu")) == [f"torch=={wanted['TORCH']}+cpu"]
    assert f"torch=={wanted['TORCH']}" in requirements("torch")
    assert list(requirements("llama")) == [f"llama-cpp-python=={wanted['LLAMA']}"]
    named = set(re.findall(r'locked\("([\w-]+)"', setup)) | {"run", "dev", "build", "cmake", "ninja"}
    assert named == set(FILES)
