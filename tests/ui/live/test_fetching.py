"""A download in its thread: what it says of its end."""

from __future__ import annotations

import pytest
from support.fake_door import Step

from ui.live.fetching import Download


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
