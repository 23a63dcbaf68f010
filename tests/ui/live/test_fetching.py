"""A download in its thread: what it says of its end."""

from __future__ import annotations

import pytest
from support.fake_door import Step

from ui.html import fetching_html
from ui.live import Download
from ui.state import DownloadState
from ui.words.french import FRENCH


@pytest.mark.parametrize("last", [True, False])
def test_only_a_download_that_was_cut_short_says_it_was_stopped(last):
    """A reader may press Stop when the last byte is in: what is installed then is not "stopped, go on from there"."""

    def steps():
        if last:
            yield Step("checking", 9, 9)
        download.stop()
        if not last:
            yield Step("fetching", 5, 9)
            yield Step("checking", 9, 9)

    download = Download("m", steps, "")
    download.start().join(5)
    assert download.state.over
    assert download.state.stopped is not last
    assert download.state.stage == ("checking" if last else "fetching")


def test_the_rate_is_that_of_the_last_seconds():
    now = iter([0.0, 1.0, 2.0, 10.0])
    steps = [Step("fetching", done, 1000) for done in (0, 100, 200, 1000)]
    download = Download("m", lambda: iter(steps), "", clock=lambda: next(now)).start()
    download.join(5)
    assert download.state.over
    assert download.state.rate == 100.0
    assert fetching_html(DownloadState("m", "fetching", 10**9, 2 * 10**9, 8.4e6), FRENCH).count("8\u202fMo/s") == 1
