"""A tab's stream of messages stays open: something is always under way."""

import asyncio

from ui.server import stay


def test_something_is_under_way_until_the_tab_is_closed(monkeypatch):
    monkeypatch.setattr("ui.server.staying.STEP_S", 0)

    async def some() -> int:
        steps, going = 0, stay()
        async for _ in going:
            steps += 1
            if steps == 3:
                await going.aclose()
        return steps

    assert asyncio.run(some()) == 3


def test_the_page_stays_under_way_from_its_opening_on(door):
    from ui.chat import Chat

    blocks = Chat(door).blocks
    (staying,) = (one for one in blocks.fns.values() if one.fn is stay)
    assert [event for _, event in staying.targets] == ["load"]
    assert staying.outputs == []
