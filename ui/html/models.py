"""The models panel: what answers now, switching, and installing another with the bar while it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag import STANDARD_LLM
from ui.door import ModelRow
from ui.html.environment import render
from ui.state import DownloadState, Notice
from ui.words import Words


@dataclass(frozen=True, slots=True)
class ModelsPanel:
    """What the panel of models shows.

    Attributes:
        rows: the models that are installed or could be.
        now: the name of the one that answers; empty where the article's own sentences do.
        named: whether what answers was named at the start, so that it cannot be chosen.
        local: whether only this machine can open the page; others see what there is and the commands.
        download: the latest download.
    """

    rows: Sequence[ModelRow]
    now: str
    named: bool
    local: bool
    download: DownloadState | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What could answer: a model, or without a name the article's own sentences."""

    name: str
    title: str
    facts: str
    current: bool


def models_html(panel: ModelsPanel, words: Words, *, notice: Notice | None = None) -> str:
    """Return the panel; it stays the same while a download goes on."""
    busy = panel.download is not None and not panel.download.over
    return render(
        "models",
        name="models",
        title=words.menu_models,
        notice=notice,
        panel=panel,
        choices=_choices(panel, words),
        choosable=panel.local and not panel.named,
        offers=[
            (
                label,
                folded,
                [(row, _offer(row, words)) for row in panel.rows if not row.installed and row.suits != folded],
            )
            for label, folded in ((words.models_suiting, False), (words.models_others, True))
        ],
        installable=panel.local and not busy,
        standard=STANDARD_LLM,
        size=size,
        words=words,
    )


def fetching_html(download: DownloadState | None, words: Words) -> str:
    """Return the bar of a download under way and what it says in words; nothing when there is none."""
    if download is None or download.over:
        return ""
    said = words.models_asking
    if download.total:
        said = words.models_part.format(done=size(download.done, words), total=size(download.total, words))
        if download.rate:
            said += f" · {words.models_rate.format(rate=size(download.rate, words))}"
        if download.stage == "checking":
            said = f"{words.models_checking} · {said}"
    return render("fetching", download=download, said=said, words=words)


def size(count: float, words: Words) -> str:
    """Return a number of bytes in words: ``2,15 Go``, ``640 MB``."""
    letter = "o" if words.language == "fr" else "B"
    if count >= 1e9:
        return f"{words.number(count / 1e9, 2)}\u202fG{letter}"
    if count >= 1e6:
        return f"{words.number(count / 1e6)}\u202fM{letter}"
    return f"{words.number(count / 1e3)}\u202fk{letter}"


def _choices(panel: ModelsPanel, words: Words) -> list[Choice]:
    """Return the quotes, the model that answers if it is not among those installed, and those."""
    installed = {row.name: size(row.bytes, words) for row in panel.rows if row.installed}
    named = {panel.now: ""} if panel.now and panel.now not in installed else {}
    found = [("", words.models_quotes, words.models_quotes_facts)]
    found += [(name, name, facts) for name, facts in {**named, **installed}.items()]
    return [Choice(name, title, facts, current=name == panel.now) for name, title, facts in found]


def _offer(row: ModelRow, words: Words) -> str:
    facts = [
        words.models_download.format(size=size(row.bytes, words)),
        words.models_memory.format(size=size(row.memory, words)),
        row.licence,
    ]
    only = [words.models_english] if tuple(row.languages) == ("en",) else []
    return " · ".join([*facts, *only, *([] if row.fits else [words.models_too_large])])
