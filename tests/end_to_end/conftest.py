"""What the tests of the page share: one Chromium per file, a scripted workspace, its page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.browser import browser, served, visiting
from support.fake_door import FakeDoor


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture
def door(tmp_path: Path) -> FakeDoor:
    return FakeDoor(tmp_path)


@pytest.fixture
def visit(chrome: Any, door: FakeDoor) -> Iterator[Any]:
    """Give a function that opens the page of ``door`` as a new reader."""
    with served(door) as address, visiting(chrome, address) as open_page:
        yield open_page
