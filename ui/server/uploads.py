"""Where files lie between a reader's browser and the library: in a folder of this start and of its user alone.

What was refused, what broke off and what Gradio leaves behind is erased when no upload is under way; the folder goes
with the server, and that of a start that was killed goes with the next one.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "ask-the-article-"


class Uploads:
    """A new folder, which its user alone can open (0700).

    Args:
        within: the folder it is made in; that of temporary files unless it is named.
    """

    def __init__(self, within: Path | None = None) -> None:
        within = within or Path(tempfile.gettempdir())
        _remove_orphans(within)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=within)).resolve()
        self._arriving = 0
        self._lock = threading.Lock()

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Let an upload arrive in the block; a file that is not in its place afterwards was refused, and is erased."""
        with self._lock:
            self._arriving += 1
        try:
            yield
        finally:
            with self._lock:
                self._arriving -= 1
                if not self._arriving:
                    for path in self.folder.iterdir():
                        if not path.is_dir():
                            path.unlink(missing_ok=True)

    def holds(self, path: Path) -> bool:
        """Return whether a path is of a file that has arrived, and leads nowhere else."""
        try:
            return path.is_absolute() and path.is_file() and path.resolve().is_relative_to(self.folder)
        except (OSError, ValueError):  # longer than any, or with a character that no path has
            return False

    def close(self) -> None:
        """Erase all."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _remove_orphans(within: Path) -> None:
    """Remove the folders of starts that are over and did not come to it."""
    import psutil

    for path in within.glob(f"{_PREFIX}*-*"):
        number = path.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):  # another start may be doing the same
            if number.isdigit() and not psutil.pid_exists(int(number)) and _is_own_folder(path):
                shutil.rmtree(path, ignore_errors=True)


def _is_own_folder(path: Path) -> bool:
    """Return whether a path is a folder, and no link to one, that this user made."""
    found = path.lstat()
    return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())
