"""The models panel: what answers now, switching, and installing another with the bar while it arrives.

Nothing is downloaded but by a reader's press of a button, and only from this machine: whoever reaches the page from
another one sees what there is and the commands.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from rag.errors import RagError
from ui.door import Door, ModelRow, Tab
from ui.html.panels import button
from ui.html.turns import escape, without_paths
from ui.live.fetching import Download, Fetched
from ui.words.vocabulary import Words

STANDARD = "ministral-3-3b"  # what suits most laptops


class Models:
    """The models of the workspace as readers see and choose them.

    Args:
        door: the workspace.
        local: whether only this machine can open the page.
    """

    def __init__(self, door: Door, *, local: bool) -> None:
        self._door = door
        self._local = local
        self._lock = threading.Lock()
        self.download: Download | None = None

    @property
    def fetched(self) -> Fetched | None:
        """How far the latest download is; None before the first."""
        return self.download.state if self.download else None

    @property
    def downloading(self) -> str:
        """The name of the model that is being downloaded, or an empty string."""
        fetched = self.fetched
        return fetched.name if fetched and not fetched.over else ""

    def choose(self, tab: Tab, name: str) -> None:
        """Answer with another model from now on; the panel says so."""
        if not self._local:
            return
        try:
            self._door.choose_model(name)
        except RagError as error:
            tab.notice = without_paths(error.message)
        else:
            tab.notice = tab.words.models_chosen.format(name=name or tab.words.models_quotes)

    def install(self, tab: Tab, name: str) -> None:
        """Begin to download a model, unless one is being downloaded."""
        if not self._local:
            return
        with self._lock:
            before = self.download
            if before is None or before.state.over:
                self.download = Download(name, lambda: self._door.install_model(name), tab.words.went_wrong).start()

    def cancel(self) -> None:
        """Stop the download."""
        if self._local and self.download:
            self.download.stop()

    def follow(self, tab: Tab) -> Iterator[Fetched]:
        """Yield how far the download is while this tab shows the models; a newer look at them ends an older one."""
        download = self.download
        if download is None:
            return
        tab.looks += 1
        look = tab.looks
        for fetched in download.follow():
            if tab.panel != "models" or tab.looks != look:
                return
            yield fetched

    # ── Pictures ────────────────────────────────────────────────────────────────────────────────────────────────

    def html(self, words: Words) -> str:
        """Return the body of the panel; it stays the same while a download goes on."""
        rows = self._door.language_models()
        free = self._local and not self._door.model_was_named()
        now = self._door.model_name() if self._door.has_language_model() else ""
        known = {row.name for row in rows if row.installed}
        choices = [_choice_html("", words.models_quotes, words.models_quotes_facts, now, words, free=free)]
        if now and now not in known:
            choices.append(_choice_html(now, now, "", now, words, free=False))
        choices += [
            _choice_html(row.name, row.name, size(row.bytes, words), now, words, free=free)
            for row in rows
            if row.installed
        ]
        parts = [f'<p class="label">{escape(words.models_now)}</p><ul class="entries">{"".join(choices)}</ul>']
        if self._door.model_was_named():
            parts.append(f'<p class="hint">{escape(words.models_named)}</p>')
        parts += [self._download_html(words), self._offers_html([row for row in rows if not row.installed], words)]
        return "".join(parts)

    def _download_html(self, words: Words) -> str:
        fetched = self.fetched
        if fetched is None:
            return ""
        name = f'<p class="label">{escape(words.models_fetching.format(name=fetched.name))}</p>'
        if not fetched.over:
            return f'{name}<div class="fetching"></div>{button("cancel", words.models_cancel, kind="chip")}'
        if fetched.problem:
            said = without_paths(fetched.problem)
            return f'{name}<p class="problem" role="alert">{escape(said)} {escape(words.models_again)}</p>'
        if fetched.stopped:
            return f"{name}<p>{escape(words.models_stopped)} {escape(words.models_again)}</p>"
        return f"{name}<p>{escape(words.models_done)}</p>"

    def _offers_html(self, rows: list[ModelRow], words: Words) -> str:
        if not rows:
            return ""
        free = self._local and not self.downloading
        items = "".join(_offer_html(row, words, free=free) for row in rows)
        where = words.models_online if self._local else words.models_elsewhere
        return (
            f'<p class="label">{escape(words.models_install)}</p><p class="hint">{escape(where)}</p>'
            f'<ul class="entries">{items}</ul><p class="hint">{escape(words.models_command)} '
            f"<code>rag models pull {STANDARD}</code></p>"
        )


def progress_html(fetched: Fetched | None, words: Words) -> str:
    """Return the bar of a download under way and what it says in words; nothing when there is none."""
    if fetched is None or fetched.over:
        return ""
    label = words.models_fetching.format(name=fetched.name)
    value = f' value="{fetched.done}" max="{fetched.total}"' if fetched.total else ""
    said = words.models_asking
    if fetched.total:
        said = words.models_part.format(done=size(fetched.done, words), total=size(fetched.total, words))
        if fetched.rate:
            said += f" · {words.models_rate.format(rate=size(fetched.rate, words))}"
        if fetched.stage == "checking":
            said = f"{words.models_checking} · {said}"
    return f'<progress aria-label="{escape(label)}"{value}></progress><p class="hint">{escape(said)}</p>'


def size(count: float, words: Words) -> str:
    """Return a number of bytes in words: ``2,15 Go``, ``640 MB``."""
    letter = "o" if words.language == "fr" else "B"
    if count >= 1e9:
        return f"{words.number(count / 1e9, 2)}\u202fG{letter}"
    if count >= 1e6:
        return f"{words.number(count / 1e6)}\u202fM{letter}"
    return f"{words.number(count / 1e3)}\u202fk{letter}"


def _choice_html(name: str, title: str, facts: str, now: str, words: Words, *, free: bool) -> str:
    current = name == now
    state, here = (words.models_answers, ' aria-current="true"') if current else ("", "")
    use = "" if current or not free else button("choose", words.models_use, data={"model": name, "about": title})
    said = " · ".join(part for part in (facts, state) if part)
    return (
        f'<li><span class="entry"{here}>{escape(title)}</span>'
        f'<span class="facts">{escape(said)}</span><span class="actions">{use}</span></li>'
    )


def _offer_html(row: ModelRow, words: Words, *, free: bool) -> str:
    facts = [
        words.models_download.format(size=size(row.bytes, words)),
        words.models_memory.format(size=size(row.memory, words)),
        row.licence,
    ]
    if not row.fits:
        facts.append(words.models_too_large)
    name = f"{row.name} · {words.models_standard}" if row.name == STANDARD else row.name
    sure = words.models_sure.format(name=row.name, size=size(row.bytes, words))
    install = button("install", words.models_get, data={"model": row.name, "confirm": sure, "about": row.name})
    return (
        f'<li><span class="entry">{escape(name)}</span><span class="facts">{escape(" · ".join(facts))}</span>'
        f'<span class="actions">{install if free and row.fits else ""}</span></li>'
    )
