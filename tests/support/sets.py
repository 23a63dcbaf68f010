"""Sets to measure with, written as ``rag eval`` reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path


def write_lines(folder: Path, files: Mapping[str, Sequence[Mapping[str, object]] | None]) -> Path:
    """Write each file with one JSON object a line, none where it has no rows, and return the folder."""
    folder.mkdir(parents=True)
    for name, rows in files.items():
        if rows is not None:
            lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            (folder / f"{name}.jsonl").write_text(lines + "\n", encoding="utf-8")
    return folder
