"""The page's own web server: uvicorn in a thread, on a socket that was bound before.

Gradio's own start asks its page over the network whether it is up, which a proxy of the environment, a wrong
certificate file and the offline guard each turn into a failure. Here nothing is asked: the socket listens before the
thread begins.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from rag.errors import SettingsError
from ui.server.connections import BoundedProtocol

STARTING_S = 60.0
CLOSING_S = 5.0
LONGEST_HEAD = 64 * 1024


class Listening:
    """An application that answers on a socket, in a thread of its own, from now on.

    Args:
        application: by ASGI.
        at: listens already.
        ending: called one after the other once nobody is answered any more.

    Raises:
        SettingsError: the application did not start; why was written to the terminal.
    """

    def __init__(self, application: Any, at: socket.socket, *ending: Callable[[], None]) -> None:  # noqa: ANN401  # ASGI
        import uvicorn

        self._ending = ending
        protocol: Any = partial(BoundedProtocol, waiting={})
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                http=protocol,
                ws="none",
                log_level="error",
                proxy_headers=False,  # whoever says so may claim to be any address
                server_header=False,
                workers=1,  # else it is read from the environment, which may say anything
                backlog=128,  # so many are taken in one go, before any can be dropped
                h11_max_incomplete_event_size=LONGEST_HEAD,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=([at],), name="server", daemon=True)
        self._thread.start()
        self._wait()

    def close(self) -> None:
        """Answer nobody any more; what is under way gets a second, and what is then cut off is no error to tell."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # the next one that listens sets it anew
        self._server.should_exit = True
        self._thread.join(CLOSING_S)
        for end in self._ending:
            end()

    def _wait(self) -> None:
        for _ in range(round(STARTING_S / 0.01)):
            if self._server.started:
                return
            self._thread.join(0.01)
            if not self._thread.is_alive():
                break
        raise SettingsError("The page could not be started.", "rag doctor")
