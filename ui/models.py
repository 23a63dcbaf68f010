"""What answers, as readers choose it: switching, and installing another while any number of tabs look on.

Nothing is downloaded but by a reader's press of a button, and only from this machine: whoever reaches the page from
another one sees what there is and the commands.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from rag.errors import RagError
from ui.door import Door
from ui.html import ModelsPanel
from ui.live import Download
from ui.state import DownloadState, Notice, Problem
from ui.tab import Tab


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
        self._before = ""  # the model that answered before quotes did
        self.download: Download | None = None

    @property
    def state(self) -> DownloadState | None:
        """How far the latest download is; None before the first."""
        return self.download.state if self.download else None

    @property
    def downloading(self) -> str:
        """The name of the model that is being downloaded, or an empty string."""
        return self.state.name if self.state and not self.state.over else ""

    @property
    def quoting(self) -> bool | None:
        """Whether the article's own sentences answer although a model is installed; None where there is no choice."""
        if not self._local or self._door.model_was_named():
            return None
        if self._door.has_language_model():
            return False
        return True if self._usual() else None

    @property
    def none(self) -> bool:
        """Whether no language model is installed, and one could be from here."""
        choosable = self._local and not self._door.model_was_named()
        return choosable and not (self.quoting or self._door.has_language_model())

    def quote(self, tab: Tab) -> None:
        """Let the article's own sentences answer from now on, or where they do, the model that answered before."""
        self.choose(tab, "" if self._door.has_language_model() else self._usual())

    def _usual(self) -> str:
        """Return the model that answered last, else one that is installed; an empty string where none is."""
        installed = [row.name for row in self._door.language_models() if row.installed]
        return self._before if self._before in installed else next(iter(installed), "")

    def choose(self, tab: Tab, name: str) -> None:
        """Answer with another model from now on; the panel says so."""
        if not self._local:
            return
        before = self._door.model_name() if self._door.has_language_model() else ""
        try:
            self._door.choose_model(name)
        except RagError as error:
            tab.notice = Notice(Problem.of(error).told(tab.words.language), "problem")
        else:
            self._before = before or self._before
            tab.notice = Notice(tab.words.models_chosen.format(name=name or tab.words.models_quotes))

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

    def close(self, timeout: float | None = None) -> None:
        """Stop the download, and wait until it has stopped."""
        if self.download:
            self.download.stop()
            self.download.join(timeout)

    def follow(self, tab: Tab) -> Iterator[DownloadState]:
        """Yield how far the download is while this tab shows the models; a newer look at them ends an older one."""
        download = self.download
        if download is None:
            return
        tab.looks += 1
        look = tab.looks
        for state in download.follow():
            if tab.panel != "models" or tab.looks != look:
                return
            yield state

    @property
    def nothing(self) -> ModelsPanel:
        """What the panel shows where the models cannot be read."""
        return ModelsPanel(rows=(), now="", named=self._door.model_was_named(), local=self._local, download=self.state)

    def panel(self) -> ModelsPanel:
        """Return what the panel shows."""
        return ModelsPanel(
            rows=self._door.language_models(),
            now=self._door.model_name() if self._door.has_language_model() else "",
            named=self._door.model_was_named(),
            local=self._local,
            download=self.state,
        )
