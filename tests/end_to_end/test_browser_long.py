"""A long conversation: two hundred turns leave the browser and the server as light as fifty did."""

import gc

import pytest
from browser import ask, browser, finished, served, visiting
from fake_door import FakeDoor

pytestmark = pytest.mark.browser

TURNS = 200
SETTLED = 50
ALLOWED_BYTES = 40 * 1024 * 1024


def resident():
    import psutil

    gc.collect()
    return psutil.Process().memory_info().rss


def test_two_hundred_turns_keep_memory_flat(tmp_path):
    with (
        browser() as chrome,
        served(FakeDoor(tmp_path)) as address,
        visiting(chrome, address) as visit,
    ):
        page = visit()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")

        def measured():
            session.send("HeapProfiler.collectGarbage")
            values = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
            return values["JSHeapUsedSize"], values["Nodes"], resident()

        for number in range(TURNS):
            ask(page, f"La digue, question {number} ?" if number % 2 else f"La lune, question {number} ?")
            finished(page, number)
            if number == SETTLED - 1:
                heap, nodes, server = measured()
        heap_after, nodes_after, server_after = measured()
        assert page.locator("#past .turn").count() <= 40
        page.locator("#past .earlier").click()
        page.locator("#past #turn-0").wait_for()
        assert page.locator("#past .turn").count() == TURNS
    assert heap_after - heap < ALLOWED_BYTES
    assert nodes_after < 1.5 * nodes
    assert server_after - server < ALLOWED_BYTES
