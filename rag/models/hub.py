"""Fetches models from a hub: the only code that opens a connection beyond this machine, and only when asked to.

It speaks to the hub through huggingface_hub (its endpoint is ``HF_ENDPOINT``, so a mirror works), but writes the file
itself: ``hf_hub_download`` throws away what it has when a download is interrupted. A file is ``NAME.part`` until its
size and its hash are those the hub announced and, where the catalogue knows them, those of the catalogue.
"""

from __future__ import annotations

import errno
import fnmatch
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlparse

from rag.errors import DownloadError
from rag.llm.llama.gguf import MAGIC
from rag.models.catalogue import KnownModel
from rag.offline import permit

Answer = TypeVar("Answer")

AGAIN = "the same command again"
ATTEMPTS = 4
PAUSE_S = 1.0  # before the second attempt; twice as long before each further one
SILENCE_S = 20.0  # how long a server may say nothing
SPARE_BYTES = 200_000_000  # to leave free on the disk
_CHUNK = 1 << 20
_WANTED = ("*.json", "*.txt", "*.model", "*.safetensors")
_UNWANTED = ("onnx/*", "openvino/*", "README*", "*/.*", ".*")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the hub announces it. ``sha256`` is known for large files, ``git_sha1`` for small ones."""

    path: str
    bytes: int
    sha256: str = ""
    git_sha1: str = ""


@dataclass(frozen=True, slots=True)
class Remote:
    """A model as the hub announces it: the exact commit, its licence, its files."""

    repository: str
    revision: str
    licence: str
    files: tuple[RemoteFile, ...]
    endpoint: str

    @property
    def bytes(self) -> int:
        """What there is to download."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Pulling:
    """How far a download is: bytes of one file, out of how many."""

    file: str
    stage: Literal["fetching", "checking"]
    done: int
    total: int


def look_up(model: KnownModel) -> Remote:
    """Ask the hub what a model consists of.

    Raises:
        DownloadError: the hub cannot be reached, does not have it, or has something else than the catalogue knows.
    """
    with _hub() as hub:
        info = _patiently(
            model.name,
            lambda: hub.HfApi(endpoint=_endpoint(), token=False).model_info(
                model.repository, revision=model.revision or None, files_metadata=True, timeout=SILENCE_S
            ),
        )
    offered = [
        _remote_file(each.rfilename, each.size or 0, each.lfs.sha256 if each.lfs else "", each.blob_id or "")
        for each in info.siblings or []
    ]
    card = getattr(info, "card_data", None)
    licence = str(getattr(card, "license", "") or model.licence)
    files = _choose(model, offered)
    if model.sha256 and files[0].sha256 and files[0].sha256 != model.sha256:
        raise DownloadError(
            f"The hub offers another file than the catalogue knows for {model.name}: its SHA-256 begins with"
            f" {files[0].sha256[:12]} and not with {model.sha256[:12]}.",
            "rag models list, and choose another model",
        )
    return Remote(model.repository, str(info.sha), licence, files, _endpoint())


