"""What the tests of the page's rooms share: the scripted workspace, what acts on its tabs and what draws them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fake_door import FakeDoor

from ui.page import Page
from ui.views import Views


@pytest.fixture
def door(tmp_path: Path) -> FakeDoor:
    return FakeDoor(tmp_path)


@pytest.fixture
def page(door: FakeDoor) -> Page:
    return Page(door)


@pytest.fixture
def views(page: Page) -> Views:
    return Views(page)
