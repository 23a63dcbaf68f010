"""Models from a hub: what one consists of, and its files, byte by byte.

It speaks to the hub through huggingface_hub (its endpoint is ``HF_ENDPOINT``, so a mirror works), but writes the files
itself: ``hf_hub_download`` throws away what it has when a download is interrupted.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlparse

from rag.errors import DownloadError
from rag.models.fetching import AGAIN, ATTEMPTS, BrokenOff, Remote, RemoteFile, disk_watched, pause
from rag.models.known import KnownModel
from rag.offline import as_the_person_has_it, permit, ways_out

Answer = TypeVar("Answer")

SILENCE_S = 20.0  # how long a server may say nothing
_WANTED = ("*.json", "*.txt", "*.model", "*.safetensors")
_UNWANTED = ("onnx/*", "openvino/*", "README*", "*/.*", ".*")


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
    return Remote(model.repository, str(info.sha), licence, files, sum(file.bytes for file in files), _stream)


def _stream(remote: Remote, file: RemoteFile, part: Path, present: int) -> Iterator[int]:
    """Append to ``part`` what the hub sends from byte ``present`` on; yield how long it is now."""
    with _hub() as hub:
        url = hub.hf_hub_url(remote.repository, file.path, revision=remote.revision, endpoint=_endpoint())
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
            with disk_watched(file.path, part.parent, file.bytes - done), part.open("ab" if resumed else "wb") as out:
                for chunk in response.iter_bytes():  # as they come: what is buffered would be lost in a cut
                    out.write(chunk)
                    done += len(chunk)
                    yield done
        if done > file.bytes:
            part.unlink()
            raise DownloadError(f"The hub sent more of {file.path} than the {file.bytes} bytes it announced.", AGAIN)
        if done < file.bytes:
            raise BrokenOff("the connection was cut")


@contextmanager
def _hub() -> Iterator[Any]:
    """Open the door to the network while the block runs, and lend huggingface_hub.

    The switch that keeps the library offline is read when it is imported, so it is its constant that is turned. Its
    client is made anew, with the proxies and certificates of the person, and closed again.

    Raises:
        DownloadError: a proxy or a certificate that the environment names cannot be used.
    """
    import huggingface_hub
    from httpx2 import InvalidURL
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = False
    try:
        with permit():
            huggingface_hub.close_session()
            try:
                with as_the_person_has_it():
                    huggingface_hub.get_session()
            except (ImportError, OSError, ValueError, InvalidURL) as error:
                raise _unusable(error) from None
            yield huggingface_hub
    finally:
        huggingface_hub.close_session()
        constants.HF_HUB_OFFLINE = before


def _unusable(error: Exception) -> DownloadError:
    """Return what it means that no client can be made: nothing speaks SOCKS here, no such file, not an address."""
    known = isinstance(error, (ImportError, OSError))
    why = (getattr(error, "strerror", "") or str(error)).rstrip(".") if known else "that is no address"
    names = " ".join(ways_out())
    return DownloadError(
        f"What leads out of this machine ({names or 'the system proxy'}) cannot be used: {why}.",
        f"unset {names}, then {AGAIN}" if names else AGAIN,
    )


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Turn the library's errors into ours: those that may pass into ``BrokenOff``."""
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
            raise BrokenOff(f"{host} answered {status}") from None
        raise DownloadError(f"{host} refused {what} (status {status}).", AGAIN) from None
    except HTTPError as error:
        raise BrokenOff(_reason(error, str(host))) from None


def _reason(error: Exception, host: str) -> str:
    from httpx2 import ConnectError, TimeoutException

    if isinstance(error, TimeoutException):
        return f"{host} stopped answering"
    if isinstance(error, ConnectError):
        return f"{host} cannot be reached"
    return "the connection was cut"


def _patiently(what: str, ask: Callable[[], Answer]) -> Answer:
    """Ask the hub, and again after a pause when it fails in a way that may pass."""
    for attempt in range(1, ATTEMPTS):
        with suppress(BrokenOff), _explained(what):
            return ask()
        pause(attempt)
    try:
        with _explained(what):
            return ask()
    except BrokenOff as error:
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
