"""Keeps the stream of messages of a tab open, whatever else is under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

STEP_S = 20.0  # a tab that was closed is noticed at the next step


async def stay() -> AsyncIterator[None]:
    """Stay under way as long as a tab is open.

    Gradio closes a tab's stream when nothing is under way, and opens another one for the next event. When the two
    cross, the server goes on reading messages for the old stream, and a question that was just asked is never answered.
    """
    while True:
        yield
        await asyncio.sleep(STEP_S)