def fetch(remote: Remote, file: RemoteFile, folder: Path) -> Iterator[Pulling]:
    """Download one file into ``folder``, going on from ``NAME.part`` if there is one; yield how far it is.

    Raises:
        DownloadError: the disk is full, the hub stops answering, or what arrived is not what was announced. A part
            that may be continued is kept, one that is wrong is removed.
    """
    target = folder / file.path
    if target.is_file() and target.stat().st_size == file.bytes:
        return
    part = target.with_name(target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    if part.is_file() and part.stat().st_size > file.bytes:
        part.unlink()
    present = part.stat().st_size if part.is_file() else 0
    free = shutil.disk_usage(folder).free
    if file.bytes - present + SPARE_BYTES > free:
        raise _disk_full(file, folder, file.bytes - present, free)
    yield from _fill(remote, file, part)
    yield from _check(file, part)
    part.replace(target)


def _fill(remote: Remote, file: RemoteFile, part: Path) -> Iterator[Pulling]:
    """Bring ``part`` to the announced length, in several attempts if need be."""
    failures = 0
    while (present := part.stat().st_size if part.is_file() else 0) < file.bytes:
        reason = yield from _attempt(remote, file, part, present)
        if reason:
            grown = part.is_file() and part.stat().st_size > present
            failures = 1 if grown else failures + 1
            if failures >= ATTEMPTS:
                raise DownloadError(
                    f"The download of {file.path} broke off at {_percent(part, file)} %: {reason}.",
                    "the same command again; it goes on from there",
                )
            time.sleep(PAUSE_S * 2 ** (failures - 1))


def _attempt(remote: Remote, file: RemoteFile, part: Path, present: int) -> Generator[Pulling, None, str]:
    """Download once; return why it broke off, or an empty string."""
    try:
        for done in _stream(remote, file, part, present):
            yield Pulling(file.path, "fetching", done, file.bytes)
    except _BrokenOffError as error:
        return str(error)
    return ""


class _BrokenOffError(Exception):
    """A connection failed in a way that may pass."""


def _stream(remote: Remote, file: RemoteFile, part: Path, present: int) -> Iterator[int]:
    """Append to ``part`` what the hub sends from byte ``present`` on; yield how long it is now."""
    with _hub() as hub:
        url = hub.hf_hub_url(remote.repository, file.path, revision=remote.revision, endpoint=remote.endpoint)
        headers = hub.utils.build_hf_headers(token=False) | {"Accept-Encoding": "identity"}
        if present:
            headers["Range"] = f"bytes={present}-"
        with (
            _explained(file.path),
            hub.get_session().stream("GET", url, headers=headers, timeout=SILENCE_S) as response,
        ):
            hub.utils.hf_raise_for_status(response)
            resumed = response.status_code == 206  # Partial Content
            done = present if resumed else 0
            with _disk_watched(file, part), part.open("ab" if resumed else "wb") as out:
                for chunk in response.iter_bytes():  # as they come: what is buffered would be lost in a cut
                    out.write(chunk)
                    done += len(chunk)
                    yield done
        if done > file.bytes:
            part.unlink()
            raise DownloadError(f"The hub sent more of {file.path} than the {file.bytes} bytes it announced.", AGAIN)
        if done < file.bytes:
            raise _BrokenOffError("the connection was cut")


def _check(file: RemoteFile, part: Path) -> Iterator[Pulling]:
    """Compare what arrived with what was announced."""
    large = bool(file.sha256)
    digest = hashlib.sha256() if large else hashlib.sha1(b"blob %d\0" % file.bytes, usedforsecurity=False)
    done = 0
    with part.open("rb") as content:
        begins = content.read(len(MAGIC))
        content.seek(0)
        while chunk := content.read(8 * _CHUNK):
            digest.update(chunk)
            done += len(chunk)
            yield Pulling(file.path, "checking", done, file.bytes)
    announced = file.sha256 or file.git_sha1
    if announced and digest.hexdigest() != announced:
        part.unlink()
        raise DownloadError(
            f"{file.path} arrived damaged: its hash is not the one that was announced. It was removed.", AGAIN
        )
    if file.path.endswith(".gguf") and begins != MAGIC:
        part.unlink()
        raise DownloadError(f"{file.path} is not a GGUF file, whatever its name says. It was removed.", AGAIN)


# ── The hub ─────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _hub() -> Iterator[Any]:
    """Open the door to the network while the block runs, and lend huggingface_hub.

    The switch that keeps the library offline is read when it is imported, so it is its constant that is turned.
    """
    import huggingface_hub
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = False
    try:
        with permit():
            yield huggingface_hub
    finally:
        constants.HF_HUB_OFFLINE = before


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Turn the library's errors into ours: those that may pass into ``_BrokenOffError``."""
    from httpx2 import HTTPError
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        RemoteEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    host = urlparse(_endpoint()).hostname
    try:
        yield
    except GatedRepoError:
        raise DownloadError(
            f"{what} asks for its licence to be accepted on {host} first.", "rag models list, and choose another"
        ) from None
    except (RepositoryNotFoundError, RevisionNotFoundError, RemoteEntryNotFoundError):
        raise DownloadError(f"{host} does not have {what}.", "rag models list, and choose another") from None
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        if status in {408, 425, 429} or status >= 500:  # the server's own failures
            raise _BrokenOffError(f"{host} answered {status}") from None
        raise DownloadError(f"{host} refused {what} (status {status}).", AGAIN) from None
    except HTTPError as error:
        raise _BrokenOffError(_reason(error, str(host))) from None


def _reason(error: Exception, host: str) -> str:
    from httpx2 import ConnectError, TimeoutException

    if isinstance(error, TimeoutException):
        return f"{host} stopped answering"
    if isinstance(error, ConnectError):
        return f"{host} cannot be reached"
    return "the connection was cut"


def _patiently(what: str, ask: Callable[[], Answer]) -> Answer:
    """Ask the hub, and again after a pause when it fails in a way that may pass."""
    for attempt in range(ATTEMPTS - 1):
        with suppress(_BrokenOffError), _explained(what):
            return ask()
        time.sleep(PAUSE_S * 2**attempt)
    try:
        with _explained(what):
            return ask()
    except _BrokenOffError as error:
        raise DownloadError(f"{what} could not be looked up: {error}.", AGAIN) from None


def _remote_file(path: str, size: int, sha256: str, git_sha1: str) -> RemoteFile:
    parts = Path(path).parts
    if not parts or ".." in parts or Path(path).is_absolute():
        raise DownloadError(f"The hub offers a file with the path {path!r}, which leads elsewhere.", "rag models list")
    return RemoteFile(path, size, sha256, "" if sha256 else git_sha1)


def _choose(model: KnownModel, offered: list[RemoteFile]) -> tuple[RemoteFile, ...]:
    """Return the files a model needs: its GGUF, or a folder that sentence-transformers opens."""
    if model.file:
        found = [file for file in offered if fnmatch.fnmatch(file.path, model.file)]
        if len(found) != 1:
            count = "no file" if not found else f"{len(found)} files"
            raise DownloadError(
                f"{model.repository} has {count} like {model.file}; one was expected.", "rag models list"
            )
        return tuple(found)
    wanted = [file for file in offered if _matches(file.path, _WANTED) and not _matches(file.path, _UNWANTED)]
    if not any(file.path.endswith(".safetensors") for file in wanted):
        wanted += [file for file in offered if file.path == "pytorch_model.bin"]
    if not any(file.path.endswith((".safetensors", ".bin")) for file in wanted):
        raise DownloadError(f"{model.repository} holds no weights that can be used here.", "rag models list")
    return tuple(wanted)


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)


# ── The disk ────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _disk_watched(file: RemoteFile, part: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise
        rest = file.bytes - part.stat().st_size
        raise _disk_full(file, part.parent, rest, shutil.disk_usage(part.parent).free) from None


def _disk_full(file: RemoteFile, folder: Path, needed: int, free: int) -> DownloadError:
    return DownloadError(
        f"The disk is too full for {file.path}: {needed / 1e9:.2f} GB are still needed in {folder}, and"
        f" {free / 1e9:.2f} GB are free.",
        "free some space, then the same command again; or set RAG_MODELS to a folder on another disk",
    )


def _percent(part: Path, file: RemoteFile) -> int:
    return 100 * (part.stat().st_size if part.is_file() else 0) // max(file.bytes, 1)
