"""A program on a disk of a few megabytes, which it may fill."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from support.places import ROOT


def on_a_small_disk(program: str, disk: Path, **values: object) -> tuple[str, str]:
    """Return what a program prints and complains of on a disk of 16 MB; where none can be made, skip the test.

    Args:
        program: its source, in which ``{disk!r}``, ``{tests!r}`` and the names of ``values`` are filled in.
        disk: where the disk is mounted, for the program alone.
        values: what else the source wants.
    """
    if shutil.which("unshare") is None:
        pytest.skip("no disk of a few megabytes can be made here")
    disk.mkdir()
    file = disk.parent / "full.py"
    source = textwrap.dedent(program.format(tests=str(ROOT / "tests"), disk=str(disk), **values))
    file.write_text(source, encoding="utf-8")
    mounted = f'mount -t tmpfs -o size=16m none "{disk}" || exit 77; exec "{sys.executable}" "{file}"'
    ran = subprocess.run(["unshare", "-rm", "sh", "-c", mounted], capture_output=True, text=True, check=False)
    if ran.returncode == 77 or "unshare" in ran.stderr:
        pytest.skip("no disk can be mounted here")
    return ran.stdout, ran.stderr


def fill(disk: Path) -> None:
    """Fill the disk that a folder lies on to its last byte."""
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(b"x" * 512):
                pass
        except OSError:
            pass
