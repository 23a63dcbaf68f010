"""How far a download is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DownloadState:
    """How far a download is.

    Attributes:
        name: of the model.
        stage: ``fetching`` or ``checking``; empty while the hub is asked what there is.
        done: bytes so far, of ``total``.
        rate: bytes a second.
        problem: the sentence that says why it failed.
    """

    name: str
    stage: str = ""
    done: int = 0
    total: int = 0
    rate: float = 0.0
    over: bool = False
    stopped: bool = False
    problem: str = ""
