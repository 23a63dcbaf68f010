"""A server that a test makes answer as it wants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.openai_server import Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as lent:
        yield lent
